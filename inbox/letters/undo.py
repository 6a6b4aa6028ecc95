"""Undo. A decision of the desk about a letter is taken back by an event that restores the letter's state and removes
messages that still wait in the outbox."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from columns.models import Topic
from inbox.keys import opened_events
from inbox.keys.vault import Vault
from inbox.models import bulk_moves
from inbox.models.event import LetterEvent, one_more
from inbox.models.keystore import remove
from inbox.models.letter import MARKS, Letter, days_of, ends, months_beside
from inbox.models.outgoing import Outgoing
from inbox.models.staff import User
from inbox.models.times.clock import believed_day
from inbox.models.times.days import months_alone, quiet_from
from inbox.staff import access
from inbox.workflow import LETTER_MOVES, LETTER_VERBS, AlreadyMoved, LetterStatus, NotAllowed, Undo


def kind(verb: str) -> str:
    """The way in which a verb is undone: an ``Undo``, or the verb of the opposite mark; "" where there is none."""
    row = LETTER_VERBS.get(verb)
    return row.undo if row else ""


def can_be_undone(verb: str) -> bool:
    """Whether the verb can be undone at all."""
    return bool(kind(verb))


def verbs(*kinds: Undo) -> frozenset[str]:
    """The verbs that are undone in one of these ways."""
    return frozenset(verb for verb, row in LETTER_VERBS.items() if row.undo in kinds)


def moves() -> frozenset[str]:
    """The verbs of moves and of undone moves, as in the audit trail."""
    return frozenset({*LETTER_MOVES, *(f"undo_{verb}" for verb in LETTER_MOVES)})


def opposites(verb: str) -> frozenset[str]:
    """A mark's verb and that of its opposite; empty where there is no opposite."""
    other = kind(verb)
    return frozenset({verb, other}) if other and not isinstance(other, Undo) else frozenset()


def undo(letter: Letter, event: LetterEvent, *, by: User, at: dt.datetime, keys: Vault | None = None) -> LetterEvent:
    """Undo a decision of the same person that no later decision has followed; a message to the writer only while it
    waits in the outbox. Returns the event. Raises ``NotAllowed`` or ``AlreadyMoved`` otherwise, without any change.

    The event must be opened (``keys.opened_events``): whose it is stands in what is sealed. ``keys`` open another event
    that belongs to it.
    """
    if event.by_id != by.pk:
        raise NotAllowed(_("Somebody else decided that, so it is theirs to take back."))
    if not can_be_undone(event.verb):
        raise NotAllowed(_("That cannot be taken back from here."))
    how = kind(event.verb)
    if how == Undo.MARK:
        return _unmark(letter, event, by=by, at=at)
    if opposites(event.verb):
        return _unmark(letter, event, by=by, at=at)
    if how in (Undo.MOVE, Undo.SAID):
        return _unmove(letter, event, by=by, at=at, keys=keys)
    with transaction.atomic():
        back = letter.record(f"undo_{event.verb}", by=by, at=at, undoes=event.number)
        if how == Undo.NOTE:
            _forget_note(letter, event)
            return back
        if how == Undo.LOOK:
            if followed(letter, event, moves() | verbs(Undo.LOOK)):
                raise AlreadyMoved(_("Something else was decided since, so this cannot be taken back any more."))
            return back
        unsay(letter, event, at=at, must=True)
    return back


def stop(letter: Letter, event: LetterEvent, *, by: User, at: dt.datetime) -> LetterEvent:
    """Undo a move that waits in the outbox, also another person's: its writer never sees it. Raises as ``undo``."""
    return _unmove(letter, event, by=by, at=at)


