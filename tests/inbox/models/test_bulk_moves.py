"""Several letters that are moved in one act: all of them or none, guarded as each of them alone would be."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from columns.models import Column
from inbox.editorial import drafts
from inbox.keys import vault
from inbox.models import Letter, LetterEvent, Outgoing, User, bulk_moves
from inbox.workflow import LETTER_MOVES, AlreadyMoved, LetterStatus, NotAllowed
from tests import factories


def shortlisted(column: Column, many: int, **words: Any) -> list[Letter]:
    return [factories.make_letter(column, LetterStatus.SHORTLISTED, **words) for _ in range(many)]


def read(letters: list[Letter]) -> list[Letter]:
    """The letters as another page has read them, in this order."""
    return [Letter.objects.get(pk=letter.pk) for letter in letters]


def publish_later(letters: list[Letter], *, by: User, at: dt.datetime) -> None:
    bulk_moves.publish(letters, by=by, at=at, out_at=at + dt.timedelta(days=40))


@pytest.mark.databases
def test_each_letter_gets_its_own_event_and_waits_in_the_outbox(column: Column, author: User, at: dt.datetime) -> None:
    letters = shortlisted(column, 3)
    letters[1].note("One more event than the others have.", by=author, at=at)
    numbers = {letter.pk: Letter.objects.get(pk=letter.pk).events_count + 1 for letter in letters}
    bulk_moves.answer(letters, by=author, at=at)
    events = factories.opened(LetterEvent.objects.filter(verb="answer"))
    assert {event.letter_id: event.number for event in events} == numbers
    assert {(event.by, event.status_before, event.status_after, event.on) for event in events} == {
        (author, "shortlisted", "answering", at.date())
    }
    assert {letter.status for letter in [*letters, *read(letters)]} == {LetterStatus.ANSWERING}
    assert {(row.event.letter_id, row.before) for row in Outgoing.objects.filter(event__in=events)} == {
        (letter.pk, "shortlisted") for letter in letters
    }


@pytest.mark.databases
@pytest.mark.parametrize(
    ("verb", "before", "between"),
    [
        (bulk_moves.answer, LetterStatus.SHORTLISTED, "put_back"),
        (bulk_moves.unanswer, LetterStatus.ANSWERING, "withdraw"),
        (publish_later, LetterStatus.ANSWERING, "withdraw"),
        (bulk_moves.unpublish, LetterStatus.PUBLISHED, "withdraw"),
    ],
)
@pytest.mark.parametrize("which", [0, 2])
def test_one_that_moved_meanwhile_stops_all_of_them(
    column: Column,
    author: User,
    at: dt.datetime,
    verb: Callable[..., None],
    before: LetterStatus,
    between: str,
    which: int,
) -> None:
    letters = [factories.make_letter(column, before) for _ in range(3)]
    stale = read(letters)
    moved = Letter.objects.get(pk=letters[which].pk)
    getattr(moved, between)(at=at, **({} if between == "withdraw" else {"by": author}))
    events, waiting = LetterEvent.objects.count(), Outgoing.objects.count()
    with pytest.raises(AlreadyMoved), transaction.atomic():
        verb(stale, by=author, at=at)
    kept = [letter.status for letter in read(letters)]
    assert kept.pop(which) == moved.status
    assert kept == [before, before]
    assert (LetterEvent.objects.count(), Outgoing.objects.count()) == (events, waiting)


@pytest.mark.databases
def test_whoever_swallows_the_refusal_can_write_nothing_after_it(column: Column, author: User, at: dt.datetime) -> None:
    letters = shortlisted(column, 2)
    stale = read(letters)
    letters[1].put_back(by=author, at=at)

    def go_on_all_the_same() -> None:
        with transaction.atomic():
            try:
                bulk_moves.answer(stale, by=author, at=at)
            except AlreadyMoved:
                stale[0].note("As if nothing had been.", by=author, at=at)

    with pytest.raises(TransactionManagementError):
        go_on_all_the_same()
    assert [letter.status for letter in read(letters)] == [LetterStatus.SHORTLISTED, LetterStatus.RECEIVED]


@pytest.mark.parametrize("verb", ["shortlist", "answer", "unanswer", "publish", "unpublish"])
def test_no_way_leads_from_elsewhere_than_the_table_says(verb: str) -> None:
    """Refused before the database is asked."""
    act = publish_later if verb == "publish" else getattr(bulk_moves, verb)
    for status in set(LetterStatus) - LETTER_MOVES[verb].sources:
        with pytest.raises(NotAllowed, match=f"that is {status.value} cannot be moved"):
            act([Letter(status=status, consent="light")], by=User(), at=timezone.now())


def test_one_from_where_no_way_leads_stops_all_of_them(column: Column, author: User, at: dt.datetime) -> None:
    letters = [*shortlisted(column, 2), factories.make_letter(column)]
    with pytest.raises(NotAllowed, match="received"):
        bulk_moves.answer(letters, by=author, at=at)
    assert not Letter.objects.filter(status=LetterStatus.ANSWERING).exists()


def test_one_that_may_be_answered_privately_alone_stops_all_of_them(
    column: Column, author: User, at: dt.datetime
) -> None:
    letters = [*shortlisted(column, 2), *shortlisted(column, 1, consent="private")]
    with pytest.raises(NotAllowed, match="private answer only"):
        bulk_moves.answer(letters, by=author, at=at)
    assert not Letter.objects.filter(status=LetterStatus.ANSWERING).exists()


@pytest.mark.databases
def test_the_database_refuses_all_of_them_where_one_writer_took_the_permission_back(
    column: Column, author: User, at: dt.datetime, keys: vault.Vault
) -> None:
    letters = shortlisted(column, 3)
    drafts.start(column, letters, by=author, at=at, keys=keys)
    stale = read(letters)
    Letter.objects.filter(pk=letters[1].pk).update(consent="private")
    with pytest.raises(NotAllowed, match="now allows a private answer only"), transaction.atomic():
        publish_later(stale, by=author, at=at)
    assert {letter.status for letter in read(letters)} == {LetterStatus.ANSWERING}


def test_letters_of_several_statuses_come_to_one(column: Column, moderator: User, at: dt.datetime) -> None:
    letters = [factories.make_letter(column, status) for status in (LetterStatus.HELD, LetterStatus.RECEIVED)]
    events = bulk_moves.shortlist(letters, by=moderator, at=at)
    assert [(event.letter, event.status_before) for event in events] == [(letters[0], "held"), (letters[1], "received")]
    assert {letter.status for letter in read(letters)} == {LetterStatus.SHORTLISTED}


@pytest.mark.databases
def test_more_letters_are_begun_shelved_and_taken_up_with_no_more_statements(
    column: Column, author: User, at: dt.datetime, keys: vault.Vault
) -> None:
    counts = []
    for many in (2, 5):
        letters = shortlisted(column, many)
        with CaptureQueriesContext(connection) as captured:
            draft = drafts.start(column, letters, by=author, at=at, keys=keys)
            drafts.shelve(draft, by=author, at=at, keys=keys)
            drafts.unshelve(draft, by=author, at=at, keys=keys)
        counts.append(len(captured))
    assert counts[0] == counts[1]
