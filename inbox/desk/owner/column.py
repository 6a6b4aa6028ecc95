"""The owner's pages about a column as a whole: what it is set to, its texts, its pause, how it is doing.

Every view fetches by access, validates, makes one call of ``column_settings`` and leads on."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from columns import prose
from columns.models import Column
from inbox.desk.inbox.letters import page_number
from inbox.desk.owner.forms.column import PauseForm, TextsForm
from inbox.letters import retention_periods
from inbox.models import ColumnEvent
from inbox.operations import column_settings, health
from inbox.staff import access
from inbox.workflow import MoveRefused, Role

_OWNER = frozenset({Role.OWNER})
_HISTORY = 30


def owned(request: HttpRequest, column: str) -> tuple[Column, frozenset[Role]]:
    """The column, for an owner of it alone."""
    return access.column(access.staff(request), column, _OWNER)


def shown(
    request: HttpRequest, template: str, column: Column, mine: frozenset[Role], *, status: int = 200, **more: Any
) -> HttpResponse:
    """A page of the owner's. A form with errors makes it 400, a refusal 409."""
    if status == 200 and any(getattr(one, "errors", None) for one in (more.get("form"), more.get("wrong"))):
        status = 400
    if more.get("refused"):
        status = 409
    return render(request, template, {"column": column, "mine": mine, "section": "owner", **more}, status=status)


@require_safe
def overview(request: HttpRequest, column: str) -> HttpResponse:
    """What the column is set to, and what was done to it, newest first."""
    found, mine = owned(request, column)
    number = page_number(request)
    start = (number - 1) * _HISTORY
    events = list(
        ColumnEvent.objects.filter(column=found).select_related("by").order_by("-number")[start : start + _HISTORY + 1]
    )
    return shown(
        request,
        "desk/owner/owner.html",
        found,
        mine,
        open=found.takes_letters(timezone.localdate()),
        topics=found.topics.count(),
        help_lines=found.help_lines.count(),
        periods=retention_periods.lines(found),
        events=events[:_HISTORY],
        newer=number - 1,
        older=number + 1 if len(events) > _HISTORY else None,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def texts(request: HttpRequest, column: str) -> HttpResponse:
    """Texts and terms, with what readers make of the Markdown beside them."""
    found, mine = owned(request, column)
    start = column_settings.texts(found) | {"seen": column_settings.mark(found)}
    form = TextsForm(request.POST if request.method == "POST" else None, initial=start)
    refused, words = "", start
    if form.is_valid():
        words = {name: value for name, value in form.cleaned_data.items() if name != "seen"}
        if request.POST.get("step") == "save":
            try:
                column_settings.set_texts(
                    found, words, seen=form.cleaned_data["seen"], by=access.staff(request), at=timezone.now()
                )
            except MoveRefused as error:
                refused = str(error)
            else:
                messages.success(request, "The texts are saved. Readers see them within a minute.")
                return redirect("desk:owner_texts", found.slug)
    rendered = [
        ("About the column", prose.render_fresh(str(words["about"]))),
        ("The terms of this column", prose.render_fresh(str(words["terms"]))),
        ("About the author", prose.render_fresh(str(words["bio"]))),
    ]
    return shown(request, "desk/owner/owner_texts.html", found, mine, form=form, refused=refused, rendered=rendered)


@require_http_methods(["GET", "HEAD", "POST"])
def intake(request: HttpRequest, column: str) -> HttpResponse:
    """Pause the column, with the day on which it opens again, or open it."""
    found, mine = owned(request, column)
    by, at, refused = access.staff(request), timezone.now(), ""
    today = timezone.localdate(at)
    pausing = request.method == "POST" and request.POST.get("act") == "pause"
    form = PauseForm(request.POST if pausing else None, initial={"reopens_on": found.reopens_on}, today=today)
    try:
        if pausing and form.is_valid():
            column_settings.pause(found, reopens_on=form.cleaned_data["reopens_on"], by=by, at=at)
            messages.success(request, "The column is paused.")
            return redirect("desk:owner_intake", found.slug)
        if request.method == "POST" and request.POST.get("act") == "open":
            column_settings.open_intake(found, by=by, at=at)
            messages.success(request, "The column takes letters.")
            return redirect("desk:owner_intake", found.slug)
    except MoveRefused as error:
        refused = str(error)
    known = request.method != "POST" or request.POST.get("act") in ("pause", "open")
    context = {"form": form, "refused": refused, "open": found.takes_letters(today), "today": today}
    return shown(request, "desk/owner/owner_intake.html", found, mine, status=200 if known else 400, **context)


@require_safe
def health_page(request: HttpRequest, column: str) -> HttpResponse:
    """How the column and the site are doing."""
    found, mine = owned(request, column)
    findings = health.findings(found, at=timezone.now())
    wrong = sum(one.well is False for one in findings)
    return shown(request, "desk/owner/owner_health.html", found, mine, findings=findings, attention=wrong)
