"""The way back of a letter from its end: its days, which had become months, are restored from what was sealed."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from inbox.keys import opened_events
from inbox.keys.vault import Vault
from inbox.models import EventKey, Letter, LetterEvent, Message
from inbox.models.times.days import ENDED, OF_A_LETTER


def restore(letters: Sequence[Letter], keys: Vault) -> None:
    """Restore the days of letters that wait again, and of their messages; a constant number of queries. What no key
    opens stays a month."""
    letters = [letter for letter in letters if letter.status not in ENDED]
    if not letters:
        return
    rows = {row.letter_id: row for row in EventKey.objects.filter(letter__in=letters).exclude(sealed=b"")}
    messages = list(Message.objects.filter(letter__in=letters).exclude(kind=Message.Kind.ADDRESS))
    opened = keys.open_many([*rows.values(), *messages])
    before = {letter: opened[row.pk] for letter, row in rows.items() if row.pk in opened}
    last = _last_ends(letters)
    opened_events.open_with(
        last.values(), {letter: opened_events.private_of(words) for letter, words in before.items()}
    )
    known = {letter: _of_row(last.get(letter.pk), before.get(letter.pk, {})) for letter in letters}
    for letter, days in known.items():
        for name, day in days.items():
            setattr(letter, name, day)
    if names := {name for days in known.values() for name in days}:
        Letter.objects.bulk_update([letter for letter, days in known.items() if days], sorted(names))
    changed = []
    for message in messages:
        day = of_message(message, opened.get(message.pk), before.get(message.letter_id))
        if day != message.on:
            message.on = day
            changed.append(message)
    Message.objects.bulk_update(changed, ["on"])


def _last_ends(letters: Sequence[Letter]) -> dict[uuid.UUID, LetterEvent]:
    """The last event that ended each letter."""
    events = LetterEvent.objects.filter(letter__in=letters, status_after__in=ENDED).exclude(status_before__in=ENDED)
    return {event.letter_id: event for event in events.order_by("number")}


def _of_row(event: LetterEvent | None, before: Mapping[str, Any]) -> dict[str, dt.date | None]:
    """The days of a letter's row: from the event of its end, or from its key, where that is older than such events."""
    if event is not None and event.days:
        return event.days
    said: Mapping[str, str | None] = before.get("days", {})
    return {name: dt.date.fromisoformat(day) for name, day in said.items() if name in OF_A_LETTER and day}


def of_message(message: Message, payload: Mapping[str, Any] | None, before: Mapping[str, Any] | None = None) -> dt.date:
    """The day of a message by its opened content. ``before``: the opened content of the letter's ``EventKey``, which
    has the days of messages from before they were sealed with their words."""
    known = (payload or {}).get("on") or (before or {}).get("messages", {}).get(str(message.number))
    return dt.date.fromisoformat(known) if known else message.on


def show(messages: Iterable[Message], payloads: Mapping[uuid.UUID, Mapping[str, Any]]) -> None:
    """Fill in the days of opened messages, in memory."""
    for message in messages:
        message.on = of_message(message, payloads.get(message.pk))
