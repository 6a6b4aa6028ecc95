"""Undo that is complete: what the desk decided waits before its writer sees it, and can be taken back until then.

``test_every_way_back.py`` walks over all decisions. Here is what stands in the way of taking one back, and what waits.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from columns.models import Column, Topic
from inbox.editorial import decisions, drafts
from inbox.keys import vault
from inbox.letters import notices, outbox, writer_acts
from inbox.models import (
    Draft,
    Letter,
    LetterEvent,
    Message,
    Note,
    Notice,
    Outgoing,
    SealedKey,
    SecondLook,
    User,
)
from inbox.models.outgoing import WAITS
from inbox.workflow import AlreadyMoved, LetterStatus, NotAllowed
from tests import factories

pytestmark = pytest.mark.databases

MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def letter(column: Column) -> Letter:
    return factories.take_letter(column, email="somebody.private@example.org").letter


def state(letter: Letter) -> dict[str, Any]:
    """Everything that is kept of a letter but its trail and what counts it."""
    row: dict[str, Any] = dict(Letter.objects.filter(pk=letter.pk).values().get())
    for counted in ("events_count", "quiet_since"):
        del row[counted]
    rows = {
        "messages": list(letter.messages.values_list("pk", "kind", "number")),
        "keys": sorted(SealedKey.objects.values_list("item", "key_id")),
        "outbox": list(Outgoing.objects.filter(letter=letter).values_list("pk", flat=True)),
        "notices": list(letter.notices.values_list("kind", "due_on")),
        "looks": list(letter.second_looks.values_list("pk", flat=True)),
        "notes": list(Note.objects.values_list("pk", flat=True)),
    }
    return row | rows


DECISIONS: dict[str, Any] = {
    "shortlist": lambda letter, by, at: letter.shortlist(by=by, at=at),
    "hold": lambda letter, by, at: letter.hold(by=by, at=at),
    "decline": lambda letter, by, at: decisions.decline(letter, "We cannot take it up.", by=by, at=at),
    "point": lambda letter, by, at: decisions.point(letter, "It is in the column already.", by=by, at=at),
    "reply": lambda letter, by, at: decisions.reply(
        letter, "Nothing is wrong.", by=by, at=at, keys=factories.desk_keys()
    ),
    "ask": lambda letter, by, at: decisions.ask(letter, "Since when?", by=by, at=at),
    "mark_urgent": lambda letter, by, at: letter.mark_urgent(by=by, at=at, urgent=True),
    "topic": lambda letter, by, at: letter.mark("topic", Topic.objects.get(slug="desire").pk, by=by, at=at),
    "give": lambda letter, by, at: letter.mark("give", by.pk, by=by, at=at),
    "wait": lambda letter, by, at: letter.mark("wait", at.date() + dt.timedelta(days=7), by=by, at=at),
    "limit": lambda letter, by, at: letter.mark("limit", 1, by=by, at=at),
}


@pytest.mark.parametrize(("do", "then"), [("hold", "release"), ("shortlist", "put_back"), ("decline", "reopen")])
def test_the_ways_back_can_be_undone_too(
    do: str, then: str, letter: Letter, moderator: User, at: dt.datetime, keys: vault.Vault
) -> None:
    DECISIONS[do](letter, moderator, at)
    before = Letter.objects.get(pk=letter.pk).status
    event = getattr(letter, then)(by=moderator, at=at)
    decisions.undo(letter, event, by=moderator, at=at, keys=keys)
    assert Letter.objects.get(pk=letter.pk).status == before


@pytest.mark.parametrize("verb", ["decline", "point", "reply", "ask"])
def test_what_is_out_cannot_be_taken_back(
    verb: str, letter: Letter, moderator: User, at: dt.datetime, keys: vault.Vault
) -> None:
    event = DECISIONS[verb](letter, moderator, at)
    decided = state(letter)
    with pytest.raises(NotAllowed, match="gone out"):
        decisions.undo(letter, event, by=moderator, at=at + WAITS, keys=keys)
    outbox.let_go(at=at + WAITS)
    with pytest.raises(NotAllowed, match="gone out"):
        decisions.undo(letter, event, by=moderator, at=at + WAITS, keys=keys)
    assert state(letter) == {**decided, "outbox": []}


def test_nobody_takes_back_what_somebody_else_decided(
    letter: Letter, moderator: User, author: User, at: dt.datetime, keys: vault.Vault
) -> None:
    event = letter.shortlist(by=moderator, at=at)
    with pytest.raises(NotAllowed, match="Somebody else"):
        decisions.undo(letter, event, by=author, at=at, keys=keys)


def test_a_decision_that_another_one_follows_stays(
    letter: Letter, moderator: User, at: dt.datetime, keys: vault.Vault
) -> None:
    first = letter.shortlist(by=moderator, at=at)
    second = letter.put_back(by=moderator, at=at)
    again = letter.shortlist(by=moderator, at=at)
    for event in (first, second):
        with pytest.raises(AlreadyMoved, match="decided since"):
            decisions.undo(letter, event, by=moderator, at=at, keys=keys)
    decisions.undo(letter, again, by=moderator, at=at, keys=keys)
    with pytest.raises(AlreadyMoved):
        decisions.undo(letter, again, by=moderator, at=at, keys=keys)
    assert Letter.objects.get(pk=letter.pk).status == LetterStatus.RECEIVED


def test_a_note_or_a_message_in_between_does_not_stand_in_the_way(
    letter: Letter, moderator: User, at: dt.datetime, keys: vault.Vault
) -> None:
    event = decisions.decline(letter, "We cannot take it up.", by=moderator, at=at)
    letter.note("Seen.", by=moderator, at=at)
    writer_acts.write_back(letter, "One thing more.", at=at)
    decisions.undo(letter, event, by=moderator, at=at + MINUTE, keys=keys)
    letter.refresh_from_db()
    assert (letter.status, letter.newest) == (LetterStatus.RECEIVED, Message.Kind.FROM_WRITER)
    assert [message.kind for message in letter.messages.all()] == [Message.Kind.FROM_WRITER]


def test_no_mail_is_sent_about_what_was_undone(
    letter: Letter, moderator: User, at: dt.datetime, keys: vault.Vault
) -> None:
    event = decisions.decline(letter, "We cannot take it up.", by=moderator, at=at)
    decisions.undo(letter, event, by=moderator, at=at, keys=keys)
    assert notices.send_due(at=at + dt.timedelta(days=1)) == 0
    assert mail.outbox == []
    assert Notice.objects.count() == 0


def test_the_writer_sees_a_decision_after_ten_minutes_and_not_before(
    column: Column, moderator: User, at: dt.datetime
) -> None:
    taken = factories.take_letter(column)
    letter, derived = writer_acts.find(taken.receipt)
    assert letter is not None
    decisions.ask(letter, "Since when?", by=moderator, at=at)
    letter.shortlist(by=moderator, at=at + 3 * MINUTE)
    decisions.decline(letter, "We cannot take it up.", by=moderator, at=at + 6 * MINUTE)

    def seen(minutes: int) -> tuple[str, int]:
        then = at + minutes * MINUTE
        opened = writer_acts.open_letter(letter, vault.writer(derived.key), at=then)
        return letter.seen_by_writer(then), len(opened.turns)

    assert [seen(minutes) for minutes in (0, 9, 10, 12, 13, 15, 16)] == [
        ("received", 0), ("received", 0), ("received", 1), ("received", 1),
        ("shortlisted", 1), ("shortlisted", 1), ("declined", 2),
    ]  # fmt: skip
    assert outbox.let_go(at=at + 16 * MINUTE) == 3
    assert seen(16) == ("declined", 2)


def test_no_minute_says_which_draft_began_with_a_letter(column: Column, author: User, at: dt.datetime) -> None:
    letter = factories.make_letter(column, LetterStatus.SHORTLISTED)
    drafts.start(column, [letter], by=author, at=at, keys=factories.desk_keys())
    due = Outgoing.objects.get(letter=letter).due_at
    assert (due.time(), due.date()) == (dt.time(), at.date() + dt.timedelta(days=1))
    assert letter.seen_by_writer(at) == LetterStatus.SHORTLISTED
    assert letter.seen_by_writer(due) == LetterStatus.ANSWERING


@pytest.mark.parametrize("others", [0, 1])
def test_a_private_answer_to_a_letter_of_a_draft_is_undone_with_its_place_in_the_draft(
    others: int, column: Column, author: User, at: dt.datetime, keys: vault.Vault
) -> None:
    letters = [factories.make_letter(column, LetterStatus.SHORTLISTED) for _ in range(1 + others)]
    draft = drafts.start(column, letters, by=author, at=at, keys=keys)
    event = decisions.reply(letters[0], "Nothing is wrong.", by=author, at=at, keys=keys)
    decisions.undo(letters[0], event, by=author, at=at + MINUTE, keys=keys)
    draft = Draft.objects.get(pk=draft.pk)
    assert draft.status == "writing"
    assert set(drafts.letter_ids(draft.bundle, keys)) == {letter.pk for letter in letters}
    assert keys.open(draft.bundle)["former"] == []
    assert Letter.objects.get(pk=letters[0].pk).status == LetterStatus.ANSWERING


def test_a_held_letter_comes_back_on_its_day(column: Column, moderator: User, at: dt.datetime) -> None:
    letter = factories.make_letter(column)
    until = at.date() + dt.timedelta(days=3)
    letter.hold(by=moderator, at=at, until=until)
    assert not Letter.objects.filter(waiting=True).exists()
    assert outbox.release_due(at=at + dt.timedelta(days=2)) == 0
    assert outbox.release_due(at=at + dt.timedelta(days=3)) == 1
    assert outbox.release_due(at=at + dt.timedelta(days=3)) == 0
    assert Letter.objects.get(waiting=True).status == LetterStatus.RECEIVED


def test_each_urgent_decline_and_some_others_get_a_second_look(
    column: Column, moderator: User, at: dt.datetime
) -> None:
    for urgent in (True, False):
        letter = factories.make_letter(column)
        if urgent:
            letter.mark_urgent(by=moderator, at=at, urgent=True)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("secrets.randbelow", lambda most: 1)
            decisions.decline(letter, "We cannot take it up.", by=moderator, at=at)
        assert SecondLook.objects.filter(letter=letter, declined_by=moderator).exists() == urgent
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("secrets.randbelow", lambda most: 0)
        decisions.decline(factories.make_letter(column), "We cannot take it up.", by=moderator, at=at)
    assert SecondLook.objects.count() == 2
    assert decisions.LOOKED_AT_AGAIN == 50, "two in a hundred"


def test_who_lowers_what_screening_raised_does_not_decline_it_alone(
    column: Column, moderator: User, author: User, at: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("secrets.randbelow", lambda most: 1)

    def looked_at(text: str, *marks: tuple[User, bool], more: str = "") -> bool:
        letter = factories.make_letter(column, text=text)
        if more:
            writer_acts.write_back(letter, more, at=at)
            letter.refresh_from_db()
        for by, urgent in marks:
            letter.mark_urgent(by=by, at=at, urgent=urgent)
        decisions.decline(letter, "We cannot take it up.", by=moderator, at=at, keys=factories.desk_keys())
        return SecondLook.objects.filter(letter=letter).exists()

    calm, heavy = factories.LETTER_TEXT, "I cannot go on. Some nights I think about ending my life, and nobody knows."
    assert looked_at(heavy, (moderator, False))
    assert looked_at(heavy, (moderator, False), (moderator, True), (moderator, False))
    assert looked_at(calm, (moderator, False), more=heavy)
    # two people have looked at it already
    assert not looked_at(heavy, (author, False))
    # a key that was pressed by mistake
    assert not looked_at(calm, (moderator, True), (moderator, False))


def test_a_writer_may_send_so_many_messages_a_day_and_none_is_lost(
    column: Column, moderator: User, at: dt.datetime
) -> None:
    letter = factories.make_letter(column)
    letter.mark("limit", 1, by=moderator, at=at)
    writer_acts.write_back(letter, "The first.", at=at)
    with pytest.raises(NotAllowed, match="one message a day"):
        writer_acts.write_back(letter, "The second.", at=at)
    writer_acts.write_back(letter, "The second.", at=at + dt.timedelta(days=1))
    assert letter.messages.count() == 2


def test_a_topic_that_is_gone_does_not_come_back(
    letter: Letter, column: Column, moderator: User, at: dt.datetime, keys: vault.Vault
) -> None:
    """The trail keeps the id of a topic, also of one that the owner removed from the column since."""
    gone = Topic.objects.create(column=column, slug="gone", name="Gone")
    letter.mark("topic", gone.pk, by=moderator, at=at)
    event = letter.mark("topic", None, by=moderator, at=at)
    topic = gone.pk
    gone.delete()
    event.refresh_from_db()
    assert event.changes == {"topic_before_id": topic}
    with pytest.raises(NotAllowed, match="removed from the column"):
        decisions.undo(letter, event, by=moderator, at=at, keys=keys)
    assert Letter.objects.get(pk=letter.pk).topic_id is None


def test_what_takes_a_decision_back_names_it(
    letter: Letter, moderator: User, at: dt.datetime, keys: vault.Vault
) -> None:
    for verb in ("hold", "decline", "ask"):
        event = DECISIONS[verb](letter, moderator, at)
        back = decisions.undo(letter, event, by=moderator, at=at, keys=keys)
        assert (back.verb, back.undoes) == (f"undo_{verb}", event.number)


@pytest.mark.parametrize(
    "wrong",
    [
        {"verb": "hold", "status_before": "received"},
        {"verb": "hold", "status_before": "received", "status_after": "lost"},
        {"verb": "undo_hold", "undoes": 99},
        {"verb": "hold", "held_until_after": dt.date(2026, 12, 1)},
        {"verb": "topic", "messages_a_day_before": 10},
    ],
)
def test_the_database_refuses_an_event_that_cannot_be(letter: Letter, wrong: dict[str, Any]) -> None:
    event = LetterEvent(letter=letter, number=99, actor="staff", on=dt.date(2026, 11, 30), **wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        event.save(force_insert=True)


def test_the_number_of_what_was_taken_back_is_given_again(
    letter: Letter, moderator: User, at: dt.datetime, keys: vault.Vault
) -> None:
    decisions.undo(letter, DECISIONS["ask"](letter, moderator, at), by=moderator, at=at, keys=keys)
    DECISIONS["ask"](letter, moderator, at)
    DECISIONS["ask"](letter, moderator, at)
    assert list(letter.messages.values_list("number", flat=True)) == [1, 2]
    assert Letter.objects.get(pk=letter.pk).messages_count == 2
