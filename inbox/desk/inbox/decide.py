"""The decisions about a letter. Each view makes one domain call."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _

from columns.models import Article, Column
from inbox.desk.event_sentences import day_in_words
from inbox.desk.guard import Desk, desk_view
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
from inbox.desk.inbox.responses import (
    carried,
    decided,
    is_by_script,
    letter_refused,
    need_as_seen,
    put_back,
    refused,
    seen,
    who,
)
from inbox.editorial import decisions
from inbox.letters import related_answers, screened
from inbox.models import Letter, LetterEvent, LetterTemplate
from inbox.staff import access
from inbox.triage import presence
from inbox.workflow import LETTER_MOVES, LETTER_VERBS, MoveRefused, NotAllowed, plain


@desk_view("POST", seats=access.READS_LETTERS, refused=letter_refused)
def move(request: HttpRequest, desk: Desk, letter: uuid.UUID, verb: str) -> HttpResponse:
    """Make one of the plain moves, and go to the next letter. ``until``: the end of a hold, in days or as a date."""
    moved, at = access.letter(desk.column, letter), desk.at
    if verb not in plain(LETTER_MOVES):
        raise Http404
    access.need(desk.seats, LETTER_MOVES[verb].roles)
    until = _until(request.POST.get("until", ""), at) if verb == "hold" else None
    presence.need_free(moved.pk, desk.user, at=at)
    need_as_seen(request, moved)
    event = decisions.move(moved, verb, by=desk.user, at=at, keys=desk.keys, until=until)
    return decided(request, desk, moved, event, day_in_words(until) if until else None)


def _until(text: str, at: dt.datetime) -> dt.date | None:
    """Return the end of a hold from a number of days or a date; ``None`` for no text. Raises ``NotAllowed`` for any
    other text than a day of the next year."""
    if not text:
        return None
    today = timezone.localdate(at)
    try:
        day = today + dt.timedelta(days=int(text)) if text.isdecimal() else dt.date.fromisoformat(text)
    except (ValueError, OverflowError):
        day = today
    if not today < day < today + dt.timedelta(days=366):
        raise NotAllowed(_("Choose a day within the next year."))
    return day


@desk_view("GET", "POST", seats=access.READS_LETTERS, refused=letter_refused)
def mark(request: HttpRequest, desk: Desk, letter: uuid.UUID) -> HttpResponse:
    """Set how soon the letter is to be read, its topic, or to whom it is given; its status stays."""
    moved = access.letter(desk.column, letter)
    form = MarkForm(request.POST if request.method == "POST" else None, column=desk.column, letter=moved)
    if request.method != "POST" or not form.is_valid():
        return render(request, "desk/inbox/mark.html", _context(request, desk, moved, form), status=_status(form))
    access.need(desk.seats, LETTER_VERBS[_verb_of(form)].roles)
    event = _mark(moved, form, by=desk.user, at=desk.at)
    return decided(request, desk, moved, event, form.detail(), stay=True)


@desk_view("POST", seats=access.READS_LETTERS, refused=letter_refused)
def not_so(request: HttpRequest, desk: Desk, letter: uuid.UUID) -> HttpResponse:
    """Say that screening is wrong about some findings (``finding``: their names), or about all of the letter."""
    moved = access.letter(desk.column, letter)
    access.need(desk.seats, LETTER_VERBS["not_so"].roles)
    event = screened.not_so(moved, request.POST.getlist("finding"), by=desk.user, at=desk.at, keys=desk.keys)
    return decided(request, desk, moved, event, stay=True)


def _verb_of(form: MarkForm) -> str:
    """Return the verb for the act of the form."""
    act = form.cleaned_data["act"]
    return act if act != "urgent" else "mark_urgent" if form.need() else "unmark_urgent"


def _mark(moved: Letter, form: MarkForm, *, by: Any, at: dt.datetime) -> LetterEvent:
    if form.cleaned_data["act"] == "urgent":
        return moved.mark_need(form.need(), by=by, at=at)
    return moved.mark(form.cleaned_data["act"], form.value(), by=by, at=at)


@desk_view("GET", "POST", seats=LETTER_MOVES["decline"].roles)
def decline(request: HttpRequest, desk: Desk, letter: uuid.UUID) -> HttpResponse:
    """Decline a letter: choose a text, edit it, preview it, send it.

    With ``reason`` alone the text of that name is sent unchanged; it can be undone for ten minutes.
    """
    moved = access.letter(desk.column, letter)
    pen_name, near = _filled_in(desk, moved)
    texts = decline_texts(desk.column, pen_name, near, moved.topic.name if moved.topic else "", urgent=bool(moved.need))
    form = DeclineForm(_quick(request, texts) or request.POST or None, initial={"text": _chosen(request, texts)})

    def act(text: str) -> LetterEvent:
        return decisions.decline(moved, text, by=desk.user, at=desk.at, keys=desk.keys)

    return _write(request, desk, moved, form, act, template="desk/inbox/decline.html", texts=texts)


@desk_view("GET", "POST", seats=LETTER_MOVES["point"].roles)
def point(request: HttpRequest, desk: Desk, letter: uuid.UUID) -> HttpResponse:
    """Choose the article that answers the letter already, and send its address to the writer."""
    moved = access.letter(desk.column, letter)
    live = Article.objects.live(desk.at).filter(column=desk.column)
    article_id = (request.POST if request.method == "POST" else request.GET).get("article", "")
    article = live.filter(pk=article_id).first() if article_id.isdecimal() and len(article_id) < 19 else None
    pen_name, near = _filled_in(desk, moved)
    text = pointing_text(desk.column, pen_name, article, urgent=bool(moved.need)) if article else ""
    quick = {"text": text, "step": "send"} if article and "quick" in request.POST else None
    form = PointForm(quick or request.POST or None, initial={"text": text})

    def act(text: str) -> LetterEvent:
        return decisions.point(moved, text, by=desk.user, at=desk.at)

    extra = {"article": article, "articles": _offered(near, live)}
    return _write(
        request,
        desk,
        moved,
        form,
        act,
        template="desk/inbox/point.html",
        extra=extra,
    )


@desk_view("GET", "POST", seats=LETTER_MOVES["reply"].roles)
def reply(request: HttpRequest, desk: Desk, letter: uuid.UUID) -> HttpResponse:
    """Send a private answer, which the writer reads with their receipt."""
    moved = access.letter(desk.column, letter)
    pen_name, _ = _filled_in(desk, moved)
    texts = letter_texts(desk.column, LetterTemplate.Kind.REPLY, pen_name)
    form = ReplyForm(request.POST or None, initial={"text": _chosen(request, texts, first=False)})

    def act(text: str) -> LetterEvent:
        return decisions.reply(moved, text, by=desk.user, at=desk.at, keys=desk.keys)

    return _write(request, desk, moved, form, act, template="desk/inbox/reply.html", texts=texts)


@desk_view("GET", "POST", seats=LETTER_VERBS["ask"].roles)
def ask(request: HttpRequest, desk: Desk, letter: uuid.UUID) -> HttpResponse:
    """Send a question, which the writer reads with their receipt."""
    moved = access.letter(desk.column, letter)
    pen_name, _ = _filled_in(desk, moved)
    texts = letter_texts(desk.column, LetterTemplate.Kind.ASK, pen_name)
    form = AskForm(request.POST or None, prefix="ask", initial={"text": _chosen(request, texts, first=False)})
    if request.method != "POST" or not form.is_valid():
        context = {**_context(request, desk, moved, form), "texts": texts, "claimed": _go_on(desk, moved)}
        return render(request, "desk/inbox/ask.html", context, status=_status(form))
    try:
        presence.need_free(moved.pk, desk.user, at=desk.at)
        need_as_seen(request, moved)
        event = decisions.ask(moved, form.cleaned_data["text"], by=desk.user, at=desk.at)
    except MoveRefused as why:
        return _kept(request, desk, "desk/inbox/ask.html", _context(request, desk, moved, form), why)
    return decided(request, desk, moved, event, stay=True)


@desk_view("GET", "POST", seats=LETTER_VERBS["note"].roles)
def note(request: HttpRequest, desk: Desk, letter: uuid.UUID) -> HttpResponse:
    """Add a note that only the desk reads."""
    moved = access.letter(desk.column, letter)
    form = NoteForm(request.POST or None, prefix="note")
    if request.method != "POST" or not form.is_valid():
        held = _go_on(desk, moved)
        # a note is allowed while a colleague has claimed the letter
        mine = {"claimed": held} if held and held.user == desk.user.pk else {}
        context = _context(request, desk, moved, form) | mine
        return render(request, "desk/inbox/note.html", context, status=_status(form))
    try:
        event = moved.note(form.cleaned_data["text"], by=desk.user, at=desk.at)
    except MoveRefused as why:
        return _kept(request, desk, "desk/inbox/note.html", _context(request, desk, moved, form), why)
    return decided(request, desk, moved, moved.events.get(pk=event.pk), stay=True)


@desk_view("POST", seats=access.READS_LETTERS, refused=letter_refused)
def undo(request: HttpRequest, desk: Desk, letter: uuid.UUID, event: uuid.UUID) -> HttpResponse:
    """Undo one of the person's own decisions."""
    moved = access.letter(desk.column, letter)
    undone = get_object_or_404(LetterEvent, pk=event, letter=moved)
    undoing = decisions.undo(moved, undone, by=desk.user, at=desk.at, keys=desk.keys)
    return put_back(request, desk, moved, undone, undoing)


