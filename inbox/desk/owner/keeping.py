"""How long a column keeps things, and the export of what it owns. Both need a fresh sign-in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from columns.models import Column
from inbox.desk.account.reauthenticate import fresh_sign_in
from inbox.desk.owner.column import owned, shown
from inbox.desk.owner.forms.column import ExportForm, PeriodsForm
from inbox.letters import retention_periods
from inbox.models import Period
from inbox.operations import column_settings
from inbox.operations import export as export_rules
from inbox.staff import access
from inbox.workflow import MoveRefused, Role


@require_http_methods(["GET", "HEAD", "POST"])
def retention(request: HttpRequest, column: str) -> HttpResponse:
    """For how many days things are kept: typed, shown with what it would do now, then saved."""
    found, mine = owned(request, column)
    now = Period.of(found)
    initial = {**now, "seen": PeriodsForm.mark(now)}
    form = PeriodsForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid() and request.POST.get("step") == "save":
        return _save_periods(request, column=column)
    return _retention_page(request, found, mine, form)


@fresh_sign_in
def _save_periods(request: HttpRequest, column: str) -> HttpResponse:
    found, mine = owned(request, column)
    form = PeriodsForm(request.POST)
    if not form.is_valid():
        return _retention_page(request, found, mine, form)
    try:
        column_settings.set_periods(
            found, form.days(), seen=form.seen_days(), by=access.staff(request), at=timezone.now()
        )
    except MoveRefused as refused:
        return _retention_page(request, found, mine, form, refused=str(refused))
    messages.success(request, "The periods are saved, and shown to everybody before they write.")
    return redirect("desk:owner_retention", found.slug)


def _retention_page(
    request: HttpRequest, column: Column, mine: frozenset[Role], form: PeriodsForm, refused: str = ""
) -> HttpResponse:
    effects = []
    if form.is_valid():
        labels = dict(Period.Kept.choices)
        due = retention_periods.due(column, form.days(), on=timezone.now().date())
        effects = [(labels[kept], many) for kept, many in due.items() if many]
    context: dict[str, Any] = {"form": form, "refused": refused, "looked": form.is_valid(), "effects": effects}
    return shown(request, "desk/owner/owner_retention.html", column, mine, **context)


@require_http_methods(["GET", "HEAD", "POST"])
def export(request: HttpRequest, column: str) -> HttpResponseBase:
    """Everything that the column owns, as a zip."""
    found, mine = owned(request, column)
    form = _export_form(request, found, mine)
    if form.is_valid():
        return _export_now(request, column=column)
    return shown(request, "desk/owner/owner_export.html", found, mine, form=form, may_read=_may_read(mine))


@fresh_sign_in
def _export_now(request: HttpRequest, column: str) -> HttpResponseBase:
    found, mine = owned(request, column)
    form = _export_form(request, found, mine)
    if not form.is_valid():
        return shown(request, "desk/owner/owner_export.html", found, mine, form=form, may_read=_may_read(mine))
    at, words = timezone.now(), form.words_too()
    # each kind of words only to whoever may read it on the desk too
    letters = access.keys(request) if words and mine & access.READS_LETTERS else None
    drafts = access.keys(request) if words and mine & access.READS_DRAFTS else None
    column_settings.export(found, words=words, by=access.staff(request), at=at)
    response = StreamingHttpResponse(
        export_rules.stream(found, at=at, letters=letters, drafts=drafts), content_type="application/zip"
    )
    response.headers["Content-Disposition"] = f'attachment; filename="{found.slug}-{at:%Y-%m-%d}.zip"'
    return response


def _export_form(request: HttpRequest, column: Column, mine: frozenset[Role]) -> ExportForm:
    return ExportForm(request.POST if request.method == "POST" else None, column=column, may_read=_may_read(mine))


def _may_read(mine: frozenset[Role]) -> bool:
    return bool(mine & access.READS_LETTERS or mine & access.READS_DRAFTS)
