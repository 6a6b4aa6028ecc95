"""The last group of the receipt, typed back."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine

from columns.models import Column
from tests.reader import Reader, forms


def test_the_right_group_shows_that_it_was_kept(column: Column) -> None:
    reader = Reader()
    receipt = reader.send()
    page = reader.press("write/kept/", last_group=receipt[-6:].lower())
    assert "You kept it" in page
    assert "What happens next" in page
    assert receipt not in page


def test_the_wrong_group_shows_the_receipt_again(column: Column) -> None:
    reader = Reader()
    receipt = reader.send()
    page = reader.press("write/kept/", last_group="<b>0000-0")
    assert "That is not the end of this receipt" in page
    assert page.count('role="alert"') == 1
    assert reader.receipt() == receipt
    assert "<b>0000" not in page
    assert "You kept it" in reader.press("write/kept/", last_group=receipt[-6:])


def test_the_page_can_be_kept_open_for_as_long_again(column: Column, at: dt.datetime) -> None:
    reader = Reader()
    receipt = reader.send()
    with time_machine.travel(at + dt.timedelta(minutes=29), tick=False):
        reader.press("write/kept/", action="keep-open")
        assert reader.receipt() == receipt
    with time_machine.travel(at + dt.timedelta(minutes=58), tick=False):
        assert "You kept it" in reader.press("write/kept/", last_group=receipt[-6:])


@pytest.mark.parametrize("typed", ["", " ", "\x00", "💌", "x" * 5_000])
def test_nothing_typed_breaks_the_page(column: Column, typed: str) -> None:
    reader = Reader()
    receipt = reader.send()
    reader.press("write/kept/", last_group=typed)
    assert reader.receipt() == receipt


def test_a_page_that_is_too_old_says_so_kindly(column: Column, at: dt.datetime) -> None:
    reader = Reader()
    receipt = reader.send()
    with time_machine.travel(at + dt.timedelta(minutes=31), tick=False):
        page = reader.press("write/kept/", last_group=receipt[-6:])
    assert reader.response.status_code == 400
    assert "This page has closed" in page
    assert receipt not in page


@pytest.mark.parametrize("token", ["", "00", "zz", "\x00"])
def test_a_token_of_nobody_is_refused(column: Column, token: str) -> None:
    reader = Reader()
    assert "This page has closed" in reader.post("write/kept/", {"token": token, "last_group": "XXXXX"})


def test_a_token_of_another_kind_is_refused(column: Column) -> None:
    reader = Reader()
    reader.find(reader.send())
    token = forms(reader.page)["/plain/letter/open/"]["token"]
    assert "This page has closed" in reader.post("write/kept/", {"token": token, "last_group": "XXXXX"})


def test_opened_without_a_form_leads_to_the_beginning(column: Column) -> None:
    reader = Reader()
    reader.open("write/kept/")
    assert reader.response.headers["Location"] == "/plain/before-you-write/"


def test_wrong_method_is_refused(column: Column) -> None:
    assert Reader().client.put("/plain/write/kept/").status_code == 405
