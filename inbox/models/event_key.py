"""The key pair of a letter's events."""

from __future__ import annotations

from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from django.db import models

from inbox.crypto import sealing
from inbox.models.keystore import SealedItem
from inbox.models.sealed_kind import EndsWith, Holder, Left, SealedKind


class EventKey(SealedItem):
    """The private half of the key to which the days of a letter's events are sealed, and who did them. The public half
    is ``Letter.events_public``.

    Sealed: ``private`` (hex), and ``came``: the day of the letter. Of a letter from before there were such keys also
    ``days`` (of its row) and ``messages`` (the days of its messages, by number), as they were.
    """

    sealed_as = SealedKind(
        holders=frozenset({Holder.DESK, Holder.WRITER}),
        column="letter__column",
        ends_with=EndsWith.LETTER,
        path="letter",
        copied=False,
        export=Left("It opens the days of the letter's events, which are in the export themselves."),
        grants={"public": "INSERT"},
    )

    letter = models.OneToOneField("inbox.Letter", on_delete=models.CASCADE, related_name="event_key")

    @classmethod
    def give(cls, letter: Any, to: list[sealing.Recipient], private: X25519PrivateKey, **more: Any) -> None:
        """Seal the private half for the letter, whose row has the public half. ``more``: sealed beside it."""
        cls(letter=letter).seal({"private": private.private_bytes_raw().hex(), **more}, to=to)