@desk_view("POST", seats=access.READS_LETTERS, refused=letter_refused)
def look(request: HttpRequest, desk: Desk, letter: uuid.UUID) -> HttpResponse:
    """Store the second look at a declined letter: agree, or reopen it."""
    moved, agree = access.letter(desk.column, letter), request.POST.get("act") != "reopen"
    access.need(desk.seats, LETTER_VERBS["agree" if agree else "reopen"].roles)
    need_as_seen(request, moved)
    event = decisions.look_again(moved, agree=agree, by=desk.user, at=desk.at, keys=desk.keys)
    return decided(request, desk, moved, event)


def _write(
    request: HttpRequest,
    desk: Desk,
    moved: Letter,
    form: DeclineForm | ReplyForm | PointForm,
    act: Callable[[str], LetterEvent],
    *,
    template: str,
    texts: list[tuple[str, str, str]] | None = None,
    extra: dict[str, Any] | None = None,
) -> HttpResponse:
    """Answer a request to a page of a move with a message: show the form and claim the letter, show the preview, or
    make the move by ``act``."""
    context = _context(request, desk, moved, form) | {"texts": texts or []} | (extra or {})
    user, at = desk.user, desk.at
    if request.method != "POST":
        context["claimed"] = presence.claim(moved.pk, user, at=at)
        try:
            need_as_seen(request, moved)
        except MoveRefused as why:
            # shown before a text is written; the page then counts as showing the present status
            context |= {"moved": f"{why} {who(desk, moved)}".strip(), "seen": moved.status}
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
        return (
            refused(request, desk, moved, why)
            if is_by_script(request)
            else _kept(request, desk, template, context, why)
        )
    return decided(request, desk, moved, event)


