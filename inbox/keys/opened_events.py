"""What was sealed with the events of letters, opened: the day, who did it, until when a letter was held."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from django.core.cache import cache
from django.db.models import QuerySet

from inbox.crypto import sealing
from inbox.keys.vault import Vault
from inbox.models import EventKey, LetterEvent, Note, User

#: Seconds for which the name of a colleague is kept in the cache.
_NAMES_LAST = 30 * 60


def privates(letters: Iterable[uuid.UUID], keys: Vault) -> dict[uuid.UUID, X25519PrivateKey]:
    """The private halves of the letters' keys that the vault opens, by letter; two queries, none without letters."""
    wanted = set(letters)
    rows = {row.pk: row for row in EventKey.objects.filter(letter__in=wanted).exclude(sealed=b"")} if wanted else {}
    return {rows[pk].letter_id: private_of(words) for pk, words in keys.open_many(rows.values()).items()}


def private_of(words: Mapping[str, object]) -> X25519PrivateKey:
    """The private half in the opened content of an ``EventKey``."""
    return X25519PrivateKey.from_private_bytes(bytes.fromhex(str(words["private"])))


def open_events(events: Collection[LetterEvent], keys: Vault) -> None:
    """Fill in what was sealed with the events, in memory. One that no key opens keeps its month, and no name."""
    closed = [event for event in events if event.sealed]
    if closed:
        open_with(closed, privates((event.letter_id for event in closed), keys))


def open_with(events: Iterable[LetterEvent], known: Mapping[uuid.UUID, X25519PrivateKey]) -> None:
    """As ``open_events``, with the private halves by letter."""
    for event in events:
        private = known.get(event.letter_id)
        if not event.sealed or private is None:
            continue
        try:
            event.opened(private)
        except sealing.CannotOpen:
            continue


def show_notes(notes: Iterable[Note], payloads: Mapping[uuid.UUID, Mapping[str, Any]]) -> None:
    """Fill in who wrote opened notes, and on which day."""
    for note in notes:
        if who := payloads.get(note.pk, {}).get("who"):
            note.by_id, note.on = who["by"], dt.date.fromisoformat(who["at"])


def name_people(rows: Iterable[LetterEvent | Note]) -> None:
    """Fill in the people of opened events or notes, with their names alone; one query for names that are not in the
    cache."""
    named = [row for row in rows if row.by_id is not None]
    wanted = {pk: f"name-{pk}" for row in named if (pk := row.by_id) is not None}
    cached = cache.get_many(wanted.values()) if wanted else {}
    people = {pk: cached[name] for pk, name in wanted.items() if name in cached}
    if missing := wanted.keys() - people.keys():
        people |= remember_names(User.objects.filter(pk__in=missing))
    for row in named:
        row.by = User(pk=row.by_id, name=people[row.by_id]) if row.by_id in people else None


def remember_names(people: QuerySet[User]) -> dict[int, str]:
    """Read the names of these people, and keep them in the cache for half an hour; one query."""
    names = dict(people.values_list("pk", "name"))
    cache.set_many({f"name-{pk}": name for pk, name in names.items()}, _NAMES_LAST)
    return names
