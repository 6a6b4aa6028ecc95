"""The second reading: the article as it will look, what was checked, remarks, a decision."""

from __future__ import annotations

import re
import uuid
from typing import Any

from csp.decorators import csp_update
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_safe

from columns import prose
from columns.models import Column
from inbox import access, diff, publishing, vault
from inbox.forms.drafts import ReviewForm
from inbox.models import Consent, Draft, DraftVersion
from inbox.screening.details import find_details
from inbox.views.drafts import as_article, sources
from inbox.workflow import DRAFT_MOVES, DraftStatus, LetterStatus, MoveRefused, Role

#: What an answer of the column usually has, in words.
USUAL_LENGTH = (900, 1500)


@require_safe
def reviews(request: HttpRequest, column: str) -> HttpResponse:
    """Drafts that wait for a second reader, the longest waiting first."""
    found, mine = access.column(access.staff(request), column, access.READS_DRAFTS)
    waiting = list(Draft.objects.filter(column=found, status=DraftStatus.IN_REVIEW).select_related("started_by", "topic").order_by("saved_at"))
    numbers = {draft.pk: draft.latest for draft in waiting}
    versions = [row for row in DraftVersion.objects.filter(draft__in=waiting) if numbers[row.draft_id] == row.number]
    opened = vault.desk().open_many(versions)
    headlines = {row.draft_id: opened[row.pk]["headline"] for row in versions if row.pk in opened}
    rows = [(draft, headlines.get(draft.pk, "")) for draft in waiting]
    context = {"column": found, "mine": mine, "rows": rows, "may_review": Role.REVIEWER in mine, "section": "reviews"}
    return render(request, "desk/reviews.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@csp_update({"frame-src": ["'self'"]})
def review(request: HttpRequest, column: str, draft: uuid.UUID) -> HttpResponse:
    """Read one draft and decide. The decision is bound to the version that this page showed."""
    found, mine = access.column(access.staff(request), column, access.READS_DRAFTS)
    access.need(mine, DRAFT_MOVES["approve"].roles)
    shown = access.draft(found, draft)
    if request.method != "POST":
        return _page(request, found, mine, shown, ReviewForm(initial={"version": shown.latest}))
    form = ReviewForm(request.POST)
    if not form.is_valid():
        return _page(request, found, mine, shown, form, status=400)
    version = shown.versions.filter(number=form.cleaned_data["version"]).first()
    if version is None:
        return _page(request, found, mine, shown, ReviewForm(initial={"version": shown.latest}), status=409)
    keys = vault.desk()
    approve = form.cleaned_data["decision"] == "approve"
    try:
        publishing.decide(
            shown,
            version,
            approve=approve,
            summary=form.cleaned_data["summary"],
            remarks=_quoted(form.remarks(), keys.open(version)),
            by=access.staff(request),
            at=timezone.now(),
            keys=keys,
        )
    except MoveRefused as refused:
        data = form.data.copy()
        data["version"] = str(shown.latest)
        return _page(request, found, mine, shown, ReviewForm(data), status=409, refused=str(refused))
    messages.success(request, "Approved. The author can publish it." if approve else "It is back with the author, with your remarks.")
    return redirect("desk:reviews", found.slug)


@require_safe
@xframe_options_sameorigin
@csp_update({"frame-ancestors": ["'self'"]})
def text(request: HttpRequest, column: str, draft: uuid.UUID) -> HttpResponse:
    """The article as it will look, alone, for the frame of the reading page."""
    found, _ = access.column(access.staff(request), column, access.READS_DRAFTS)
    shown = access.draft(found, draft)
    words = vault.desk().open(shown.newest())
    return render(request, "desk/review_text.html", {"column": found, "article": as_article(shown, words)})


def checks(draft: Draft, words: dict[str, str], letters: list[dict[str, Any]]) -> list[tuple[bool, str]]:
    """What can be checked without judgement: whether it is well, and a sentence that says so or what to look at."""
    public = f"{words['headline']}\n{words['standfirst']}\n{words['question']}\n{words['answer']}"
    details = [public[one.start : one.end] for one in find_details(public) if one.kind != "age"]
    kept = [run for letter in letters for run in diff.verbatim(letter["text"], words["question"])]
    private = [one["letter"].label for one in letters if one["letter"].consent == Consent.PRIVATE]
    gone = [one["letter"].label for one in letters if one["letter"].status == LetterStatus.WITHDRAWN]
    urgent = any(one["letter"].urgent for one in letters)
    count = prose.words(words["answer"])
    low, high = USUAL_LENGTH
    red_flags = re.search(r"(?im)^#+ .*\b(concern|worr|doctor|urgent|see somebody|not wait|help|when to)", words["answer"])
    return [
        (not details, "No detail is left that could identify somebody." if not details else "Look at these details: " + ", ".join(details)),
        (not kept, "No long phrase stands as it did in the letter." if not kept else "These phrases stand as they did in the letter: " + " · ".join(kept)),
        (not private, "Every writer allows publication." if not private else f"A private answer only is allowed by {', '.join(private)}."),
        (not gone, "No letter was withdrawn." if not gone else f"Withdrawn by its writer: {', '.join(gone)}."),
        (draft.care or not urgent, "Help lines are shown where they are needed." if draft.care or not urgent else "The letter raised a concern, but the article shows no help lines."),
        (bool(red_flags), "A heading says when to be concerned." if red_flags else "No heading says when to be concerned."),
        ("[^" in words["answer"] or "](" in words["answer"], "Sources are named." if "[^" in words["answer"] or "](" in words["answer"] else "No source is named."),
        (bool(draft.column.sign_off), "The column's sign-off is added." if draft.column.sign_off else "The column has no sign-off."),
        (low <= count <= high, f"The answer has {count} words; {low} to {high} are usual."),
    ]  # fmt: skip


def _page(
    request: HttpRequest, column: Column, mine: frozenset[Role], draft: Draft, form: ReviewForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    keys = vault.desk()
    version = draft.newest()
    words = keys.open(version)
    letters = sources(draft, keys)
    context = {
        "column": column,
        "mine": mine,
        "draft": draft,
        "version": version,
        "words": words,
        "article": as_article(draft, words),
        "form": form,
        "checks": checks(draft, words, letters),
        "sources": letters,
        "changes": diff.words(letters[0]["text"], words["question"]) if letters else [],
        "parts": [(part, _blocks(part, words[part], form)) for part in ("question", "answer")],
        "in_review": draft.status == DraftStatus.IN_REVIEW,
        "own": column.four_eyes and draft.written_by(access.staff(request)),
        "section": "reviews",
        **more,
    }
    return render(request, "desk/review.html", context, status=status)


def _blocks(part: str, text: str, form: ReviewForm) -> list[tuple[int, str, str]]:
    """The paragraphs of a part, each with its number and what was already remarked beside it."""
    return [(number, block, str(form.data.get(f"remark-{part}-{number}", ""))) for number, block in enumerate(prose.blocks(text))]


def _quoted(remarks: list[dict[str, str]], words: dict[str, str]) -> list[dict[str, str]]:
    """The remarks, each with the beginning of the paragraph that it is about."""
    found = []
    for remark in remarks:
        blocks, number = prose.blocks(words[remark["part"]]), int(remark["number"])
        if number < len(blocks):
            found.append({"part": remark["part"], "quote": blocks[number][:120], "text": remark["text"]})
    return found
