"""The page “Today”: the numbers of waiting letters and drafts of each column, and links to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, Min, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from inbox.desk.guard import Person, desk_view
from inbox.letters import notices
from inbox.models import Draft, Letter
from inbox.staff import access, invitations
from inbox.triage import queues, wellbeing
from inbox.workflow import DraftStatus

_NONE: Mapping[str, Any] = {"n_waiting": 0, "n_urgent": 0, "n_replies": 0, "oldest": None}


@desk_view("GET")
def home(request: HttpRequest, person: Person) -> HttpResponse:
    """Show for each of the person's columns what waits."""
    numbers, in_review = _numbers(person), _in_review(person)
    desks = [
        {
            "column": column,
            "mine": mine,
            "reads": bool(mine & access.READS_LETTERS),
            "drafts": bool(mine & access.READS_DRAFTS),
            "numbers": (counted := numbers.get(column.pk, _NONE)),
            "in_review": in_review.get(column.pk, 0),
            "oldest": (timezone.localdate(person.at) - counted["oldest"]).days if counted["oldest"] else None,
        }
        for column, mine in person.seats_by_column.items()
    ]
    shown = wellbeing.shown(person.user, list(person.seats_by_column), person.at, person.unlocked)
    context = {
        "desks": desks,
        "stuck": notices.stuck(),
        "invitations": invitations.waiting_for(person.user, at=person.at),
        "section": "home",
        **shown,
    }
    return render(request, "desk/inbox/home.html", context)


def _numbers(person: Person) -> dict[int, Mapping[str, Any]]:
    """Return the numbers of letters of each column, by its id; one query."""
    rows = (
        Letter.objects.filter(column__in=person.seats_by_column)
        .values("column")
        .annotate(
            n_waiting=Count("pk", filter=Q(waiting=True)),
            oldest=Min("received_on", filter=Q(waiting=True)),
            n_urgent=Count("pk", filter=queues.which("urgent", person.user, person.at)),
            n_replies=Count("pk", filter=queues.which("replies", person.user, person.at)),
        )
    )
    return {row["column"]: row for row in rows}


def _in_review(person: Person) -> dict[int, int]:
    """Return the number of drafts in review of each column, by its id; one query."""
    drafts = Draft.objects.filter(column__in=person.seats_by_column, status=DraftStatus.IN_REVIEW)
    return dict(drafts.values_list("column").annotate(n=Count("pk")))
