"""The writing desk: the shortlist and the drafts, and one draft with its letters beside it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import messages
from django.db.models import OuterRef, Subquery
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from columns import prose
from columns.models import Column
from inbox.desk import buttons
from inbox.desk.frames import framed, holds_frame, stands_in_frame
from inbox.desk.writing.draft_context import as_article, chosen, headlines, read_topics, shortlist, sources
from inbox.desk.writing.forms import LABELS, OUTLINE, DraftForm
from inbox.desk.writing.writer_approval import asked
from inbox.editorial import bundles, checklist, draft_case, publishing
from inbox.editorial import drafts as draft_rules
from inbox.editorial.draft_case import Manuscript
from inbox.keys.vault import Vault
from inbox.models import DRAFT_FIELDS, Draft, Letter, NewerVersion, Review, User
from inbox.screening import diff
from inbox.screening.details import find_details
from inbox.screening.highlight import marked
from inbox.staff import access
from inbox.triage import presence
from inbox.workflow import DRAFT_MOVES, DraftStatus, LetterStatus, MoveRefused, Role, moves_from, plain

_AUTHORS = frozenset({Role.AUTHOR})
_D = DraftStatus
#: How many of those that are out are listed; all are found through the column itself.
RECENT = 20
#: Where a draft can stand, in the order of the desk, in words.
STANDINGS = {
    _D.WRITING: "Being written",
    _D.IN_REVIEW: "With the second reader",
    _D.APPROVED: "Approved",
    _D.SCHEDULED: "Goes out",
    _D.PUBLISHED: "Out",
    _D.SHELVED: "On the shelf",
    _D.TAKEN_DOWN: "Taken down",
}
#: Of the moves that need nothing but the click, those from which more follows than the move.
_WITH_MORE: dict[str, Callable[..., None]] = {
    "send": publishing.send_for_review,
    "edit": publishing.edit,
    "write_anew": publishing.write_anew,
    "shelve": draft_rules.shelve,
    "unshelve": draft_rules.unshelve,
}


def _fetch(
    request: HttpRequest, column: str, draft: uuid.UUID, allowed: frozenset[Role] = access.READS_DRAFTS
) -> tuple[Column, frozenset[Role], Draft]:
    found, mine = access.column(access.staff(request), column, allowed)
    draft_rules.forget_withdrawn(found, at=timezone.now(), keys=access.keys(request))
    return found, mine, access.draft(found, draft)


@require_safe
def drafts(request: HttpRequest, column: str) -> HttpResponse:
    """The shortlist by topic, and every draft by where it stands."""
    user = access.staff(request)
    found, mine = access.column(user, column, access.READS_DRAFTS)
    at, keys = timezone.now(), access.keys(request)
    draft_rules.forget_withdrawn(found, at=at, keys=keys)
    newest = Review.objects.filter(draft=OuterRef("pk")).order_by("-at").values("decision")[:1]
    rows = Draft.objects.filter(column=found).select_related("topic", "article", "started_by").order_by("-saved_at")
    rows = rows.annotate(decision=Subquery(newest))
    out = [_D.PUBLISHED, _D.TAKEN_DOWN]
    shown: list[Any] = [*rows.exclude(status__in=out), *rows.filter(status__in=out)[:RECENT]]
    titles = headlines(shown, keys)
    groups: dict[str, list[tuple[Draft, str, bool]]] = {title: [] for title in ["Changes asked", *STANDINGS.values()]}
    for one in sorted(shown, key=lambda draft: draft.started_by_id != user.pk):
        one.column = found
        asked = one.status == _D.WRITING and one.decision == Review.Decision.CHANGES
        title = "Changes asked" if asked else STANDINGS[one.standing(at)]
        groups[title].append((one, titles.get(one.pk, ""), one.started_by_id == user.pk))
    context = {
        "column": found,
        "mine": mine,
        "groups": [(title, entries) for title, entries in groups.items() if entries],
        "shortlist": _shortlist(found, keys, at) if Role.AUTHOR in mine else [],
        "may_answer": Role.AUTHOR in mine,
        "section": "drafts",
    }
    return render(request, "desk/writing/drafts.html", context)


def _shortlist(column: Column, keys: Vault, at: dt.datetime) -> list[dict[str, Any]]:
    letters = access.letters(column).filter(status=LetterStatus.SHORTLISTED).select_related("topic").by_need()
    read_topics(column, at)
    return shortlist(column, letters, keys.open_many(letters), at)


@require_POST
def start(request: HttpRequest, column: str) -> HttpResponse:
    """A new draft that answers the chosen letters."""
    found, _ = access.column(access.staff(request), column, _AUTHORS)
    letters = chosen(found, request.POST.getlist("letters"))
    by, at, keys = access.staff(request), timezone.now(), access.keys(request)
    try:
        if letters:  # those that lie with them come along
            _need_free(bundles.touched(letters[0], letters[1:], keys=keys), by, at=at)
        begun = draft_rules.begin(found, letters, by=by, at=at, keys=keys)
    except MoveRefused as refused:
        messages.warning(request, f"{refused} Nothing was changed.")
        return redirect("desk:drafts", found.slug)
    for letter in letters:  # whose it is stands at the draft from here on
        presence.release(letter.pk, by)
    messages.success(request, "The draft begins with the words of the letter. Make the question yours.")
    if begun.said:
        messages.warning(request, begun.said)
    return redirect("desk:draft", found.slug, begun.draft.pk)


def _need_free(letters: Iterable[Letter], user: User, *, at: dt.datetime) -> None:
    for letter in letters:
        presence.need_free(letter.pk, user, at=at, called=letter.label)


@require_http_methods(["GET", "HEAD", "POST"])
@holds_frame
def draft(request: HttpRequest, column: str, draft: uuid.UUID) -> HttpResponse:
    """The editor. A save is a new version; one that would overwrite somebody's newer text shows both instead."""
    found, mine = access.column(access.staff(request), column, access.READS_DRAFTS)
    if request.method != "POST":
        draft_rules.forget_withdrawn(found, at=timezone.now(), keys=access.keys(request))
        manuscript = _read(request, found, draft)
        return _editor(request, found, mine, manuscript, _form(found, manuscript))
    access.need(mine, _AUTHORS)
    form, quiet = DraftForm(request.POST, column=found), "application/json" in request.headers.get("Accept", "")
    if not form.is_valid():
        if quiet:
            return JsonResponse({"refused": "A part is too long to be saved."}, status=400)
        return _editor(request, found, mine, _read(request, found, draft), form, status=400)
    try:
        saved = _save(request, found, draft, form)
    except MoveRefused as refused:
        return _not_saved(request, found, mine, draft, form, refused, quiet=quiet)
    if quiet:
        said = timezone.localtime(saved.saved_at).strftime("%H:%M")
        return JsonResponse({"saved": said, "base": saved.latest, "loaded": publishing.hash_of(form.words())})
    messages.success(request, "Saved.")
    return redirect("desk:draft", found.slug, draft)


