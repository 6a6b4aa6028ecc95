"""The preview of a column's texts: the page that readers see, with what is not saved."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from columns.models import Column
from inbox.models import ColumnEvent, User
from inbox.operations import column_settings

SignIn = Callable[[User], Client]
BASE = "/desk/plain/owner/texts/preview/"


def test_shows_what_is_saved(column: Column, owner: User, signed_in: SignIn) -> None:
    page = signed_in(owner).get(BASE)
    assert "About this column." in page.text
    assert "What becomes of a letter." in page.text
    assert page.headers["X-Frame-Options"] == "SAMEORIGIN"


def test_shows_what_is_typed_as_readers_will_see_it_and_saves_nothing(
    column: Column, owner: User, signed_in: SignIn
) -> None:
    before = column_settings.texts(column)
    said = {name: f"new {name}" for name in before} | {"about": "So **bold** <script>x</script>"}
    page = signed_in(owner).post(BASE, said).text
    assert "So <strong>bold</strong> &lt;script&gt;" in page
    for name in ("title", "tagline", "author", "credential", "bio", "terms"):
        assert f"new {name}" in page
    assert column_settings.texts(Column.objects.select_related("author").get(pk=column.pk)) == before
    assert not ColumnEvent.objects.filter(by=owner).exists()


def test_wrong_method(column: Column, owner: User, signed_in: SignIn) -> None:
    assert signed_in(owner).delete(BASE).status_code == 405
