"""What somebody at the desk decides about a letter. Each view makes one domain call."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from columns.models import Article, Column
from inbox.desk.inbox.forms.decide import (
    AskForm,
    DeclineForm,
    MarkForm,
    NoteForm,
    PointForm,
    ReplyForm,
    decline_texts,
    letter_texts,
    pointing_text,
)
from inbox.desk.inbox.history import day_in_words
from inbox.desk.inbox.responses import carried, decided, need_as_seen, put_back, quietly, refused, seen, who
from inbox.editorial import decisions
from inbox.letters import related_answers
from inbox.models import Letter, LetterEvent, LetterTemplate
from inbox.staff import access
from inbox.triage import presence
from inbox.workflow import LETTER_MOVES, MoveRefused, Role, plain

_GET_AND_POST = ["GET", "HEAD", "POST"]


def _fetch(request: HttpRequest, column: str, letter: uuid.UUID) -> tuple[Column, frozenset[Role], Letter]:
    found, mine = access.column(access.staff(request), column, access.READS_LETTERS)
    return found, mine, access.letter(found, letter)


@require_POST
def move(request: HttpRequest, column: str, letter: uuid.UUID, verb: str) -> HttpResponse:
    """One of the plain moves; then on to the next letter. ``until``: days for which a letter is held."""
    found, mine, moved = _fetch(request, column, letter)
    if verb not in plain(LETTER_MOVES):
        raise Http404
    access.need(mine, LETTER_MOVES[verb].roles)
    user, at = access.staff(request), timezone.now()
    until = _until(request.POST.get("until", ""), at) if verb == "hold" else None
    try:
        presence.need_free(moved.pk, user, at=at)
        need_as_seen(request, moved)
        event = decisions.move(moved, verb, by=user, at=at, keys=access.keys(request), until=until)
    except MoveRefused as why:
        return refused(request, found, moved, why)
    return decided(request, found, moved, event, day_in_words(until) if until else None)


def _until(given: str, at: dt.datetime) -> dt.date | None:
    """The day to come that was given: a number of days, or a date. Anything else holds without a day."""
    try:
        day = at.date() + dt.timedelta(days=int(given)) if given.isdecimal() else dt.date.fromisoformat(given)
    except (ValueError, OverflowError):
        return None
    return day if at.date() < day < at.date() + dt.timedelta(days=366) else None


@require_http_methods(_GET_AND_POST)
def mark(request: HttpRequest, column: str, letter: uuid.UUID) -> HttpResponse:
    """Urgent or not, its topic, whom it is given to: the letter stays where it stands."""
    found, _, moved = _fetch(request, column, letter)
    user, at = access.staff(request), timezone.now()
    form = MarkForm(request.POST if request.method == "POST" else None, column=found, letter=moved)
    if request.method != "POST" or not form.is_valid():
        return render(request, "desk/inbox/mark.html", _context(request, found, moved, form), status=_status(form))
    try:
        event = _mark(moved, form, by=user, at=at)
    except MoveRefused as why:
        return refused(request, found, moved, why)
    return decided(request, found, moved, event, form.detail(), stay=True)


def _mark(moved: Letter, form: MarkForm, *, by: Any, at: dt.datetime) -> LetterEvent:
    act, value = form.cleaned_data["act"], form.value()
    if act == "urgent":
        return moved.mark_urgent(by=by, at=at, urgent=bool(value))
    return moved.mark(act, value, by=by, at=at)


@require_http_methods(_GET_AND_POST)
def decline(request: HttpRequest, column: str, letter: uuid.UUID) -> HttpResponse:
    """Decline kindly: choose a text, make it yours, see it as the writer will, send it.

    With ``reason`` alone the text of that name goes as it is: it waits ten minutes and can be taken back.
    """
    found, mine, moved = _fetch(request, column, letter)
    access.need(mine, LETTER_MOVES["decline"].roles)
    pen_name, near = _filled_in(request, found, moved)
    texts = decline_texts(found, pen_name, near, moved.topic.name if moved.topic else "", urgent=moved.urgent)
    form = DeclineForm(_quick(request, texts) or request.POST or None, initial={"text": _chosen(request, texts)})

    def act(text: str) -> LetterEvent:
        return decisions.decline(moved, text, by=access.staff(request), at=timezone.now())

    return _write(request, found, moved, form, act, template="desk/inbox/decline.html", texts=texts)


@require_http_methods(_GET_AND_POST)
def point(request: HttpRequest, column: str, letter: uuid.UUID) -> HttpResponse:
    """Already answered: choose the article, and its address goes to the writer through the receipt."""
    found, mine, moved = _fetch(request, column, letter)
    access.need(mine, LETTER_MOVES["point"].roles)
    at = timezone.now()
    live = Article.objects.live(at).filter(column=found)
    chosen = (request.POST if request.method == "POST" else request.GET).get("article", "")
    article = live.filter(pk=chosen).first() if chosen.isdecimal() and len(chosen) < 19 else None
    pen_name, near = _filled_in(request, found, moved)
    text = pointing_text(found, pen_name, article, urgent=moved.urgent) if article else ""
    quick = {"text": text, "step": "send"} if article and "quick" in request.POST else None
    form = PointForm(quick or request.POST or None, initial={"text": text})

    def act(text: str) -> LetterEvent:
        return decisions.point(moved, text, by=access.staff(request), at=timezone.now())

    extra = {"article": article, "articles": _offered(near, live)}
    return _write(
        request,
        found,
        moved,
        form,
        act,
        template="desk/inbox/point.html",
        extra=extra,
    )


@require_http_methods(_GET_AND_POST)
def reply(request: HttpRequest, column: str, letter: uuid.UUID) -> HttpResponse:
    """Answer privately, through the receipt."""
    found, mine, moved = _fetch(request, column, letter)
    access.need(mine, LETTER_MOVES["reply"].roles)
    pen_name, _ = _filled_in(request, found, moved)
    texts = letter_texts(found, LetterTemplate.Kind.REPLY, pen_name)
    form = ReplyForm(request.POST or None, initial={"text": _chosen(request, texts, first=False)})

    def act(text: str) -> LetterEvent:
        return decisions.reply(moved, text, by=access.staff(request), at=timezone.now(), keys=access.keys(request))

    return _write(request, found, moved, form, act, template="desk/inbox/reply.html", texts=texts)


@require_http_methods(_GET_AND_POST)
def ask(request: HttpRequest, column: str, letter: uuid.UUID) -> HttpResponse:
    """Ask the writer something through their receipt."""
    found, _, moved = _fetch(request, column, letter)
    pen_name, _ = _filled_in(request, found, moved)
    texts = letter_texts(found, LetterTemplate.Kind.ASK, pen_name)
    form = AskForm(request.POST or None, prefix="ask", initial={"text": _chosen(request, texts, first=False)})
    if request.method != "POST" or not form.is_valid():
        context = {**_context(request, found, moved, form), "texts": texts, "claimed": _go_on(request, moved)}
        return render(request, "desk/inbox/ask.html", context, status=_status(form))
    user, at = access.staff(request), timezone.now()
    try:
        presence.need_free(moved.pk, user, at=at)
        need_as_seen(request, moved)
        event = decisions.ask(moved, form.cleaned_data["text"], by=user, at=at)
    except MoveRefused as why:
        return _kept(request, "desk/inbox/ask.html", _context(request, found, moved, form), why)
    return decided(request, found, moved, event, stay=True)


@require_http_methods(_GET_AND_POST)
def note(request: HttpRequest, column: str, letter: uuid.UUID) -> HttpResponse:
    """A remark for the desk alone."""
    found, _, moved = _fetch(request, column, letter)
    form = NoteForm(request.POST or None, prefix="note")
    if request.method != "POST" or not form.is_valid():
        held = _go_on(request, moved)
        # a note is in nobody's way
        mine = {"claimed": held} if held and held.user == access.staff(request).pk else {}
        return render(
            request, "desk/inbox/note.html", _context(request, found, moved, form) | mine, status=_status(form)
        )
    try:
        noted = moved.note(form.cleaned_data["text"], by=access.staff(request), at=timezone.now())
    except MoveRefused as why:
        return _kept(request, "desk/inbox/note.html", _context(request, found, moved, form), why)
    return decided(request, found, moved, moved.events.get(pk=noted.pk), stay=True)


@require_POST
def undo(request: HttpRequest, column: str, letter: uuid.UUID, event: uuid.UUID) -> HttpResponse:
    """Take one of one's own decisions back."""
    found, _, moved = _fetch(request, column, letter)
    taken_back = get_object_or_404(LetterEvent, pk=event, letter=moved)
    user, at = access.staff(request), timezone.now()
    try:
        back = decisions.undo(moved, taken_back, by=user, at=at, keys=access.keys(request))
    except MoveRefused as why:
        return refused(request, found, moved, why)
    return put_back(request, found, moved, taken_back, back)


