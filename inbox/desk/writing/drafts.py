"""The pages of drafts: the list with the shortlist, the editor, the preview, the versions, and the moves."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db.models import OuterRef, Subquery
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext, gettext_lazy

from columns.templatetags.lists import listed
from columns.text import prose
from inbox.desk import buttons
from inbox.desk.draft_context import as_article, chosen, headlines, read_topics, shortlist, sources
from inbox.desk.frames import framed, holds_frame, stands_in_frame
from inbox.desk.guard import Desk, desk_view, redirect_to
from inbox.desk.writing import draft_history
from inbox.desk.writing.forms import LABELS, OUTLINE, DraftForm
from inbox.desk.writing.writer_approval import approval_context
from inbox.editorial import bundles, checklist, draft_case, publishing
from inbox.editorial import drafts as draft_rules
from inbox.editorial.draft_case import Manuscript
from inbox.letters.care.texts import CARDS
from inbox.models import DRAFT_FIELDS, Draft, Letter, NewerVersion, Review
from inbox.screening import diff
from inbox.screening.concerns import TITLES
from inbox.screening.details import find_details
from inbox.screening.highlight import beyond, marked
from inbox.staff import access
from inbox.triage import presence
from inbox.workflow import (
    DRAFT_MOVES,
    LETTER_MOVES,
    DraftStatus,
    LetterStatus,
    MoveRefused,
    NotAllowed,
    Role,
    moves_from,
    plain,
)

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

_AUTHORS = frozenset({Role.AUTHOR})
_D = DraftStatus
#: The most published and taken-down drafts in the list.
RECENT = 20
#: The title of each state of a draft, in the order of the list.
STATUS_LINES = {
    _D.WRITING: gettext_lazy("Being written"),
    _D.IN_REVIEW: gettext_lazy("With the second reader"),
    _D.APPROVED: gettext_lazy("Approved"),
    _D.SCHEDULED: gettext_lazy("Goes out"),
    _D.PUBLISHED: gettext_lazy("Out"),
    _D.SHELVED: gettext_lazy("On the shelf"),
    _D.TAKEN_DOWN: gettext_lazy("Taken down"),
}
#: The title of drafts whose second reader asked for changes.
_CHANGES_ASKED = gettext_lazy("Changes asked")
#: The plain moves that have a function of their own, since they change more than the draft's status.
_MOVE_FUNCTIONS: dict[str, Callable[..., None]] = {
    "send": publishing.send_for_review,
    "edit": publishing.edit,
    "unschedule": publishing.unschedule,
    "write_anew": publishing.write_anew,
    "shelve": draft_rules.shelve,
    "unshelve": draft_rules.unshelve,
}
#: Answers a refused move with the page of the draft.
_AT_DRAFT = redirect_to("desk:draft", "draft")


@desk_view("GET", seats=access.READS_DRAFTS)
def drafts(request: HttpRequest, desk: Desk) -> HttpResponse:
    """List the shortlist by topic, and the drafts by state."""
    newest = Review.objects.filter(draft=OuterRef("pk")).order_by("-at").values("decision")[:1]
    rows = Draft.objects.filter(column=desk.column).annotate(decision=Subquery(newest))
    rows = rows.select_related("topic", "article", "started_by").order_by("-saved_at")
    ended = [_D.PUBLISHED, _D.TAKEN_DOWN]
    shown: list[Any] = [*rows.exclude(status__in=ended), *rows.filter(status__in=ended)[:RECENT]]
    titles = headlines(shown, desk.keys)
    groups: dict[str, list[tuple[Draft, str, bool]]] = {
        str(title): [] for title in [_CHANGES_ASKED, *STATUS_LINES.values()]
    }
    for draft in sorted(shown, key=lambda draft: draft.started_by_id != desk.user.pk):
        draft.column = desk.column
        changes_asked = draft.status == _D.WRITING and draft.decision == Review.Decision.CHANGES
        title = str(_CHANGES_ASKED if changes_asked else STATUS_LINES[draft.status_at(desk.at)])
        groups[title].append((draft, titles.get(draft.pk, ""), draft.started_by_id == desk.user.pk))
    context = desk.context(
        "drafts",
        groups=[(title, entries) for title, entries in groups.items() if entries],
        shortlist=_shortlist(desk) if Role.AUTHOR in desk.seats else [],
        may_answer=Role.AUTHOR in desk.seats,
    )
    return render(request, "desk/writing/drafts.html", context)


def _shortlist(desk: Desk) -> list[dict[str, Any]]:
    """Return the shortlist of the column, as ``shortlist``."""
    letters = access.letters(desk.column).filter(status=LetterStatus.SHORTLISTED).select_related("topic").by_need()
    read_topics(desk.column, desk.at)
    return shortlist(desk.column, letters, desk.keys.open_many(letters), desk.at)


@desk_view("POST", seats=LETTER_MOVES["answer"].roles, refused=redirect_to("desk:drafts"))
def start(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Start a draft that answers the chosen letters and those of their bundles."""
    letters = chosen(desk.column, request.POST.getlist("letters"))
    if letters:
        _need_free(bundles.touched(letters[0], letters[1:], keys=desk.keys), desk)
    started = draft_rules.begin(desk.column, letters, by=desk.user, at=desk.at, keys=desk.keys)
    for letter in letters:  # from here on the draft says who works on them
        presence.release(letter.pk, desk.user)
    messages.success(request, gettext("The draft begins with the words of the letter. Make the question yours."))
    if started.said:
        messages.warning(request, started.said)
    return redirect("desk:draft", desk.column.slug, started.draft.pk)


