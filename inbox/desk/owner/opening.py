"""What a column needs before it takes letters: the list, a trial of the mail, and help lines to choose from."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy, ngettext

from columns import countries, help_lines
from columns.models import HelpLine
from inbox.desk.guard import Desk, desk_view
from inbox.desk.owner.column import OWNER, shown
from inbox.operations import column_settings
from inbox.operations.opening import readiness
from inbox.workflow import MoveRefused

#: Where each item of the list is done: names of URLs and what their links say. The mail has a button on the page.
_WHERE: dict[str, list[tuple[str, Promise]]] = {
    "help_lines": [
        ("desk:owner_known_lines", gettext_lazy("Choose from national help lines")),
        ("desk:owner_help_lines", gettext_lazy("Help lines")),
    ],
    "terms": [("desk:owner_texts", gettext_lazy("Texts and terms"))],
    "care_cards": [("desk:owner_care", gettext_lazy("Care cards"))],
    "reviewer": [
        ("desk:staff", gettext_lazy("Staff and keys")),
        ("desk:owner_texts", gettext_lazy("Texts and terms")),
    ],
    "recovery_key": [("desk:staff", gettext_lazy("Staff and keys"))],
    "topics": [("desk:owner_topics", gettext_lazy("Topics"))],
    "backup": [("desk:owner_health", gettext_lazy("Health"))],
    "mail": [],
}


def rows(requirements: list[readiness.Requirement]) -> list[dict[str, Any]]:
    """The items of the list for a page, each with the links to where it is done."""
    return [{"item": one, "links": _WHERE[one.key]} for one in requirements]


@desk_view("GET", "POST", seats=OWNER)
def opening(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Show what is done and what is missing before the column opens. POST: send a mail to the owner's own address."""
    if request.method == "POST" and request.POST.get("act") == "mail":
        if readiness.try_mail(desk.column, by=desk.user, at=desk.at):
            messages.success(request, gettext("The mail server took a mail to your own address. See whether it comes."))
        else:
            messages.warning(request, gettext("The mail server did not take the mail. Look at the mail settings."))
        return redirect("desk:owner_opening", desk.column.slug)
    found = readiness.requirements(desk.column)
    return shown(
        request,
        "desk/owner/owner_opening.html",
        desk,
        status=200 if request.method == "GET" else 400,
        rows=rows(found),
        left=sum(one.necessary and one.missing for one in found),
        open=desk.column.takes_letters(timezone.localdate(desk.at)),
    )


@desk_view("GET", "POST", seats=OWNER)
def known_lines(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Show the national help lines that ship, by country, and add those that were ticked to the column."""
    lines = {line.key: line for line in help_lines.known()}
    refused = ""
    if request.method == "POST":
        chosen = [lines[key] for key in request.POST.getlist("line") if key in lines]
        try:
            added = column_settings.take_over(desk.column, chosen, by=desk.user, at=desk.at)
        except MoveRefused as error:
            refused = str(error)
        else:
            sentence = ngettext(
                "%(count)d line is added. Call it before you open.",
                "%(count)d lines are added. Call each of them before you open.",
                added,
            )
            messages.success(request, sentence % {"count": added})
            return redirect("desk:owner_help_lines", desk.column.slug)
    there = set(HelpLine.objects.filter(column=desk.column).values_list("country", "name"))
    groups: dict[str, list[dict[str, Any]]] = {}
    for line in lines.values():
        row = line.row(desk.column)
        item = {"line": line, "row": row, "there": (row.country, row.name) in there}
        groups.setdefault(countries.name(row.country), []).append(item)
    return shown(request, "desk/owner/owner_known_lines.html", desk, groups=sorted(groups.items()), refused=refused)
