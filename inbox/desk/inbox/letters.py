"""Today, the list, and one letter beside it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.db.models import Count, Max, Min, Q
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from columns.models import Column
from inbox.desk import buttons
from inbox.desk.inbox import assignment, bundles, history
from inbox.desk.inbox.forms.decide import AskForm, NoteForm
from inbox.editorial import bundles as bundle_rules
from inbox.editorial import drafts
from inbox.keys import vault
from inbox.letters import notices, outbox, read_receipts, related_answers
from inbox.models import FROM_WRITERS, Consent, Draft, Letter, Message, SealedItem
from inbox.screening import language
from inbox.screening.concerns import TITLES
from inbox.screening.details import find_details
from inbox.screening.highlight import marked
from inbox.staff import access
from inbox.triage import presence, queues, related_letters, wellbeing
from inbox.workflow import (
    LETTER_ENDS,
    LETTER_MOVES,
    DraftStatus,
    LetterStatus,
    Role,
    moves_from,
)

_S = LetterStatus


@dataclass(frozen=True)
class Row:
    """One line of the list, ready to be shown: fifty times over, a template takes longer to decide than Python.

    ``first``: how the letter begins, if it is not urgent. ``foot``: its topic, length and pen name.
    """

    letter: Letter
    id: str
    label: str
    age: str
    first: str
    foot: str
    marks: list[str]


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Today: for each column what waits, and where to begin."""
    user, at = access.staff(request), timezone.now()
    seats = access.seats(user)
    for column, mine in seats.items():
        if mine & (access.READS_LETTERS | access.READS_DRAFTS):
            drafts.forget_withdrawn(column, at=at, keys=access.keys(request))
    counted = (
        Letter.objects.filter(column__in=seats)
        .values("column")
        .annotate(
            n_waiting=Count("pk", filter=Q(waiting=True)),
            oldest=Min("received_on", filter=Q(waiting=True)),
            n_urgent=Count("pk", filter=queues.which("urgent", user, at)),
            n_replies=Count("pk", filter=queues.which("replies", user, at)),
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
            "numbers": numbers.get(column.pk, {"n_waiting": 0, "n_urgent": 0, "n_replies": 0, "oldest": None}),
            "in_review": in_review.get(column.pk, 0),
            "oldest": _days(numbers.get(column.pk, {}).get("oldest"), at),
        }
        for column, mine in seats.items()
    ]
    context = {"desks": desks, "stuck": notices.stuck(), "section": "home", **wellbeing.shown(user, list(seats), at)}
    return render(request, "desk/inbox/home.html", context)


@require_safe
def inbox(request: HttpRequest, column: str, view: str = "new") -> HttpResponse:
    """One view of the inbox: its list, and room for a letter beside it; opened from Today, its first letter."""
    found, mine = access.column(access.staff(request), column, access.READS_LETTERS)
    context = _frame(request, found, mine, view, None)
    if request.headers.get("X-Steady") == "rows":
        return render(request, "desk/inbox/_rows.html", context)
    return render(request, "desk/inbox/inbox.html", context)


@require_safe
def start(request: HttpRequest, column: str) -> HttpResponse:
    """Straight to the letter that waits most."""
    user, at = access.staff(request), timezone.now()
    found, _ = access.column(user, column, access.READS_LETTERS)
    letters, _ = queues.page(access.letters(found), queues.View("new"), user, at=at)
    if not letters:
        return redirect("desk:inbox", found.slug)
    return redirect("desk:letter", found.slug, letters[0].pk)


@require_safe
def letter(request: HttpRequest, column: str, letter: uuid.UUID) -> HttpResponse:
    """One letter, with the list it was chosen from beside it; for a page that has the list, the letter alone."""
    found, mine = access.column(access.staff(request), column, access.READS_LETTERS)
    shown = access.letter(found, letter)
    view = request.GET.get("view", "new")
    if request.headers.get("X-Steady") == "pane":
        # fetched ahead it is read by nobody yet: the page gives a sign of life once it is shown
        return render(request, "desk/inbox/_letter.html", _pane(request, found, mine, view, shown))
    read_receipts.opened(shown, at=timezone.now())
    return render(request, "desk/inbox/letter.html", _frame(request, found, mine, view, shown))


@require_safe
def alike(request: HttpRequest, column: str, letter: uuid.UUID) -> HttpResponse:
    """The letters that are most like this one, with the words that say so; for the page of a letter, the list alone."""
    found, mine = access.column(access.staff(request), column, access.READS_LETTERS)
    shown, keys = access.letter(found, letter), access.keys(request)
    text = str(keys.open_many([shown]).get(shown.pk, {}).get("text", ""))
    answers = related_answers.published(found, timezone.now()) if text else []
    context = {
        "column": found,
        "mine": mine,
        "letter": shown,
        "near": related_letters.near(shown, text, found, keys) if text else [],
        "answers": [
            (answer, f"{settings.SITE_URL}{answer.url}", related_answers.why(text, answer, answers))
            for answer in related_answers.alike(text, answers, topic=shown.topic_id)
        ],
        "view": _view(request, request.GET.get("view", "new")),
        "section": "inbox",
    }
    return render(
        request, "desk/inbox/_alike.html" if request.headers.get("X-Steady") else "desk/inbox/alike.html", context
    )