def _save(request: HttpRequest, column: Column, draft_id: uuid.UUID, form: DraftForm) -> Draft:
    """A new version where a word changed; else topic and help lines alone. Returns the draft as it stands then."""
    given, at = form.cleaned_data, timezone.now()
    labels = {"topic": given["topic"], "care": given["care"]}
    if not form.is_as_loaded():
        # not read before: somebody who writes saves every few seconds, and one UPDATE decides anyway
        written = Draft(pk=draft_id, column=column)
        try:
            written.save_version(form.words(), by=access.staff(request), at=at, base=given["base"], **labels)
        except NewerVersion:
            # the answer to a save can be lost on its way back: the very same words once more are no conflict
            kept = access.draft(column, draft_id)
            if publishing.hash_of(access.keys(request).open(kept.newest())) != publishing.hash_of(form.words()):
                raise
            given["base"] = kept.latest
        else:
            return written
    kept = access.draft(column, draft_id)
    kept.classify(base=given["base"], **labels)
    kept.saved_at = at
    return kept


def _not_saved(
    request: HttpRequest,
    column: Column,
    mine: frozenset[Role],
    draft_id: uuid.UUID,
    form: DraftForm,
    refused: MoveRefused,
    *,
    quiet: bool,
) -> HttpResponse:
    """Nothing was overwritten: the person's text stays on the page, a colleague's newer one is shown beside it."""
    if quiet:
        newer = str(access.newest(column, draft_id).by) if isinstance(refused, NewerVersion) else ""
        return JsonResponse({"refused": str(refused), "newer": newer}, status=409)
    manuscript = _read(request, column, draft_id)
    theirs, ours, version = manuscript.words, form.words(), manuscript.version
    data = {**request.POST.dict(), "base": version.number, "loaded": publishing.hash_of(theirs)}
    both = [
        (LABELS[name], theirs[name], ours[name], diff.words(theirs[name], ours[name]))
        for name in DRAFT_FIELDS
        if theirs[name] != ours[name]
    ]
    conflict = {"refused": str(refused), "version": version, "both": both, "ours": ours}
    return _editor(request, column, mine, manuscript, DraftForm(data, column=column), status=409, **conflict)


