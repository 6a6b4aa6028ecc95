"""Practice letters, and the limit of a writer's messages. Each view makes one domain call."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from inbox.desk.event_sentences import sentence
from inbox.desk.guard import Desk, desk_view, redirect_to
from inbox.desk.inbox.forms.limit_and_practice import FEWEST_MESSAGES, LimitForm, PracticeForm
from inbox.desk.inbox.responses import undo_address
from inbox.models import Letter
from inbox.models.letter import USUAL_MESSAGES
from inbox.operations import practice
from inbox.staff import access
from inbox.triage import presence
from inbox.workflow import LETTER_VERBS

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