def _go_on(desk: Desk, moved: Letter) -> presence.Claim | None:
    """Prolong the person's claim to the letter; returns the valid claim."""
    return presence.go_on(moved.pk, desk.user, at=desk.at)


def _kept(request: HttpRequest, desk: Desk, template: str, context: dict[str, Any], why: MoveRefused) -> HttpResponse:
    """Return the page with the reason of a refusal and the text that was typed. When it is sent again, it decides about
    the letter in its present status."""
    moved = context["letter"]
    refusal = {"refused": " ".join(filter(None, [str(why), who(desk, moved)])), "seen": moved.status}
    return render(request, template, context | refusal, status=409)


def _filled_in(desk: Desk, moved: Letter) -> tuple[str, list[Article]]:
    """Return what a text is filled in with: the writer's pen name, and similar answers."""
    payload = desk.keys.open_many([moved]).get(moved.pk, {})
    return str(payload.get("pen_name", "")), _near(desk.column, moved, str(payload.get("text", "")), desk.at)


def _near(column: Column, moved: Letter, text: str, at: dt.datetime) -> list[Article]:
    """Return at most three published answers for the letter, as ``related_answers.to_choose_from``."""
    published = related_answers.published(column, at)
    alike = [answer.pk for answer in related_answers.to_choose_from(text, published, topic=moved.topic_id)]
    near = Article.objects.live(at).filter(pk__in=alike).select_related("topic").without_text()
    return sorted(near, key=lambda article: alike.index(article.pk))


def _offered(near: list[Article], live: Any) -> list[Article]:
    """Return the articles to choose from: the similar ones, then the newest."""
    newest = live.select_related("topic").without_text().newest_first()[:100]
    return [*near, *(article for article in newest if article not in near)]


def _quick(request: HttpRequest, texts: list[tuple[str, str, str]]) -> dict[str, str] | None:
    """Return the form data that sends the text named by ``reason`` unchanged; ``None`` without such a text."""
    reason = request.POST.get("reason", "")
    text = next((text for name, _, text in texts if name == reason), None)
    return None if text is None else {"text": text, "step": "send"}


def _chosen(request: HttpRequest, texts: list[tuple[str, str, str]], *, first: bool = True) -> str:
    """Return the text named in the query string; else the first one, or "" without ``first``."""
    chosen = next((text for name, _, text in texts if name == request.GET.get("text")), "")
    return chosen or (texts[0][2] if first and texts else "")


def _context(request: HttpRequest, desk: Desk, moved: Letter, form: object) -> dict[str, object]:
    """Return the context of a page of a decision."""
    text = desk.keys.open_many([moved]).get(moved.pk, {}).get("text", "")
    return desk.context("inbox", letter=moved, text=text, form=form, seen=seen(request, moved), **carried(request))


def _status(form: object) -> int:
    return 400 if getattr(form, "errors", None) else 200