@require_safe
def news(request: HttpRequest, column: str) -> HttpResponse:
    """How many letters have come since a list was shown: it was shown on a day on which so many had come by then."""
    found, _ = access.column(access.staff(request), column, access.READS_LETTERS)
    try:
        since, had = dt.date.fromisoformat(request.GET.get("since", "")), int(request.GET.get("had", "0"))
    except ValueError:
        return JsonResponse({"new": 0})
    arrived = access.letters(found).filter(received_on__gte=since).order_by().values("pk")[: queues.MOST + 1].count()
    return JsonResponse({"new": max(0, arrived - had)})


def _view(request: HttpRequest, name: str) -> queues.View:
    if name not in queues.TITLES:
        raise Http404
    return queues.View(name, queues.Filters.read(request.GET.dict()), request.GET.get("after", ""))


def _frame(
    request: HttpRequest, column: Column, mine: frozenset[Role], name: str, shown: Letter | None
) -> dict[str, Any]:
    """The whole page: every view with its count, one page of this one, and the letter that is open. Everything that is
    sealed is opened in one query."""
    user, at, keys = access.staff(request), timezone.now(), access.keys(request)
    view = _view(request, name)
    counts = queues.counts(column, user, at=at)
    if counts.held_are_due:
        outbox.release_due(at=at, column=column)
    if counts.withdrawn_to_forget:
        drafts.forget_withdrawn(column, at=at, keys=keys)
    letters, further = queues.page(access.letters(column), view, user, at=at)
    saved = queues.saved(column, user)
    beside = Beside.of(shown) if shown else None
    words = keys.open_many([*letters, *(beside.sealed if beside else [])])
    together = bundle_rules.of(column, keys) if counts.bundles else {}
    says_status = view.name not in ("new", "light")
    rows = [_row(one, words.get(one.pk, {}), together, column, at, says_status=says_status) for one in letters]
    context = {
        "column": column,
        "mine": mine,
        "section": "inbox",
        "view": view,
        "views": [(name, title, counts.views.get(name), name in counts.views) for name, title in queues.TITLES.items()],
        "saved": saved,
        "most": queues.MOST,
        "rows": rows,
        "letter": shown,
        "open_id": str(shown.pk) if shown else "",
        # fifty rows need not ask fifty times
        "letters_at": urljoin(reverse("desk:inbox", args=[column.slug]), "../letters/"),
        "carried": view.carried,
        "further": further,
        "arrived": counts.arrived,
        "today": at.date(),
        "may_answer": Role.AUTHOR in mine,
        "person": user,
    }
    context |= wellbeing.shown(user, [column], at)
    if beside is not None:
        context |= opened(beside, words, keys, column, mine, together, at=at, second=name == "second")
        context["next"] = next_letter(rows, beside.letter)
    return context


def _pane(request: HttpRequest, column: Column, mine: frozenset[Role], name: str, shown: Letter) -> dict[str, Any]:
    beside, keys = Beside.of(shown), access.keys(request)
    together, words = bundle_rules.of(column, keys), keys.open_many(beside.sealed)
    context = opened(beside, words, keys, column, mine, together, at=timezone.now(), second=name == "second")
    if "point" in moves_from(LETTER_MOVES, LetterStatus(shown.status), mine):
        text = str(words.get(shown.pk, {}).get("text", ""))
        context["near"] = related_answers.alike(
            text, related_answers.published(column, timezone.now()), topic=shown.topic_id
        )
    return context | {"column": column, "mine": mine, "view": _view(request, name), "person": access.staff(request)}


@dataclass(frozen=True)
class Beside:
    """A letter with everything of it that is sealed."""

    letter: Letter
    messages: list[Message]
    notes: list[Any]

    @classmethod
    def of(cls, shown: Letter) -> Beside:
        said = shown.messages.exclude(kind=Message.Kind.ADDRESS)
        messages: list[Message] = [*said.annotate(waits_until=Max("outgoing__due_at")).order_by("number")]
        return cls(shown, messages, list(shown.notes.select_related("by")))

    @property
    def sealed(self) -> list[SealedItem]:
        return [self.letter, *self.messages, *self.notes]


