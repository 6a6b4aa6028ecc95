"""Today: for each column what waits, and where to begin."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, Min, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from inbox.desk.guard import Person, desk_view
from inbox.letters import notices
from inbox.models import Draft, Letter
from inbox.staff import access
from inbox.triage import queues, wellbeing
from inbox.workflow import DraftStatus

_NONE: Mapping[str, Any] = {"n_waiting": 0, "n_urgent": 0, "n_replies": 0, "oldest": None}


@desk_view("GET")
def home(request: HttpRequest, person: Person) -> HttpResponse:
    """Today: for each column what waits, and where to begin."""
    numbers, in_review = _numbers(person), _in_review(person)
    desks = [
        {
            "column": column,
            "mine": mine,
            "reads": bool(mine & access.READS_LETTERS),
            "drafts": bool(mine & access.READS_DRAFTS),
            "numbers": (counted := numbers.get(column.pk, _NONE)),
            "in_review": in_review.get(column.pk, 0),
            "oldest": (person.at.date() - counted["oldest"]).days if counted["oldest"] else None,
        }
        for column, mine in person.places.items()
    ]
    shown = wellbeing.shown(person.user, list(person.places), person.at)
    return render(
        request, "desk/inbox/home.html", {"desks": desks, "stuck": notices.stuck(), "section": "home", **shown}
    )


def _numbers(person: Person) -> dict[int, Mapping[str, Any]]:
    """How many letters wait in each column, by the column's id; one query."""
    counted = (
        Letter.objects.filter(column__in=person.places)
        .values("column")
        .annotate(
            n_waiting=Count("pk", filter=Q(waiting=True)),
            oldest=Min("received_on", filter=Q(waiting=True)),
            n_urgent=Count("pk", filter=queues.which("urgent", person.user, person.at)),
            n_replies=Count("pk", filter=queues.which("replies", person.user, person.at)),
        )
    )
    return {row["column"]: row for row in counted}


def _in_review(person: Person) -> dict[int, int]:
    """How many drafts are with a second reader in each column, by the column's id; one query."""
    drafts = Draft.objects.filter(column__in=person.places, status=DraftStatus.IN_REVIEW)
    return dict(drafts.values_list("column").annotate(n=Count("pk")))
