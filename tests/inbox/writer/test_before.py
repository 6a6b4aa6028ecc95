"""Before you write."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client

from columns.models import Column, HelpLine
from tests.reader import Reader


def test_says_who_answers_what_becomes_of_a_letter_and_where_help_is(column: Column) -> None:
    page = Reader().open("before-you-write/")
    assert "Nurse Test" in page
    assert "Registered nurse" in page
    assert "Nobody reads letters in real time" in page
    assert "Night Line" in page
    assert "What becomes of a letter." in page
    order = ["Nurse Test", 'href="/plain/write/"', 'href="/plain/letter/"', "Night Line", "You write it, check it"]
    places = [page.index(part) for part in [*order, "<details", "What becomes of a letter."]]
    assert places == sorted(places)


def test_what_may_be_known_first_is_folded_and_told_once(column: Column) -> None:
    page = Reader().open("before-you-write/")
    summaries = re.findall(r"<summary>(.*?)</summary>", page)
    assert summaries == [
        "How long does it take?",
        "What cannot be answered?",
        "What is kept, and who can read it?",
        "For how long is it kept?",
        "The terms of this column",
    ]
    said = [line.strip() for line in re.findall(r">([^<>]{20,})<", page) if line.strip()]
    assert len(said) == len(set(said))
    Column.objects.filter(pk=column.pk).update(terms="")
    assert "The terms of this column" not in Reader().open("before-you-write/")


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
    assert 'href="/plain/letter/"' in page
    assert 'class="path-home" href="/plain/"' in page


def test_paused_without_a_date(column: Column) -> None:
    Column.objects.filter(pk=column.pk).update(intake_open=False)
    assert "There is no date yet" in Reader().open("before-you-write/")


@pytest.mark.parametrize("path", ["before-you-write/", "write/"])
def test_a_column_that_was_not_opened_yet_says_so_kindly(column: Column, path: str) -> None:
    Column.objects.filter(pk=column.pk).update(intake_open=False, never_opened=True)
    page = Reader().open(path)
    assert "This column is not open yet" in page
    assert "It is good that you came." in page
    assert "Night Line" in page
    assert "<textarea" not in page
    home = Client().get("/plain/").text
    assert "is not open for letters yet" in home
    assert "write the letter that it answers" not in home


def test_without_help_lines_names_the_emergency_number(column: Column) -> None:
    HelpLine.objects.all().delete()
    assert "emergency number" in Reader().open("before-you-write/")


def test_wrong_method_is_refused(column: Column) -> None:
    reader = Reader()
    reader.post("before-you-write/", {})
    assert reader.response.status_code == 405


def test_a_column_that_is_not_there(db: None) -> None:
    reader = Reader("nowhere")
    page = reader.open("before-you-write/")
    assert reader.response.status_code == 404
    assert "There is no column at this address." in page
    assert "call the emergency number of your country" in page
    assert 'href="/">Go to the front page</a>' in page