@require_http_methods(["GET", "HEAD", "POST"])
@stands_in_frame
def preview(request: HttpRequest, column: str, draft: uuid.UUID) -> HttpResponse:
    """The article as it will look, of the words in the editor or of the newest version."""
    found, _, shown = _fetch(request, column, draft)
    if request.method == "POST":
        words = {name: request.POST.get(name, "") for name in DRAFT_FIELDS}
    else:
        words = access.keys(request).open(shown.newest())
    article = as_article(shown, words, at=timezone.now())
    context = {"column": found, "article": article, "framed": framed(request)}
    return render(request, "desk/writing/draft_preview.html", context)


@require_safe
def versions(request: HttpRequest, column: str, draft: uuid.UUID) -> HttpResponse:
    """Every version, and what differs between two of them."""
    found, mine, shown = _fetch(request, column, draft)
    rows = list(shown.versions.defer("sealed").select_related("by"))
    numbers = [row.number for row in rows]
    newer = _number(request.GET.get("to"), numbers, shown.latest)
    older = _number(request.GET.get("from"), numbers, max(newer - 1, numbers[-1]))
    opened = access.keys(request).open_many(two := list(shown.versions.filter(number__in=[older, newer])))
    erased = dict.fromkeys(DRAFT_FIELDS, "")
    text = {row.number: opened.get(row.pk, erased) for row in two}
    changes = [
        (LABELS[name], diff.words(text[older][name], text[newer][name]))
        for name in DRAFT_FIELDS
        if text[older][name] != text[newer][name]
    ]
    context = {
        "column": found,
        "mine": mine,
        "draft": shown,
        "headline": text[newer]["headline"],
        "versions": rows,
        "older": older,
        "newer": newer,
        "changes": changes,
        "may_restore": Role.AUTHOR in mine and shown.status == _D.WRITING,
        "section": "drafts",
    }
    return render(request, "desk/writing/draft_versions.html", context)


@require_POST
def restore(request: HttpRequest, column: str, draft: uuid.UUID, number: int) -> HttpResponse:
    """An older version's words become the newest version; nothing in between is lost."""
    found, _, shown = _fetch(request, column, draft, _AUTHORS)
    old = shown.versions.filter(number=number).first()
    if old is None:
        raise Http404
    words, by, at = access.keys(request).open(old), access.staff(request), timezone.now()

    def act() -> None:
        shown.save_version(words, by=by, at=at, base=shown.latest)

    return _acted(request, found, shown, act, f"The text of version {number} is the newest again.")


@require_POST
def letters(request: HttpRequest, column: str, draft: uuid.UUID) -> HttpResponse:
    """Let the draft answer one more letter, or one less."""
    found, _, shown = _fetch(request, column, draft, _AUTHORS)
    these, action = chosen(found, request.POST.getlist("letters")), request.POST.get("action")
    by, at, keys = access.staff(request), timezone.now(), access.keys(request)
    if action not in ("join", "take_out"):
        raise Http404
    if not these:
        messages.warning(request, "Choose at least one letter. Nothing was changed.")
        return redirect("desk:draft", found.slug, shown.pk)

    def act() -> None:
        if action == "join":
            _need_free(these, by, at=at)
            draft_rules.join(shown, these, by=by, at=at, keys=keys)
        else:
            draft_rules.take_out(shown, these[0], by=by, at=at, keys=keys)

    labels = ", ".join(letter.label for letter in these)
    said = f"This draft answers {labels} too." if action == "join" else f"{labels} is on the shortlist again."
    return _acted(request, found, shown, act, said)


