"""Read receipts: the first day on which somebody at the desk opened a letter, for its writer; of one that has ended the
month. Neither the person nor the number of times is stored."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from inbox.models.letter import GONE, Letter
from inbox.models.times.days import as_readable
from inbox.workflow import LetterStatus


def opened(letter: Letter, *, at: dt.datetime) -> None:
    """Record that somebody at the desk opened the letter: the first day alone, and only while the letter has words."""
    if letter.read_on is None and letter.status not in GONE:
        letter.read_on = as_readable(timezone.localdate(at), letter.status)
        # the letter may have come to its end since it was read
        as_read = Letter.objects.filter(pk=letter.pk, read_on=None, status=letter.status)
        if not as_read.update(read_on=letter.read_on):
            month = as_readable(timezone.localdate(at), LetterStatus.DECLINED)
            Letter.objects.filter(pk=letter.pk, read_on=None).exclude(status__in=GONE).update(read_on=month)


def is_known(letter: Letter, *, at: dt.datetime) -> bool:
    """Whether the writer is told that the letter was read: from the day after, so that no page tells when the desk
    works."""
    return letter.read_on is not None and letter.read_on < timezone.localdate(at)
