"""Practising, handing letters over, and how many messages a writer may send. Each view makes one domain call."""

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
from inbox.desk.guard import Desk, desk_view, said_at
from inbox.desk.inbox.forms.assignment import FEWEST_MESSAGES, LimitForm, PracticeForm, ReassignForm
from inbox.desk.inbox.history import sentence
from inbox.desk.inbox.responses import undo_address
from inbox.models import Letter, User
from inbox.models.letter import USUAL_MESSAGES
from inbox.operations import practice
from inbox.staff import access
from inbox.triage import assignment, presence
from inbox.workflow import LETTER_VERBS, Role

#: The invented letters.
LETTERS = settings.BASE_DIR / "demo" / "practice.toml"


@desk_view("GET", "POST")
def practise(request: HttpRequest, desk: Desk) -> HttpResponse:
    """A practice day: make a column of one's own with invented letters, begin it anew, throw it away."""
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
            made = practice.begin_again(user, practice.read(LETTERS), at=at)
        case _:
            made = practice.begin(user, practice.read(LETTERS), at=at)
    said = gettext("Here are letters to practise on. All of them are invented; nothing here reaches anybody.")
    messages.success(request, said)
    return redirect("desk:inbox", made.slug)


@desk_view("POST", seats=LETTER_VERBS["limit"].roles, refused=said_at("desk:letter", "letter"))
def limit(request: HttpRequest, desk: Desk, letter: uuid.UUID) -> HttpResponse:
    """How many messages a day the writer of a letter may send from now on. The letter itself stays as it is."""
    limited, form = access.letter(desk.column, letter), LimitForm(request.POST)
    if not form.is_valid():
        messages.warning(request, gettext("Choose one message a day, or the usual number. Nothing was changed."))
        return redirect("desk:letter", desk.column.slug, limited.pk)
    most = form.cleaned_data["messages_a_day"]
    event = limited.mark("limit", most, by=desk.user, at=desk.at)
    presence.did(desk.user, event.pk, at=desk.at)
    undo = undo_address(desk.column, limited, event)
    said = sentence("limit", limited.label, str(most), done=True)
    messages.success(request, said, extra_tags=f"undo {undo} {limited.pk}")
    return redirect("desk:letter", desk.column.slug, limited.pk)


def limit_context(letter: Letter) -> dict[str, Any]:
    """What ``desk/inbox/_limit.html`` needs beside ``column`` and ``letter``."""
    return {
        "limited": letter.messages_a_day < USUAL_MESSAGES,
        "fewest_messages": FEWEST_MESSAGES,
        "usual_messages": USUAL_MESSAGES,
        "may_limit": letter.status in LETTER_VERBS["limit"].sources,
    }


@desk_view("POST", refused=said_at("desk:staff"))
def reassign(request: HttpRequest, desk: Desk, user: int) -> HttpResponse:
    """Pass every letter that was given to somebody to a colleague: the owner does it, or the person themselves."""
    giver = access.colleague(desk.column, user)
    if Role.OWNER not in desk.seats and giver != desk.user:
        raise PermissionDenied
    form = ReassignForm(request.POST, people=_takers(desk.column, giver))
    if not form.is_valid():
        messages.warning(request, gettext("Choose a colleague whose seat opens letters. Nothing was changed."))
        return redirect("desk:staff", desk.column.slug)
    to = access.colleague(desk.column, form.cleaned_data["to"])
    passed = assignment.reassign(desk.column, giver, to, by=desk.user, at=desk.at)
    undo = ""
    if passed:
        act = presence.did_together(desk.user, [event.pk for event in passed], at=desk.at)
        undo = f"undo {reverse('desk:reassign_undo', args=[desk.column.slug, act])}"
    said = ngettext(
        "%(count)s letter is now given to %(name)s.", "%(count)s letters are now given to %(name)s.", len(passed)
    )
    messages.success(request, said % {"count": len(passed), "name": to}, extra_tags=undo)
    return redirect("desk:staff", desk.column.slug)


@desk_view("POST", refused=said_at("desk:staff"))
def reassign_undo(request: HttpRequest, desk: Desk, act: uuid.UUID) -> HttpResponse:
    """Take a hand-over of one's own back: the letters that nobody has given away since go to whom they were given."""
    back = assignment.undo_reassignment(desk.column, presence.together(desk.user, act), by=desk.user, at=desk.at)
    presence.did(desk.user, *(event.pk for event in back), at=desk.at)
    if back:
        said = ngettext("%(count)s letter is given as before.", "%(count)s letters are given as before.", len(back))
        messages.success(request, said % {"count": len(back)})
    else:
        messages.warning(request, gettext("That was changed since, or is too long ago. Nothing was changed."))
    return redirect("desk:staff", desk.column.slug)


def reassign_rows(desk: Desk, people: list[User]) -> dict[int, dict[str, Any]]:
    """For the staff page: by the id of each person, how many letters are given to them, whether they are away, and the
    form by which these are handed over, where whoever asks may do that; two queries."""
    given, readers = assignment.given(desk.column), assignment.readers(desk.column)
    rows: dict[int, dict[str, Any]] = {}
    for user in people:
        may = given.get(user.pk) and (Role.OWNER in desk.seats or user == desk.user)
        takers = [one for one in readers if one != user]
        form = ReassignForm(people=takers, auto_id=f"reassign-{user.pk}-%s") if may and takers else None
        rows[user.pk] = {"given": given.get(user.pk, 0), "away": assignment.away(user, desk.at), "form": form}
    return rows


def _takers(column: Column, giver: User) -> list[User]:
    return [one for one in assignment.readers(column) if one != giver]
