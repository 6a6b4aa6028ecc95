"""About several letters at once: what somebody did, views with a name, and what is chosen from."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from columns.models import Column
from inbox import access, presence
from inbox.forms.moves import SaveViewForm, colleagues, decline_texts
from inbox.models import LetterEvent, SavedView, User, undoing
from inbox.views.decisions import carried, view_address
from inbox.views.desk import said_of
from inbox.workflow import LETTER_MOVES

#: The last decisions of a person that are listed.
_DID = 100


@dataclass(frozen=True)
class Done:
    """One decision of a person, and whether it can be taken back, as far as the trail says."""

    event: LetterEvent
    said: str
    undone: bool
    can_be_undone: bool


@require_safe
def did(request: HttpRequest, column: str) -> HttpResponse:
    """What I did: the person's decisions about letters of the column, the last first, each with its way back."""
    user = access.staff(request)
    found, mine = access.column(user, column, access.READS_LETTERS)
    return render(
        request, "desk/did.html", {"column": found, "mine": mine, "done": _done(found, user), "section": "inbox"}
    )


def _done(column: Column, user: User) -> list[Done]:
    order = {event: place for place, event in enumerate(presence.did_last(user))}
    own = LetterEvent.objects.filter(by=user, letter__column=column).select_related("letter")
    events = list(own.order_by("-on", "letter", "-number")[:_DID])
    # the trail keeps days; the order within the last day is remembered beside it
    events.sort(key=lambda event: (-event.on.toordinal(), order.get(event.pk, len(order))))
    later = LetterEvent.objects.filter(letter__in={event.letter_id for event in events}).values_list(
        "letter", "number", "verb"
    )
    trail: dict[uuid.UUID, list[tuple[int, str]]] = {}
    for letter, number, verb in later:
        trail.setdefault(letter, []).append((number, verb))
    return [_of(event, trail[event.letter_id]) for event in events]


def _of(event: LetterEvent, trail: Sequence[tuple[int, str]]) -> Done:
    after = [verb for number, verb in trail if number > event.number]
    undone = f"undo_{event.verb}" in after
    followed = any(verb in LETTER_MOVES or verb.startswith("undo_") for verb in after)
    free = undoing.can_be_undone(event.verb) and not undone
    return Done(event, said_of(event.verb), undone, free and not (event.verb in LETTER_MOVES and followed))


@require_safe
def panels(request: HttpRequest, column: str) -> HttpResponse:
    """What the keys of the inbox choose from: reasons, topics, colleagues, days. A page with its script asks once."""
    found, mine = access.column(access.staff(request), column, access.READS_LETTERS)
    context = {
        "column": found,
        "mine": mine,
        "reasons": [(name, title) for name, title, _ in decline_texts(found, "", [])],
        "topics": list(found.topics.all()),
        "colleagues": colleagues(found),
    }
    return render(request, "desk/panels.html", context)


@require_POST
def save_view(request: HttpRequest, column: str) -> HttpResponse:
    """Give the view with its filters a name, for oneself or for everybody at the desk."""
    user = access.staff(request)
    found, _ = access.column(user, column, access.READS_LETTERS)
    form, view = SaveViewForm(request.POST), carried(request)["view"]
    if not form.is_valid():
        messages.warning(request, "Give the view a name of at most 60 characters, then save it again.")
    else:
        SavedView.objects.update_or_create(
            column=found,
            user=user,
            name=form.cleaned_data["name"],
            defaults={
                "filters": {"view": view.name, **view.filters.given()},
                "shared": form.cleaned_data["shared"],
            },
        )
        messages.success(request, f"The view “{form.cleaned_data['name']}” is kept.")
    return redirect(view_address(found, view))


@require_POST
def drop_view(request: HttpRequest, column: str, saved: uuid.UUID) -> HttpResponse:
    """Forget one of one's own views."""
    user = access.staff(request)
    found, _ = access.column(user, column, access.READS_LETTERS)
    get_object_or_404(SavedView, pk=saved, column=found, user=user).delete()
    messages.success(request, "The view is gone; the letters are where they were.")
    return redirect(view_address(found, carried(request)["view"]))
