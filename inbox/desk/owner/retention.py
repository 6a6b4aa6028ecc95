"""The page of the retention periods of a column. Saving them needs a fresh sign-in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext

from inbox.desk.guard import Desk, desk_view
from inbox.desk.owner.column import OWNER, shown
from inbox.desk.owner.forms.column import PeriodsForm
from inbox.desk.reauthenticate import need_fresh
from inbox.letters import retention_periods
from inbox.models import Period
from inbox.operations import column_settings
from inbox.workflow import MoveRefused


@desk_view("GET", "POST", seats=OWNER)
def retention(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Check new retention periods, show what they would erase today, then save them."""
    now, refused = Period.of(desk.column), ""
    initial = {**now, "seen": PeriodsForm.mark(now)}
    form = PeriodsForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid() and request.POST.get("step") == "save":
        need_fresh(request, desk.user, at=desk.at)
        try:
            column_settings.set_periods(desk.column, form.days(), seen=form.seen_days(), by=desk.user, at=desk.at)
        except MoveRefused as error:
            refused = str(error)
        else:
            messages.success(request, gettext("The periods are saved, and shown to everybody before they write."))
            return redirect("desk:owner_retention", desk.column.slug)
    effects = _effects(desk, form)
    template = "desk/owner/owner_retention.html"
    return shown(request, template, desk, form=form, refused=refused, looked=form.is_valid(), effects=effects)


def _effects(desk: Desk, form: PeriodsForm) -> list[tuple[Any, int]]:
    """Return what the periods in the form would erase today: the name of each kind, and its number where not 0."""
    if not form.is_valid():
        return []
    labels = dict(Period.Kept.choices)
    due = retention_periods.due(desk.column, form.days(), on=timezone.localdate(desk.at))
    return [(labels[kind], number) for kind, number in due.items() if number]