def _need_free(letters: Iterable[Letter], desk: Desk) -> None:
    """Raise ``InHand`` where a colleague has claimed one of the letters."""
    for letter in letters:
        presence.need_free(letter.pk, desk.user, at=desk.at, called=letter.label)


@desk_view("GET", "POST", seats=access.READS_DRAFTS)
@holds_frame
def draft(request: HttpRequest, desk: Desk, draft: uuid.UUID) -> HttpResponse:
    """Show the editor, and save a new version. Where a colleague saved a newer version, show both instead."""
    if request.method != "POST":
        manuscript = _newest(desk, draft)
        return _editor(request, desk, manuscript, _form(desk, manuscript))
    access.need(desk.seats, _AUTHORS)
    form, by_script = (
        DraftForm(request.POST, column=desk.column),
        "application/json" in request.headers.get("Accept", ""),
    )
    if not form.is_valid():
        if by_script:
            sentence = gettext("A part is too long to be saved, or a choice is not one of those on the page.")
            return JsonResponse({"refused": sentence}, status=400)
        return _editor(request, desk, _newest(desk, draft), form, status=400)
    try:
        saved = _save(desk, draft, form)
    except MoveRefused as refused:
        return _not_saved(request, desk, draft, form, refused, by_script=by_script)
    if by_script:
        saved_at = time_format(timezone.localtime(saved.saved_at), "TIME_FORMAT")
        return JsonResponse({"saved": saved_at, "base": saved.latest, "loaded": publishing.hash_of(form.words())})
    messages.success(request, gettext("Saved."))
    return redirect("desk:draft", desk.column.slug, draft)


def _save(desk: Desk, draft_id: uuid.UUID, form: DraftForm) -> Draft:
    """Save a new version where the text changed, else the topic and the help lines alone. Returns the saved draft."""
    fields, at = form.cleaned_data, desk.at
    labels = {"topic": fields["topic"], "care": fields["care"]}
    if not form.is_as_loaded():
        # not read before: the editor saves every few seconds, and the UPDATE finds a newer version anyway
        draft = Draft(pk=draft_id, column=desk.column)
        try:
            kinds = form.concerns()
            draft.save_version(form.words(), by=desk.user, at=at, base=fields["base"], kinds=kinds, **labels)
        except NewerVersion:
            # where the response to a save was lost, the script sends the same text again: no conflict
            stored = access.draft(desk.column, draft_id)
            if publishing.hash_of(desk.keys.open(stored.newest())) != publishing.hash_of(form.words()):
                raise
            fields["base"] = stored.latest
        else:
            return draft
    stored = access.draft(desk.column, draft_id)
    stored.classify(base=fields["base"], **labels)
    stored.saved_at = at
    return stored


def _not_saved(
    request: HttpRequest,
    desk: Desk,
    draft_id: uuid.UUID,
    form: DraftForm,
    refused: MoveRefused,
    *,
    by_script: bool,
) -> HttpResponse:
    """Return the response to a refused save: the editor with the person's text, and the newer one beside it."""
    if by_script:
        newer = str(access.newest(desk.column, draft_id).by) if isinstance(refused, NewerVersion) else ""
        return JsonResponse({"refused": str(refused), "newer": newer}, status=409)
    manuscript = _newest(desk, draft_id)
    theirs, ours, version = manuscript.words, form.words(), manuscript.version
    data = request.POST.copy()
    data["base"], data["loaded"] = str(version.number), publishing.hash_of(theirs)
    both = [(label, was, now, diff.words(was, now)) for label, was, now in _different(theirs, ours)]
    conflict = {"refused": str(refused), "version": version, "both": both, "ours": ours}
    return _editor(request, desk, manuscript, DraftForm(data, column=desk.column), status=409, **conflict)