def opened(
    beside: Beside,
    words: Mapping[uuid.UUID, dict[str, Any]],
    keys: vault.Vault,
    column: Column,
    mine: frozenset[Role],
    together: Mapping[uuid.UUID, bundle_rules.Open],
    *,
    at: dt.datetime,
    second: bool,
) -> dict[str, Any]:
    """Everything that the desk knows of a letter. ``second``: it is shown for a second look."""
    shown = beside.letter
    text = str(words.get(shown.pk, {}).get("text", ""))
    draft = drafts.draft_of(shown, keys)
    article = draft.article if draft else None
    over = shown.status in LETTER_ENDS or shown.status == _S.ERASED
    return {
        "letter": shown,
        "age": _days(shown.received_on, at),
        "words": words.get(shown.pk),
        "noticed": _titles(words.get(shown.pk, {})),
        "unread": language.unread(str(words.get(shown.pk, {}).get("language", "")), column.language),
        "parts": marked(text, find_details(text)),
        "consent": Consent(shown.consent).label,
        "turns": [_turn(message, words[message.pk], at) for message in beside.messages if message.pk in words],
        "notes": [(note, words[note.pk]["text"]) for note in beside.notes if note.pk in words],
        "lines": history.of_letter(shown),
        "draft": draft,
        # the address of an article that is not out yet holds words of its headline: they are the draft's
        "article": article if article and article.is_live(at) else None,
        "reads_drafts": bool(mine & access.READS_DRAFTS),
        "buttons": buttons.of_letter(shown, column, mine, in_bundle=shown.pk in together, second=second),
        "over": over,
        "claimed": presence.holder(shown.pk, at=at),
        "since": f"{at.timestamp():.3f}",
        "ask_form": AskForm(prefix="ask"),
        "note_form": NoteForm(prefix="note"),
        **bundles.beside(shown, together, at=at),
        **assignment.limit_context(shown),
    }


def _titles(words: Mapping[str, Any]) -> list[str]:
    """What screening noticed in what was said, in words."""
    return [TITLES[kind] for kind in words.get("concerns", ()) if kind in TITLES]


def _turn(message: Message, words: Mapping[str, Any], at: dt.datetime) -> dict[str, Any]:
    """One turn of the conversation; ``until``: when its writer will see it, if they do not yet."""
    until: dt.datetime | None = getattr(message, "waits_until", None)
    return {
        "message": message,
        "text": words["text"],
        "noticed": _titles(words),
        "until": until if until is not None and until > at else None,
    }


def next_letter(rows: list[Row], shown: Letter) -> Letter | None:
    """The letter to offer after this one: after a heavy one a light one if one waits, else the one that is next."""
    ids = [row.letter for row in rows]
    if shown not in ids:
        return ids[0] if ids else None
    place = ids.index(shown)
    rest = [*ids[place + 1 :], *ids[:place]]
    offered = wellbeing.spaced([letter.urgent for letter in rest], after_heavy=shown.urgent)
    return None if offered is None else rest[offered]


def _row(
    one: Letter,
    words: dict[str, Any],
    together: Mapping[uuid.UUID, bundle_rules.Open],
    column: Column,
    at: dt.datetime,
    *,
    says_status: bool,
) -> Row:
    text = str(words.get("text", ""))
    count = len(text.split())
    length = "short" if count < 120 else "medium" if count < 300 else "long"
    if not text:
        first = "Its words are erased."
    else:
        first = "Its words are shown when you open it." if one.urgent else " ".join(text.split())[:140]
    others = together[one.pk].others if one.pk in together else 0
    marks = _standing_marks(one, says_status=says_status) + _marks(one, words, column)
    marks += [f"with {others} other{'s' if others > 1 else ''}"] if others else []
    marks += _given_mark(one, at)
    topic = one.topic.name if one.topic else "No topic"
    foot = [topic, length if text else "", str(words.get("pen_name", ""))]
    days = _days(one.received_on, at) or 0
    age = f"{days} day{'s' if days > 1 else ''}" if days else "today"
    return Row(one, str(one.pk), one.label, age, first, " · ".join(filter(None, foot)), marks)


def _standing_marks(one: Letter, *, says_status: bool) -> list[str]:
    """Where the letter stands, as far as the view does not say it."""
    if one.status == _S.HELD:
        until = one.held_until
        return [f"held until {until.day} {until:%b}" if until else "held"]
    return [LetterStatus(one.status).value] if says_status else []


def _given_mark(one: Letter, at: dt.datetime) -> list[str]:
    person = one.given_to
    if person is None:
        return []
    away = person.away_until is not None and person.away_until > at.date()
    return [f"for {person.name}{', who is away' if away else ''}"]


def _marks(one: Letter, words: dict[str, Any], column: Column) -> list[str]:
    """What the row says of a letter in a word each; what screening noticed was sealed with it."""
    found = [
        ("minor?", "minor" in words.get("concerns", ())),
        ("spam?", bool(words.get("suspect"))),
        ("personal data", bool(words.get("details"))),
        ("wrote back", one.newest in FROM_WRITERS),
        ("private only", one.consent == Consent.PRIVATE),
    ]
    tongue = language.foreign_name(str(words.get("language", "")), column.language)
    return [mark for mark, there in found if there] + ([f"in {tongue}?"] if tongue else [])


def _days(day: dt.date | None, at: dt.datetime) -> int | None:
    return None if day is None else (at.date() - day).days


def page_number(request: HttpRequest) -> int:
    asked = request.GET.get("page", "1")
    return int(asked) if asked.isascii() and asked.isdecimal() and 0 < len(asked) < 6 and int(asked) else 1
