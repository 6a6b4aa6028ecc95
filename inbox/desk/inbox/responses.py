"""The responses to a decision: a redirect to the next letter of the view, or JSON for a script."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext

from columns.models import Column
from inbox.desk.event_sentences import day_in_words, sentence
from inbox.desk.guard import Desk, Signal
from inbox.keys import opened_events
from inbox.letters import undo as undo_rules
from inbox.models import Letter, LetterEvent
from inbox.models.status_names import STATUS_NAMES
from inbox.staff import access
from inbox.triage import presence, queues
from inbox.workflow import BACK_AS_BEFORE, AlreadyMoved, LetterStatus, MoveRefused


def is_by_script(request: HttpRequest) -> bool:
    """Return whether a script has made the request and takes JSON."""
    return request.headers.get("X-Steady") == "decision"


def decided(
    request: HttpRequest,
    desk: Desk,
    letter: Letter,
    event: LetterEvent,
    detail: str | None = None,
    *,
    stay: bool = False,
) -> HttpResponse:
    """Record a decision in ``presence``; returns the response. ``detail``: as in ``history.sentence``. ``stay``: this
    letter stays open."""
    presence.did(desk.user, event.pk, at=desk.at)
    if not stay:
        presence.decided(letter.pk, desk.user, event.verb, at=desk.at, detail=detail)
    undo = undo_address(desk.column, letter, event) if undo_rules.can_be_undone(event.verb) else ""
    return told(request, desk, letter, sentence(event.verb, letter.label, detail, done=True), undo=undo, stay=stay)


def put_back(
    request: HttpRequest, desk: Desk, letter: Letter, undone: LetterEvent, undoing: LetterEvent
) -> HttpResponse:
    """Record in ``presence`` that a decision was undone; returns the response."""
    presence.did(desk.user, undoing.pk, at=desk.at)
    if undone.verb in undo_rules.moves():  # pages of colleagues show moves alone
        presence.decided(letter.pk, desk.user, f"undo_{undone.verb}", at=desk.at)
    return told(request, desk, letter, gettext(BACK_AS_BEFORE) % {"letter": letter.label}, stay=True)


def told(
    request: HttpRequest, desk: Desk, letter: Letter, sentence: str, *, undo: str = "", stay: bool = False
) -> HttpResponse:
    """Return the response that shows the sentence with an undo button. ``undo``: the URL of the undo, or ""."""
    if is_by_script(request):
        state = LetterStatus(letter.status).value
        return JsonResponse({"said": sentence, "undo": undo, "stay": stay, "state": state})
    messages.success(request, sentence, extra_tags=f"undo {undo} {letter.pk}" if undo else "")
    if stay:
        return redirect(letter_address(request, desk.column, letter))
    return onward(request, desk.column)


def letter_refused(request: HttpRequest, desk: Desk, why: MoveRefused, parts: Mapping[str, Any]) -> HttpResponse:
    """For ``desk_view``: return the response to a refused move of the letter in the URL."""
    return refused(request, desk, access.letter(desk.column, parts["letter"]), why)


def refused(request: HttpRequest, desk: Desk, letter: Letter, why: MoveRefused) -> HttpResponse:
    """Return the response to a refused move: the reason, and the last decision of a colleague, if there is one."""
    parameters = {"why": why, "quicker": who(desk, letter)}
    if parameters["quicker"]:
        reason = gettext("%(why)s %(quicker)s Nothing was changed.") % parameters
    else:
        reason = gettext("%(why)s Nothing was changed.") % parameters
    if is_by_script(request):
        return JsonResponse({"refused": reason, "in_hand": isinstance(why, presence.InHand)}, status=409)
    messages.warning(request, reason)
    return redirect(letter_address(request, desk.column, letter))


def who(desk: Desk | Signal, letter: Letter) -> str:
    """Return a sentence about the last decision on the letter, by whom and when; "" where it was not a colleague's."""
    last = presence.last_decision(letter.pk)
    if last is not None:
        return "" if last.user == desk.user.pk else minutes_ago(last, letter, at=desk.at)
    # the time has expired in the cache: the audit trail has the day
    moved = letter.events.filter(verb__in=undo_rules.moves()).order_by("-number").first()
    if moved is None:
        return ""
    if isinstance(desk, Desk) and desk.unlocked is not None:
        opened_events.open_events([moved], desk.unlocked)
        opened_events.name_people([moved])
    if moved.sealed:  # a page that asks by itself is given no keys
        return sentence(moved.verb, letter.label)
    parameters = {"name": moved.who, "day": day_in_words(moved.on), "sentence": sentence(moved.verb, letter.label)}
    return gettext("%(name)s, on %(day)s: %(sentence)s") % parameters


def minutes_ago(last: presence.Decided, letter: Letter, *, at: dt.datetime) -> str:
    """Return a sentence about the last decision on the letter: by whom, how long ago, and what."""
    text = sentence(last.what, letter.label, last.detail, done=True)
    parameters = {"name": last.name, "ago": presence.ago(last.when, at=at), "sentence": text}
    return gettext("%(name)s, %(ago)s: %(sentence)s") % parameters


def seen(request: HttpRequest, letter: Letter, *, name: str = "seen") -> str:
    """Return the status of the letter on the page of the request, from the field ``name``; else its present one."""
    status = (request.POST if request.method == "POST" else request.GET).get(name, "")
    return status if status in list(LetterStatus) else letter.status


def need_as_seen(request: HttpRequest, letter: Letter, *, name: str = "seen") -> None:
    """Raise ``AlreadyMoved`` where the letter has another status than on the page of the request.

    Marks, notes and messages change no status. A form without the field is not checked.
    """
    if seen(request, letter, name=name) != letter.status:
        reason = gettext("This letter was moved since you opened it: it is %(status)s now.")
        raise AlreadyMoved(reason % {"status": STATUS_NAMES[LetterStatus(letter.status)]})


def undo_address(column: Column, letter: Letter, event: LetterEvent) -> str:
    return reverse("desk:undo", args=[column.slug, letter.pk, event.pk])


def carried(request: HttpRequest) -> dict[str, Any]:
    """Return the view from which a page was opened, with its filters, and the next letter, for forms and links."""
    data = request.POST if "view" in request.POST else request.GET
    name = data.get("view", "new")
    view = queues.View(name if name in queues.TITLES else "new", queues.Filters.read(data.dict()))
    return {"view": view, "next": (request.POST if request.method == "POST" else request.GET).get("next", "")}


def letter_address(request: HttpRequest, column: Column, letter: Letter) -> str:
    """Return the URL of the letter, with the view of the request."""
    view: queues.View = carried(request)["view"]
    return f"{reverse('desk:letter', args=[column.slug, letter.pk])}?{view.carried}"


def onward(request: HttpRequest, column: Column) -> HttpResponse:
    """Redirect to the next letter of the view, or to its list."""
    origin = carried(request)
    view: queues.View = origin["view"]
    try:
        after = Letter.objects.filter(column=column, pk=uuid.UUID(origin["next"])).first()
    except ValueError:
        after = None
    if after:
        return redirect(letter_address(request, column, after))
    return redirect(view_address(column, view))


def view_address(column: Column, view: queues.View) -> str:
    """Return the URL of the list of the view, with its filters."""
    address = reverse("desk:inbox_view", args=[column.slug, view.name])
    return f"{address}?{view.filters.query_string}" if view.filters.given() else address
