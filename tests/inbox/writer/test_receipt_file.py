"""The receipt as a text file."""

from __future__ import annotations

import datetime as dt

import time_machine

from columns.models import Column
from tests.reader import Reader


def test_the_file_says_nothing_about_where_it_is_from(column: Column) -> None:
    reader = Reader()
    receipt = reader.send()
    reader.press("write/file/")
    assert reader.response.headers["Content-Disposition"] == 'attachment; filename="notes.txt"'
    assert reader.response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert reader.response.content.decode() == f"{receipt}\n"


def test_a_page_that_is_too_old_says_so_kindly(column: Column, at: dt.datetime) -> None:
    reader = Reader()
    reader.send()
    with time_machine.travel(at + dt.timedelta(minutes=31), tick=False):
        assert "This page has closed" in reader.press("write/file/")


def test_opened_without_a_form_leads_to_the_beginning(column: Column) -> None:
    reader = Reader()
    reader.open("write/file/")
    assert reader.response.headers["Location"] == "/plain/before-you-write/"


def test_wrong_method_is_refused(column: Column) -> None:
    assert Reader().client.delete("/plain/write/file/").status_code == 405
