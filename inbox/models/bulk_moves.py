"""Moves of all letters of a draft at once: all or none, with a constant number of statements. ``Letter._move`` makes
the moves of one letter; both have the same guards."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from django.db import IntegrityError, transaction
from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from inbox.models import guards
from inbox.models.event import Actor, LetterEvent, one_more
from inbox.models.keystore import remove
from inbox.models.letter import Consent, Letter, ends, months_beside
from inbox.models.message import Message
from inbox.models.outgoing import Outgoing, due_at, is_held_back
from inbox.models.staff import User
from inbox.models.times.clock import believed
from inbox.models.times.days import ENDED, OF_A_LETTER, as_readable, months_alone, quiet_from
from inbox.workflow import LETTER_MOVES, AlreadyMoved, LetterStatus, NotAllowed

#: Fields that may have changed since the letters were read, and that callers use after the move.
_AS_THEY_STAND = ("events_count", "messages_count", "writer_public", "events_public", "consent")


def shortlist(letters: Sequence[Letter], *, by: User, at: dt.datetime) -> list[LetterEvent]:
    """Shortlist the letters; returns their events, in their order."""
    return _move(letters, "shortlist", by=by, at=at)


def answer(letters: Sequence[Letter], *, by: User, at: dt.datetime) -> None:
    """A draft begins to answer the letters. Refused for a letter that may only be answered privately."""
    private = next((letter for letter in letters if letter.consent == Consent.PRIVATE), None)
    if private is not None:
        raise NotAllowed(
            _("The writer of %(label)s allowed a private answer only. Answer it privately.") % {"label": private.label}
        )
    _move(letters, "answer", by=by, at=at)


def unanswer(letters: Sequence[Letter], *, by: User, at: dt.datetime) -> None:
    """The draft no longer answers the letters: back to the shortlist."""
    _move(letters, "unanswer", by=by, at=at)


def publish(letters: Sequence[Letter], *, by: User, at: dt.datetime, out_at: dt.datetime) -> None:
    """Record that the article of the letters is published or scheduled. Retention begins.

    ``messages_count`` of each letter is raised by one for a message that the caller writes. Retention counts from the
    month after the one in which the article is out.
    """
    if any(letter.consent == Consent.PRIVATE for letter in letters):
        raise NotAllowed(_("The writer of this letter allowed a private answer only."))
    try:
        _move(letters, "publish", by=by, at=at, out_at=out_at, counted=("events_count", "messages_count"))
    except IntegrityError as error:
        # raised by the constraint of the database: a writer withdrew the consent at this moment
        raise NotAllowed(_("The writer of this letter now allows a private answer only.")) from error


def unpublish(letters: Sequence[Letter], *, by: User, at: dt.datetime) -> None:
    """The article of the letters was stopped or taken down: they wait for an answer again."""
    _move(letters, "unpublish", by=by, at=at)


def remove_messages(letters: Sequence[Letter], gone: Iterable[Message]) -> None:
    """Delete messages of these letters with their keys, in the transaction of an event, which has locked the letters'
    rows. The message counts follow: the numbers of deleted last messages are used again."""
    remove(gone)
    left = Message.objects.filter(letter=OuterRef("pk")).order_by("-number")
    newest = left.exclude(kind=Message.Kind.ADDRESS)
    Letter.objects.filter(pk__in=[letter.pk for letter in letters]).update(
        messages_count=Coalesce(Subquery(left.values("number")[:1]), 0),
        newest=Coalesce(Subquery(newest.values("kind")[:1]), Value("")),
    )


def _move(
    letters: Sequence[Letter],
    verb: str,
    *,
    by: User,
    at: dt.datetime,
    out_at: dt.datetime | None = None,
    counted: Sequence[str] = ("events_count",),
) -> list[LetterEvent]:
    """Make one move of ``LETTER_MOVES`` with all letters; returns their events, in the order of the letters.

    ``out_at``: from when on their retention counts, where that is later. ``counted``: counters of each letter that are
    raised by one.

    One UPDATE for each status must find every letter that was read in that status. Otherwise ``AlreadyMoved`` is raised
    and the whole transaction rolled back. Afterwards the objects are up to date and their rows locked.
    """
    move = LETTER_MOVES[verb]
    end = months_alone() if move.target in ENDED else {}
    more = {name: count for counter in counted for name, count in one_more(counter).items()}
    by_status = _by_status(letters)
    for status in sorted(by_status):
        guards.check(move, status, by_status[status][0].label)
    if not letters:
        return []
    counts_from = believed(at) if out_at is None else max(out_at, believed(at))
    quiet = quiet_from(timezone.localdate(counts_from), move.target)
    # without a savepoint: a refusal rolls the whole transaction back, also where a caller catches it
    with transaction.atomic(savepoint=False):
        days = {letter.pk: {name: getattr(letter, name) for name in OF_A_LETTER} for letter in letters} if end else {}
        for before, some in by_status.items():
            as_read = Letter.objects.filter(pk__in=[letter.pk for letter in some], status=before)
            moved = as_read.update(status=move.target, **more, quiet_since=quiet, in_no_order=False, **end)
            if moved != len(some):
                raise AlreadyMoved(
                    _("Somebody has already moved this letter.")
                    if len(letters) == 1
                    else _("Somebody has already moved one of these letters.")
                )
        _read_again(letters)
        for letter in letters:
            letter.need_event_key()
        events = LetterEvent.objects.bulk_create(
            LetterEvent.new(
                letter,
                by=by,
                on=timezone.localdate(at),
                days=days.get(letter.pk) if ends(letter.status, move.target) else None,
                number=letter.events_count,
                verb=verb,
                actor=Actor.STAFF,
                status_before=letter.status,
                status_after=move.target,
            )
            for letter in letters
        )
        for event in events:
            event.known(by=by, on=timezone.localdate(at), days=days.get(event.letter_id))
        # the message with the article's address, which the caller counts and writes, has the month already
        if end and any(letter.messages_count > ("messages_count" in counted) for letter in letters):
            months_beside(letters)
        Outgoing.objects.bulk_create(
            Outgoing(letter=event.letter, event=event, before=event.status_before, due_at=due_at(verb, at))
            for event in events
            if is_held_back(verb, LetterStatus(event.status_before))
        )
    for letter in letters:
        letter.status, letter.quiet_since = move.target, quiet
        letter.received_on = as_readable(letter.received_on, move.target)
    return events


def _by_status(letters: Sequence[Letter]) -> dict[LetterStatus, list[Letter]]:
    found: dict[LetterStatus, list[Letter]] = {}
    for letter in letters:
        found.setdefault(LetterStatus(letter.status), []).append(letter)
    return found


def _read_again(letters: Sequence[Letter]) -> None:
    """Update fields that may have changed since the letters were read: a writer may have another receipt, to whose key
    the next words must be sealed, or another consent."""
    rows = Letter.objects.filter(pk__in=[letter.pk for letter in letters])
    fresh = {pk: values for pk, *values in rows.values_list("pk", *_AS_THEY_STAND)}
    for letter in letters:
        for name, value in zip(_AS_THEY_STAND, fresh[letter.pk], strict=True):
            setattr(letter, name, value)
