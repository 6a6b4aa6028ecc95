"""A letter arrives: once, sealed, with a receipt that is stored nowhere."""

from __future__ import annotations

import datetime as dt
import re
import threading

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from columns.models import Column
from inbox.crypto import receipts
from inbox.keys import vault
from inbox.letters import intake
from inbox.letters.intake import Taken, Words
from inbox.models import Letter, LetterEvent, Need, NoKey, PublicKey, SealedKey, WriterAddress
from inbox.workflow import LetterStatus
from tests import factories

pytestmark = pytest.mark.databases

WORDS = Words(text=factories.LETTER_TEXT, pen_name="Awake", topic="pain", consent="light", email="w@example.org")


def test_keeps_what_was_sent(column: Column, at: dt.datetime, keys: vault.Vault) -> None:
    taken = intake.take(column, WORDS, nonce=intake.new_nonce(), at=at)
    letter = Letter.objects.get(pk=taken.letter.pk)
    assert keys.open(letter) == {
        "text": WORDS.text,
        "pen_name": "Awake",
        "about": {},
        "concerns": [],
        "findings": [],
        "details": 0,
        "language": "en",
    }
    assert (letter.status, letter.consent, letter.received_on) == (LetterStatus.RECEIVED, "light", at.date())
    assert letter.topic is not None
    assert letter.topic.slug == "pain"
    assert [event.verb for event in LetterEvent.objects.filter(letter=letter)] == ["receive"]


def test_pressing_twice_gives_one_letter_and_the_same_receipt(column: Column, at: dt.datetime) -> None:
    nonce = intake.new_nonce()
    first = intake.take(column, WORDS, nonce=nonce, at=at)
    second = intake.take(column, WORDS, nonce=nonce, at=at + dt.timedelta(hours=5))
    assert first.receipt == second.receipt
    assert (first.again, second.again) == (False, True)
    assert Letter.objects.count() == 1


def test_other_words_from_the_same_form_become_a_second_letter(column: Column, at: dt.datetime) -> None:
    nonce = intake.new_nonce()
    first = intake.take(column, WORDS, nonce=nonce, at=at)
    second = intake.take(column, Words(text=WORDS.text + " And one more thing."), nonce=nonce, at=at)
    again = intake.take(column, WORDS, nonce=nonce, at=at)
    assert second.receipt != first.receipt
    assert second.beside
    assert again.receipt == first.receipt
    assert Letter.objects.count() == 2