@require_POST
def look(request: HttpRequest, column: str, letter: uuid.UUID) -> HttpResponse:
    """The second look at a declined letter: agree, or take it up again."""
    found, _, moved = _fetch(request, column, letter)
    agree = request.POST.get("act") != "reopen"
    try:
        need_as_seen(request, moved)
        keys = access.keys(request)
        event = decisions.look_again(moved, agree=agree, by=access.staff(request), at=timezone.now(), keys=keys)
    except MoveRefused as why:
        return refused(request, found, moved, why)
    return decided(request, found, moved, event)


def _write(
    request: HttpRequest,
    column: Column,
    moved: Letter,
    form: DeclineForm | ReplyForm | PointForm,
    act: Callable[[str], LetterEvent],
    *,
    template: str,
    texts: list[tuple[str, str, str]] | None = None,
    extra: dict[str, Any] | None = None,
) -> HttpResponse:
    """A move with a text: shown to be written, shown as the writer will read it, then made. Whoever opens it has the
    letter in hand for the next minutes."""
    context = _context(request, column, moved, form) | {"texts": texts or []} | (extra or {})
    user, at = access.staff(request), timezone.now()
    if request.method != "POST":
        context["claimed"] = presence.claim(moved.pk, user, at=at)
        try:
            need_as_seen(request, moved)
        except MoveRefused as why:
            # said at once, and not after a text was written; from here the person knows where it stands
            context |= {"moved": f"{why} {who(request, moved)}".strip(), "seen": moved.status}
        return render(request, template, context)
    step = form.data.get("step", "")
    if not form.is_valid() or step != "send":
        preview = form.cleaned_data["text"] if form.is_valid() and step == "preview" else ""
        return render(request, template, context | {"preview": preview}, status=_status(form))
    try:
        presence.need_free(moved.pk, user, at=at)
        need_as_seen(request, moved)
        event = act(form.cleaned_data["text"])
    except MoveRefused as why:
        return refused(request, column, moved, why) if quietly(request) else _kept(request, template, context, why)
    return decided(request, column, moved, event)


