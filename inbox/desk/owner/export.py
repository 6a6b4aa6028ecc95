"""The export of a column. It needs a fresh sign-in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse

from inbox.desk.guard import Desk, desk_view
from inbox.desk.owner.column import OWNER, shown
from inbox.desk.owner.forms.column import ExportForm
from inbox.desk.reauthenticate import need_fresh
from inbox.operations import column_settings
from inbox.operations import export as export_rules
from inbox.staff import access


@desk_view("GET", "POST", seats=OWNER)
def export(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    """Send a ZIP file with everything that the column owns; the form says whether with letters and drafts in clear."""
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
