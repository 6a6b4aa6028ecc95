"""What the events of letters say, in words, and which of one's own can still be taken back."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Case, Exists, IntegerField, OuterRef, Q, When

from columns.models import Column, Topic
from inbox.letters import outbox, undo
from inbox.models import LetterEvent, Note, User
from inbox.models.letter import GONE, MARKS
from inbox.triage import presence

#: What an event of a letter says in its history: "it …".
VERBS = {
    "receive": "arrived",
    "hold": "was held",
    "release": "was released",
    "shortlist": "was put on the shortlist",
    "put_back": "was put back",
    "decline": "was declined",
    "reopen": "was taken up again",
    "reply": "was answered privately",
    "point": "was answered with an article that was there already",
    "answer": "went into a draft",
    "unanswer": "came back from a draft",
    "publish": "got its article",
    "unpublish": "lost its article again",
    "withdraw": "was withdrawn",
    "erase": "was erased",
    "note": "got a note",
    "ask": "was asked something",
    "proof": "had its edited question shown to its writer",
    "approve_text": "got a yes to its question from its writer",
    "correct_text": "got a wish for a change of its question from its writer",
    "write_back": "got a message from its writer",
    "allow": "may be used otherwise: its writer changed what they allow",
    "change_code": "got a new receipt",
    "mark_urgent": "was marked urgent",
    "unmark_urgent": "is no longer urgent",
    "topic": "got another topic",
    "give": "was given to somebody, or back to everybody",
    "wait": "waits for a day, or for none any more",
    "limit": "may be written about less often, or as often as usual",
    "left_out": "was left out of a draft: its writer allows a private answer only",
    "join": "was put together with others",
    "split": "was taken out of its bundle",
    "lead": "leads its bundle",
    "agree": "was looked at a second time",
    "forget": "was erased from the drafts too",
}


def said_of(verb: str) -> str:
    """What an event says; one that takes another back says so."""
    if verb.startswith("undo_"):
        return f"was put back as before it {VERBS.get(verb[5:], verb[5:])}"
    return VERBS.get(verb, verb.replace("_", " "))


#: How many of a person's decisions stand on one page.
PAGE = 100
#: What its writer hears of: it can be taken back while it waits in the outbox.
_WAITS = undo.SAID | undo.ASKED
#: What is taken back with the note that belongs to it.
_KEPT = {"note", undo.STOPPED}


@dataclass(frozen=True)
class Done:
    """One decision of a person, and whether it can be taken back, as far as the trail and the outbox say."""

    event: LetterEvent
    said: str
    undone: bool
    can_be_undone: bool


def own(column: Column, user: User, *, at: dt.datetime, page: int) -> tuple[list[Done], bool]:
    """One page of the person's decisions about letters of the column, the last first, and whether more come after it.

    The trail keeps days; the order within a day is remembered beside it. The day until which a letter is held is part
    of its hold, and no decision of its own.
    """
    order = [When(pk=event, then=place) for place, event in enumerate(presence.did_last(user, at=at))]
    held = LetterEvent.objects.filter(
        letter=OuterRef("letter"), number=OuterRef("number") + 1, verb__in=("hold", "undo_hold"), by=OuterRef("by")
    )
    theirs = (
        LetterEvent.objects.filter(by=user, letter__column=column)
        .exclude(Q(Exists(held), verb="wait"))
        .annotate(place=Case(*order, default=len(order), output_field=IntegerField()))
        .order_by("-on", "place", "letter", "-number")
        .select_related("letter")
    )
    found = list(theirs[(page - 1) * PAGE : page * PAGE + 1])
    return _done(found[:PAGE], at), len(found) > PAGE


def _done(events: Sequence[LetterEvent], at: dt.datetime) -> list[Done]:
    trails: dict[uuid.UUID, list[LetterEvent]] = {}
    for one in LetterEvent.objects.filter(letter__in={event.letter_id for event in events}).order_by("number"):
        trails.setdefault(one.letter_id, []).append(one)
    told = [event.pk for event in events if event.verb in _WAITS]
    waits = set(outbox.waiting(at).filter(event__in=told).values_list("event", flat=True)) if told else set()
    kept = [event.pk for event in events if event.verb in _KEPT]
    waits |= set(Note.objects.filter(pk__in=kept).values_list("pk", flat=True)) if kept else set()
    names = _names(events)
    taken_back = {letter: _taken_back(trail) for letter, trail in trails.items()}
    done = []
    for event in events:
        trail, (undone, closed) = trails[event.letter_id], taken_back[event.letter_id]
        free = event.pk not in closed and (event.verb not in _WAITS | _KEPT or event.pk in waits)
        later = [one for one in trail if one.number > event.number]
        before = next((one for one in trail if one.number == event.number - 1), None)
        said = _says(event, before, names)
        done.append(Done(event, said, event.pk in undone, free and _is_last(event, later, closed)))
    return done


def _taken_back(trail: Iterable[LetterEvent]) -> tuple[set[uuid.UUID], set[uuid.UUID]]:
    """Of one letter's events those that were taken back, and these with those that did it where that is a mark."""
    undone, closed = set(), set()
    done: dict[str, list[LetterEvent]] = {}
    for event in trail:
        kind = "urgent" if event.verb in undo.URGENT else event.verb
        past = done.setdefault(kind.removeprefix("undo_"), [])
        if event.verb.startswith("undo_"):
            # somebody else may have stopped it: whoever it was, it is taken back
            if past:
                which = next((one for one in past if one.number == event.undoes), past[-1])
                past.remove(which)
                undone.add(which.pk)
        elif past and _reverses(event, past[-1]):
            undone.add(past[-1].pk)
            closed |= {past.pop().pk, event.pk}
        else:
            past.append(event)
    return undone, closed | undone


