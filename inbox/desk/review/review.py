"""The second reading: the article as it will look, what was checked, remarks, a decision."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from columns import prose
from columns.models import Column
from inbox.desk.frames import framed, holds_frame, stands_in_frame
from inbox.desk.writing.draft_context import as_article, checked, headlines, sources
from inbox.desk.writing.forms import ReviewForm
from inbox.editorial import draft_case, drafts, publishing
from inbox.models import Draft, DraftVersion
from inbox.screening import diff
from inbox.staff import access
from inbox.workflow import DRAFT_MOVES, AlreadyMoved, DraftStatus, MoveRefused, Role


@require_safe
def reviews(request: HttpRequest, column: str) -> HttpResponse:
    """Drafts that wait for a second reader, the longest waiting first."""
    found, mine = access.column(access.staff(request), column, access.READS_DRAFTS)
    rows = Draft.objects.filter(column=found, status=DraftStatus.IN_REVIEW).select_related("started_by", "topic")
    waiting, at = list(rows.order_by("saved_at")), timezone.now()
    titles = headlines(waiting, access.keys(request))
    context = {
        "column": found,
        "mine": mine,
        "rows": [(draft, titles.get(draft.pk, ""), (at - draft.saved_at).days) for draft in waiting],
        "may_review": Role.REVIEWER in mine,
        "section": "reviews",
    }
    return render(request, "desk/review/reviews.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@holds_frame
def review(request: HttpRequest, column: str, draft: uuid.UUID) -> HttpResponse:
    """Read one draft and decide. The decision is bound to the version that this page showed."""
    found, mine = access.column(access.staff(request), column, access.READS_DRAFTS)
    access.need(mine, DRAFT_MOVES["approve"].roles)
    drafts.forget_withdrawn(found, at=timezone.now(), keys=access.keys(request))
    if request.method != "POST":
        version = access.newest(found, draft)
        return _page(request, found, mine, version, ReviewForm(initial={"version": version.number}))
    form = ReviewForm(request.POST)
    if not form.is_valid():
        return _page(request, found, mine, access.newest(found, draft), form, status=400)
    try:
        approved = _decide(request, access.draft(found, draft), form)
    except MoveRefused as refused:
        version = access.newest(found, draft)
        data = {**request.POST.dict(), "version": version.number}
        return _page(request, found, mine, version, ReviewForm(data), status=409, refused=str(refused))
    messages.success(request, gettext(DRAFT_MOVES["approve" if approved else "ask_changes"].done))
    return redirect("desk:reviews", found.slug)


def _decide(request: HttpRequest, draft: Draft, form: ReviewForm) -> bool:
    """Make the decision on the version that was read; returns whether it was approved."""
    keys, approve = access.keys(request), bool(form.cleaned_data["decision"] == "approve")
    version = draft.versions.filter(number=form.cleaned_data["version"]).first()
    if version is None:
        raise AlreadyMoved("This page did not say which text you read. Please read the newest one.")
    publishing.decide(
        draft,
        version,
        approve=approve,
        summary=form.cleaned_data["summary"],
        remarks=_quoted(form.remarks(), keys.open(version)),
        by=access.staff(request),
        at=timezone.now(),
        keys=keys,
    )
    return approve


@require_safe
@stands_in_frame
def text(request: HttpRequest, column: str, draft: uuid.UUID) -> HttpResponse:
    """The article as it will look, alone, for the frame of the reading page."""
    found, _ = access.column(access.staff(request), column, access.READS_DRAFTS)
    drafts.forget_withdrawn(found, at=timezone.now(), keys=access.keys(request))
    version = access.newest(found, draft)
    article = as_article(version.draft, access.keys(request).open(version), at=timezone.now())
    context = {"column": found, "article": article, "framed": framed(request)}
    return render(request, "desk/review/review_text.html", context)


def _page(
    request: HttpRequest,
    column: Column,
    mine: frozenset[Role],
    version: DraftVersion,
    form: ReviewForm,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    keys, draft = access.keys(request), version.draft
    manuscript = draft_case.open_manuscript(version, keys)
    words = manuscript.words
    may_read = draft.status == DraftStatus.IN_REVIEW or mine & access.READS_LETTERS
    answered = sources(draft_case.open_case(manuscript, keys, notes=True)) if may_read else []
    context = {
        "column": column,
        "mine": mine,
        "draft": draft,
        "version": version,
        "words": words,
        "form": form,
        "checks": checked(manuscript, answered),
        "sources": answered,
        "changes": diff.words(answered[0]["text"], words["question"]) if answered else [],
        "parts": [(part, _blocks(part, words[part], form)) for part in ("question", "answer")],
        "in_review": draft.status == DraftStatus.IN_REVIEW,
        "own": column.four_eyes and draft.written_by(access.staff(request)),
        "section": "reviews",
        **more,
    }
    return render(request, "desk/review/review.html", context, status=status)


def _blocks(part: str, text: str, form: ReviewForm) -> list[tuple[int, str, str]]:
    """The paragraphs of a part, each with its number and what was already remarked beside it."""
    found = enumerate(prose.blocks(text))
    return [(number, block, str(form.data.get(f"remark-{part}-{number}", ""))) for number, block in found]


def _quoted(remarks: list[dict[str, str]], words: dict[str, str]) -> list[dict[str, str]]:
    """The remarks, each with the beginning of the paragraph that it is about."""
    found = []
    for remark in remarks:
        blocks, number = prose.blocks(words[remark["part"]]), int(remark["number"])
        if number < len(blocks):
            found.append({"part": remark["part"], "quote": blocks[number][:160], "text": remark["text"]})
    return found
