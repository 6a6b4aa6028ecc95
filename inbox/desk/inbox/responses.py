"""What follows when somebody at the desk has decided something: the next letter of the view, or a line to show."""

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
from inbox.desk.guard import Desk, Signal
from inbox.desk.inbox.history import day_in_words, sentence
from inbox.letters import undo as undo_rules
from inbox.models import Letter, LetterEvent
from inbox.models.status_names import STATUS_NAMES
from inbox.staff import access
from inbox.triage import presence, queues
from inbox.workflow import BACK_AS_BEFORE, AlreadyMoved, LetterStatus, MoveRefused


def quietly(request: HttpRequest) -> bool:
    """Whether the page goes on by itself and wants no other page for an answer."""
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
    """Something was decided. ``detail``: what was set, as ``history.sentence`` takes it. ``stay``: this letter stays
    open."""
    presence.did(desk.user, event.pk, at=desk.at)
    if not stay:
        presence.decided(letter.pk, desk.user, event.verb, at=desk.at, detail=detail)
    undo = undo_address(desk.column, letter, event) if undo_rules.can_be_undone(event.verb) else ""
    return told(request, desk, letter, sentence(event.verb, letter.label, detail, done=True), undo=undo, stay=stay)


def put_back(
    request: HttpRequest, desk: Desk, letter: Letter, taken_back: LetterEvent, by: LetterEvent
) -> HttpResponse:
    """A decision was taken back, which the event ``by`` says."""
    presence.did(desk.user, by.pk, at=desk.at)
    if taken_back.verb in undo_rules.moves():  # of a mark or a question nobody is told, and none makes a card old
        presence.decided(letter.pk, desk.user, f"undo_{taken_back.verb}", at=desk.at)
    return told(request, desk, letter, gettext(BACK_AS_BEFORE) % {"letter": letter.label}, stay=True)


def told(
    request: HttpRequest, desk: Desk, letter: Letter, said: str, *, undo: str = "", stay: bool = False
) -> HttpResponse:
    """Say what was done, with the address that takes it back, and go on."""
    if quietly(request):
        state = LetterStatus(letter.status).value
        return JsonResponse({"said": said, "undo": undo, "stay": stay, "state": state})
    messages.success(request, said, extra_tags=f"undo {undo} {letter.pk}" if undo else "")
    if stay:
        return redirect(letter_address(request, desk.column, letter))
    return onward(request, desk.column)


def letter_refused(request: HttpRequest, desk: Desk, why: MoveRefused, parts: Mapping[str, Any]) -> HttpResponse:
    """For the guard: a move of the letter in the address was refused."""
    return refused(request, desk, access.letter(desk.column, parts["letter"]), why)


def refused(request: HttpRequest, desk: Desk, letter: Letter, why: MoveRefused) -> HttpResponse:
    """Nothing was changed; the person is told why, who was quicker and when, and sees where the letter stands now."""
    words = {"why": why, "quicker": who(desk, letter)}
    if words["quicker"]:
        said = gettext("%(why)s %(quicker)s Nothing was changed.") % words
    else:
        said = gettext("%(why)s Nothing was changed.") % words
    if quietly(request):
        return JsonResponse({"refused": said, "in_hand": isinstance(why, presence.InHand)}, status=409)
    messages.warning(request, said)
    return redirect(letter_address(request, desk.column, letter))


def who(desk: Desk | Signal, letter: Letter) -> str:
    """Who decided about the letter last and when, where that was a colleague; else nothing."""
    last = presence.last_decision(letter.pk)
    if last is not None:
        return "" if last.user == desk.user.pk else minutes_ago(last, letter, at=desk.at)
    # longer ago than the minutes are kept: the trail knows the day
    moved = letter.events.select_related("by").filter(verb__in=undo_rules.moves()).order_by("-number").first()
    if moved is None:
        return ""
    words = {"name": moved.who, "day": day_in_words(moved.on), "sentence": sentence(moved.verb, letter.label)}
    return gettext("%(name)s, on %(day)s: %(sentence)s") % words


def minutes_ago(last: presence.Decided, letter: Letter, *, at: dt.datetime) -> str:
    """What was decided last about the letter, by whom, and how long ago."""
    said = sentence(last.what, letter.label, last.detail, done=True)
    words = {"name": last.name, "ago": presence.ago(last.when, at=at), "sentence": said}
    return gettext("%(name)s, %(ago)s: %(sentence)s") % words


def seen(request: HttpRequest, letter: Letter, *, name: str = "seen") -> str:
    """Where the letter stood on the page from which the person came, which said so under this name."""
    given = (request.POST if request.method == "POST" else request.GET).get(name, "")
    return given if given in list(LetterStatus) else letter.status


def need_as_seen(request: HttpRequest, letter: Letter, *, name: str = "seen") -> None:
    """Raise ``AlreadyMoved`` where the letter stands elsewhere than on the page on which the person decided.

    Marks, notes and messages move nothing, so they are in nobody's way. A form without ``seen`` is taken as it is.
    """
    if seen(request, letter, name=name) != letter.status:
        said = gettext("This letter was moved since you opened it: it is %(status)s now.")
        raise AlreadyMoved(said % {"status": STATUS_NAMES[LetterStatus(letter.status)]})


def undo_address(column: Column, letter: Letter, event: LetterEvent) -> str:
    return reverse("desk:undo", args=[column.slug, letter.pk, event.pk])


def carried(request: HttpRequest) -> dict[str, Any]:
    """The view that a page was come to from, with its filters, as forms and links carry it on."""
    given = request.POST if "view" in request.POST else request.GET
    name = given.get("view", "new")
    view = queues.View(name if name in queues.TITLES else "new", queues.Filters.read(given.dict()))
    return {"view": view, "next": (request.POST if request.method == "POST" else request.GET).get("next", "")}


def letter_address(request: HttpRequest, column: Column, letter: Letter) -> str:
    view: queues.View = carried(request)["view"]
    return f"{reverse('desk:letter', args=[column.slug, letter.pk])}?{view.carried}"


def onward(request: HttpRequest, column: Column) -> HttpResponse:
    """The next letter of the view, or its list."""
    given = carried(request)
    view: queues.View = given["view"]
    try:
        after = Letter.objects.filter(column=column, pk=uuid.UUID(given["next"])).first()
    except ValueError:
        after = None
    if after:
        return redirect(letter_address(request, column, after))
    return redirect(view_address(column, view))


def view_address(column: Column, view: queues.View) -> str:
    """The list of the view, with its filters."""
    address = reverse("desk:inbox_view", args=[column.slug, view.name])
    return f"{address}?{view.filters.query_string}" if view.filters.given() else address
