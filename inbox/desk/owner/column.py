"""The owner's pages of a column: its settings and their history, its texts, its intake, its health.

Every view validates a form, makes one call of ``column_settings`` and redirects."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext

from columns import prose
from inbox.desk.guard import Desk, desk_view
from inbox.desk.owner import history
from inbox.desk.owner.forms.column import PauseForm, TextsForm
from inbox.desk.pagination import page_number
from inbox.letters import retention_periods
from inbox.models import ColumnEvent
from inbox.operations import care_cards, column_settings, health, noticing
from inbox.workflow import MoveRefused, Role

#: The seats that open the owner's pages.
OWNER = frozenset({Role.OWNER})
#: Events on one page of the history.
_HISTORY = 30


def shown(request: HttpRequest, template: str, desk: Desk, *, status: int = 200, **more: Any) -> HttpResponse:
    """Render a page of the owner. Its status is 400 with a form that has errors, 409 with ``refused``."""
    if status == 200 and any(getattr(form, "errors", None) for form in (more.get("form"), more.get("wrong"))):
        status = 400
    if more.get("refused"):
        status = 409
    return render(request, template, desk.context("owner", **more), status=status)


@desk_view("GET", seats=OWNER)
def overview(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Show the settings of the column, and one page of its events, newest first."""
    column, number = desk.column, page_number(request)
    start = (number - 1) * _HISTORY
    rows = ColumnEvent.objects.filter(column=column).select_related("by").order_by("-number")
    events = list(rows[start : start + _HISTORY + 1])
    return shown(
        request,
        "desk/owner/owner.html",
        desk,
        open=column.takes_letters(timezone.localdate(desk.at)),
        topics=column.topics.count(),
        help_lines=column.help_lines.count(),
        unconfirmed=len(care_cards.unconfirmed(column)),
        periods=retention_periods.lines(column),
        lines=history.of_column(events[:_HISTORY]),
        newer=number - 1,
        older=number + 1 if len(events) > _HISTORY else None,
    )


@desk_view("GET", "POST", seats=OWNER)
def texts(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Edit the texts and terms of the column, with the Markdown rendered as readers see it."""
    current = column_settings.texts(desk.column) | {"seen": column_settings.mark(desk.column)}
    form = TextsForm(request.POST if request.method == "POST" else None, initial=current)
    refused, given = "", current
    if form.is_valid():
        given = {name: value for name, value in form.cleaned_data.items() if name != "seen"}
        if request.POST.get("step") == "save":
            seen = form.cleaned_data["seen"]
            try:
                column_settings.set_texts(desk.column, given, seen=seen, by=desk.user, at=desk.at)
            except MoveRefused as error:
                refused = str(error)
            else:
                messages.success(request, gettext("The texts are saved. Readers see them within a minute."))
                return redirect("desk:owner_texts", desk.column.slug)
    rendered = [
        (gettext("About the column"), prose.render_fresh(str(given["about"]))),
        (gettext("The terms of this column"), prose.render_fresh(str(given["terms"]))),
        (gettext("About the author"), prose.render_fresh(str(given["bio"]))),
    ]
    return shown(request, "desk/owner/owner_texts.html", desk, form=form, refused=refused, rendered=rendered)


@desk_view("GET", "POST", seats=OWNER)
def intake(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Pause the intake of letters, until a day if one is given, or open it."""
    column, by, at, refused = desk.column, desk.user, desk.at, ""
    today = timezone.localdate(at)
    pausing = request.method == "POST" and request.POST.get("act") == "pause"
    form = PauseForm(request.POST if pausing else None, initial={"reopens_on": column.reopens_on}, today=today)
    try:
        if pausing and form.is_valid():
            column_settings.pause(column, reopens_on=form.cleaned_data["reopens_on"], by=by, at=at)
            messages.success(request, gettext("The column is paused."))
            return redirect("desk:owner_intake", column.slug)
        if request.method == "POST" and request.POST.get("act") == "open":
            column_settings.open_intake(column, by=by, at=at)
            messages.success(request, gettext("The column takes letters."))
            return redirect("desk:owner_intake", column.slug)
    except MoveRefused as error:
        refused = str(error)
    is_known_act = request.method != "POST" or request.POST.get("act") in ("pause", "open")
    context = {"form": form, "refused": refused, "open": column.takes_letters(today), "today": today}
    return shown(request, "desk/owner/owner_intake.html", desk, status=200 if is_known_act else 400, **context)


@desk_view("GET", seats=OWNER)
def health_page(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Show the findings of the health checks of the column and of the site, and what came of screening."""
    findings = health.findings(desk.column, at=desk.at)
    failing = sum(finding.well is False for finding in findings)
    on = timezone.localdate(desk.at)
    numbers: dict[str, Any] = {
        "steps": noticing.headings(),
        "opened": noticing.opened(desk.column, on=on),
        "rules": noticing.rules(desk.column, on=on),
    }
    return shown(request, "desk/owner/owner_health.html", desk, findings=findings, attention=failing, **numbers)
