"""A new receipt for a letter: the old one is dead at once, and nothing of the letter is lost."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from columns.models import Column
from inbox.crypto import receipts
from inbox.crypto.sealing import CannotOpen
from inbox.editorial import decisions
from inbox.keys import vault
from inbox.letters import intake, writer_acts
from inbox.letters.intake import Taken
from inbox.models import Letter, Message, Note, SealedKey, User
from inbox.workflow import AlreadyMoved, DraftStatus
from inbox.writer.guard import LETTER_PAGE
from tests import factories
from tests.reader import Reader, forms

GONE = "We found no letter with this receipt"


def changed(writer: Taken) -> tuple[Reader, str]:
    reader = Reader()
    reader.open_letter(writer.receipt)
    reader.press("letter/change/")
    return reader, reader.receipt()


def test_the_new_receipt_opens_everything_and_the_old_one_nothing(
    column: Column, writer: Taken, author: User, at: dt.datetime
) -> None:
    decisions.ask(writer.letter, "Since when?", by=author, at=at)
    factories.ten_minutes_pass()
    writer_acts.write_back(writer.letter, "Since spring.", at=at)
    reader, receipt = changed(writer)
    assert "You have a new receipt" in reader.page
    assert "What happens next" not in reader.page
    assert receipts.normalise(receipt) != writer.receipt
    page = Reader().open_letter(receipt)
    for words in (factories.LETTER_TEXT, "Since when?", "Since spring."):
        assert words in page
    assert GONE in Reader().find(writer.receipt)


def test_the_desk_still_reads_it_and_no_body_was_touched(
    column: Column, writer: Taken, keys: vault.Vault, author: User, at: dt.datetime
) -> None:
    decisions.ask(writer.letter, "Since when?", by=author, at=at)
    factories.ten_minutes_pass()
    writer.letter.note("Seen before.", by=author, at=at)
    rows = [*Letter.objects.all(), *Message.objects.all(), *Note.objects.all()]
    before = {row.pk: bytes(row.sealed) for row in rows}
    held = SealedKey.objects.count()
    changed(writer)
    for model in (Letter, Message, Note):
        for row in model.objects.all():
            assert bytes(row.sealed) == before[row.pk]
            assert keys.open(row)
    assert SealedKey.objects.count() == held


def test_the_old_key_opens_nothing_any_more(column: Column, writer: Taken) -> None:
    _, old = writer_acts.find(writer.receipt)
    changed(writer)
    with pytest.raises(CannotOpen):
        vault.writer(old.key).open(Letter.objects.get())


def test_the_address_of_the_article_comes_along(column: Column, writer: Taken, author: User, at: dt.datetime) -> None:
    writer.letter.shortlist(by=author, at=at)
    factories.make_draft(column, DraftStatus.PUBLISHED, letters=[writer.letter], at=at)
    _, receipt = changed(writer)
    assert "Read the answer" in Reader().open_letter(receipt)


def test_pressing_twice_gives_the_same_new_receipt(column: Column, writer: Taken) -> None:
    reader = Reader()
    reader.open_letter(writer.receipt)
    before = reader.response
    reader.press("letter/change/")
    first = reader.receipt()
    reader.response = before
    reader.press("letter/change/")
    assert reader.receipt() == first
    assert [event.verb for event in writer.letter.events.all()] == ["receive", "change_code"]


def test_a_page_with_the_old_key_does_nothing_else(column: Column, writer: Taken) -> None:
    reader = Reader()
    reader.open_letter(writer.receipt)
    before = reader.response
    reader.press("letter/change/")
    for action, filled in {
        "letter/reply/": {"text": "Hello."},
        "letter/withdraw/": {"sure": "on"},
        "letter/allow/": {"consent": "private"},
        "letter/change/": {"new_code": "0" * 32},
    }.items():
        reader.response = before
        assert "Your letter has closed" in reader.press(action, **filled)
    assert writer.letter.events.count() == 2


def test_it_can_be_changed_again(column: Column, writer: Taken) -> None:
    _, second = changed(writer)
    reader = Reader()
    reader.open_letter(second)
    reader.press("letter/change/")
    third = reader.receipt()
    assert GONE in Reader().find(second)
    assert factories.LETTER_TEXT in Reader().open_letter(third)


def test_shown_as_a_receipt_is_shown(column: Column, writer: Taken) -> None:
    reader, receipt = changed(writer)
    shown = reader.response
    reader.press("write/file/")
    assert reader.response.content.decode() == f"{receipt}\n"
    reader.response = shown
    assert "That is not the end of this receipt" in reader.press("write/kept/", last_group="00000")
    assert "You have a new receipt" in reader.page
    assert "You kept it" in reader.press("write/kept/", last_group=receipt[-6:])
    assert "What happens next" not in reader.page


def test_the_first_form_sent_again_does_not_revive_the_old_receipt(column: Column) -> None:
    reader = Reader()
    reader.write()
    check = reader.response
    reader.press("write/send/")
    old = reader.receipt()
    back = Reader()
    back.open_letter(old)
    back.press("letter/change/")
    for _ in range(2):
        reader.response = check
        reader.press("write/send/")
        assert reader.receipt() != old
    assert GONE in Reader().find(old)
    assert Letter.objects.count() == 2


def test_what_the_desk_says_meanwhile_is_sealed_to_the_new_key(
    column: Column, writer: Taken, author: User, at: dt.datetime
) -> None:
    at_the_desk = Letter.objects.get()
    _, receipt = changed(writer)
    decisions.ask(at_the_desk, "Asked from a page that was open before.", by=author, at=at)
    factories.ten_minutes_pass()
    assert "Asked from a page that was open before." in Reader().open_letter(receipt)


def test_two_changes_at_once_leave_one_receipt(column: Column, writer: Taken, at: dt.datetime) -> None:
    letter, derived = writer_acts.find(writer.receipt)
    other, _ = writer_acts.find(writer.receipt)
    assert letter is not None
    assert other is not None
    receipt = writer_acts.change_code(letter, derived.key, nonce=intake.new_nonce(), at=at)
    with pytest.raises(AlreadyMoved):
        writer_acts.change_code(other, derived.key, nonce=intake.new_nonce(), at=at)
    assert factories.LETTER_TEXT in Reader().open_letter(receipt)


def test_a_letter_that_was_taken_back_gets_no_new_receipt(column: Column, writer: Taken) -> None:
    reader = Reader()
    reader.open_letter(writer.receipt)
    before = reader.response
    assert 'action="/plain/letter/change/"' not in reader.press("letter/withdraw/", sure="on")
    reader.response = before
    assert "That cannot be done now" in reader.press("letter/change/")


def test_the_answer_is_padded_and_names_no_receipt_in_an_address(column: Column, writer: Taken) -> None:
    reader, receipt = changed(writer)
    assert len(reader.response.content) % LETTER_PAGE == 0
    assert all(receipt not in address for address in forms(reader.page))


def test_it_takes_few_queries_however_long_the_conversation(
    column: Column, writer: Taken, author: User, at: dt.datetime
) -> None:
    for number in range(20):
        decisions.ask(writer.letter, f"Question {number}?", by=author, at=at)
    reader = Reader()
    reader.open_letter(writer.receipt)
    with CaptureQueriesContext(connection) as queries:
        reader.press("letter/change/")
    assert len(queries) <= 20


@pytest.mark.parametrize("nonce", ["", "zz", "A" * 32])
def test_a_nonce_that_was_changed_on_the_way_loses_nothing(column: Column, writer: Taken, nonce: str) -> None:
    reader = Reader()
    reader.open_letter(writer.receipt)
    reader.press("letter/change/", new_code=nonce)
    assert factories.LETTER_TEXT in Reader().open_letter(reader.receipt())


def test_a_letter_that_has_closed_keeps_its_receipt(column: Column, writer: Taken, at: dt.datetime) -> None:
    reader = Reader()
    reader.open_letter(writer.receipt)
    with time_machine.travel(at + dt.timedelta(minutes=31), tick=False):
        assert "Your letter has closed" in reader.press("letter/change/")
    assert "Your letter is here" in Reader().find(writer.receipt)


def test_without_an_open_letter_nothing_is_changed(column: Column, writer: Taken) -> None:
    assert "Your letter has closed" in Reader().post("letter/change/", {"token": "00"})


def test_a_letter_of_another_column_is_not_open_here(column: Column, other_column: Column, writer: Taken) -> None:
    reader = Reader()
    reader.open_letter(writer.receipt)
    fields = forms(reader.page)["/plain/letter/change/"]
    assert "Your letter has closed" in Reader("elsewhere").post("letter/change/", fields)
    assert "Your letter is here" in Reader().find(writer.receipt)


def test_opened_without_a_form_leads_to_the_receipt(column: Column) -> None:
    reader = Reader()
    reader.open("letter/change/")
    assert reader.response.headers["Location"] == "/plain/letter/"


def test_another_sites_form_is_refused(column: Column) -> None:
    reader = Reader()
    reader.post("letter/change/", {}, headers={"sec-fetch-site": "cross-site"})
    assert reader.response.status_code == 403


def test_wrong_method_is_refused(column: Column) -> None:
    assert Reader().client.put("/plain/letter/change/").status_code == 405
