"""The care cards of a column: its owner reads each, and confirms or changes it; a reviewer reads the changes."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext

from inbox.desk.guard import Desk, desk_view
from inbox.desk.owner.column import shown
from inbox.desk.owner.forms.care import CareCardForm
from inbox.letters.care import sources
from inbox.letters.care.texts import CARDS
from inbox.operations.opening import care_cards
from inbox.workflow import MoveRefused, Role

_READERS = frozenset({Role.OWNER, Role.REVIEWER})
#: The acts of each seat.
_ACTS = {Role.OWNER: frozenset({"confirm", "change", "drop"}), Role.REVIEWER: frozenset({"accept"})}


@desk_view("GET", "POST", seats=_READERS)
def care_cards_page(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Show every care card with its sources and who has confirmed it, and take one act on one card."""
    if request.method != "POST":
        return _show(request, desk)
    kind, act = request.POST.get("card", ""), request.POST.get("act", "")
    if kind not in CARDS or not any(act in acts for acts in _ACTS.values()):
        return _show(request, desk, status=400)
    if not any(act in acts for role, acts in _ACTS.items() if role in desk.seats):
        return _show(request, desk, status=403)
    if act == "change":
        return _change(request, desk, kind)
    seen = request.POST.get("seen", "")
    done: dict[str, tuple[Callable[..., None], str]] = {
        "confirm": (functools.partial(care_cards.confirm, seen=seen), gettext("The card is confirmed.")),
        "accept": (functools.partial(care_cards.accept, seen=seen), gettext("The change is confirmed, and shown now.")),
        "drop": (care_cards.drop, gettext("The change is dropped.")),
    }
    act_on, said = done[act]
    try:
        act_on(desk.column, kind, by=desk.user, at=desk.at)
    except MoveRefused as refused:
        return _show(request, desk, refused=str(refused))
    messages.success(request, said)
    return _back(desk, kind)


def _change(request: HttpRequest, desk: Desk, kind: str) -> HttpResponse:
    form = CareCardForm(request.POST, auto_id=f"{kind}-%s")
    if not form.is_valid():
        return _show(request, desk, kind=kind, wrong=form)
    said = form.cleaned_data
    try:
        care_cards.change(desk.column, kind, said["heading"], said["text"], by=desk.user, at=desk.at)
    except MoveRefused as refused:
        return _show(request, desk, kind=kind, wrong=form, refused=str(refused))
    messages.success(
        request, gettext("The change is kept. It is shown when somebody with a reviewer’s seat confirms it.")
    )
    return _back(desk, kind)


def _back(desk: Desk, kind: str) -> HttpResponse:
    return redirect(f"{reverse('desk:owner_care', args=[desk.column.slug])}#card-{kind}")


def _show(
    request: HttpRequest,
    desk: Desk,
    *,
    kind: str = "",
    wrong: CareCardForm | None = None,
    status: int = 200,
    refused: str = "",
) -> HttpResponse:
    """Render the cards. ``kind``, ``wrong``: the card whose form has errors, and that form."""
    rows: list[dict[str, Any]] = []
    for state in care_cards.states(desk.column):
        this = state.ships.kind
        words = state.waiting or state.shown
        initial = {"heading": words.heading, "text": words.text}
        rows.append(
            {
                "state": state,
                "name": gettext(state.ships.name),
                "sources": sources.of_card(this),
                "form": wrong if wrong and this == kind else CareCardForm(initial=initial, auto_id=f"{this}-%s"),
                "open": this == kind,
                "mine": state.row.changed_by_id == desk.user.pk,
            }
        )
    return shown(
        request,
        "desk/owner/owner_care.html",
        desk,
        rows=rows,
        owns=Role.OWNER in desk.seats,
        reviews=Role.REVIEWER in desk.seats,
        unconfirmed=sum(not row["state"].confirmed for row in rows),
        wrong=wrong,
        refused=refused,
        status=status,
    )
