"""Every move by the table, none beside it, and one winner where two people click at once."""

from __future__ import annotations

import datetime as dt
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import IntegrityError, connection, transaction

from columns.models import Column
from inbox import workflow
from inbox.models import Actor, Draft, DraftEvent, Letter, LetterEvent, User
from inbox.workflow import (
    DRAFT_MOVES,
    LETTER_MOVES,
    LETTER_VERBS,
    AlreadyMoved,
    DraftStatus,
    LetterStatus,
    MoveRefused,
    NotAllowed,
    Role,
    Undo,
)
from tests import factories

pytestmark = pytest.mark.databases


@contextmanager
def undone() -> Iterator[None]:
    """Whatever the block writes is rolled back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.mark.parametrize("status", list(LetterStatus))
def test_a_letter_moves_exactly_as_the_table_says(
    column: Column, moderator: User, at: dt.datetime, status: LetterStatus
) -> None:
    made = factories.make_letter(column, status)
    before = list(LetterEvent.objects.filter(letter=made).values_list("verb", flat=True))
    for verb, move in LETTER_MOVES.items():
        with undone():
            letter = Letter.objects.get(pk=made.pk)
            if status in move.sources:
                letter._move(verb, by=moderator, at=at)
                assert Letter.objects.get(pk=letter.pk).status == letter.status == move.target, verb
                event = factories.opened(LetterEvent.objects.filter(letter=letter))[-1]
                # without its words nobody opens who did it
                assert (event.verb, event.by) == (verb, None if status == LetterStatus.WITHDRAWN else moderator)
                assert (event.status_before, event.status_after) == (status, move.target)
            else:
                with pytest.raises(NotAllowed, match=r"\.$"):
                    letter._move(verb, by=moderator, at=at)
                assert Letter.objects.get(pk=letter.pk).status == status, verb
                assert list(LetterEvent.objects.filter(letter=letter).values_list("verb", flat=True)) == before, verb


@pytest.mark.parametrize("status", list(DraftStatus))
def test_a_draft_moves_exactly_as_the_table_says(
    column: Column, author: User, at: dt.datetime, status: DraftStatus
) -> None:
    made = factories.make_draft(column, status)
    before = list(DraftEvent.objects.filter(draft=made).values_list("verb", flat=True))
    for verb, move in DRAFT_MOVES.items():
        with undone():
            draft = Draft.objects.get(pk=made.pk)
            if status in move.sources:
                draft._move(verb, by=author, at=at)
                assert Draft.objects.get(pk=draft.pk).status == move.target, verb
                event = DraftEvent.objects.filter(draft=draft).last()
                assert event is not None
                assert (event.verb, event.actor) == (verb, Actor.STAFF)
                assert (event.status_before, event.status_after) == (status, move.target)
            else:
                with pytest.raises(NotAllowed, match=r"\.$"):
                    draft._move(verb, by=author, at=at)
                assert Draft.objects.get(pk=draft.pk).status == status, verb
                assert list(DraftEvent.objects.filter(draft=draft).values_list("verb", flat=True)) == before, verb


def test_each_move_back_leads_from_where_the_move_led() -> None:
    for move in DRAFT_MOVES.values():
        if move.undo:
            assert move.target in DRAFT_MOVES[move.undo].sources
    for verb, row in LETTER_VERBS.items():
        if row.undo and not isinstance(row.undo, Undo):
            assert LETTER_VERBS[row.undo].undo == verb, "two marks are each the opposite of the other"


def test_buttons_are_the_moves_that_the_roles_allow() -> None:
    shown = workflow.moves_from(LETTER_MOVES, LetterStatus.RECEIVED, frozenset({Role.MODERATOR}))
    assert list(shown) == ["shortlist", "hold", "decline", "point"]
    assert "reply" in workflow.moves_from(LETTER_MOVES, LetterStatus.RECEIVED, frozenset({Role.AUTHOR}))
    assert workflow.moves_from(LETTER_MOVES, LetterStatus.RECEIVED, frozenset({Role.OWNER, Role.REVIEWER})) == {}
    assert workflow.moves_from(LETTER_MOVES, LetterStatus.ERASED, frozenset(Role)) == {}


def test_somebody_who_is_late_is_told_and_changes_nothing(column: Column, moderator: User, at: dt.datetime) -> None:
    seen_by_one, seen_by_two = (Letter.objects.get(pk=letter.pk) for letter in [factories.make_letter(column)] * 2)
    seen_by_one.shortlist(by=moderator, at=at)
    with pytest.raises(AlreadyMoved, match="already moved"):
        seen_by_two.hold(by=moderator, at=at)
    letter = Letter.objects.get(pk=seen_by_one.pk)
    assert letter.status == LetterStatus.SHORTLISTED
    assert list(letter.events.values_list("number", flat=True)) == [1, 2]


@pytest.mark.django_db(transaction=True)
def test_a_thousand_races_leave_one_winner_each(at: dt.datetime) -> None:
    """Two people, the same letters, at once: four threads in two pairs, 1,000 letters; each is moved exactly once."""
    column = factories.make_column()
    people = [factories.make_user(name, column, Role.MODERATOR) for name in ("ana", "ben")]
    letters = [factories.take_letter(column, at=at).letter for _ in range(4)]
    # the same four letters, put back after each round by the verb: 250 rounds of four races
    outcomes: Counter[str] = Counter()
    lock = threading.Lock()
    rounds = 250
    gate = threading.Barrier(2)

    def work(person: User) -> None:
        try:
            for number in range(rounds):
                for letter in letters:
                    mine = Letter.objects.get(pk=letter.pk)
                    gate.wait(300)
                    mine.status = LetterStatus.RECEIVED if number % 2 == 0 else LetterStatus.HELD
                    verb = mine.hold if number % 2 == 0 else mine.release
                    try:
                        verb(by=person, at=at)
                        outcome = "won"
                    except MoveRefused:
                        outcome = "told"
                    with lock:
                        outcomes[outcome] += 1
                    gate.wait(300)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes == {"won": 1000, "told": 1000}
    for letter in letters:
        numbers = list(LetterEvent.objects.filter(letter=letter).values_list("number", flat=True))
        assert numbers == list(range(1, rounds + 2))


@pytest.mark.parametrize(
    "values", [{"status": "nonsense"}, {"consent": "all"}, {"status": "published", "consent": "private"}]
)
def test_the_database_refuses_what_must_never_be(column: Column, values: dict[str, str]) -> None:
    letter = factories.make_letter(column)
    with pytest.raises(IntegrityError), transaction.atomic():
        Letter.objects.filter(pk=letter.pk).update(**values)


def test_withdrawing_erases_every_word_and_leaves_the_events(column: Column, moderator: User, at: dt.datetime) -> None:
    taken = factories.take_letter(column, email="w@example.org")
    letter = taken.letter
    letter.note("a remark", by=moderator, at=at)
    letter.withdraw(at=at)
    again = Letter.objects.get(pk=letter.pk)
    assert bytes(again.sealed) == b""
    assert [bytes(note.sealed) for note in again.notes.all()] == [b""]
    assert again.addresses.count() == 0
    assert [event.verb for event in again.events.all()] == ["receive", "note", "withdraw"]


def test_str_of_a_letter_is_its_opaque_id(column: Column) -> None:
    letter = factories.make_letter(column)
    assert str(letter) == str(letter.pk)
    assert len(letter.label) == 6
