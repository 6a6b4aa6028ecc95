"""The page for somebody whose answer was there already."""

from __future__ import annotations

from columns.models import Column
from inbox.models import Letter, LetterEvent
from tests.reader import Reader


def test_it_is_kind_and_keeps_nothing(column: Column) -> None:
    reader = Reader()
    page = reader.open("helped/")
    assert reader.response.status_code == 200
    assert "Good that it helped" in page
    assert "Nothing was sent" in page
    assert "Night Line" in page
    assert 'href="/plain/"' in page
    assert not Letter.objects.exists()
    assert not LetterEvent.objects.exists()


def test_wrong_method_is_refused(column: Column) -> None:
    assert Reader().client.post("/plain/helped/").status_code == 405


def test_a_column_that_is_not_there(db: None) -> None:
    assert Reader().client.get("/nowhere/helped/").status_code == 404
