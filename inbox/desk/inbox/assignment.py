"""Practising, handing letters over, and how many messages a writer may send. Each view makes one domain call."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from columns.models import Column
from inbox.desk.inbox.forms.assignment import FEWEST_MESSAGES, HandOverForm, LimitForm, PracticeForm
from inbox.desk.inbox.history import sentence
from inbox.desk.inbox.responses import undo_address
from inbox.models import Letter, LetterEvent, User
from inbox.models.letter import USUAL_MESSAGES
from inbox.operations import practice
from inbox.staff import access
from inbox.triage import assignment, presence
from inbox.workflow import LETTER_VERBS, MoveRefused, Role

#: The invented letters.
LETTERS = settings.BASE_DIR / "demo" / "practice.toml"


@require_http_methods(["GET", "HEAD", "POST"])
def practise(request: HttpRequest, column: str) -> HttpResponse:
    """A practice day: make a column of one's own with invented letters, begin it anew, throw it away."""
    user, at = access.staff(request), timezone.now()
    found, mine = access.column(user, column, frozenset(Role))
    form = PracticeForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        context = {
            "column": found,
            "mine": mine,
            "section": "practice",
            "form": form,
            "practised": practice.columns(user),
        }
        return render(request, "desk/inbox/practice.html", context, status=400 if form.errors else 200)
    match form.cleaned_data["act"]:
        case "away":
            practice.end(user, at=at)
            messages.success(request, "Your practice letters are erased.")
            return redirect("desk:home")
        case "again":
            made = practice.begin_again(user, practice.read(LETTERS), at=at)
        case _:
            made = practice.begin(user, practice.read(LETTERS), at=at)
    messages.success(
        request, "Here are letters to practise on. All of them are invented; nothing here reaches anybody."
    )
    return redirect("desk:inbox", made.slug)


@require_POST
def limit(request: HttpRequest, column: str, letter: uuid.UUID) -> HttpResponse:
    """How many messages a day the writer of a letter may send from now on. The letter itself stays as it is."""
    user, at = access.staff(request), timezone.now()
    found, _ = access.column(user, column, access.READS_LETTERS)
    limited = access.letter(found, letter)
    form = LimitForm(request.POST)
    if not form.is_valid():
        messages.warning(request, "Choose one message a day, or the usual number. Nothing was changed.")
        return redirect("desk:letter", found.slug, limited.pk)
    most = form.cleaned_data["messages_a_day"]
    try:
        event = limited.mark("limit", most, by=user, at=at)
    except MoveRefused as refused:
        messages.warning(request, f"{refused} Nothing was changed.")
    else:
        presence.did(user, event.pk, at=at)
        undo = undo_address(found, limited, event)
        said = sentence("limit", limited.label, str(most), done=True)
        messages.success(request, said, extra_tags=f"undo {undo} {limited.pk}")
    return redirect("desk:letter", found.slug, limited.pk)


def limit_context(letter: Letter) -> dict[str, Any]:
    """What ``desk/inbox/_limit.html`` needs beside ``column`` and ``letter``."""
    return {
        "limited": letter.messages_a_day < USUAL_MESSAGES,
        "fewest_messages": FEWEST_MESSAGES,
        "usual_messages": USUAL_MESSAGES,
        "may_limit": letter.status in LETTER_VERBS["limit"].sources,
    }


@require_POST
def hand_over(request: HttpRequest, column: str, user: int) -> HttpResponse:
    """Pass every letter that was given to somebody to a colleague: the owner does it, or the person themselves."""
    by, at = access.staff(request), timezone.now()
    found, mine = access.column(by, column, frozenset(Role))
    giver = access.colleague(found, user)
    if Role.OWNER not in mine and giver != by:
        raise PermissionDenied
    form = HandOverForm(request.POST, people=_takers(found, giver))
    if not form.is_valid():
        messages.warning(request, "Choose a colleague whose seat opens letters. Nothing was changed.")
        return redirect("desk:staff", found.slug)
    to = access.colleague(found, form.cleaned_data["to"])
    try:
        passed = assignment.hand_over(found, giver, to, by=by, at=at)
    except MoveRefused as refused:
        messages.warning(request, f"{refused} Nothing was changed.")
    else:
        undo = ""
        if passed:
            act = presence.did_together(by, [event.pk for event in passed], at=at)
            undo = f"undo {reverse('desk:hand_over_undo', args=[found.slug, act])}"
        messages.success(request, f"{_letters(passed)} now given to {to}.", extra_tags=undo)
    return redirect("desk:staff", found.slug)


@require_POST
def hand_over_undo(request: HttpRequest, column: str, act: uuid.UUID) -> HttpResponse:
    """Take a hand-over of one's own back: the letters that nobody has given away since go to whom they were given."""
    by, at = access.staff(request), timezone.now()
    found, _ = access.column(by, column, frozenset(Role))
    try:
        back = assignment.take_back(found, presence.together(by, act), by=by, at=at)
    except MoveRefused as refused:
        messages.warning(request, f"{refused} Nothing was changed.")
        return redirect("desk:staff", found.slug)
    presence.did(by, *(event.pk for event in back), at=at)
    if back:
        messages.success(request, f"{_letters(back)} given as before.")
    else:
        messages.warning(request, "That was changed since, or is too long ago. Nothing was changed.")
    return redirect("desk:staff", found.slug)


def _letters(events: Sequence[LetterEvent]) -> str:
    return "1 letter is" if len(events) == 1 else f"{len(events)} letters are"


def hand_over_rows(column: Column, people: list[User], mine: frozenset[Role], me: User) -> dict[int, dict[str, Any]]:
    """For the staff page: by the id of each person, how many letters are given to them, whether they are away, and the
    form by which these are handed over, where ``me`` may do that; two queries."""
    given, readers, at = assignment.given(column), assignment.readers(column), timezone.now()
    rows: dict[int, dict[str, Any]] = {}
    for user in people:
        may = given.get(user.pk) and (Role.OWNER in mine or user == me)
        takers = [one for one in readers if one != user]
        form = HandOverForm(people=takers, auto_id=f"hand-over-{user.pk}-%s") if may and takers else None
        rows[user.pk] = {"given": given.get(user.pk, 0), "away": assignment.away(user, at), "form": form}
    return rows


def _takers(column: Column, giver: User) -> list[User]:
    return [one for one in assignment.readers(column) if one != giver]
