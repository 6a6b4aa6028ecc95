"""What desk and writer say to each other, and where it ends."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from columns.models import Column
from inbox.editorial import decisions
from inbox.keys import vault
from inbox.letters import writer_acts
from inbox.letters.intake import Taken
from inbox.models import Letter, Message, User
from inbox.workflow import LetterStatus, NotAllowed
from tests import factories

pytestmark = pytest.mark.databases


def opened(taken: Taken, *, later: dt.timedelta = dt.timedelta(days=2)) -> writer_acts.Opened:
    """What its writer reads with the receipt, so much later."""
    letter, derived = writer_acts.find(taken.receipt)
    assert letter is not None
    return writer_acts.open_letter(letter, vault.writer(derived.key), at=timezone.now() + later)


def test_a_receipt_of_no_letter_finds_none_but_derives_the_same(db: None) -> None:
    letter, derived = writer_acts.find("7QM2XRT9HWD4VNBCK")
    assert letter is None
    assert len(derived.index) == 64


def test_both_read_the_turns_in_their_order(writer: Taken, moderator: User, at: dt.datetime, keys: vault.Vault) -> None:
    decisions.ask(writer.letter, "Since when?", by=moderator, at=at)
    writer_acts.write_back(writer.letter, "Since spring.", at=at)
    decisions.decline(writer.letter, "We cannot answer this one.", by=moderator, at=at)
    turns = [(message.kind, text) for message, text in opened(writer).turns]
    assert turns == [
        (Message.Kind.QUESTION, "Since when?"),
        (Message.Kind.FROM_WRITER, "Since spring."),
        (Message.Kind.CLOSING, "We cannot answer this one."),
    ]
    desk = keys.open_many(Letter.objects.get(pk=writer.letter.pk).messages.all())
    assert [words["text"] for words in desk.values()] == [text for _, text in turns]


@pytest.mark.parametrize(
    "status", [LetterStatus.DECLINED, LetterStatus.REPLIED, LetterStatus.WITHDRAWN, LetterStatus.ERASED]
)
def test_nothing_is_asked_after_the_end(column: Column, moderator: User, at: dt.datetime, status: LetterStatus) -> None:
    letter = factories.make_letter(column, status)
    with pytest.raises(NotAllowed):
        decisions.ask(letter, "Since when?", by=moderator, at=at)


def test_a_writer_can_write_back_until_the_letter_is_withdrawn(column: Column, at: dt.datetime) -> None:
    for status in set(LetterStatus) - {LetterStatus.WITHDRAWN, LetterStatus.ERASED}:
        letter = factories.make_letter(column, status)
        before = letter.messages.count()
        writer_acts.write_back(letter, "One more thing.", at=at)
        assert letter.messages.count() == before + 1
    with pytest.raises(NotAllowed, match="withdrawn"):
        writer_acts.write_back(factories.make_letter(column, LetterStatus.WITHDRAWN), "One more thing.", at=at)


def test_after_withdrawal_the_receipt_still_says_what_happened(writer: Taken, moderator: User, at: dt.datetime) -> None:
    decisions.ask(writer.letter, "Since when?", by=moderator, at=at)
    letter, derived = writer_acts.find(writer.receipt)
    assert letter is not None
    writer_acts.withdraw(letter, vault.writer(derived.key), at=at)
    after = opened(writer)
    assert after.letter.status == LetterStatus.WITHDRAWN
    assert after.words == {}
    assert after.turns == []


def test_withdrawing_twice_is_refused_kindly(writer: Taken, at: dt.datetime) -> None:
    letter, derived = writer_acts.find(writer.receipt)
    assert letter is not None
    writer_acts.withdraw(letter, vault.writer(derived.key), at=at)
    with pytest.raises(NotAllowed, match=r"\.$"):
        writer_acts.withdraw(letter, vault.writer(derived.key), at=at)


def test_an_erased_letter_is_found_no_more(writer: Taken, moderator: User, at: dt.datetime) -> None:
    decisions.decline(writer.letter, "We cannot answer this one.", by=moderator, at=at)
    writer.letter.erase(at=at)
    assert writer_acts.find(writer.receipt)[0] is None
