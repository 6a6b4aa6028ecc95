"""How long a column keeps things, and the export of what it owns. Both need a fresh sign-in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext

from inbox.desk.account.reauthenticate import need_fresh
from inbox.desk.guard import Desk, desk_view
from inbox.desk.owner.column import OWNER, shown
from inbox.desk.owner.forms.column import ExportForm, PeriodsForm
from inbox.letters import retention_periods
from inbox.models import Period
from inbox.operations import column_settings
from inbox.operations import export as export_rules
from inbox.staff import access
from inbox.workflow import MoveRefused


@desk_view("GET", "POST", seats=OWNER)
def retention(request: HttpRequest, desk: Desk) -> HttpResponse:
    """For how many days things are kept: typed, shown with what it would do now, then saved."""
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
            said = gettext("The periods are saved, and shown to everybody before they write.")
            messages.success(request, said)
            return redirect("desk:owner_retention", desk.column.slug)
    looked, effects = form.is_valid(), _effects(desk, form)
    template = "desk/owner/owner_retention.html"
    return shown(request, template, desk, form=form, refused=refused, looked=looked, effects=effects)


def _effects(desk: Desk, form: PeriodsForm) -> list[tuple[Any, int]]:
    """What the periods in the form would erase today: of each kind that has any, how many."""
    if not form.is_valid():
        return []
    labels = dict(Period.Kept.choices)
    due = retention_periods.due(desk.column, form.days(), on=desk.at.date())
    return [(labels[kept], many) for kept, many in due.items() if many]


@desk_view("GET", "POST", seats=OWNER)
def export(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    """Everything that the column owns, as a zip."""
    reads_letters, reads_drafts = desk.seats & access.READS_LETTERS, desk.seats & access.READS_DRAFTS
    may_read = bool(reads_letters or reads_drafts)
    form = ExportForm(request.POST if request.method == "POST" else None, column=desk.column, may_read=may_read)
    if not form.is_valid():
        return shown(request, "desk/owner/owner_export.html", desk, form=form, may_read=may_read)
    need_fresh(request, desk.user, at=desk.at)
    words = form.words_too()
    column_settings.export(desk.column, words=words, by=desk.user, at=desk.at)
    # each kind of words only to whoever may read it on the desk too
    letters, drafts = (desk.keys if words and reads else None for reads in (reads_letters, reads_drafts))
    stream = export_rules.stream(desk.column, at=desk.at, letters=letters, drafts=drafts)
    response = StreamingHttpResponse(stream, content_type="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="{desk.column.slug}-{desk.at:%Y-%m-%d}.zip"'
    return response
