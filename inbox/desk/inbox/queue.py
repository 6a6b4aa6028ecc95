"""The pages of the inbox: the list of a view, with one letter beside it."""

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
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from columns.models import Column
from inbox.desk.guard import Desk, desk_view
from inbox.desk.inbox.letter_context import Beside, days_since, opened
from inbox.editorial import bundles as bundle_rules
from inbox.letters import outbox
from inbox.models import FROM_WRITERS, Consent, Letter
from inbox.models.status_names import STATUS_NAMES
from inbox.models.times.days import ENDED, came_in_words
from inbox.screening import language
from inbox.staff import access
from inbox.triage import queues, wellbeing
from inbox.workflow import LetterStatus, Role


@dataclass(frozen=True)
class Row:
    """One row of the list, ready to be rendered: for fifty rows, Python is faster than a template.

    ``first``: the beginning of the letter, if it is not urgent. ``foot``: its topic, length and pen name.
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
    """Show one page of a view of the inbox; for a script, its rows alone."""
    rows_alone = request.headers.get("X-Steady") == "rows"
    template = "desk/inbox/_rows.html" if rows_alone else "desk/inbox/inbox.html"
    return render(request, template, listed(desk, view_of(request, view), None))


@desk_view("GET", seats=access.READS_LETTERS)
def start(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Redirect to the first letter of the view of new letters."""
    letters, _ = queues.page(access.letters(desk.column), queues.View("new"), desk.user, at=desk.at)
    if not letters:
        return redirect("desk:inbox", desk.column.slug)
    return redirect("desk:letter", desk.column.slug, letters[0].pk)


@desk_view("GET", seats=access.READS_LETTERS)
def news(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Return the number of letters since a list was shown on the day ``since``, when ``had`` had arrived that day."""
    try:
        since, had = dt.date.fromisoformat(request.GET.get("since", "")), int(request.GET.get("had", "0"))
    except ValueError:
        return JsonResponse({"new": 0})
    letters = access.letters(desk.column).filter(received_on__gte=since)
    arrived = letters.order_by().values("pk")[: queues.MOST + 1].count()
    return JsonResponse({"new": max(0, arrived - had)})


def view_of(request: HttpRequest, name: str) -> queues.View:
    """Return the view of this name, with the filters of the URL; 404 where there is none."""
    if name not in queues.TITLES:
        raise Http404
    return queues.View(name, queues.Filters.read(request.GET.dict()), request.GET.get("after", ""))


def listed(desk: Desk, view: queues.View, shown: Letter | None) -> dict[str, Any]:
    """Return the context of the whole page: all views with their counts, one page of this view, and the open letter, if
    any. All sealed items are opened in one query."""
    column, user, at, keys = desk.column, desk.user, desk.at, desk.keys
    counts = queues.counts(column, user, at=at)
    if counts.held_are_due:
        outbox.release_due(at=at, column=column)
    letters, further = queues.page(access.letters(column), view, user, at=at)
    saved = queues.saved(column, user)
    beside = Beside.of(shown) if shown else None
    payloads = keys.open_many([*letters, *(beside.sealed if beside else [])])
    together = bundle_rules.of(column, keys) if counts.bundles else {}
    says_status = view.name not in ("new", "light")
    rows = [
        _row(letter, payloads.get(letter.pk, {}), together, column, at, says_status=says_status) for letter in letters
    ]
    context = desk.context("inbox") | {
        "view": view,
        "views": [(name, title, counts.views.get(name), name in counts.views) for name, title in queues.TITLES.items()],
        "saved": saved,
        "most": queues.MOST,
        "rows": rows,
        "letter": shown,
        "open_id": str(shown.pk) if shown else "",
        # one call of reverse() for all rows
        "letters_at": urljoin(reverse("desk:inbox", args=[column.slug]), "../letters/"),
        "carried": view.carried,
        "further": further,
        "arrived": counts.arrived,
        "today": timezone.localdate(at),
        "may_answer": Role.AUTHOR in desk.seats,
        "person": user,
    }
    context |= wellbeing.shown(user, [column], at, desk.unlocked)
    if beside is not None:
        context |= opened(desk, beside, payloads, together, second=view.name == "second")
        context["next"] = next_letter(rows, beside.letter)
    return context


def next_letter(rows: list[Row], shown: Letter) -> Letter | None:
    """Return the letter to offer after this one: a light one after a heavy one, if any is listed; else the next one."""
    letters = [row.letter for row in rows]
    if shown not in letters:
        return letters[0] if letters else None
    index = letters.index(shown)
    rest = [*letters[index + 1 :], *letters[:index]]
    offered = wellbeing.spaced([bool(letter.need) for letter in rest], after_heavy=bool(shown.need))
    return None if offered is None else rest[offered]


def _row(
    letter: Letter,
    payload: dict[str, Any],
    together: Mapping[uuid.UUID, bundle_rules.Open],
    column: Column,
    at: dt.datetime,
    *,
    says_status: bool,
) -> Row:
    text = str(payload.get("text", ""))
    count = len(text.split())
    length = gettext("short") if count < 120 else gettext("medium") if count < 300 else gettext("long")
    if not text:
        first = gettext("Its words are erased.")
    else:
        first = gettext("Its words are shown when you open it.") if letter.need else " ".join(text.split())[:140]
    others = together[letter.pk].others if letter.pk in together else 0
    marks = _status_marks(letter, says_status=says_status) + _marks(letter, payload, column)
    marks += [ngettext("with %(count)s other", "with %(count)s others", others) % {"count": others}] if others else []
    marks += _given_mark(letter, at)
    topic = letter.topic.name if letter.topic else gettext("No topic")
    foot = [topic, length if text else "", str(payload.get("pen_name", ""))]
    days = days_since(letter.received_on, at)
    age = ngettext("%(count)s day", "%(count)s days", days) % {"count": days} if days else gettext("today")
    if letter.status in ENDED:
        age = came_in_words(letter, "SHORT_DATE_FORMAT")
    return Row(letter, str(letter.pk), letter.label, age, first, " · ".join(filter(None, foot)), marks)


def _status_marks(letter: Letter, *, says_status: bool) -> list[str]:
    """Return the mark of the letter's status, where the view does not say it already."""
    if letter.status == LetterStatus.HELD:
        until = letter.held_until
        return [
            gettext("held until %(day)s") % {"day": date_format(until, "MONTH_DAY_FORMAT")}
            if until
            else gettext("held")
        ]
    return [str(STATUS_NAMES[LetterStatus(letter.status)])] if says_status else []


def _given_mark(letter: Letter, at: dt.datetime) -> list[str]:
    person = letter.assignee
    if person is None:
        return []
    away = person.away_until is not None and person.away_until > timezone.localdate(at)
    text = gettext("for %(name)s, who is away") if away else gettext("for %(name)s")
    return [text % {"name": person.name}]


def _marks(letter: Letter, payload: dict[str, Any], column: Column) -> list[str]:
    """Return the marks of a row. The results of screening are sealed with the letter (``payload``)."""
    marks = [
        (gettext("minor?"), "minor" in payload.get("concerns", ())),
        (gettext("spam?"), bool(payload.get("suspect"))),
        (gettext("personal data"), bool(payload.get("details"))),
        (gettext("wrote back"), letter.newest in FROM_WRITERS),
        (gettext("private only"), letter.consent == Consent.PRIVATE),
    ]
    tongue = language.foreign_name(str(payload.get("language", "")), column.language)
    return [mark for mark, applies in marks if applies] + (
        [gettext("in %(language)s?") % {"language": gettext(tongue)}] if tongue else []
    )
