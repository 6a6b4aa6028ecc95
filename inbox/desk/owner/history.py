"""What the events of a column say, in words: their rows hold names and codes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from columns.templatetags.lists import listed
from inbox.desk.owner.forms.column import TextsForm
from inbox.letters.care.texts import CARDS
from inbox.models import ColumnEvent, Period
from inbox.models.status_names import STATUS_NAMES
from inbox.workflow import Role

#: What stands for the roles of somebody who has no seat left.
_NO_SEAT = "none"


@dataclass(frozen=True)
class ColumnLine:
    """One line of the history of a column. ``about``: whom or what it concerned, in words; often empty."""

    event: ColumnEvent
    about: str


def of_column(events: Iterable[ColumnEvent]) -> list[ColumnLine]:
    """The lines of these events, in their order."""
    return [ColumnLine(event, concerned(event.verb, event.about)) for event in events]


def concerned(verb: str, about: str) -> str:
    """Whom or what an event of this verb concerned, in the reader's language.

    ``about``: as ``ColumnEvent`` holds it. What is no code of the program is returned as it is: a name, or the English
    words that earlier versions wrote there.
    """
    try:
        return _SAID[verb](about) if verb in _SAID else about
    except (KeyError, ValueError):
        return about


def _texts(about: str) -> str:
    """Names of fields, with commas."""
    labels = {name: str(field.label) for name, field in TextsForm.base_fields.items()}
    return listed(labels[name] for name in about.split(", "))


def _pause(about: str) -> str:
    """The day of the end, or nothing."""
    if not about:
        return gettext("without a date")
    return gettext("until %(day)s") % {"day": date_format(dt.date.fromisoformat(about), "DATE_FORMAT")}


def _period(about: str) -> str:
    """The kind of what is kept, and the days before and after."""
    kept, before, after = about.split(" ")
    said = ngettext(
        "%(kept)s: %(after)d day, before %(before)d", "%(kept)s: %(after)d days, before %(before)d", int(after)
    )
    return said % {"kept": Period.Kept(kept).label, "before": int(before), "after": int(after)}


def _month(about: str) -> str:
    """A year and a month."""
    return date_format(dt.date.fromisoformat(f"{about}-01"), "YEAR_MONTH_FORMAT")


def _care_card(about: str) -> str:
    """The kind of a care card."""
    return gettext(CARDS[about].name)


def _export(about: str) -> str:
    words = {
        "words": gettext("with the words of letters and drafts"),
        "no_words": gettext("without words of letters"),
    }
    return words[about]


def _seats(about: str) -> str:
    """A name, and the roles with commas after the last colon."""
    name, colon, roles = about.rpartition(": ")
    if not colon:
        return about
    if roles == _NO_SEAT:
        return gettext("%(name)s: no seat") % {"name": name}
    named = listed(str(STATUS_NAMES[Role(role)]) for role in roles.split(", "))
    return gettext("%(name)s: %(roles)s") % {"name": name, "roles": named}


#: How ``about`` is said, by verb; of every other verb it is a name.
_SAID: dict[str, Callable[[str], str]] = {
    "set_texts": _texts,
    "pause_intake": _pause,
    "set_period": _period,
    "make_key": _month,
    "export": _export,
    **dict.fromkeys(("confirm_care_card", "change_care_card", "accept_care_card", "drop_care_card"), _care_card),
    **dict.fromkeys(("invite", "accept_invitation", "decline_invitation", "call_back_invitation", "set_seats"), _seats),
}
