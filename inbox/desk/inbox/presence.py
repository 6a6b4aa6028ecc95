"""Presence of colleagues: open pages ask for it every few seconds. Only the cache is read and written, except the day
on which a letter was opened first."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy

from columns.templatetags.lists import listed
from inbox.desk.guard import Desk, Signal, desk_view
from inbox.desk.inbox.responses import is_by_script, letter_address, minutes_ago, seen, who
from inbox.letters import read_receipts
from inbox.staff import access
from inbox.triage import presence

#: The most letters of a list in one request.
_MOST = 60
_DOING = {
    "viewing": gettext_lazy("%(name)s has it open"),
    "reading": gettext_lazy("%(name)s is reading it"),
    "writing": gettext_lazy("%(name)s is writing"),
    "idle": gettext_lazy("%(name)s has it open, idle"),
}


def _named(request: HttpRequest) -> set[uuid.UUID]:
    """Return the ids of the letters that a request of ``pulse`` names."""
    texts = [request.POST.get("left", ""), request.POST.get("letter", ""), *request.POST.getlist("rows")[:_MOST]]
    return {letter_id for letter_id in map(_id, texts) if letter_id is not None}


@desk_view("POST", seats=access.READS_LETTERS, letters=_named)
def pulse(request: HttpRequest, signal: Signal) -> JsonResponse:
    """Record the person's presence; returns the colleagues present, the claim, and a colleague's latest decision.

    ``letter``: the open letter; ``doing``: the activity; ``left``: the letter open before; ``rows``: the letters of the
    list; ``since``: when the server made the page: it shows earlier decisions; ``seen``: the status of the letter on
    the page; ``gone``: the page is being left; ``wrote``: it is a page for writing about the letter.
    """
    user, at, ours = signal.user, signal.at, signal.letters
    # letters of other columns are ignored, like ids that do not exist
    left, here = (pk if pk in ours else None for pk in (_id(request.POST.get(name, "")) for name in ("left", "letter")))
    rows = [pk for pk in map(_id, request.POST.getlist("rows")[:_MOST]) if pk is not None and pk in ours]
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
            # acts on a draft record no time at its letters; the audit trail has the person and the day
            answer["decided"] = moved
    others = presence.others([*rows, *([here] if here else [])], user, at=at)
    at_letter = others.get(here, []) if here else []
    answer["here"] = [str(_DOING[colleague.doing]) % {"name": colleague.name} for colleague in at_letter]
    answer["rows"] = {str(row): listed(colleague.name for colleague in others[row]) for row in rows if row in others}
    return JsonResponse(answer)


@desk_view("POST", seats=access.READS_LETTERS)
def claim(request: HttpRequest, desk: Desk, letter: uuid.UUID) -> HttpResponse:
    """Claim a letter, take over a colleague's claim, or release it.

    ``act``: ``claim``, ``take`` and ``release`` are buttons. A page for writing sends ``write`` when the person begins
    to write, and ``cancel`` when they stop: a claim made by a button stays.
    """
    claimed, user, at = access.letter(desk.column, letter), desk.user, desk.at
    act = request.POST.get("act", "claim")
    if act in ("release", "cancel"):
        presence.release(claimed.pk, user, writing=act == "cancel")
        held = presence.holder(claimed.pk, at=at)
    else:
        held = presence.claim(claimed.pk, user, at=at, take_over=act == "take", by_button=act != "write")
    if is_by_script(request):
        claim = {"name": held.name, "mine": held.user == user.pk} if held else None
        return JsonResponse({"claim": claim})
    return redirect(letter_address(request, desk.column, claimed))


def _id(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _since(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0
