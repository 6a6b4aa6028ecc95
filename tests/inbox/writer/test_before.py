"""Before you write."""

from __future__ import annotations

import datetime as dt

from columns.models import Column, HelpLine
from tests.reader import Reader


def test_says_who_answers_what_becomes_of_a_letter_and_where_help_is(column: Column) -> None:
    page = Reader().open("before-you-write/")
    assert "Nurse Test" in page
    assert "Registered nurse" in page
    assert "Nobody reads letters in real time" in page
    assert "Night Line" in page
    assert "What becomes of a letter." in page
    assert page.index("Night Line") < page.index("Who answers")
    assert 'href="/plain/write/"' in page
    assert 'href="/plain/letter/"' in page


def test_title_says_nothing_and_the_way_out_is_there(column: Column) -> None:
    page = Reader().open("before-you-write/")
    assert "<title>Notes</title>" in page
    assert 'rel="noreferrer noopener nofollow">Exit this page</a>' in page


def test_paused_shows_the_date_and_help_alone(column: Column) -> None:
    Column.objects.filter(pk=column.pk).update(intake_open=False, reopens_on=dt.date(2031, 5, 12))
    page = Reader().open("before-you-write/")
    assert "12 May 2031" in page
    assert "Night Line" in page
    assert 'href="/plain/write/"' not in page


def test_paused_without_a_date(column: Column) -> None:
    Column.objects.filter(pk=column.pk).update(intake_open=False)
    assert "There is no date yet" in Reader().open("before-you-write/")


def test_without_help_lines_names_the_emergency_number(column: Column) -> None:
    HelpLine.objects.all().delete()
    assert "emergency number" in Reader().open("before-you-write/")


def test_wrong_method_is_refused(column: Column) -> None:
    reader = Reader()
    reader.post("before-you-write/", {})
    assert reader.response.status_code == 405


def test_a_column_that_is_not_there(db: None) -> None:
    assert Reader("nowhere").client.get("/nowhere/before-you-write/").status_code == 404
