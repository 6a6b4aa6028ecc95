"""The sentences for events of letters."""

from __future__ import annotations

import datetime as dt

from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from inbox.workflow import LETTER_VERBS, TAKEN_BACK


def sentence(verb: str, letter: str, detail: str | None = None, *, done: bool = False) -> str:
    """Return the sentence for an event of this verb of the letter with this label, in the reader's language.

    ``detail``: the name, day or number that was set, in words; "" where it was removed, ``None`` where it is not known.
    ``done``: the form for the person who has just done it. The sentence of an undo contains that of the undone event.
    """
    row = LETTER_VERBS.get(verb)
    if row is None:
        if not verb.startswith("undo_"):
            return f"{letter}: {verb}"  # an unknown verb, in a backup of a later version
        return gettext(TAKEN_BACK) % {"sentence": sentence(verb.removeprefix("undo_"), letter)}
    if verb == "limit" and detail:
        return _messages_a_day(letter, int(detail))
    text = (row.done if done else "") or row.sentence
    if detail:
        text = (row.done_detailed if done else "") or row.detailed or text
    elif detail is not None:
        text = row.cleared or text
    return gettext(text) % {"letter": letter, "name": detail, "day": detail}


def _messages_a_day(letter: str, most: int) -> str:
    text = ngettext(
        "The writer of %(letter)s can send one message a day.",
        "The writer of %(letter)s can send %(count)s messages a day.",
        most,
    )
    return text % {"letter": letter, "count": most}


def day_in_words(day: dt.date) -> str:
    """Return the day and month in the reader's language."""
    return date_format(day, "MONTH_DAY_FORMAT")
