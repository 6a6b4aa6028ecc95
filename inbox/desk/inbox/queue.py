"""The views of the inbox: a list of letters, with room for one of them beside it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from columns.models import Column
from inbox.desk.guard import Desk, desk_view
from inbox.desk.inbox.letter_context import Beside, days_since, opened
from inbox.editorial import bundles as bundle_rules
from inbox.letters import outbox
from inbox.models import FROM_WRITERS, Consent, Letter
from inbox.models.status_names import STATUS_NAMES
from inbox.screening import language
from inbox.staff import access
from inbox.triage import queues, wellbeing
from inbox.workflow import LetterStatus, Role


@dataclass(frozen=True)
class Row:
    """One line of the list, ready to be shown: fifty times over, a template takes longer to decide than Python.

    ``first``: how the letter begins, if it is not urgent. ``foot``: its topic, length and pen name.
    """

    letter: Letter
    id: str
    label: str
    age: str
    first: str
    foot: str
    marks: list[str]


@desk_view("GET", seats=access.READS_LETTERS)
def inbox(request: HttpRequest, desk: Desk, view: str = "new") -> HttpResponse:
    """One view of the inbox: its list, and room for a letter beside it; opened from Today, its first letter."""
    rows_alone = request.headers.get("X-Steady") == "rows"
    template = "desk/inbox/_rows.html" if rows_alone else "desk/inbox/inbox.html"
    return render(request, template, listed(desk, view_of(request, view), None))


@desk_view("GET", seats=access.READS_LETTERS)
def start(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Straight to the letter that waits most."""
    letters, _ = queues.page(access.letters(desk.column), queues.View("new"), desk.user, at=desk.at)
    if not letters:
        return redirect("desk:inbox", desk.column.slug)
    return redirect("desk:letter", desk.column.slug, letters[0].pk)


@desk_view("GET", seats=access.READS_LETTERS)
def news(request: HttpRequest, desk: Desk) -> HttpResponse:
    """How many letters have come since a list was shown: it was shown on a day on which so many had come by then."""
    try:
        since, had = dt.date.fromisoformat(request.GET.get("since", "")), int(request.GET.get("had", "0"))
    except ValueError:
        return JsonResponse({"new": 0})
    letters = access.letters(desk.column).filter(received_on__gte=since)
    arrived = letters.order_by().values("pk")[: queues.MOST + 1].count()
    return JsonResponse({"new": max(0, arrived - had)})


def view_of(request: HttpRequest, name: str) -> queues.View:
    """The view of this name, as the address narrows it down; 404 where there is none."""
    if name not in queues.TITLES:
        raise Http404
    return queues.View(name, queues.Filters.read(request.GET.dict()), request.GET.get("after", ""))


def listed(desk: Desk, view: queues.View, shown: Letter | None) -> dict[str, Any]:
    """The whole page: every view with its count, one page of this one, and the letter that is open. Everything that is
    sealed is opened in one query."""
    column, user, at, keys = desk.column, desk.user, desk.at, desk.keys
    counts = queues.counts(column, user, at=at)
    if counts.held_are_due:
        outbox.release_due(at=at, column=column)
    letters, further = queues.page(access.letters(column), view, user, at=at)
    saved = queues.saved(column, user)
    beside = Beside.of(shown) if shown else None
    words = keys.open_many([*letters, *(beside.sealed if beside else [])])
    together = bundle_rules.of(column, keys) if counts.bundles else {}
    says_status = view.name not in ("new", "light")
    rows = [_row(one, words.get(one.pk, {}), together, column, at, says_status=says_status) for one in letters]
    context = desk.context("inbox") | {
        "view": view,
        "views": [(name, title, counts.views.get(name), name in counts.views) for name, title in queues.TITLES.items()],
        "saved": saved,
        "most": queues.MOST,
        "rows": rows,
        "letter": shown,
        "open_id": str(shown.pk) if shown else "",
        # fifty rows need not ask fifty times
        "letters_at": urljoin(reverse("desk:inbox", args=[column.slug]), "../letters/"),
        "carried": view.carried,
        "further": further,
        "arrived": counts.arrived,
        "today": at.date(),
        "may_answer": Role.AUTHOR in desk.seats,
        "person": user,
    }
    context |= wellbeing.shown(user, [column], at)
    if beside is not None:
        context |= opened(desk, beside, words, together, second=view.name == "second")
        context["next"] = next_letter(rows, beside.letter)
    return context


def next_letter(rows: list[Row], shown: Letter) -> Letter | None:
    """The letter to offer after this one: after a heavy one a light one if one waits, else the one that is next."""
    ids = [row.letter for row in rows]
    if shown not in ids:
        return ids[0] if ids else None
    place = ids.index(shown)
    rest = [*ids[place + 1 :], *ids[:place]]
    offered = wellbeing.spaced([letter.urgent for letter in rest], after_heavy=shown.urgent)
    return None if offered is None else rest[offered]


def _row(
    one: Letter,
    words: dict[str, Any],
    together: Mapping[uuid.UUID, bundle_rules.Open],
    column: Column,
    at: dt.datetime,
    *,
    says_status: bool,
) -> Row:
    text = str(words.get("text", ""))
    count = len(text.split())
    length = gettext("short") if count < 120 else gettext("medium") if count < 300 else gettext("long")
    if not text:
        first = gettext("Its words are erased.")
    else:
        first = gettext("Its words are shown when you open it.") if one.urgent else " ".join(text.split())[:140]
    others = together[one.pk].others if one.pk in together else 0
    marks = _standing_marks(one, says_status=says_status) + _marks(one, words, column)
    marks += [ngettext("with %(count)s other", "with %(count)s others", others) % {"count": others}] if others else []
    marks += _given_mark(one, at)
    topic = one.topic.name if one.topic else gettext("No topic")
    foot = [topic, length if text else "", str(words.get("pen_name", ""))]
    days = days_since(one.received_on, at)
    age = ngettext("%(count)s day", "%(count)s days", days) % {"count": days} if days else gettext("today")
    return Row(one, str(one.pk), one.label, age, first, " · ".join(filter(None, foot)), marks)


def _standing_marks(one: Letter, *, says_status: bool) -> list[str]:
    """Where the letter stands, as far as the view does not say it."""
    if one.status == LetterStatus.HELD:
        until = one.held_until
        return [
            gettext("held until %(day)s") % {"day": date_format(until, "MONTH_DAY_FORMAT")}
            if until
            else gettext("held")
        ]
    return [str(STATUS_NAMES[LetterStatus(one.status)])] if says_status else []


def _given_mark(one: Letter, at: dt.datetime) -> list[str]:
    person = one.given_to
    if person is None:
        return []
    away = person.away_until is not None and person.away_until > at.date()
    said = gettext("for %(name)s, who is away") if away else gettext("for %(name)s")
    return [said % {"name": person.name}]


def _marks(one: Letter, words: dict[str, Any], column: Column) -> list[str]:
    """What the row says of a letter in a word each; what screening noticed was sealed with it."""
    marks = [
        (gettext("minor?"), "minor" in words.get("concerns", ())),
        (gettext("spam?"), bool(words.get("suspect"))),
        (gettext("personal data"), bool(words.get("details"))),
        (gettext("wrote back"), one.newest in FROM_WRITERS),
        (gettext("private only"), one.consent == Consent.PRIVATE),
    ]
    tongue = language.foreign_name(str(words.get("language", "")), column.language)
    return [mark for mark, there in marks if there] + (
        [gettext("in %(language)s?") % {"language": gettext(tongue)}] if tongue else []
    )
