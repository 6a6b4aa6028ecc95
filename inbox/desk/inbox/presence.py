"""Who else is here: asked every few seconds by a page that is open. It reads and writes the cache alone, but for the
day on which somebody first had a letter before them."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy

from inbox.desk.guard import Desk, Signal, desk_view
from inbox.desk.inbox.responses import letter_address, minutes_ago, quietly, seen, who
from inbox.letters import read_receipts
from inbox.staff import access
from inbox.triage import presence

#: Letters of a list that are asked about at once.
_MOST = 60
_DOING = {
    "viewing": gettext_lazy("%(name)s has it open"),
    "reading": gettext_lazy("%(name)s is reading it"),
    "writing": gettext_lazy("%(name)s is writing"),
    "idle": gettext_lazy("%(name)s has it open, idle"),
}


def _named(request: HttpRequest) -> set[uuid.UUID]:
    """The letters that a sign of life names."""
    given = [request.POST.get("left", ""), request.POST.get("letter", ""), *request.POST.getlist("rows")[:_MOST]]
    return {one for one in map(_id, given) if one is not None}


@desk_view("POST", seats=access.READS_LETTERS, letters=_named)
def pulse(request: HttpRequest, signal: Signal) -> JsonResponse:
    """A sign of life, answered with who else is where, whose the letter is, and what a colleague has just decided.

    ``letter``: the one that is open; ``doing``: what is done with it; ``left``: the one before; ``rows``: the list's;
    ``since``: when the page got the letter, by this clock: what was decided before is on the page already; ``seen``:
    where it stood then; ``gone``: the page is on its way out; ``wrote``: it is a page on which something is
    written about the letter.
    """
    user, at, ours = signal.user, signal.at, signal.letters
    # a letter of another column is like one that does not exist
    left, here = (
        one if one in ours else None for one in (_id(request.POST.get(name, "")) for name in ("left", "letter"))
    )
    rows = [one for one in map(_id, request.POST.getlist("rows")[:_MOST]) if one is not None and one in ours]
    if left is not None and left != here:
        presence.leave(left, user, at=at, to_another_page="gone" in request.POST, writing="wrote" in request.POST)
    answer: dict[str, Any] = {}
    if here is not None:
        doing = request.POST.get("doing", "viewing")
        presence.note(here, user, doing, at=at)
        read_receipts.opened(ours[here], at=at)
        if doing == "writing":
            presence.claim(here, user, at=at)
        held = presence.holder(here, at=at)
        if held is not None:
            answer["claim"] = {"name": held.name, "mine": held.user == user.pk, "taken": held.taken_from == user.pk}
        last = presence.last_decision(here)
        if last is not None and last.user != user.pk and last.when > _since(request.POST.get("since", "")):
            answer["decided"] = minutes_ago(last, ours[here], at=at)
        elif seen(request, ours[here]) != ours[here].status and (moved := who(signal, ours[here])):
            # what happens at a draft leaves no minute at its letters; the trail knows who it was, and the day
            answer["decided"] = moved
    others = presence.others([*rows, *([here] if here else [])], user, at=at)
    answer["here"] = [str(_DOING[one.doing]) % {"name": one.name} for one in others.get(here, [])] if here else []
    answer["rows"] = {str(row): ", ".join(one.name for one in others[row]) for row in rows if row in others}
    return JsonResponse(answer)


@desk_view("POST", seats=access.READS_LETTERS)
def claim(request: HttpRequest, desk: Desk, letter: uuid.UUID) -> HttpResponse:
    """Have a letter in hand, take it over from a colleague, or let it go.

    ``act``: ``claim``, ``take`` and ``release`` are buttons. ``write`` and ``cancel`` are said by a page on which
    somebody begins to write about the letter, and stops: what was taken by a button stays.
    """
    claimed, user, at = access.letter(desk.column, letter), desk.user, desk.at
    act = request.POST.get("act", "claim")
    if act in ("release", "cancel"):
        presence.release(claimed.pk, user, writing=act == "cancel")
        held = presence.holder(claimed.pk, at=at)
    else:
        held = presence.claim(claimed.pk, user, at=at, take_over=act == "take", by_button=act != "write")
    if quietly(request):
        claim = {"name": held.name, "mine": held.user == user.pk} if held else None
        return JsonResponse({"claim": claim})
    return redirect(letter_address(request, desk.column, claimed))


def _id(given: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(given)
    except ValueError:
        return None


def _since(given: str) -> float:
    try:
        return float(given)
    except ValueError:
        return 0
