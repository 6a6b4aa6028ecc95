"""The events of letters as sentences, and which of a person's own decisions can still be undone."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from django.db.models import Max
from django.utils import timezone

from columns.models import Column, Topic
from inbox.desk.event_sentences import day_in_words, sentence
from inbox.keys import opened_events
from inbox.keys.vault import Vault
from inbox.letters import outbox, undo
from inbox.models import Actor, Letter, LetterEvent, Note, User
from inbox.models.keystore import first_of_month
from inbox.models.letter import GONE
from inbox.models.status_names import STATUS_NAMES
from inbox.models.times.days import month_after
from inbox.triage import presence
from inbox.workflow import LetterStatus, Undo

#: Decisions on one page.
PAGE = 100
#: Verbs with a message to the writer: they can be undone while it waits in the outbox.
_WAITS = undo.verbs(Undo.SAID, Undo.ASKED)
#: Verbs with a note: they can be undone while the note is stored.
_KEPT = undo.verbs(Undo.NOTE, Undo.STOPPED)


@dataclass(frozen=True)
class Line:
    """One line of the history of a letter. ``moved``: the change of status in words; "" without one."""

    event: LetterEvent
    sentence: str
    moved: str


@dataclass(frozen=True)
class Done:
    """One decision of a person, and whether it was undone or can be, by the audit trail and the outbox."""

    event: LetterEvent
    sentence: str
    undone: bool
    can_be_undone: bool


def of_letter(letter: Letter, private: X25519PrivateKey | None, notes: Iterable[Note] = ()) -> list[Line]:
    """Return the history of the letter, oldest first; one query.

    ``private``: of the key of its events; without it the months are shown. ``notes``: on the letter; filled in is who
    wrote them, and when.
    """
    events = list(letter.events.all())
    opened_events.open_with(events, {letter.pk: private} if private else {})
    written = {event.pk: event for event in events}
    for note in notes:
        if note.by_id is None and note.pk in written:
            note.by_id, note.on = written[note.pk].by_id, written[note.pk].on
    opened_events.name_people([*events, *notes])
    lines = []
    for event in events:
        moved = (
            f"{_status_name(event.status_before)} → {_status_name(event.status_after)}" if event.status_before else ""
        )
        lines.append(Line(event, sentence(event.verb, letter.label), moved))
    return lines


def _status_name(status: str) -> str:
    return str(STATUS_NAMES[LetterStatus(status)]) if status in list(LetterStatus) else status


def own(column: Column, user: User, *, at: dt.datetime, page: int, keys: Vault) -> tuple[list[Done], bool]:
    """Return one page of the person's decisions on letters of the column, newest first, and whether there are more.

    Whose an event is, and its day, is sealed: the events of staff are opened month by month, the newest first, until
    the page is full. The order within a day comes from ``presence``. The event that sets the end of a hold is left out:
    it belongs to the event of the hold.
    """
    order = {event: place for place, event in enumerate(presence.did_last(user, at=at))}
    staff = LetterEvent.objects.filter(actor=Actor.STAFF, letter__column=column)
    rows: list[LetterEvent] = []
    known: dict[uuid.UUID, X25519PrivateKey] = {}
    month: dt.date | None = first_of_month(timezone.localdate(at))
    while month is not None and len(rows) <= page * PAGE:
        events = list(staff.filter(on__gte=month, on__lt=month_after(month)).select_related("letter"))
        known |= opened_events.privates((event.letter_id for event in events if event.sealed), keys)
        opened_events.open_with(events, known)
        of_month = _without_ends_of_holds([event for event in events if event.by_id == user.pk])
        of_month.sort(key=lambda event: (event.letter_id, -event.number))
        of_month.sort(key=lambda event: order.get(event.pk, len(order)))
        of_month.sort(key=lambda event: event.on, reverse=True)
        rows += of_month
        before = staff.filter(on__lt=month).aggregate(last=Max("on"))["last"] if len(rows) <= page * PAGE else None
        month = before and first_of_month(before)
    rows = rows[(page - 1) * PAGE : page * PAGE + 1]
    return _done(rows[:PAGE], at, known), len(rows) > PAGE


def _without_ends_of_holds(events: Sequence[LetterEvent]) -> list[LetterEvent]:
    holds = {(event.letter_id, event.number) for event in events if event.verb in ("hold", "undo_hold")}
    return [event for event in events if event.verb != "wait" or (event.letter_id, event.number + 1) not in holds]


def _done(events: Sequence[LetterEvent], at: dt.datetime, known: Mapping[uuid.UUID, X25519PrivateKey]) -> list[Done]:
    """Return the events as decisions, with the same number of queries for any number of events. ``known``: the private
    halves of the keys of their letters' events."""
    trails: dict[uuid.UUID, list[LetterEvent]] = {}
    every = list(LetterEvent.objects.filter(letter__in={event.letter_id for event in events}).order_by("number"))
    opened_events.open_with(every, known)
    for event in every:
        trails.setdefault(event.letter_id, []).append(event)
    with_message = [event.pk for event in events if event.verb in _WAITS]
    waits: set[uuid.UUID | None] = set()
    if with_message:
        waits |= set(outbox.waiting(at).filter(event__in=with_message).values_list("event", flat=True))
    with_note = [event.pk for event in events if event.verb in _KEPT]
    if with_note:
        waits |= set(Note.objects.filter(pk__in=with_note).values_list("pk", flat=True))
    names = _names(events)
    taken_back = {letter: _taken_back(trail) for letter, trail in trails.items()}
    done = []
    for event in events:
        trail, (undone, closed) = trails[event.letter_id], taken_back[event.letter_id]
        free = event.pk not in closed and (event.verb not in _WAITS | _KEPT or event.pk in waits)
        later = [other for other in trail if other.number > event.number]
        before = next((other for other in trail if other.number == event.number - 1), None)
        text = _sentence_of(event, before, names)
        done.append(Done(event, text, event.pk in undone, free and _is_last(event, later, closed)))
    return done


