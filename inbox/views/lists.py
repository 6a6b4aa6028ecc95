"""About several letters at once: what somebody did, views with a name, declining many, and what is chosen from."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from columns.models import Column
from inbox import access, conversation, presence
from inbox.forms.moves import DeclineForm, SaveViewForm, colleagues, decline_texts
from inbox.models import Letter, SavedView
from inbox.views import trail
from inbox.views.decisions import carried
from inbox.views.desk import page_number
from inbox.workflow import LETTER_MOVES, MoveRefused

#: Letters that are declined at once.
_BATCH = 50
#: Stands in a text for how each writer calls themselves.
_NAME = "{name}"


@require_safe
def did(request: HttpRequest, column: str) -> HttpResponse:
    """What I did: the person's decisions about letters of the column, the last first, page by page, each with its way
    back."""
    user = access.staff(request)
    found, mine = access.column(user, column, access.READS_LETTERS)
    page = page_number(request)
    done, more = trail.own(found, user, at=timezone.now(), page=page)
    context = {"column": found, "mine": mine, "done": done, "page": page, "more": more, "section": "inbox"}
    return render(request, "desk/did.html", context)


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


@require_http_methods(["GET", "HEAD", "POST"])
def decline_many(request: HttpRequest, column: str) -> HttpResponse:
    """Not chosen, several at once: one text, each letter looked at and left in or out, each told by itself."""
    user, at = access.staff(request), timezone.now()
    found, mine = access.column(user, column, access.READS_LETTERS)
    access.need(mine, LETTER_MOVES["decline"].roles)
    given = request.POST if request.method == "POST" else request.GET
    letters = _chosen(found, given.getlist("letters"))
    words = access.keys(request).open_many(letters)
    texts = decline_texts(found, _NAME, [], urgent=any(letter.urgent for letter in letters))
    chosen = next((text for name, _, text in texts if name == given.get("text-of")), texts[0][2])
    form = DeclineForm(request.POST if request.method == "POST" else None, initial={"text": chosen})
    context = {
        "column": found,
        "mine": mine,
        "section": "inbox",
        "form": form,
        "texts": texts,
        "letters": [(letter, words.get(letter.pk, {})) for letter in letters],
        "carried_letters": urlencode([("letters", str(letter.pk)) for letter in letters]),
        "name": _NAME,
        **carried(request),
    }
    if request.method != "POST" or not form.is_valid() or not letters:
        return render(request, "desk/decline_many.html", context, status=400 if form.errors else 200)
    declined, late = 0, []
    for letter in letters:
        text = form.cleaned_data["text"].replace(_NAME, str(words.get(letter.pk, {}).get("pen_name") or "friend"))
        try:
            presence.need_free(letter.pk, user, at=at)
            event = conversation.decline(letter, text, by=user, at=at)
        except MoveRefused:
            late.append(letter.label)
            continue
        presence.did(user, event.pk)
        presence.decided(letter.pk, user, "is declined", at=at)
        declined += 1
    if declined:
        messages.success(request, f"{declined} declined. Each can be taken back for ten minutes under “What I did”.")
    if late:
        messages.warning(request, f"Not declined, since somebody has them or was quicker: {', '.join(late)}.")
    return redirect(_address(found, context["view"]))


def _chosen(column: Column, given: Sequence[str]) -> list[Letter]:
    """The letters of these ids that can still be declined, in the order of need."""
    ids = set()
    for one in given[:_BATCH]:
        try:
            ids.add(uuid.UUID(one))
        except ValueError:
            continue
    sources = LETTER_MOVES["decline"].sources
    found = list(access.letters(column).filter(pk__in=ids, status__in=sources).by_need().select_related("topic"))
    for letter in found:
        letter.column = column
    return found


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
    return redirect(_address(found, view))


@require_POST
def drop_view(request: HttpRequest, column: str, saved: uuid.UUID) -> HttpResponse:
    """Forget one of one's own views."""
    user = access.staff(request)
    found, _ = access.column(user, column, access.READS_LETTERS)
    get_object_or_404(SavedView, pk=saved, column=found, user=user).delete()
    messages.success(request, "The view is gone; the letters are where they were.")
    return redirect(_address(found, carried(request)["view"]))


def _address(column: Column, view: Any) -> str:
    address = reverse("desk:inbox_view", args=[column.slug, view.name])
    given = view.filters.given()
    return f"{address}?{urlencode(given)}" if given else address