def _reverses(event: LetterEvent, other: LetterEvent) -> bool:
    """Whether the mark sets back what the other one set, by the same person."""
    if event.by_id != other.by_id:
        return False
    if event.verb in undo.URGENT:
        return event.verb != other.verb
    return event.verb in MARKS and event.marked == other.marked[::-1]


def _is_last(event: LetterEvent, later: Sequence[LetterEvent], closed: set[uuid.UUID]) -> bool:
    """Whether there is a way back from the event at all, and nothing after it stands in that way."""
    if not undo.can_be_undone(event.verb) or event.letter.status in GONE:
        return False
    verbs = {one.verb for one in later}
    if event.verb in undo.TOGETHER:  # what went into a draft lies in no bundle any more
        return not {one.verb for one in later if one.pk not in closed} & {*undo.TOGETHER, "answer"}
    if event.verb in MARKS:
        return event.verb not in verbs
    if event.verb in undo.URGENT:
        return not verbs & set(undo.URGENT)
    moves = event.verb in undo.MOVES or event.verb == "agree"
    return not moves or not verbs & undo.MOVES


def _names(events: Iterable[LetterEvent]) -> dict[str, Mapping[int, str]]:
    """What the ids in marks are called, by the verb of the mark."""
    ids: dict[str, set[int]] = {"topic": set(), "give": set()}
    for event in events:
        if event.verb in ids and event.marked[1]:
            ids[event.verb].add(event.marked[1])
    topics = Topic.objects.filter(pk__in=ids["topic"]).values_list("pk", "name") if ids["topic"] else ()
    people = User.objects.filter(pk__in=ids["give"]).values_list("pk", "name") if ids["give"] else ()
    return {"topic": dict(topics), "give": dict(people)}


def _says(event: LetterEvent, before: LetterEvent | None, names: Mapping[str, Mapping[int, str]]) -> str:
    """What was done, after "it", as far as it can be read without a key. ``before``: the event before this one."""
    verb = event.verb
    after = event.marked[1] if verb in MARKS else None
    name = names.get(verb, {}).get(after, "") if after else ""
    said = ""
    match verb:
        case "hold" if before and (before.verb, before.by_id) == ("wait", event.by_id) and before.held_until_after:
            said = f"was held until {_day(before.held_until_after)}"
        case "wait":
            said = f"waits until {_day(after)}" if after else "waits for no day any more"
        case "limit":
            said = f"may get {'one message' if after == 1 else f'{after} messages'} a day from its writer"
        case "topic" if name or not after:
            said = f"has the topic “{name}”" if after else "has no topic now"
        case "give" if name or not after:
            said = f"was given to {name}" if after else "is everybody’s again"
    return said or said_of(verb)


def _day(day: dt.date) -> str:
    return f"{day.day} {day:%B}"