def test_a_form_that_is_sent_very_often_costs_no_more(
    column: Column, at: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No earlier letter is read from the database, and few receipts are derived, however many came from one form."""
    nonce, open_with = intake.new_nonce(), receipts.open_with
    for number in range(20):
        words = Words(text=f"{WORDS.text} {number}")
        letter = intake.take(column, words, nonce=nonce, at=at).letter
        letter.change_code(index=f"{number:064}", public=bytes(32), at=at)
    derived = list[str]()

    def counted(receipt: str, *, salt: str, pepper: str) -> receipts.Derived:
        derived.append(receipt)
        return open_with(receipt, salt=salt, pepper=pepper)

    monkeypatch.setattr(receipts, "open_with", counted)
    with CaptureQueriesContext(connection) as queries:
        sent = [intake.take(column, WORDS, nonce=nonce, at=at) for _ in range(2)]
    assert len(derived) <= 2 * 17
    bodies = [one["sql"] for one in queries if re.search(r'SELECT[^(]*"inbox_letter"."sealed"', one["sql"])]
    assert all('"index" = ' in sql for sql in bodies), "one letter is looked up, the others are not read"
    assert [(one.again, one.beside) for one in sent] == [(False, True)] * 2, "each is kept, with a receipt of its own"
    assert sent[0].receipt != sent[1].receipt


@pytest.mark.django_db(transaction=True)
def test_pressing_at_the_same_moment_gives_one_letter(at: dt.datetime) -> None:
    column = factories.make_column()
    nonce, taken, failed = intake.new_nonce(), list[Taken](), list[BaseException]()
    gate = threading.Barrier(6)

    def press() -> None:
        try:
            gate.wait()
            taken.append(intake.take(column, WORDS, nonce=nonce, at=at))
        except BaseException as error:  # noqa: BLE001 - the test says below that there is none
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert len({one.receipt for one in taken}) == 1
    assert Letter.objects.count() == 1
    assert WriterAddress.objects.count() == 1
    assert SealedKey.objects.filter(item=Letter.objects.get().pk).count() == 2


def test_the_receipt_and_what_it_opens_are_stored_nowhere(column: Column, at: dt.datetime) -> None:
    nonce = intake.new_nonce()
    taken = intake.take(column, WORDS, nonce=nonce, at=at)
    row = str(Letter.objects.values().get()) + str(list(SealedKey.objects.values()))
    assert taken.receipt not in row
    assert taken.receipt[:8] not in row
    assert nonce not in row


def test_a_concern_raises_a_letter_and_holds_it_for_a_person(
    column: Column, at: dt.datetime, keys: vault.Vault
) -> None:
    letter = factories.take_letter(
        column, text="Some nights I think about ending my life and I cannot tell anyone."
    ).letter
    assert letter.need == Need.NOW
    assert letter.status == LetterStatus.HELD
    assert keys.open(letter)["concerns"] == ["self_harm"]
    assert [event.verb for event in LetterEvent.objects.filter(letter=letter)] == ["receive", "hold"]


def test_a_column_without_a_key_takes_nothing(column: Column, at: dt.datetime) -> None:
    PublicKey.objects.filter(column=column).delete()
    with pytest.raises(NoKey):
        intake.take(column, WORDS, nonce=intake.new_nonce(), at=at)
    assert Letter.objects.count() == 0


def test_a_failure_half_way_leaves_nothing(column: Column, at: dt.datetime) -> None:
    PublicKey.objects.filter(kind=PublicKey.Kind.NOTICE).delete()  # the address cannot be sealed
    with pytest.raises(NoKey):
        intake.take(column, WORDS, nonce=intake.new_nonce(), at=at)
    assert Letter.objects.count() == 0
    assert SealedKey.objects.count() == 0


def test_times_a_writer_causes_are_dates(column: Column, writer: Taken) -> None:
    fields = {
        field.name: type(field).__name__
        for model in (Letter, LetterEvent, WriterAddress)
        for field in model._meta.fields
    }
    assert "DateTimeField" not in fields.values()


def test_tidy_keeps_what_people_write() -> None:
    assert intake.tidy("a\r\nb\rc\td\x00\x07e\u200d😀 \u200f\u061c") == "a\nb\nc\tde\u200d😀 \u200f\u061c"
    for written in ("می\u200cخواهم", "क्\u200dष", "👩\u200d👩\u200d👧", "e\u0301", "ก\u0e31"):
        assert intake.tidy(written) == written


def test_tidy_drops_what_turns_a_page_round_and_what_means_nothing() -> None:
    turning = [*range(0x202A, 0x202F), *range(0x2066, 0x206A)]
    meaningless = [*range(9), 11, 12, *range(14, 32), *range(0x7F, 0x85), *range(0x86, 0xA0), 0xFEFF, 0xD800, 0xDFFF]
    for code in (*turning, *meaningless):
        assert intake.tidy(f"a{chr(code)}b") == "ab", hex(code)
    assert intake.tidy("a\x85b\u2028c\u2029d") == "a\nb\nc\nd"


@pytest.mark.parametrize(
    "blank",
    [
        *(0x200B, 0x200C, 0x2060, 0xAD, 0x2800, 0x3164, 0x115F, 0xFFA0, 0x180E, 0x3000, 0xE0020, 0xFFFC),
        *(0x34F, 0x180B, 0x180F, 0xFE00, 0xFE0F, 0xE0100, 0xE01EF, 0x16FE4, 0x1D159),
    ],
)
def test_what_nobody_can_see_is_no_text(blank: int) -> None:
    assert intake.tidy(f" {chr(blank) * 60}\n") == ""
    assert intake.seen_length(f"{chr(blank)}a{chr(blank) * 60}b") <= 3


@pytest.mark.parametrize("mark", [0x301, 0x20E0, 0x64B, 0x93E])
def test_marks_that_stand_on_nothing_are_no_text(mark: int) -> None:
    assert intake.tidy(chr(mark) * 60) == intake.tidy(f"{chr(mark)} \n{chr(mark)}") == ""
    assert intake.tidy(f"a{chr(mark)}") == f"a{chr(mark)}"


GERMAN = (
    "Seit drei Jahren wohne ich mit meinem Mann in einem Haus, das uns nicht gehört, und ich weiß nicht, wie ich ihm "
    "sagen soll, dass ich lieber wieder in der Stadt leben würde. Er hört mir nicht zu, wenn ich davon anfange."
)


def test_a_letter_that_screening_cannot_read_waits_for_a_person(
    column: Column, at: dt.datetime, keys: vault.Vault
) -> None:
    letter = intake.take(column, Words(text=GERMAN), nonce=intake.new_nonce(), at=at).letter
    assert (letter.need, letter.status, keys.open(letter)["language"]) == (Need.TODAY, LetterStatus.HELD, "de")
    Column.objects.filter(pk=column.pk).update(language="de-AT")
    column.refresh_from_db()
    at_home = intake.take(column, Words(text=GERMAN + " Danke."), nonce=intake.new_nonce(), at=at).letter
    assert (at_home.need, at_home.status) == (Need.NONE, LetterStatus.RECEIVED)


def test_a_letter_in_a_language_without_a_name_here_is_raised_and_held(column: Column) -> None:
    text = "Ayaw ko na mabuhay, sinasaktan ako ng asawa ko araw araw at walang tumutulong sa akin."
    letter = factories.make_letter(column, text=text)
    assert letter.need >= Need.TODAY
    assert letter.status == LetterStatus.HELD