def _taken_back(trail: Iterable[LetterEvent]) -> tuple[set[uuid.UUID], set[uuid.UUID]]:
    """Return the ids of the undone events of one letter, and these with the ids of the marks that undid them."""
    undone, closed = set(), set()
    done: dict[str, list[LetterEvent]] = {}
    for event in trail:
        kind = min(undo.opposites(event.verb) or {event.verb})  # a mark and its opposite are one kind
        past = done.setdefault(kind.removeprefix("undo_"), [])
        if event.verb.startswith("undo_"):
            # also where another person has undone it
            if past:
                which = next((other for other in past if other.number == event.undoes), past[-1])
                past.remove(which)
                undone.add(which.pk)
        elif past and _reverses(event, past[-1]):
            undone.add(past[-1].pk)
            closed |= {past.pop().pk, event.pk}
        else:
            past.append(event)
    return undone, closed | undone


def _reverses(event: LetterEvent, other: LetterEvent) -> bool:
    """Return whether the mark restores the value before the other mark, by the same person."""
    is_mark = undo.kind(event.verb) == Undo.MARK or bool(undo.opposites(event.verb))
    return event.by_id == other.by_id and is_mark and event.marked == other.marked[::-1]


def _is_last(event: LetterEvent, later: Sequence[LetterEvent], closed: set[uuid.UUID]) -> bool:
    """Return whether the event can be undone in principle, and no later event prevents it."""
    if not undo.can_be_undone(event.verb) or event.letter.status in GONE:
        return False
    verbs, how = {other.verb for other in later}, undo.kind(event.verb)
    if how == Undo.BUNDLE:  # a letter in a draft is in no bundle
        return not {other.verb for other in later if other.pk not in closed} & {*undo.verbs(Undo.BUNDLE), "answer"}
    if how == Undo.MARK:
        return event.verb not in verbs
    if opposites := undo.opposites(event.verb):
        return not verbs & opposites
    return how not in (Undo.MOVE, Undo.SAID, Undo.STOPPED, Undo.LOOK) or not verbs & undo.moves()


def _names(events: Iterable[LetterEvent]) -> dict[str, Mapping[int, str]]:
    """Return the names of the topics and people in marks, by the verb of the mark and their id."""
    ids: dict[str, set[int]] = {"topic": set(), "give": set()}
    for event in events:
        if event.verb in ids and event.marked[1]:
            ids[event.verb].add(event.marked[1])
    topics = Topic.objects.filter(pk__in=ids["topic"]).values_list("pk", "name") if ids["topic"] else ()
    people = User.objects.filter(pk__in=ids["give"]).values_list("pk", "name") if ids["give"] else ()
    return {"topic": dict(topics), "give": dict(people)}


def _sentence_of(event: LetterEvent, before: LetterEvent | None, names: Mapping[str, Mapping[int, str]]) -> str:
    """Return the sentence of the event. ``before``: the event before this one."""
    after = event.marked[1] if undo.kind(event.verb) == Undo.MARK else None
    detail: str | None = None
    match event.verb:
        case "hold" if before and (before.verb, before.by_id) == ("wait", event.by_id) and before.held_until_after:
            detail = day_in_words(before.held_until_after)
        case "wait":
            detail = day_in_words(after) if after else ""
        case "limit":
            detail = str(after)
        case "topic" | "give":  # a removed topic has no name any more
            detail = names[event.verb].get(after) if after else ""
    return sentence(event.verb, event.letter.label, detail)
