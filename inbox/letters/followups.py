"""What a writer says after their letter is looked at as the letter was: it may raise the letter, and nothing else."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress

from inbox.models import Letter
from inbox.models.message import leave_some_for_tomorrow
from inbox.screening import concerns
from inbox.workflow import AlreadyMoved


def concerns_in(text: str) -> list[str]:
    """The kinds of concern in what somebody says about their letter, in order."""
    return sorted(concerns.kinds(text))


def kept(found: list[str]) -> dict[str, list[str]]:
    """What is sealed beside the words of the message, for the desk to read."""
    return {"concerns": found} if found else {}


def leave_some(letter: Letter, found: list[str], *, at: dt.datetime) -> None:
    """Refuse one message more than the writer may send in a day; never the one that raises the letter."""
    if letter.urgent or not found:
        leave_some_for_tomorrow(letter.messages.all(), letter.messages_a_day, at=at)


def raise_for(letter: Letter, found: list[str], *, at: dt.datetime) -> None:
    """Mark the letter urgent where something was found. Screening raises; only people lower."""
    if found and not letter.urgent:
        # somebody may have marked it at the same moment
        with suppress(AlreadyMoved):
            letter.mark_urgent(by=None, at=at, urgent=True)
