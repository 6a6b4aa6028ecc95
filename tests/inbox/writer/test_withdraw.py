"""The writer takes the letter back."""

from __future__ import annotations

import datetime as dt

from columns.models import Column
from inbox.letters.intake import Taken
from inbox.models import Letter, SealedKey
from inbox.workflow import DraftStatus, LetterStatus, Role
from tests import factories
from tests.reader import Reader


def test_the_words_are_erased_at_once(column: Column, writer: Taken) -> None:
    reader = Reader()
    reader.open_letter(writer.receipt)
    reader.press("letter/reply/", text="And one more thing.")
    page = reader.press("letter/withdraw/", sure="on")
    assert "You have taken your letter back. Its words are erased." in page
    assert factories.LETTER_TEXT not in page
    assert "And one more thing." not in page
    assert "Send my message" not in page
    letter = Letter.objects.get()
    assert letter.status == LetterStatus.WITHDRAWN
    assert bytes(letter.sealed) == b""
    assert SealedKey.objects.count() == 0


def test_the_answer_goes_too(column: Column, writer: Taken, at: dt.datetime) -> None:
    writer.letter.shortlist(by=factories.someone(column, Role.MODERATOR), at=at)
    draft = factories.make_draft(column, DraftStatus.PUBLISHED, letters=[writer.letter], at=at)
    assert draft.article is not None
    address = draft.article.get_absolute_url()
    reader = Reader()
    assert reader.client.get(address).status_code == 200
    reader.open_letter(writer.receipt)
    assert "the answer is off the column" in reader.press("letter/withdraw/", sure="on")
    assert reader.client.get(address).status_code == 410


def test_nothing_happens_without_the_tick(column: Column, writer: Taken) -> None:
    reader = Reader()
    reader.open_letter(writer.receipt)
    page = reader.press("letter/withdraw/")
    assert "Tick the box first" in page
    assert factories.LETTER_TEXT in page
    assert Letter.objects.get().status == LetterStatus.RECEIVED


def test_pressing_twice_changes_nothing_more(column: Column, writer: Taken) -> None:
    reader = Reader()
    reader.open_letter(writer.receipt)
    before = reader.response
    first = reader.press("letter/withdraw/", sure="on")
    reader.response = before
    second = reader.press("letter/withdraw/", sure="on")
    assert "You have taken your letter back." in first
    assert "You have taken your letter back." in second
    assert writer.letter.events.count() == 2


def test_the_receipt_still_says_what_happened(column: Column, writer: Taken) -> None:
    reader = Reader()
    reader.open_letter(writer.receipt)
    reader.press("letter/withdraw/", sure="on")
    page = Reader().open_letter(writer.receipt)
    assert "Withdrawn" in page
    assert "Its words are erased." in page


def test_without_an_open_letter_nothing_is_taken_back(column: Column, writer: Taken) -> None:
    assert "Your letter has closed" in Reader().post("letter/withdraw/", {"sure": "on", "token": "00"})
    assert Letter.objects.get().status == LetterStatus.RECEIVED


def test_opened_without_a_form_leads_to_the_receipt(column: Column) -> None:
    reader = Reader()
    reader.open("letter/withdraw/")
    assert reader.response.headers["Location"] == "/plain/letter/"


def test_another_sites_form_is_refused(column: Column) -> None:
    reader = Reader()
    reader.post("letter/withdraw/", {"sure": "on"}, headers={"sec-fetch-site": "cross-site"})
    assert reader.response.status_code == 403


def test_wrong_method_is_refused(column: Column) -> None:
    assert Reader().client.put("/plain/letter/withdraw/").status_code == 405