def _different(older: Mapping[str, Any], newer: Mapping[str, Any]) -> Iterator[tuple[_StrOrPromise, str, str]]:
    """Yield the parts that differ between two texts of a draft: the label, and each as people read it."""
    for name in DRAFT_FIELDS:
        if older[name] != newer[name]:
            yield LABELS[name], older[name], newer[name]
    if (was := _help_kinds(older)) != (now := _help_kinds(newer)):
        yield LABELS["help_kinds"], was, now


def _help_kinds(words: Mapping[str, Any]) -> str:
    """Return the names of the kinds of concern whose help lines stand first, one a line."""
    chosen = words.get("help_kinds", ())
    return "\n".join(gettext(CARDS[kind].name) for kind in TITLES if kind in chosen)


@desk_view("GET", "POST", seats=access.READS_DRAFTS)
@stands_in_frame
def preview(request: HttpRequest, desk: Desk, draft: uuid.UUID) -> HttpResponse:
    """Render the text in the editor (POST), or the newest version (GET), as an article."""
    shown = access.draft(desk.column, draft)
    if request.method == "POST":
        words: dict[str, Any] = {name: request.POST.get(name, "") for name in DRAFT_FIELDS}
        words["help_kinds"] = [kind for kind in TITLES if kind in request.POST.getlist("help_kinds")]
        shown.care = "care" in request.POST
    else:
        words = desk.keys.open(shown.newest())
    article = as_article(shown, words, at=desk.at, keys=desk.keys)
    context = {"column": desk.column, "article": article, "framed": framed(request)}
    return render(request, "desk/writing/draft_preview.html", context)


@desk_view("GET", seats=access.READS_DRAFTS)
def versions(request: HttpRequest, desk: Desk, draft: uuid.UUID) -> HttpResponse:
    """List the versions, and show the difference of two of them."""
    shown = access.draft(desk.column, draft)
    rows = list(shown.versions.select_related("by"))
    every = desk.keys.open_many(rows)
    draft_case.show_times(rows, every)
    numbers = [row.number for row in rows]
    newer = _number(request.GET.get("to"), numbers, shown.latest)
    older = _number(request.GET.get("from"), numbers, max(newer - 1, numbers[-1]))
    erased = dict.fromkeys(DRAFT_FIELDS, "")
    text = {row.number: every.get(row.pk, erased) for row in rows}
    changes = [(label, diff.words(was, now)) for label, was, now in _different(text[older], text[newer])]
    context = desk.context("drafts") | {
        "draft": shown,
        "headline": text[newer]["headline"],
        "versions": rows,
        "older": older,
        "newer": newer,
        "changes": changes,
        "may_restore": Role.AUTHOR in desk.seats and shown.status == _D.WRITING,
    }
    return render(request, "desk/writing/draft_versions.html", context)


@desk_view("POST", seats=_AUTHORS, refused=_AT_DRAFT)
def restore(request: HttpRequest, desk: Desk, draft: uuid.UUID, number: int) -> HttpResponse:
    """Save the text of an older version as the newest version; the versions in between stay."""
    shown = access.draft(desk.column, draft)
    older = shown.versions.filter(number=number).first()
    if older is None:
        raise Http404
    kinds = draft_case.of(shown, desk.keys).concerns
    shown.save_version(desk.keys.open(older), by=desk.user, at=desk.at, base=shown.latest, kinds=kinds)
    messages.success(request, gettext("The text of version %(number)s is the newest again.") % {"number": number})
    return redirect("desk:draft", desk.column.slug, shown.pk)


@desk_view("POST", seats=_AUTHORS, refused=_AT_DRAFT)
def letters(request: HttpRequest, desk: Desk, draft: uuid.UUID) -> HttpResponse:
    """Add letters to those that the draft answers, or take one out."""
    shown, action = access.draft(desk.column, draft), request.POST.get("action")
    letters = chosen(desk.column, request.POST.getlist("letters"))
    if action not in ("join", "take_out"):
        raise Http404
    if not letters:
        raise NotAllowed(gettext("Choose at least one letter."))
    labels = listed(letter.label for letter in letters)
    if action == "join":
        _need_free(letters, desk)
        draft_rules.join(shown, letters, by=desk.user, at=desk.at, keys=desk.keys)
        messages.success(request, gettext("This draft answers %(letters)s too.") % {"letters": labels})
    else:
        draft_rules.take_out(shown, letters[0], by=desk.user, at=desk.at, keys=desk.keys)
        sentence = gettext("%(letter)s is on the shortlist again.")
        messages.success(request, sentence % {"letter": letters[0].label})
    return redirect("desk:draft", desk.column.slug, shown.pk)


