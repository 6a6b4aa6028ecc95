"""What somebody at the desk does with a letter. Each view makes one domain call."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from columns.models import Column
from inbox import access, conversation
from inbox.forms.moves import AskForm, DeclineForm, NoteForm, ReplyForm, decline_texts, letter_texts
from inbox.models import Letter, LetterTemplate
from inbox.views.desk import onward
from inbox.workflow import LETTER_MOVES, MoveRefused, Role

#: Moves that need nothing but the click, and what is said after them.
PLAIN = {
    "shortlist": "is on the shortlist",
    "hold": "is held",
    "release": "is released",
    "put_back": "is back among the new ones",
}


def _fetch(request: HttpRequest, column: str, letter: uuid.UUID) -> tuple[Column, frozenset[Role], Letter]:
    found, mine = access.column(access.staff(request), column, access.READS_LETTERS)
    return found, mine, access.letter(found, letter)


@require_POST
def move(request: HttpRequest, column: str, letter: uuid.UUID, verb: str) -> HttpResponse:
    """One of the plain moves; then on to the next letter."""
    found, mine, moved = _fetch(request, column, letter)
    if verb not in PLAIN:
        raise Http404
    access.need(mine, LETTER_MOVES[verb].roles)
    try:
        getattr(moved, verb)(by=access.staff(request), at=timezone.now())
    except MoveRefused as refused:
        return _refused(request, found, moved, refused)
    undo = reverse("desk:move", args=[found.slug, moved.pk, LETTER_MOVES[verb].back])
    messages.success(request, f"{moved.label} {PLAIN[verb]}.", extra_tags=f"undo {undo}")
    return onward(found, request.POST.get("view", ""), request.POST.get("next", ""))


@require_http_methods(["GET", "HEAD", "POST"])
def decline(request: HttpRequest, column: str, letter: uuid.UUID) -> HttpResponse:
    """Decline kindly: choose a text, make it yours, see it as the writer will, send it."""
    found, mine, moved = _fetch(request, column, letter)
    access.need(mine, LETTER_MOVES["decline"].roles)
    texts = decline_texts(found, _pen_name(request, moved))
    form = DeclineForm(request.POST or None, initial={"text": _chosen(request, texts) or texts[0][2]})

    def act(text: str) -> None:
        conversation.decline(moved, text, by=access.staff(request), at=timezone.now())

    return _write(request, found, moved, form, act, template="desk/decline.html", said="is declined", texts=texts)


@require_http_methods(["GET", "HEAD", "POST"])
def reply(request: HttpRequest, column: str, letter: uuid.UUID) -> HttpResponse:
    """Answer privately, through the receipt."""
    found, mine, moved = _fetch(request, column, letter)
    access.need(mine, LETTER_MOVES["reply"].roles)
    texts = letter_texts(found, LetterTemplate.Kind.REPLY, _pen_name(request, moved))
    form = ReplyForm(request.POST or None, initial={"text": _chosen(request, texts)})

    def act(text: str) -> None:
        conversation.reply(moved, text, by=access.staff(request), at=timezone.now(), keys=access.keys(request))

    return _write(request, found, moved, form, act, template="desk/reply.html", said="is answered", texts=texts)


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, column: str, letter: uuid.UUID) -> HttpResponse:
    """Ask the writer something through their receipt."""
    found, _, moved = _fetch(request, column, letter)
    texts = letter_texts(found, LetterTemplate.Kind.ASK, _pen_name(request, moved))
    form = AskForm(request.POST or None, prefix="ask", initial={"text": _chosen(request, texts)})
    if request.method != "POST" or not form.is_valid():
        context = {**_context(request, found, moved, form), "texts": texts}
        return render(request, "desk/ask.html", context, status=_status(form))
    try:
        conversation.ask(moved, form.cleaned_data["text"], by=access.staff(request), at=timezone.now())
    except MoveRefused as refused:
        return render(
            request, "desk/ask.html", {**_context(request, found, moved, form), "refused": str(refused)}, status=409
        )
    messages.success(request, f"Your question is with the writer of {moved.label}.")
    return redirect("desk:letter", found.slug, moved.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def note(request: HttpRequest, column: str, letter: uuid.UUID) -> HttpResponse:
    """A remark for the desk alone."""
    found, _, moved = _fetch(request, column, letter)
    form = NoteForm(request.POST or None, prefix="note")
    if request.method != "POST" or not form.is_valid():
        return render(request, "desk/note.html", _context(request, found, moved, form), status=_status(form))
    try:
        moved.note(form.cleaned_data["text"], by=access.staff(request), at=timezone.now())
    except MoveRefused as refused:
        return render(
            request, "desk/note.html", {**_context(request, found, moved, form), "refused": str(refused)}, status=409
        )
    messages.success(request, f"The note is with {moved.label}.")
    return redirect("desk:letter", found.slug, moved.pk)


def _write(
    request: HttpRequest,
    column: Column,
    moved: Letter,
    form: DeclineForm | ReplyForm,
    act: Callable[[str], None],
    *,
    template: str,
    said: str,
    texts: list[tuple[str, str, str]] | None = None,
) -> HttpResponse:
    """A move with a text: shown to be written, shown as the writer will read it, then made."""
    context = _context(request, column, moved, form) | {"texts": texts or []}
    if request.method != "POST":
        return render(request, template, context)
    if not form.is_valid() or request.POST.get("step") != "send":
        preview = form.cleaned_data["text"] if form.is_valid() and request.POST.get("step") == "preview" else ""
        return render(request, template, context | {"preview": preview}, status=_status(form))
    try:
        act(form.cleaned_data["text"])
    except MoveRefused as refused:
        return render(request, template, context | {"refused": str(refused)}, status=409)
    messages.success(request, f"{moved.label} {said}.")
    return onward(column, request.POST.get("view", ""), request.POST.get("next", ""))


def _pen_name(request: HttpRequest, moved: Letter) -> str:
    return str(access.keys(request).open_many([moved]).get(moved.pk, {}).get("pen_name", ""))


def _chosen(request: HttpRequest, texts: list[tuple[str, str, str]]) -> str:
    """The text that was chosen to begin with, if one was."""
    return next((text for name, _, text in texts if name == request.GET.get("text")), "")


def _context(request: HttpRequest, column: Column, moved: Letter, form: object) -> dict[str, object]:
    words = access.keys(request).open_many([moved]).get(moved.pk, {})
    carried = request.POST if request.method == "POST" else request.GET
    return {
        "column": column,
        "mine": access.roles(access.staff(request), column),
        "letter": moved,
        "text": words.get("text", ""),
        "form": form,
        "view": carried.get("view", "new"),
        "next": carried.get("next", ""),
        "section": "inbox",
    }


def _refused(request: HttpRequest, column: Column, moved: Letter, refused: MoveRefused) -> HttpResponse:
    """Nothing was changed; the person is told why and sees where the letter stands now."""
    messages.warning(request, f"{refused} Nothing was changed.")
    return redirect("desk:letter", column.slug, moved.pk)


def _status(form: object) -> int:
    return 400 if getattr(form, "errors", None) else 200
