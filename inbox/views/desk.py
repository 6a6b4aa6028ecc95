"""Today, the list, and one letter beside it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Min, OuterRef, Q, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from columns import prose
from columns.models import Column
from inbox import access, drafting, notices, vault
from inbox.forms.moves import AskForm, NoteForm
from inbox.marking import marked
from inbox.models import Consent, Draft, Letter, Message
from inbox.models.letter import LetterQuerySet
from inbox.screening.details import find_details
from inbox.workflow import LETTER_ENDS, LETTER_MOVES, DraftStatus, LetterStatus, Role, moves_from

PAGE = 50
_S = LetterStatus
_WAITING = [_S.RECEIVED, _S.HELD]

#: The views of the inbox: name, what it is called, and which letters it shows.
VIEWS: dict[str, tuple[str, Q]] = {
    "new": ("New", Q(status__in=_WAITING)),
    "urgent": ("Urgent", Q(urgent=True) & ~Q(status__in=[*LETTER_ENDS, _S.ERASED])),
    "replies": ("Replies", Q(newest_message=Message.Kind.FROM_WRITER) & ~Q(status__in=[_S.WITHDRAWN, _S.ERASED])),
    "shortlist": ("Shortlist", Q(status=_S.SHORTLISTED)),
    "answering": ("Being answered", Q(status=_S.ANSWERING)),
    "ended": ("Ended", Q(status__in=[*LETTER_ENDS, _S.ERASED])),
    "all": ("All", Q()),
}
VERBS = {
    "receive": "arrived",
    "hold": "was held",
    "release": "was released",
    "shortlist": "was put on the shortlist",
    "put_back": "was put back",
    "decline": "was declined",
    "reply": "was answered privately",
    "answer": "went into a draft",
    "unanswer": "came back from a draft",
    "publish": "got its article",
    "unpublish": "lost its article again",
    "withdraw": "was withdrawn",
    "erase": "was erased",
    "note": "got a note",
    "ask": "was asked something",
    "write_back": "got a message from its writer",
    "allow": "may be used otherwise: its writer changed what they allow",
    "change_code": "got a new receipt",
    "mark_urgent": "was marked urgent",
    "forget": "was erased from the drafts too",
    "unmark_urgent": "is no longer urgent",
}


@dataclass(frozen=True)
class Row:
    """One line of the list. ``first`` is empty for an urgent letter: its words are shown when it is opened."""

    letter: Letter
    age: int
    length: str
    pen_name: str
    first: str


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Today: for each column what waits, and where to begin."""
    user, at = access.staff(request), timezone.now()
    seats = access.seats(user)
    for column, mine in seats.items():
        if mine & (access.READS_LETTERS | access.READS_DRAFTS):
            drafting.forget_withdrawn(column, at=at, keys=access.keys(request))
    counted = (
        Letter.objects.filter(column__in=seats)
        .values("column")
        .annotate(
            waiting=Count("pk", filter=Q(status__in=_WAITING)),
            oldest=Min("received_on", filter=Q(status__in=_WAITING)),
            urgent=Count("pk", filter=VIEWS["urgent"][1]),
            shortlisted=Count("pk", filter=Q(status=_S.SHORTLISTED)),
        )
    )
    reviews = (
        Draft.objects.filter(column__in=seats, status=DraftStatus.IN_REVIEW)
        .values_list("column")
        .annotate(n=Count("pk"))
    )
    in_review = dict(reviews)
    numbers: dict[int, Mapping[str, Any]] = {row["column"]: row for row in counted}
    desks = [
        {
            "column": column,
            "mine": mine,
            "reads": bool(mine & access.READS_LETTERS),
            "drafts": bool(mine & access.READS_DRAFTS),
            "numbers": numbers.get(column.pk, {"waiting": 0, "urgent": 0, "shortlisted": 0, "oldest": None}),
            "in_review": in_review.get(column.pk, 0),
            "oldest": _days(numbers.get(column.pk, {}).get("oldest"), at),
        }
        for column, mine in seats.items()
    ]
    return render(request, "desk/home.html", {"desks": desks, "stuck": notices.stuck(), "section": "home"})


@require_safe
def inbox(request: HttpRequest, column: str, view: str = "new") -> HttpResponse:
    """One view of the inbox: its list, and room for a letter beside it."""
    found, mine = access.column(access.staff(request), column, access.READS_LETTERS)
    drafting.forget_withdrawn(found, at=timezone.now(), keys=access.keys(request))
    return render(request, "desk/inbox.html", {**listing(request, found, mine, view), "section": "inbox"})


@require_safe
def letter(request: HttpRequest, column: str, letter: uuid.UUID) -> HttpResponse:
    """One letter, with the list it was chosen from beside it."""
    found, mine = access.column(access.staff(request), column, access.READS_LETTERS)
    shown = access.letter(found, letter)
    context = listing(request, found, mine, request.GET.get("view", "new"))
    context |= opened(shown, context["keys"], mine)
    context |= {"next": next_letter(context["rows"], shown), "section": "inbox"}
    return render(request, "desk/letter.html", context)


