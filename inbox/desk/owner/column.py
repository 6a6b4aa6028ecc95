"""The owner's pages of a column: its settings and their history, its texts, its intake, its health.

Every view validates a form, makes one call of ``column_settings`` and redirects."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext

from columns.text import prose
from inbox.desk.frames import framed, holds_frame, stands_in_frame
from inbox.desk.guard import Desk, desk_view
from inbox.desk.owner import history
from inbox.desk.owner.forms.column import PauseForm, TextsForm
from inbox.desk.pagination import page_number
from inbox.letters import retention_periods
from inbox.models import ColumnEvent
from inbox.operations import column_settings, health, noticing
from inbox.operations.opening import care_cards, readiness
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
@holds_frame
def texts(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Edit the texts and terms of the column and of its author. ``begin=terms``: with terms to begin with, where there
    are none."""
    current = column_settings.texts(desk.column) | {"seen": column_settings.mark(desk.column)}
    begin = request.GET.get("begin") == "terms" and not desk.column.terms
    if begin:
        current["terms"] = column_settings.template_of_terms(desk.column)
    form = TextsForm(request.POST if request.method == "POST" else None, initial=current)
    refused = ""
    if form.is_valid():
        given = {name: value for name, value in form.cleaned_data.items() if name != "seen"}
        seen = form.cleaned_data["seen"]
        try:
            column_settings.set_texts(desk.column, given, seen=seen, by=desk.user, at=desk.at)
        except MoveRefused as error:
            refused = str(error)
        else:
            messages.success(request, gettext("The texts are saved. Readers see them within a minute."))
            return redirect("desk:owner_texts", desk.column.slug)
    return shown(request, "desk/owner/owner_texts.html", desk, form=form, refused=refused, begin=begin)


@desk_view("GET", "POST", seats=OWNER)
@stands_in_frame
def texts_preview(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Render the page “About” with the texts that are saved (GET) or sent (POST). Nothing is saved."""
    column = desk.column
    if request.method == "POST":
        column_settings.with_texts(column, {name: request.POST.get(name, "") for name in column_settings.texts(column)})
    context = {
        "column": column,
        "bio": prose.render_fresh(column.author.bio),
        "about": prose.render_fresh(column.about),
        "terms": prose.render_fresh(column.terms),
        "framed": framed(request),
    }
    return render(request, "desk/owner/owner_texts_preview.html", context)


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
    is_open = column.takes_letters(today)
    context = {"form": form, "refused": refused, "open": is_open, "today": today}
    context["missing"] = [] if is_open or column.reopens_on else readiness.missing(column)
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
