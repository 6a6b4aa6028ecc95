"""That a letter was read: the first day on which somebody at the desk had it before them, for its writer. Not who it
was, nor how often."""

from __future__ import annotations

import datetime as dt

from inbox.models.letter import GONE, Letter


def opened(letter: Letter, *, at: dt.datetime) -> None:
    """Somebody at the desk has it before them. The first day of it is kept; none of a letter that is gone."""
    if letter.read_on is None and letter.status not in GONE:
        letter.read_on = at.date()
        Letter.objects.filter(pk=letter.pk, read_on=None).exclude(status__in=GONE).update(read_on=letter.read_on)


def is_known(letter: Letter, *, at: dt.datetime) -> bool:
    """Whether its writer is told that it was read: from the day after, so that no page says who is at work now."""
    return letter.read_on is not None and letter.read_on < at.date()