def listing(request: HttpRequest, column: Column, mine: frozenset[Role], view: str) -> dict[str, Any]:
    """What the list shows: one page of the view, opened, and how many letters each view has."""
    if view not in VIEWS:
        raise Http404
    at, keys = timezone.now(), access.keys(request)
    letters = with_newest_message(access.letters(column))
    start = (page_number(request) - 1) * PAGE
    found = list(letters.filter(VIEWS[view][1]).by_need().select_related("topic")[start : start + PAGE + 1])
    words = keys.open_many(found[:PAGE])
    counts = letters.aggregate(
        **{name: Count("pk", filter=which) for name, (_, which) in VIEWS.items() if name != "all"}
    )
    return {
        "column": column,
        "mine": mine,
        "keys": keys,
        "view": view,
        "view_name": VIEWS[view][0],
        "views": [(name, title, counts.get(name)) for name, (title, _) in VIEWS.items()],
        "rows": [_row(one, words.get(one.pk, {}), at) for one in found[:PAGE]],
        "page": page_number(request),
        "older": page_number(request) + 1 if len(found) > PAGE else None,
        "may_answer": Role.AUTHOR in mine,
    }


def opened(shown: Letter, keys: vault.Vault, mine: frozenset[Role]) -> dict[str, Any]:
    """Everything that the desk knows of a letter, opened in one query."""
    messages = [message for message in shown.messages.all() if message.kind != Message.Kind.ADDRESS]
    notes = list(shown.notes.select_related("by"))
    words = keys.open_many([shown, *messages, *notes])
    text = str(words.get(shown.pk, {}).get("text", ""))
    moves = moves_from(LETTER_MOVES, LetterStatus(shown.status), mine)
    draft = drafting.draft_of(shown, keys)
    article = draft.article if draft else None
    return {
        "letter": shown,
        "words": words.get(shown.pk),
        "parts": marked(text, find_details(text)),
        "consent": Consent(shown.consent).label,
        "turns": [(message, words[message.pk]["text"]) for message in messages if message.pk in words],
        "notes": [(note, words[note.pk]["text"]) for note in notes if note.pk in words],
        "events": [(event, VERBS.get(event.verb, event.verb)) for event in shown.events.select_related("by")],
        "draft": draft,
        # the address of an article that is not out yet holds words of its headline: they are the draft's
        "article": article if article and article.is_live(timezone.now()) else None,
        "reads_drafts": bool(mine & access.READS_DRAFTS),
        "moves": {name: move for name, move in moves.items() if name in ("shortlist", "hold", "release", "put_back")},
        "may": set(moves),
        "may_ask": shown.status not in LETTER_ENDS and shown.status != _S.ERASED,
        "ask_form": AskForm(prefix="ask"),
        "note_form": NoteForm(prefix="note"),
    }


def next_letter(rows: list[Row], shown: Letter) -> Letter | None:
    """The letter after this one in the list, else the one before it."""
    ids = [row.letter for row in rows]
    if shown not in ids:
        return ids[0] if ids else None
    place = ids.index(shown)
    return next(iter(ids[place + 1 : place + 2] or ids[:place][-1:]), None)


def onward(column: Column, view: str, following: str) -> HttpResponse:
    """After a decision: the next letter of the view, or its list."""
    where = view if view in VIEWS else "new"
    try:
        after = Letter.objects.filter(column=column, pk=uuid.UUID(following)).first()
    except ValueError:
        after = None
    if after:
        return redirect(f"{reverse('desk:letter', args=[column.slug, after.pk])}?{urlencode({'view': where})}")
    return redirect("desk:inbox_view", column.slug, where)


def with_newest_message(letters: LetterQuerySet) -> Any:
    """The letters, each with the kind of its newest message as ``newest_message``."""
    newest = Message.objects.filter(letter=OuterRef("pk")).order_by("-number").values("kind")[:1]
    return letters.annotate(newest_message=Subquery(newest))


def page_number(request: HttpRequest) -> int:
    asked = request.GET.get("page", "1")
    return int(asked) if asked.isascii() and asked.isdecimal() and 0 < len(asked) < 6 and int(asked) else 1


def _row(one: Letter, words: dict[str, Any], at: dt.datetime) -> Row:
    text = str(words.get("text", ""))
    count = prose.words(text)
    length = "short" if count < 120 else "medium" if count < 300 else "long"
    first = "" if one.urgent else " ".join(text.split())[:140]
    return Row(one, _days(one.received_on, at) or 0, length if text else "", str(words.get("pen_name", "")), first)


def _days(day: dt.date | None, at: dt.datetime) -> int | None:
    return None if day is None else (at.date() - day).days
