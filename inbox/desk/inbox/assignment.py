"""Practice letters, reassigning letters, and the limit of a writer's messages. Each view makes one domain call."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from columns.models import Column
from inbox.desk.guard import Desk, desk_view, redirect_to
from inbox.desk.inbox.forms.assignment import FEWEST_MESSAGES, LimitForm, PracticeForm, ReassignForm
from inbox.desk.inbox.history import sentence
from inbox.desk.inbox.responses import undo_address
from inbox.models import Letter, User
from inbox.models.letter import USUAL_MESSAGES
from inbox.operations import practice
from inbox.staff import access
from inbox.triage import assignment, presence
from inbox.workflow import LETTER_VERBS, Role

#: The file of the practice letters.
LETTERS = settings.BASE_DIR / "demo" / "practice.toml"


@desk_view("GET", "POST")
def practise(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Create the person's practice column with invented letters, reset it, or delete it."""
    user, at = desk.user, desk.at
    form = PracticeForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        context = desk.context("practice", form=form, practised=practice.columns(user))
        return render(request, "desk/inbox/practice.html", context, status=400 if form.errors else 200)
    match form.cleaned_data["act"]:
        case "away":
            practice.end(user, at=at)
            messages.success(request, gettext("Your practice letters are erased."))
            return redirect("desk:home")
        case "again":
            column = practice.begin_again(user, practice.read(LETTERS), at=at)
        case _:
            column = practice.begin(user, practice.read(LETTERS), at=at)
    text = gettext("Here are letters to practise on. All of them are invented; nothing here reaches anybody.")
    messages.success(request, text)
    return redirect("desk:inbox", column.slug)


@desk_view("POST", seats=LETTER_VERBS["limit"].roles, refused=redirect_to("desk:letter", "letter"))
def limit(request: HttpRequest, desk: Desk, letter: uuid.UUID) -> HttpResponse:
    """Set how many messages a day the writer of a letter may send."""
    limited, form = access.letter(desk.column, letter), LimitForm(request.POST)
    if not form.is_valid():
        messages.warning(request, gettext("Choose one message a day, or the usual number. Nothing was changed."))
        return redirect("desk:letter", desk.column.slug, limited.pk)
    most = form.cleaned_data["messages_a_day"]
    event = limited.mark("limit", most, by=desk.user, at=desk.at)
    presence.did(desk.user, event.pk, at=desk.at)
    undo = undo_address(desk.column, limited, event)
    done = sentence("limit", limited.label, str(most), done=True)
    messages.success(request, done, extra_tags=f"undo {undo} {limited.pk}")
    return redirect("desk:letter", desk.column.slug, limited.pk)


def limit_context(letter: Letter) -> dict[str, Any]:
    """Return the context of ``desk/inbox/_limit.html`` except ``column`` and ``letter``."""
    return {
        "limited": letter.messages_a_day < USUAL_MESSAGES,
        "fewest_messages": FEWEST_MESSAGES,
        "usual_messages": USUAL_MESSAGES,
        "may_limit": letter.status in LETTER_VERBS["limit"].sources,
    }


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
