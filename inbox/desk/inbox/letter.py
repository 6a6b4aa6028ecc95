"""The page of one letter, with the list of its view; the letter alone, for a script; and similar letters."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from inbox.desk.guard import Desk, desk_view
from inbox.desk.inbox.letter_context import Beside, opened
from inbox.desk.inbox.queue import listed, view_of
from inbox.editorial import bundles
from inbox.editorial.bundle_store import OPEN
from inbox.letters import read_receipts, related_answers, screened
from inbox.models import Letter
from inbox.staff import access
from inbox.triage import queues, related_letters
from inbox.workflow import LETTER_MOVES, LetterStatus, moves_from


@desk_view("GET", seats=access.READS_LETTERS)
def letter(request: HttpRequest, desk: Desk, letter: uuid.UUID) -> HttpResponse:
    """Show one letter with the list of its view; for a page that has the list already, the letter alone."""
    shown, view = access.letter(desk.column, letter), view_of(request, request.GET.get("view", "new"))
    if request.headers.get("X-Steady") == "pane":
        # it may be prefetched: the page says by ``pulse`` and ``opened`` when it shows the letter
        return render(request, "desk/inbox/_letter.html", _pane(desk, view, shown))
    read_receipts.opened(shown, at=desk.at)
    screened.opened(shown, desk.keys, at=desk.at)
    return render(request, "desk/inbox/letter.html", listed(desk, view, shown))


@desk_view("POST", seats=access.READS_LETTERS)
def opened_now(request: HttpRequest, desk: Desk, letter: uuid.UUID) -> JsonResponse:
    """Record that the person opened a raised letter that the page had fetched before; ``pulse``, which the page sends
    by itself, is given no keys."""
    screened.opened(access.letter(desk.column, letter), desk.keys, at=desk.at)
    return JsonResponse({})


@desk_view("GET", seats=access.READS_LETTERS)
def alike(request: HttpRequest, desk: Desk, letter: uuid.UUID) -> HttpResponse:
    """List the most similar letters and answers, each with the words in common; for a script, the list alone."""
    shown, view = access.letter(desk.column, letter), view_of(request, request.GET.get("view", "new"))
    text = str(desk.keys.open_many([shown]).get(shown.pk, {}).get("text", ""))
    context = desk.context("inbox", letter=shown, view=view, near=[], answers=[], open=OPEN)
    if text:
        context["near"] = related_letters.near(shown, text, desk.column, desk.keys)
        context["answers"] = _answers(desk, shown, text)
    list_alone = request.headers.get("X-Steady")
    return render(request, "desk/inbox/_alike.html" if list_alone else "desk/inbox/alike.html", context)


def _answers(desk: Desk, shown: Letter, text: str) -> list[tuple[Any, str, Any]]:
    """Return the published answers that are similar to the letter, each with its URL and the words in common."""
    answers = related_answers.published(desk.column, desk.at)
    return [
        (answer, f"{settings.SITE_URL}{answer.url}", related_answers.why(text, answer, answers))
        for answer in related_answers.alike(text, answers, topic=shown.topic_id)
    ]


def _pane(desk: Desk, view: queues.View, shown: Letter) -> dict[str, Any]:
    """Return the context of the letter alone."""
    beside = Beside.of(shown)
    together, payloads = bundles.of(desk.column, desk.keys), desk.keys.open_many(beside.sealed)
    context = desk.context("inbox", view=view, person=desk.user) | opened(
        desk, beside, payloads, together, second=view.name == "second"
    )
    if "point" in moves_from(LETTER_MOVES, LetterStatus(shown.status), desk.seats):
        text = str(payloads.get(shown.pk, {}).get("text", ""))
        answers = related_answers.published(desk.column, desk.at)
        context["near"] = related_answers.to_choose_from(text, answers, topic=shown.topic_id)
    return context