def _go_on(request: HttpRequest, moved: Letter) -> presence.Claim | None:
    """Whose the letter is; whoever had it in hand before they came to this page goes on having it."""
    return presence.go_on(moved.pk, access.staff(request), at=timezone.now())


def _kept(request: HttpRequest, template: str, context: dict[str, Any], why: MoveRefused) -> HttpResponse:
    """Nothing was done, and every word that was typed is still there; who was quicker is said, and sending it once more
    decides about the letter as it stands now."""
    moved = context["letter"]
    told = {"refused": " ".join(filter(None, [str(why), who(request, moved)])), "seen": moved.status}
    return render(request, template, context | told, status=409)


def _filled_in(request: HttpRequest, column: Column, moved: Letter) -> tuple[str, list[Article]]:
    """What a text is filled in with: how the writer calls themselves, and answers that are near."""
    words = access.keys(request).open_many([moved]).get(moved.pk, {})
    return str(words.get("pen_name", "")), _near(column, moved, str(words.get("text", "")))


def _near(column: Column, moved: Letter, text: str) -> list[Article]:
    """At most three published answers that are near to the letter."""
    at = timezone.now()
    alike = [one.pk for one in related_answers.alike(text, related_answers.published(column, at), topic=moved.topic_id)]
    found = Article.objects.live(at).filter(pk__in=alike).select_related("topic").without_text()
    return sorted(found, key=lambda article: alike.index(article.pk))


def _offered(near: list[Article], live: Any) -> list[Article]:
    """The answers to choose from: those that are near, then the newest."""
    newest = live.select_related("topic").without_text().newest_first()[:100]
    return [*near, *(article for article in newest if article not in near)]


def _quick(request: HttpRequest, texts: list[tuple[str, str, str]]) -> dict[str, str] | None:
    """The text whose name was pressed, to be sent as it is."""
    name = request.POST.get("reason", "")
    text = next((text for known, _, text in texts if known == name), None)
    return None if text is None else {"text": text, "step": "send"}


def _chosen(request: HttpRequest, texts: list[tuple[str, str, str]], *, first: bool = True) -> str:
    """The text that was chosen to begin with, else the first of them or none."""
    chosen = next((text for name, _, text in texts if name == request.GET.get("text")), "")
    return chosen or (texts[0][2] if first and texts else "")


def _context(request: HttpRequest, column: Column, moved: Letter, form: object) -> dict[str, object]:
    words = access.keys(request).open_many([moved]).get(moved.pk, {})
    return {
        "column": column,
        "mine": access.roles(access.staff(request), column),
        "letter": moved,
        "text": words.get("text", ""),
        "form": form,
        "section": "inbox",
        "seen": seen(request, moved),
        **carried(request),
    }


def _status(form: object) -> int:
    return 400 if getattr(form, "errors", None) else 200
