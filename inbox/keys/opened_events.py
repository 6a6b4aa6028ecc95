"""What was sealed with the events of letters, opened: the day, who did it, until when a letter was held."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from inbox.crypto import sealing
from inbox.keys.vault import Vault
from inbox.models import EventKey, LetterEvent, Note, User


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


def name_people(rows: Iterable[LetterEvent | Note], *known: User) -> None:
    """Fill in the people of opened events or notes; one query, none where all of them are ``known``."""
    named = [row for row in rows if row.by_id is not None]
    people = {user.pk: user for user in known}
    if others := {row.by_id for row in named} - people.keys():
        people |= User.objects.in_bulk(others)
    for row in named:
        row.by = people.get(row.by_id)
