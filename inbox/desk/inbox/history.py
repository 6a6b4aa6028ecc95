"""What the events of letters say, in words, and which of one's own can still be taken back."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Case, Exists, IntegerField, OuterRef, Q, When
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from columns.models import Column, Topic
from inbox.letters import outbox, undo
from inbox.models import Letter, LetterEvent, Note, User
from inbox.models.letter import GONE
from inbox.models.status_names import STATUS_NAMES
from inbox.triage import presence
from inbox.workflow import LETTER_VERBS, TAKEN_BACK, LetterStatus, Undo


def sentence(verb: str, letter: str, detail: str | None = None, *, done: bool = False) -> str:
    """What an event of this verb says of the letter with this label: a whole sentence in the reader's language.

    ``detail``: the name, day or number that was set, in words; empty where it was removed, ``None`` where it is not
    known. ``done``: as it is said to whoever has just done it. An event that takes another back says which.
    """
    row = LETTER_VERBS.get(verb)
    if row is None:
        if not verb.startswith("undo_"):
            return f"{letter}: {verb}"  # of a version to come, in a backup: the name of the verb is all that is known
        return gettext(TAKEN_BACK) % {"sentence": sentence(verb.removeprefix("undo_"), letter)}
    if verb == "limit" and detail:
        return _messages_a_day(letter, int(detail))
    words = (row.done if done else "") or row.sentence
    if detail:
        words = (row.done_detailed if done else "") or row.detailed or words
    elif detail is not None:
        words = row.cleared or words
    return gettext(words) % {"letter": letter, "name": detail, "day": detail}


def _messages_a_day(letter: str, most: int) -> str:
    words = ngettext(
        "The writer of %(letter)s can send one message a day.",
        "The writer of %(letter)s can send %(count)s messages a day.",
        most,
    )
    return words % {"letter": letter, "count": most}


def day_in_words(day: dt.date) -> str:
    return date_format(day, "MONTH_DAY_FORMAT")


#: How many of a person's decisions stand on one page.
PAGE = 100
#: What its writer hears of: it can be taken back while it waits in the outbox.
_WAITS = undo.verbs(Undo.SAID, Undo.ASKED)
#: What is taken back with the note that belongs to it.
_KEPT = undo.verbs(Undo.NOTE, Undo.STOPPED)


@dataclass(frozen=True)
class Line:
    """One line of the history of a letter. ``moved``: from where to where, in words; empty where nothing moved."""

    event: LetterEvent
    said: str
    moved: str


@dataclass(frozen=True)
class Done:
    """One decision of a person, and whether it can be taken back, as far as the trail and the outbox say."""

    event: LetterEvent
    said: str
    undone: bool
    can_be_undone: bool


def of_letter(letter: Letter) -> list[Line]:
    """Every line of the letter's trail, the first one first; one query."""
    lines = []
    for event in letter.events.select_related("by"):
        moved = (
            f"{_status_name(event.status_before)} → {_status_name(event.status_after)}" if event.status_before else ""
        )
        lines.append(Line(event, sentence(event.verb, letter.label), moved))
    return lines


def _status_name(status: str) -> str:
    return str(STATUS_NAMES[LetterStatus(status)]) if status in list(LetterStatus) else status


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
        kind = min(undo.opposites(event.verb) or {event.verb})  # a mark and its opposite are one kind
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
    if undo.opposites(event.verb):
        return event.verb != other.verb
    return undo.kind(event.verb) == Undo.MARK and event.marked == other.marked[::-1]


def _is_last(event: LetterEvent, later: Sequence[LetterEvent], closed: set[uuid.UUID]) -> bool:
    """Whether there is a way back from the event at all, and nothing after it stands in that way."""
    if not undo.can_be_undone(event.verb) or event.letter.status in GONE:
        return False
    verbs, how = {one.verb for one in later}, undo.kind(event.verb)
    if how == Undo.BUNDLE:  # what went into a draft lies in no bundle any more
        return not {one.verb for one in later if one.pk not in closed} & {*undo.verbs(Undo.BUNDLE), "answer"}
    if how == Undo.MARK:
        return event.verb not in verbs
    if opposites := undo.opposites(event.verb):
        return not verbs & opposites
    return how not in (Undo.MOVE, Undo.SAID, Undo.STOPPED, Undo.LOOK) or not verbs & undo.moves()


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
    """What was done, as far as it can be read without a key. ``before``: the event before this one."""
    after = event.marked[1] if undo.kind(event.verb) == Undo.MARK else None
    detail: str | None = None
    match event.verb:
        case "hold" if before and (before.verb, before.by_id) == ("wait", event.by_id) and before.held_until_after:
            detail = day_in_words(before.held_until_after)
        case "wait":
            detail = day_in_words(after) if after else ""
        case "limit":
            detail = str(after)
        case "topic" | "give":  # of a topic that was removed no name is known
            detail = names[event.verb].get(after) if after else ""
    return sentence(event.verb, event.letter.label, detail)
