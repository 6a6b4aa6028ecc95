"""Read receipts: the first day on which somebody at the desk opened a letter, for its writer. Neither the person nor
the number of times is stored."""

from __future__ import annotations

import datetime as dt

from inbox.models.letter import GONE, Letter


def opened(letter: Letter, *, at: dt.datetime) -> None:
    """Record that somebody at the desk opened the letter: the first day alone, and only while the letter has words."""
    if letter.read_on is None and letter.status not in GONE:
        letter.read_on = at.date()
        Letter.objects.filter(pk=letter.pk, read_on=None).exclude(status__in=GONE).update(read_on=letter.read_on)


def is_known(letter: Letter, *, at: dt.datetime) -> bool:
    """Whether the writer is told that the letter was read: from the day after, so that no page tells when the desk
    works."""
    return letter.read_on is not None and letter.read_on < at.date()
