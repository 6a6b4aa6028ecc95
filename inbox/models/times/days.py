"""What stays readable of a letter's times: its days while it waits, and the months once it came to its end.

The day of an event, and who did it, are sealed beside it, to a key pair of the letter: the public half stands in the
letter's row, so that every process can seal, and the private half is sealed to the desk and to the writer
(``EventKey``). Erasing the letter's words destroys it, so that these days are then gone from every copy. The event that
ends a letter has the letter's own days too; whatever brings the letter back restores them (``letters/restored_days``).
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from django.db import models
from django.db.models import Case, F, Value, When
from django.db.models.functions import Greatest, TruncMonth
from django.utils.formats import date_format

from inbox.crypto import sealing
from inbox.models.keystore import first_of_month
from inbox.workflow import LETTER_ENDS, LetterStatus

#: The statuses in which only months are readable.
ENDED = LETTER_ENDS | {LetterStatus.ERASED}
#: The days of a letter's own row. The others (messages) are sealed with the words that they belong to.
OF_A_LETTER = ("received_on", "read_on", "held_until")
#: Bytes of what is sealed with an event: always the same, whatever it holds.
_SIZE = 224


def month_after(day: dt.date) -> dt.date:
    """The first day of the next month: from here the retention of what ended in this one counts."""
    return first_of_month(first_of_month(day) + dt.timedelta(days=32))


def as_readable(day: dt.date, status: str) -> dt.date:
    """The day as it may be readable beside a letter in the status."""
    return first_of_month(day) if status in ENDED else day


def came_in_words(letter: Any, form: str) -> str:
    """The day on which a letter came, in a named format; of one that has ended the month, unless the day was opened."""
    closed = letter.status in ENDED and letter.received_on.day == 1
    return date_format(letter.received_on, "YEAR_MONTH_FORMAT" if closed else form)


def months_alone() -> dict[str, Any]:
    """The assignments that leave only the months of a letter's row."""
    return {name: TruncMonth(name) for name in OF_A_LETTER}


def quiet_from(day: dt.date, status: str | None = None, *, forward: bool = False) -> Any:
    """The value of ``quiet_since`` for an act on this day: the day itself, or after the end of the letter the first of
    the next month. Without ``status`` the database decides by the row. ``forward``: never before the value there is."""
    after = month_after(day)
    if status is not None:
        return after if status in ENDED else day
    date = models.DateField()
    found = Case(When(status__in=sorted(ENDED), then=Value(after, date)), default=Value(day, date))
    return Greatest(F("quiet_since"), found) if forward else found


# --- what is sealed with an event -------------------------------------------------------------------------------------


def _place(event_id: Any) -> sealing.Place:
    return sealing.Place("inbox_letterevent", str(event_id), "who and when")


def seal_said(event_id: Any, said: Mapping[str, Any], public: bytes) -> bytes:
    """Seal what an event says beside its readable fields, in a constant number of bytes."""
    plain = sealing.plain({name: value for name, value in said.items() if value is not None})
    if len(plain) > _SIZE:
        raise ValueError("more than an event says")
    return sealing.seal_small(_place(event_id), plain.ljust(_SIZE), sealing.recipient(public))


def open_said(event_id: Any, sealed: bytes, private: X25519PrivateKey) -> dict[str, Any]:
    """What was sealed with an event. Raises ``CannotOpen``."""
    said: dict[str, Any] = json.loads(sealing.open_small(_place(event_id), sealed, private))
    return said