def _unmark(letter: Letter, event: LetterEvent, *, by: User, at: dt.datetime) -> LetterEvent:
    before, after = event.marked
    letter.refresh_from_db(fields=[MARKS[event.verb]])
    if getattr(letter, MARKS[event.verb]) != after or followed(letter, event, opposites(event.verb) or [event.verb]):
        raise AlreadyMoved(_("That was changed again since, so it cannot be taken back any more."))
    if event.verb == "topic" and before is not None and not Topic.objects.filter(pk=before).exists():
        raise NotAllowed(_("The topic that it had before was removed from the column, so it cannot get that one back."))
    if event.verb == "give" and before is not None and not access.readers(letter.column).filter(pk=before).exists():
        raise NotAllowed(_("Whoever had it before has no seat here any more that opens letters."))
    if MARKS[event.verb] == "need":  # its verb says the direction
        return letter.mark_need(before, by=by, at=at)
    return letter.mark(event.verb, before, by=by, at=at)


def _unmove(letter: Letter, event: LetterEvent, *, by: User, at: dt.datetime, keys: Vault | None = None) -> LetterEvent:
    before, after = LetterStatus(event.status_before), LetterStatus(event.status_after)
    with transaction.atomic():
        if event.verb == "hold":
            _wait_as_before(letter, event, by=by, at=at, keys=keys)
        # the days that the undone event was sealed with come back with the status; back at its end they go again
        known = (event.days or {}) if ends(before, after) else {}
        sealed = days_of([letter])[letter.pk] if ends(after, before) else None
        quiet = quiet_from(believed_day(at), before)
        fields = {"quiet_since": quiet, "in_no_order": False, **(known if sealed is None else months_alone())}
        rows = Letter.objects.filter(pk=letter.pk, status=after).update(
            status=before, **one_more("events_count"), **fields
        )
        # read after the UPDATE, which locks the row
        if not rows or followed(letter, event, moves()):
            raise AlreadyMoved(_("Something else was decided since, so this cannot be taken back any more."))
        unsay(letter, event, at=at, must=kind(event.verb) == Undo.SAID)
        back = letter.write_event(
            f"undo_{event.verb}",
            by=by,
            at=at,
            actor=None,
            days=sealed,
            status_before=after,
            status_after=before,
            undoes=event.number,
        )
        if sealed is not None:
            months_beside([letter])
    letter.status, letter.quiet_since = before, quiet
    for name, day in known.items():
        setattr(letter, name, day)
    return back


def _wait_as_before(letter: Letter, event: LetterEvent, *, by: User, at: dt.datetime, keys: Vault | None) -> None:
    """Undo the event before the hold too, if it set the day until which the same person held the letter."""
    day = LetterEvent.objects.filter(letter=letter.pk, number=event.number - 1, verb="wait").first()
    if day is None or followed(letter, event, ["wait"]):
        return
    if keys is not None:
        opened_events.open_events([day], keys)
    if day.by_id != by.pk:
        return
    letter.refresh_from_db(fields=["held_until"])
    letter.mark("wait", day.held_until_before, by=by, at=at)


def _forget_note(letter: Letter, event: LetterEvent) -> None:
    note = letter.notes.filter(pk=event.pk).first()
    if note is None:
        raise AlreadyMoved(_("That note is not kept any more."))
    remove([note])


def followed(letter: Letter, event: LetterEvent, verbs: Iterable[str]) -> bool:
    """Whether an event with one of these verbs followed the event."""
    return LetterEvent.objects.filter(letter=letter.pk, number__gt=event.number, verb__in=verbs).exists()


def unsay(letter: Letter, event: LetterEvent, *, at: dt.datetime, must: bool) -> None:
    """Remove the event's row from the outbox with its message. ``must``: refuse where the message is out already."""
    waits = Outgoing.objects.filter(event=event, due_at__gt=at).select_related("message").first()
    if waits is None:
        if must:
            raise NotAllowed(_("It has gone out: its writer may have read it. Write to them instead."))
        return
    message = waits.message
    waits.delete()
    if message is not None:
        bulk_moves.remove_messages([letter], [message])
        letter.refresh_from_db(fields=["messages_count", "newest"])
