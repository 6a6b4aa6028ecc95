"""The form for a receipt. What it answers does not show from outside whether there is a letter."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import time_machine

from columns.models import Column
from inbox.crypto import receipts
from inbox.editorial import decisions
from inbox.letters import proof_of_work, rate_limits, writer_acts
from inbox.letters.intake import Taken
from inbox.models import User
from inbox.writer.guard import RECEIPT_PAGE
from tests import factories
from tests.reader import Reader

DATA = "0123456789ABCDEF"
OF_NOBODY = DATA + receipts.check_character(DATA)


def in_groups(page: str) -> list[tuple[str, bool]]:
    """The groups of what was typed, as the page shows them, each with whether it is marked."""
    shown = re.search(r'<p class="receipt"[^>]*>(.*?)</p>', page, re.DOTALL)
    found = re.findall(r"<(mark|span)(?: class=\"group-wrong\")?>([^<]+)<", shown[1]) if shown else []
    return [(characters, tag == "mark") for tag, characters in found]


def assert_only_as_text(page: str, typed: str) -> None:
    """No attribute of the page holds what was typed, nor four characters of it in a row; no box holds a value."""
    attributes = "".join(re.findall(r"<[^!][^>]*>", page)).upper()
    assert not any(typed[at : at + 4].upper() in attributes for at in range(len(typed) - 3))
    box = re.search(r'<input[^>]*name="receipt"[^>]*>', page)
    assert box
    assert "value" not in box[0]


def test_finds_the_letter(column: Column, writer: Taken) -> None:
    reader = Reader()
    page = reader.find(receipts.shown(writer.receipt))
    assert "Your letter is here" in page
    assert "Open my letter" in page


@pytest.mark.parametrize(
    "change", [str.lower, lambda r: r.replace("0", "o").replace("1", "l"), " ".join, lambda r: f" {r}\t"]
)
def test_a_receipt_may_be_spelled_in_many_ways(column: Column, writer: Taken, change: object) -> None:
    assert callable(change)
    assert "Your letter is here" in Reader().find(change(receipts.shown(writer.receipt)))


def test_hit_and_miss_look_the_same_from_outside(column: Column, writer: Taken) -> None:
    hit, miss = Reader(), Reader()
    hit.find(writer.receipt)
    miss.find(OF_NOBODY)
    assert "We found no letter with this receipt" in miss.page
    assert hit.response.status_code == miss.response.status_code == 200
    assert dict(hit.response.headers) == dict(miss.response.headers)
    assert len(hit.response.content) == len(miss.response.content) == RECEIPT_PAGE
    assert [len(token) for token in re.findall(r"[0-9a-f]{200,600}(?=\">)", hit.page)] == [
        len(token) for token in re.findall(r"[0-9a-f]{200,600}(?=\">)", miss.page)
    ]
    tags = [re.sub(r"<!--.*?-->", "", page, flags=re.DOTALL) for page in (hit.page, miss.page)]
    assert re.findall(r"<(\w+)", tags[0]) == re.findall(r"<(\w+)", tags[1])


def test_the_size_holds_with_many_help_lines(column: Column, writer: Taken) -> None:
    for number in range(12):
        column.help_lines.create(
            name=f"Line {number}", number="0800 555 0199", url="https://example.org/" + "x" * 80, about="a" * 200
        )
    hit, miss = Reader(), Reader()
    hit.find(writer.receipt)
    miss.find(OF_NOBODY)
    assert len(hit.response.content) == len(miss.response.content) == RECEIPT_PAGE


def test_a_miss_can_be_typed_again(column: Column) -> None:
    reader = Reader()
    reader.find(OF_NOBODY)
    assert "Type your receipt" in reader.press("letter/")


@pytest.mark.parametrize(
    "typed", ["", "7QM2", "7QM2-XRT9-HWD4-VNBC-U", "\x00" * 20, "<b>x</b>", "é" * 5_000, "💌" * 17]
)
def test_what_cannot_be_a_receipt_is_said_before_anything_is_derived(
    column: Column, typed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer_acts, "find", None)  # calling it would fail
    page = Reader().find(typed)
    assert 'id="id_receipt_error"' in page
    assert "<b>x</b>" not in page


def test_what_was_mistyped_stands_there_in_groups_and_in_no_value_or_address(column: Column, writer: Taken) -> None:
    reader = Reader()
    wrong = writer.receipt[:-1] + ("0" if writer.receipt[-1] != "0" else "1")
    page = reader.find(wrong)
    assert "One character seems to be different" in page
    assert "We cannot tell which part is wrong" in page
    assert in_groups(page) == [(wrong[at : at + 4], False) for at in range(0, 17, 4)]
    assert_only_as_text(page, wrong)
    assert writer.receipt not in reader.find(writer.receipt)


@pytest.mark.parametrize(
    ("typed", "groups"),
    [
        ("7QM2-XRT9-HWD4-VNBC-U", [("7QM2", 0), ("XRT9", 0), ("HWD4", 0), ("VNBC", 0), ("U", 1)]),
        ("7qm2 xrt hwd4 vnbc k", [("7QM2", 0), ("XRT", 1), ("HWD4", 0), ("VNBC", 0), ("K", 0)]),
        ("7qm2-xrt99-hwd4-vnbc-k", [("7QM2", 0), ("XRT99", 1), ("HWD4", 0), ("VNBC", 0), ("K", 0)]),
        ("7qm2xrt9", [("7QM2", 0), ("XRT9", 0)]),
        ("7QM2XRT9HWD4VNBCKK7", [("7QM2", 0), ("XRT9", 0), ("HWD4", 0), ("VNBC", 0), ("KK7", 1)]),
        ("7QM2Xü<b", [("7QM2", 0), ("XÜB", 1)]),
        (" ", []),
    ],
)
def test_the_group_that_cannot_be_right_is_marked(column: Column, typed: str, groups: list[tuple[str, int]]) -> None:
    page = Reader().find(typed)
    assert in_groups(page) == [(characters, bool(wrong)) for characters, wrong in groups]
    assert ("What is marked cannot be right" in page) == any(wrong for _, wrong in groups)
    assert_only_as_text(page, receipts._bare(typed))


def test_a_very_long_text_is_not_shown_whole(column: Column) -> None:
    reader = Reader()
    assert sum(len(characters) for characters, _ in in_groups(reader.find("7QM2" * 5_000))) == 40
    assert len(reader.response.content) == RECEIPT_PAGE


def test_a_receipt_of_another_column_leads_there(column: Column, other_column: Column) -> None:
    taken = factories.take_letter(other_column)
    reader = Reader()
    page = reader.find(taken.receipt)
    assert 'action="/elsewhere/letter/open/"' in page


def test_an_erased_letter_is_not_found(column: Column, writer: Taken, moderator: User, at: dt.datetime) -> None:
    decisions.decline(writer.letter, "No.", by=moderator, at=at)
    writer.letter.erase(at=at)
    assert "We found no letter with this receipt" in Reader().find(writer.receipt)


def test_another_sites_form_is_refused(column: Column, writer: Taken) -> None:
    reader = Reader()
    reader.post("letter/", {"receipt": writer.receipt}, headers={"sec-fetch-site": "cross-site"})
    assert reader.response.status_code == 403


def test_a_receipt_in_the_address_is_not_looked_at(column: Column, writer: Taken) -> None:
    reader = Reader()
    page = reader.open(f"letter/?receipt={writer.receipt}")
    assert "Find my letter" in page
    assert writer.receipt not in page


def test_wrong_method_is_refused(column: Column) -> None:
    assert Reader().client.put("/plain/letter/").status_code == 405


# --- many receipts at once ------------------------------------------------------------------------------------------


def test_many_receipts_are_asked_for_patience_in_a_page_of_the_same_size(column: Column, writer: Taken) -> None:
    reader = Reader()
    now = dt.datetime(2026, 5, 12, 12, 0, tzinfo=dt.UTC)
    with time_machine.travel(now, tick=False):
        for _ in range(rate_limits.RECEIPTS):
            reader.find(OF_NOBODY)
        size = len(reader.response.content)
        for receipt in (OF_NOBODY, writer.receipt):
            page = reader.find(receipt)
            assert "We did not look for your letter yet" in page
            assert (reader.response.status_code, len(reader.response.content)) == (200, size)
            assert receipt not in page
        other = Reader()
        other.client.defaults["REMOTE_ADDR"] = "192.0.2.1"
        assert "Your letter is here" in other.find(writer.receipt)
    with time_machine.travel(now + proof_of_work.PATIENCE, tick=False):
        assert "Your letter is here" in reader.press("letter/", receipt=writer.receipt)


def test_a_mistyped_receipt_is_not_counted(column: Column, writer: Taken) -> None:
    reader = Reader()
    wrong = OF_NOBODY[:-1] + ("0" if OF_NOBODY[-1] != "0" else "1")
    for _ in range(rate_limits.RECEIPTS + 1):
        assert "That is not a receipt yet" in reader.find(wrong)
    assert "Your letter is here" in reader.find(writer.receipt)
