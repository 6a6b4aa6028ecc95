"""Screening of later messages of a writer: a concern may raise the letter, and has no other effect."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress

from inbox.models import Letter
from inbox.models.message import leave_some_for_tomorrow
from inbox.screening import concerns
from inbox.workflow import AlreadyMoved


def concerns_in(text: str) -> list[str]:
    """The kinds of concern in a message, sorted."""
    return sorted(concerns.kinds(text))


def kept(concern_kinds: list[str]) -> dict[str, list[str]]:
    """The concerns as they are sealed with the message, for the desk."""
    return {"concerns": concern_kinds} if concern_kinds else {}


def leave_some(letter: Letter, concern_kinds: list[str], *, at: dt.datetime) -> None:
    """Refuse a message above the writer's limit of the day, unless the message raises the letter."""
    if letter.urgent or not concern_kinds:
        leave_some_for_tomorrow(letter.messages.all(), letter.messages_a_day, at=at)


def raise_for(letter: Letter, concern_kinds: list[str], *, at: dt.datetime) -> None:
    """Mark the letter urgent where there are concerns. Screening only raises; only people lower."""
    if concern_kinds and not letter.urgent:
        # a person may have marked the letter at the same moment
        with suppress(AlreadyMoved):
            letter.mark_urgent(by=None, at=at, urgent=True)
