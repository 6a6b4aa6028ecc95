"""Reassigning all letters of a person. Each view makes one domain call."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from columns.models import Column
from inbox.desk.guard import Desk, desk_view, redirect_to
from inbox.desk.owner.forms.staff import ReassignForm
from inbox.models import User
from inbox.staff import access
from inbox.triage import assignment, presence
from inbox.workflow import Role


@desk_view("POST", refused=redirect_to("desk:staff"))
def reassign(request: HttpRequest, desk: Desk, user: int) -> HttpResponse:
    """Reassign every letter of a person to a colleague. Owners may do that for everybody, others for themselves."""
    assignee = access.colleague(desk.column, user)
    if Role.OWNER not in desk.seats and assignee != desk.user:
        raise PermissionDenied
    form = ReassignForm(request.POST, people=_other_readers(desk.column, assignee))
    if not form.is_valid():
        messages.warning(request, gettext("Choose a colleague whose seat opens letters. Nothing was changed."))
        return redirect("desk:staff", desk.column.slug)
    to = access.colleague(desk.column, form.cleaned_data["to"])
    events = assignment.reassign(desk.column, assignee, to, by=desk.user, at=desk.at)
    undo = ""
    if events:
        act = presence.did_together(desk.user, [event.pk for event in events], at=desk.at)
        undo = f"undo {reverse('desk:reassign_undo', args=[desk.column.slug, act])}"
    text = ngettext(
        "%(count)s letter is now given to %(name)s.", "%(count)s letters are now given to %(name)s.", len(events)
    )
    messages.success(request, text % {"count": len(events), "name": to}, extra_tags=undo)
    return redirect("desk:staff", desk.column.slug)


@desk_view("POST", refused=redirect_to("desk:staff"))
def reassign_undo(request: HttpRequest, desk: Desk, act: uuid.UUID) -> HttpResponse:
    """Undo one of the person's own reassignments, except of letters that were assigned again since."""
    events = assignment.undo_reassignment(
        desk.column, presence.together(desk.user, act), by=desk.user, at=desk.at, keys=desk.keys
    )
    presence.did(desk.user, *(event.pk for event in events), at=desk.at)
    if events:
        number = len(events)
        text = ngettext("%(count)s letter is given as before.", "%(count)s letters are given as before.", number)
        messages.success(request, text % {"count": number})
    else:
        messages.warning(request, gettext("That was changed since, or is too long ago. Nothing was changed."))
    return redirect("desk:staff", desk.column.slug)


def reassign_rows(desk: Desk, people: list[User]) -> dict[int, dict[str, Any]]:
    """Return the part of the staff page about assigned letters, by the id of each person; two queries.

    ``given``: the number of their letters. ``away``: whether they are away. ``form``: the form to reassign the letters;
    ``None`` where there are none, or no colleague to take them, or where the viewer may not.
    """
    given, readers = assignment.given(desk.column), assignment.readers(desk.column)
    rows: dict[int, dict[str, Any]] = {}
    for user in people:
        may_reassign = given.get(user.pk) and (Role.OWNER in desk.seats or user == desk.user)
        others = [reader for reader in readers if reader != user]
        form = ReassignForm(people=others, auto_id=f"reassign-{user.pk}-%s") if may_reassign and others else None
        rows[user.pk] = {"given": given.get(user.pk, 0), "away": assignment.away(user, desk.at), "form": form}
    return rows


def _other_readers(column: Column, user: User) -> list[User]:
    return [reader for reader in assignment.readers(column) if reader != user]