@desk_view("POST", seats=access.READS_DRAFTS, refused=_AT_DRAFT)
def move(request: HttpRequest, desk: Desk, draft: uuid.UUID, verb: str) -> HttpResponse:
    """Make one of the plain moves of a draft: send for review, edit, write anew, shelve, unshelve."""
    shown = access.draft(desk.column, draft)
    if verb not in plain(DRAFT_MOVES):
        raise Http404
    access.need(desk.seats, DRAFT_MOVES[verb].roles)
    function, row = _MOVE_FUNCTIONS.get(verb), DRAFT_MOVES[verb]
    if function is None:
        shown.move(verb, by=desk.user, at=desk.at)
    else:
        function(shown, by=desk.user, at=desk.at, keys=desk.keys)
    messages.success(request, gettext(row.done or row.sentence))
    return redirect("desk:draft", desk.column.slug, shown.pk)


def _newest(desk: Desk, draft_id: uuid.UUID) -> Manuscript:
    return draft_case.open_manuscript(access.newest(desk.column, draft_id), desk.keys)


def _editor(
    request: HttpRequest, desk: Desk, manuscript: Manuscript, form: DraftForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    """Render the page of the draft."""
    at, mine, draft = desk.at, desk.seats, manuscript.draft
    writing = draft.status == _D.WRITING and Role.AUTHOR in mine
    # a second reader sees the letters on the page of the second reading alone
    case, answered = None, []
    if mine & access.READS_LETTERS:
        case = draft_case.open_case(manuscript, desk.keys, notes=True, shortlist=writing)
        answered = sources(case)
    if writing:
        read_topics(desk.column, at)
    if case:
        form.propose(case.concerns)
    words = form.shown()
    draft_status = draft.status_at(at)
    known, letters = desk.column.public_names(), [source["text"] for source in answered]
    in_question = find_details(words["question"], known, letters)
    moves, lines = moves_from(DRAFT_MOVES, draft_status, mine), draft_history.of_draft(draft)
    context = desk.context("drafts") | {
        "draft": draft,
        "form": form,
        "words": words,
        "kinds": " ".join(case.concerns if case else manuscript.concerns),
        "sources": answered,
        "changes": diff.words(answered[0]["text"], words["question"]) if answered else [],
        "question_parts": marked(words["question"], in_question),
        "question_beyond": beyond(in_question),
        "left": checklist.details(words["question"], known, letters),
        "verbatim": diff.verbatim(answered[0]["text"], words["question"]) if answered else [],
        **(approval_context(case, at, may_ask=Role.AUTHOR in mine) if case else {"approvals": [], "held_up": []}),
        "outline": OUTLINE,
        "count": prose.words(words["answer"]),
        "minutes": prose.reading_minutes(words["question"], words["answer"]),
        "writing": writing,
        "status_line": STATUS_LINES[draft_status],
        "buttons": buttons.of_draft(draft, desk.column, mine, draft_status),
        "may": set(moves),
        "lines": lines,
        "way_back": draft_history.way_back(lines, moves),
        "review": next(iter(manuscript.reviews), None),
        "remarks": manuscript.remarks,
        "shortlist": shortlist(desk.column, case.shortlist, case.opened, at) if case and writing else [],
        **more,
    }
    return render(request, "desk/writing/draft.html", context, status=status)


def _form(desk: Desk, manuscript: Manuscript) -> DraftForm:
    """Return the form filled with the manuscript."""
    draft, words = manuscript.draft, manuscript.words
    topic = draft.topic.slug if draft.topic else ""
    labels = {"topic": topic, "care": draft.care, "base": draft.latest, "loaded": publishing.hash_of(words)}
    return DraftForm(initial={**words, **labels}, column=desk.column)


def _number(text: str | None, numbers: list[int], default: int) -> int:
    """Return the version number in the text, or ``default`` where it is none of ``numbers``."""
    return int(text) if text and text.isdecimal() and len(text) < 9 and int(text) in numbers else default