@require_POST
def move(request: HttpRequest, column: str, draft: uuid.UUID, verb: str) -> HttpResponse:
    """Send for review, edit again, write anew, shelve, take off the shelf."""
    found, mine, shown = _fetch(request, column, draft)
    if verb not in plain(DRAFT_MOVES):
        raise Http404
    access.need(mine, DRAFT_MOVES[verb].roles)
    by, at, keys = access.staff(request), timezone.now(), access.keys(request)
    more, row = _WITH_MORE.get(verb), DRAFT_MOVES[verb]

    def act() -> None:
        if more is None:
            shown.move(verb, by=by, at=at)
        else:
            more(shown, by=by, at=at, keys=keys)

    return _acted(request, found, shown, act, gettext(row.done or row.sentence))


def _read(request: HttpRequest, column: Column, draft_id: uuid.UUID) -> Manuscript:
    return draft_case.open_manuscript(access.newest(column, draft_id), access.keys(request))


def _editor(
    request: HttpRequest,
    column: Column,
    mine: frozenset[Role],
    manuscript: Manuscript,
    form: DraftForm,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    keys, at, draft = access.keys(request), timezone.now(), manuscript.draft
    writing = draft.status == _D.WRITING and Role.AUTHOR in mine
    # letters are read by those who read letters; a second reader sees them beside a draft that is with them
    case, answered = None, []
    if mine & access.READS_LETTERS:
        case = draft_case.open_case(manuscript, keys, notes=True, shortlist=writing)
        answered = sources(case)
    if writing:
        read_topics(column, at)
    words = form.shown()
    standing = draft.standing(at)
    moves = moves_from(DRAFT_MOVES, standing, mine)
    context = {
        "column": column,
        "mine": mine,
        "draft": draft,
        "form": form,
        "words": words,
        "sources": answered,
        "changes": diff.words(answered[0]["text"], words["question"]) if answered else [],
        "question_parts": marked(words["question"], find_details(words["question"])),
        "left": checklist.details(words["question"]),
        "verbatim": diff.verbatim(answered[0]["text"], words["question"]) if answered else [],
        **(asked(case, at, may_ask=Role.AUTHOR in mine) if case else {"asked": [], "held_up": []}),
        "outline": OUTLINE,
        "count": prose.words(words["answer"]),
        "minutes": prose.reading_minutes(words["question"], words["answer"]),
        "writing": writing,
        "standing": STANDINGS[standing],
        "buttons": buttons.of_draft(draft, column, mine, standing),
        "may": set(moves),
        "review": next(iter(manuscript.reviews), None),
        "remarks": manuscript.remarks,
        "shortlist": shortlist(column, case.shortlist, case.opened, at) if case and writing else [],
        "section": "drafts",
        **more,
    }
    return render(request, "desk/writing/draft.html", context, status=status)


def _form(column: Column, manuscript: Manuscript) -> DraftForm:
    draft, words = manuscript.draft, manuscript.words
    topic = draft.topic.slug if draft.topic else ""
    labels = {"topic": topic, "care": draft.care, "base": draft.latest, "loaded": publishing.hash_of(words)}
    return DraftForm(initial={**words, **labels}, column=column)


def _acted(request: HttpRequest, column: Column, draft: Draft, act: Callable[[], None], said: str) -> HttpResponse:
    """Make the one domain call, say what came of it, and go back to the draft."""
    try:
        act()
    except MoveRefused as refused:
        messages.warning(request, f"{refused} Nothing was changed.")
    else:
        messages.success(request, said)
    return redirect("desk:draft", column.slug, draft.pk)


def _number(asked: str | None, known: list[int], otherwise: int) -> int:
    return int(asked) if asked and asked.isdecimal() and len(asked) < 9 and int(asked) in known else otherwise
