"""The writing desk: the shortlist and the drafts, and one draft with its letters beside it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

from csp.decorators import csp_update
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from columns import prose
from columns.models import Column, Topic
from inbox import access, diff, drafting, publishing, vault
from inbox.forms.drafts import DraftForm
from inbox.marking import marked
from inbox.models import DRAFT_FIELDS, Consent, Draft, DraftVersion, Letter, Message, NewerVersion, Review
from inbox.screening.details import find_details
from inbox.workflow import DRAFT_MOVES, DraftStatus, LetterStatus, MoveRefused, Role, moves_from

_AUTHORS = frozenset({Role.AUTHOR})
_D = DraftStatus
#: How many of those that are out are listed; all are found through the column itself.
RECENT = 20
GROUPS = [
    (_D.WRITING, "Being written"),
    (_D.IN_REVIEW, "With the second reader"),
    (_D.APPROVED, "Approved"),
    (_D.SCHEDULED, "Goes out"),
    (_D.PUBLISHED, "Out"),
    (_D.SHELVED, "On the shelf"),
    (_D.TAKEN_DOWN, "Taken down"),
]


def _fetch(
    request: HttpRequest, column: str, draft: uuid.UUID, allowed: frozenset[Role] = access.READS_DRAFTS
) -> tuple[Column, frozenset[Role], Draft]:
    found, mine = access.column(access.staff(request), column, allowed)
    return found, mine, access.draft(found, draft)


@require_safe
def drafts(request: HttpRequest, column: str) -> HttpResponse:
    """The shortlist by topic, and every draft by where it stands."""
    found, mine = access.column(access.staff(request), column, access.READS_DRAFTS)
    at, keys = timezone.now(), vault.desk()
    rows = Draft.objects.filter(column=found).select_related("topic", "article", "started_by")
    at_work = list(rows.exclude(status__in=[_D.PUBLISHED, _D.TAKEN_DOWN]).order_by("-saved_at"))
    shown = [*at_work, *rows.filter(status__in=[_D.PUBLISHED, _D.TAKEN_DOWN]).order_by("-saved_at")[:RECENT]]
    headlines = _headlines(shown, keys)
    asked = set(
        Review.objects.filter(draft__in=shown, decision=Review.Decision.CHANGES).values_list("draft_id", "version__number")
    )
    for one in shown:
        one.column = found
    groups = [
        (title, [(one, headlines.get(one.pk, ""), (one.pk, one.latest) in asked) for one in shown if one.standing(at) == status])
        for status, title in GROUPS
    ]
    context = {
        "column": found,
        "mine": mine,
        "groups": [(title, entries) for title, entries in groups if entries],
        "shortlist": _shortlist(found, keys, at) if Role.AUTHOR in mine else [],
        "may_answer": Role.AUTHOR in mine,
        "section": "drafts",
    }
    return render(request, "desk/drafts.html", context)


@require_POST
def start(request: HttpRequest, column: str) -> HttpResponse:
    """A new draft that answers the chosen letters."""
    found, _ = access.column(access.staff(request), column, _AUTHORS)
    letters = _letters(found, request.POST.getlist("letters"))
    try:
        made = drafting.start(found, letters, by=access.staff(request), at=timezone.now(), keys=vault.desk())
    except MoveRefused as refused:
        messages.warning(request, f"{refused} Nothing was changed.")
        return redirect("desk:drafts", found.slug)
    messages.success(request, "The draft begins with the words of the letter. Make the question yours.")
    return redirect("desk:draft", found.slug, made.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@csp_update({"frame-src": ["'self'"]})
def draft(request: HttpRequest, column: str, draft: uuid.UUID) -> HttpResponse:
    """The editor. A save is a new version; one that would overwrite somebody's newer text shows both instead."""
    found, mine, edited = _fetch(request, column, draft)
    if request.method != "POST":
        return _editor(request, found, mine, edited, _form(found, edited))
    access.need(mine, _AUTHORS)
    form = DraftForm(request.POST, column=found)
    quiet = "application/json" in request.headers.get("Accept", "")
    if not form.is_valid():
        return JsonResponse({"refused": "A part is too long to be saved."}, status=400) if quiet else _editor(
            request, found, mine, edited, form, status=400
        )
    at = timezone.now()
    try:
        edited.revise(
            form.words(),
            topic=form.cleaned_data["topic"],
            care=form.cleaned_data["care"],
            by=access.staff(request),
            at=at,
            base=form.cleaned_data["base"],
            newest=vault.desk().open(edited.newest()),
        )
    except MoveRefused as refused:
        return _not_saved(request, found, mine, edited, form, refused, quiet=quiet)
    if quiet:
        return JsonResponse({"saved": timezone.localtime(at).strftime("%H:%M"), "base": edited.latest})
    messages.success(request, "Saved.")
    return redirect("desk:draft", found.slug, edited.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@xframe_options_sameorigin
@csp_update({"frame-ancestors": ["'self'"]})
def preview(request: HttpRequest, column: str, draft: uuid.UUID) -> HttpResponse:
    """The article as it will look, of the words in the editor or of the newest version."""
    found, _, shown = _fetch(request, column, draft)
    if request.method == "POST":
        words = {name: request.POST.get(name, "") for name in DRAFT_FIELDS}
    else:
        words = vault.desk().open(shown.newest())
    return render(request, "desk/draft_preview.html", {"column": found, "article": as_article(shown, words)})


@require_safe
def versions(request: HttpRequest, column: str, draft: uuid.UUID) -> HttpResponse:
    """Every version, and what differs between two of them."""
    found, mine, shown = _fetch(request, column, draft)
    rows = list(shown.versions.select_related("by"))
    numbers = [row.number for row in rows]
    newer = _number(request.GET.get("to"), numbers, shown.latest)
    older = _number(request.GET.get("from"), numbers, max(newer - 1, numbers[-1]))
    opened = vault.desk().open_many(row for row in rows if row.number in (older, newer))
    text = {row.number: opened[row.pk] for row in rows if row.pk in opened}
    labels = {name: DraftForm.base_fields[name].label for name in DRAFT_FIELDS}
    changes = [
        (labels[name], diff.words(text[older][name], text[newer][name]))
        for name in DRAFT_FIELDS
        if text[older][name] != text[newer][name]
    ]
    context = {"column": found, "mine": mine, "draft": shown, "versions": rows, "older": older, "newer": newer}
    context |= {"changes": changes, "may_restore": Role.AUTHOR in mine and shown.status == _D.WRITING, "section": "drafts"}
    return render(request, "desk/draft_versions.html", context)


@require_POST
def restore(request: HttpRequest, column: str, draft: uuid.UUID, number: int) -> HttpResponse:
    """An older version's words become the newest version; nothing in between is lost."""
    found, _, shown = _fetch(request, column, draft, _AUTHORS)
    old = shown.versions.filter(number=number).first()
    if old is None:
        raise Http404
    words, at = vault.desk().open(old), timezone.now()

    def act() -> None:
        shown.save_version(words, by=access.staff(request), at=at, base=shown.latest)

    return _acted(request, found, shown, act, f"The text of version {number} is the newest again.")


@require_POST
def letters(request: HttpRequest, column: str, draft: uuid.UUID) -> HttpResponse:
    """Let the draft answer one more letter, or one less."""
    found, _, shown = _fetch(request, column, draft, _AUTHORS)
    chosen = _letters(found, request.POST.getlist("letters"))
    by, at, keys = access.staff(request), timezone.now(), vault.desk()
    if request.POST.get("action") not in ("join", "take_out") or not chosen:
        raise Http404

    def act() -> None:
        if request.POST["action"] == "join":
            drafting.join(shown, chosen, by=by, at=at, keys=keys)
        else:
            drafting.take_out(shown, chosen[0], by=by, at=at, keys=keys)

    return _acted(request, found, shown, act, "The letters of this draft are changed.")


@require_POST
def move(request: HttpRequest, column: str, draft: uuid.UUID, verb: str) -> HttpResponse:
    """Send for review, edit again, shelve, take off the shelf."""
    found, mine, shown = _fetch(request, column, draft)
    by, at, keys = access.staff(request), timezone.now(), vault.desk()
    acts: dict[str, tuple[Callable[[], None], str]] = {
        "send": (lambda: publishing.send_for_review(shown, by=by, at=at, keys=keys), "It is with the second reader."),
        "edit": (lambda: publishing.edit(shown, by=by, at=at, keys=keys), "You can write again. The approval has lapsed."),
        "shelve": (lambda: drafting.shelve(shown, by=by, at=at, keys=keys), "On the shelf. Its letters are shortlisted again."),
        "unshelve": (lambda: drafting.unshelve(shown, by=by, at=at, keys=keys), "Off the shelf."),
    }
    if verb not in acts:
        raise Http404
    access.need(mine, DRAFT_MOVES[verb].roles)
    return _acted(request, found, shown, *acts[verb])


# --- what the pages are made of --------------------------------------------------------------------------------------


def as_article(draft: Draft, words: dict[str, str]) -> dict[str, Any]:
    """A draft's words as the article template wants them. Rendered afresh: words of a draft stay in no memory."""
    return {
        **words,
        "question_html": prose.render_question_fresh(words["question"]),
        "answer_html": prose.render_fresh(words["answer"]),
        "care": draft.care,
        "topic": draft.topic,
        "reading_minutes": prose.reading_minutes(words["question"], words["answer"]),
    }


def sources(draft: Draft, keys: vault.Vault) -> list[dict[str, Any]]:
    """The letters that a draft answers, opened, with their conversation; the lead first."""
    letters = drafting.letters(draft, keys)
    said = list(Message.objects.filter(letter__in=letters).exclude(kind=Message.Kind.ADDRESS))
    opened = keys.open_many([*letters, *said])
    found = []
    for letter in letters:
        text = str(opened.get(letter.pk, {}).get("text", ""))
        turns = [(one, opened[one.pk]["text"]) for one in said if one.letter_id == letter.pk and one.pk in opened]
        parts = marked(text, find_details(text))
        found.append(
            {"letter": letter, "text": text, "parts": parts, "turns": turns, "consent": Consent(letter.consent).label}
        )
    return found


def _editor(
    request: HttpRequest, column: Column, mine: frozenset[Role], draft: Draft, form: DraftForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    keys, at = vault.desk(), timezone.now()
    letters = sources(draft, keys)
    question = str(form["question"].value() or "")
    review = draft.reviews.select_related("by", "version").first()
    moves = moves_from(DRAFT_MOVES, draft.standing(at), mine)
    context = {
        "column": column,
        "mine": mine,
        "draft": draft,
        "form": form,
        "sources": letters,
        "changes": diff.words(letters[0]["text"], question) if letters else [],
        "left": [question[one.start : one.end] for one in find_details(question)],
        "verbatim": diff.verbatim(letters[0]["text"], question) if letters else [],
        "writing": draft.status == _D.WRITING and Role.AUTHOR in mine,
        "standing": draft.standing(at),
        "moves": {name: one for name, one in moves.items() if name in ("send", "edit", "shelve", "unshelve")},
        "may": set(moves),
        "review": review,
        "remarks": keys.open(review) if review else None,
        "shortlist": _shortlist(column, keys, at) if draft.status == _D.WRITING and Role.AUTHOR in mine else [],
        "preview": as_article(draft, {name: str(form[name].value() or "") for name in DRAFT_FIELDS}),
        "section": "drafts",
        **more,
    }
    return render(request, "desk/draft.html", context, status=status)


def _form(column: Column, draft: Draft) -> DraftForm:
    words = vault.desk().open(draft.newest())
    topic = draft.topic.slug if draft.topic else ""
    return DraftForm(initial={**words, "topic": topic, "care": draft.care, "base": draft.latest}, column=column)


def _not_saved(
    request: HttpRequest, column: Column, mine: frozenset[Role], draft: Draft, form: DraftForm, refused: MoveRefused, *, quiet: bool
) -> HttpResponse:
    """Nothing was overwritten: the person's text stays in the form, a colleague's newer one is shown beside it."""
    newest = Draft.objects.select_related("topic", "article", "bundle").get(pk=draft.pk)
    newest.column = column
    version = newest.newest()
    if quiet:
        newer = str(version.by) if isinstance(refused, NewerVersion) else ""
        return JsonResponse({"refused": str(refused), "newer": newer}, status=409)
    words = vault.desk().open(version)
    labels = {name: DraftForm.base_fields[name].label for name in DRAFT_FIELDS}
    theirs = [(labels[name], words[name]) for name in DRAFT_FIELDS if words[name] != form.words()[name]]
    data = form.data.copy()
    data["base"] = str(newest.latest)
    kept = DraftForm(data, column=column)
    return _editor(request, column, mine, newest, kept, status=409, refused=str(refused), theirs=theirs, version=version)


def _acted(request: HttpRequest, column: Column, draft: Draft, act: Callable[[], None], said: str) -> HttpResponse:
    """Make the one domain call, say what came of it, and go back to the draft."""
    try:
        act()
    except MoveRefused as refused:
        messages.warning(request, f"{refused} Nothing was changed.")
    else:
        messages.success(request, said)
    return redirect("desk:draft", column.slug, draft.pk)


def _letters(column: Column, ids: list[str]) -> list[Letter]:
    """The letters of this column with these ids, in this order; 404 where one is none of its letters."""
    try:
        wanted = [uuid.UUID(one) for one in ids]
    except ValueError as error:
        raise Http404 from error
    found = {letter.pk: letter for letter in access.letters(column).filter(pk__in=wanted).select_related("topic")}
    if set(wanted) - set(found):
        raise Http404
    for letter in found.values():
        letter.column = column
    return [found[one] for one in dict.fromkeys(wanted)]


def _headlines(drafts: list[Draft], keys: vault.Vault) -> dict[uuid.UUID, str]:
    newest = {draft.pk: draft.latest for draft in drafts}
    rows = DraftVersion.objects.filter(draft__in=drafts).only("id", "sealed", "draft", "number")
    wanted = [row for row in rows if newest[row.draft_id] == row.number]
    opened = keys.open_many(wanted)
    return {row.draft_id: opened[row.pk]["headline"] for row in wanted if row.pk in opened}


def _shortlist(column: Column, keys: vault.Vault, at: dt.datetime) -> list[tuple[Topic | None, list[dict[str, Any]]]]:
    """The shortlisted letters by topic, the longest waiting first."""
    letters = list(access.letters(column).filter(status=LetterStatus.SHORTLISTED).select_related("topic").by_need())
    opened = keys.open_many(letters)
    groups: dict[Topic | None, list[dict[str, Any]]] = {}
    for letter in letters:
        text = " ".join(str(opened.get(letter.pk, {}).get("text", "")).split())
        entry = {"letter": letter, "first": text[:160], "days": (at.date() - letter.received_on).days}
        groups.setdefault(letter.topic, []).append(entry)
    return sorted(groups.items(), key=lambda group: group[0].name if group[0] else "~")


def _number(asked: str | None, known: list[int], otherwise: int) -> int:
    return int(asked) if asked and asked.isdecimal() and len(asked) < 9 and int(asked) in known else otherwise
