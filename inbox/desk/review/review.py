"""The pages of the second reading: a draft rendered as an article, its checks, and the decision with remarks."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from columns.text import prose
from inbox.desk.draft_context import as_article, checked, headlines, sources
from inbox.desk.frames import framed, holds_frame, stands_in_frame
from inbox.desk.guard import Desk, desk_view
from inbox.desk.review.forms import ReviewForm
from inbox.editorial import draft_case, publishing
from inbox.models import Draft, DraftVersion
from inbox.operations.opening import care_cards
from inbox.screening import diff
from inbox.staff import access
from inbox.workflow import DRAFT_MOVES, AlreadyMoved, DraftStatus, MoveRefused, Role


@desk_view("GET", seats=access.READS_DRAFTS)
def reviews(request: HttpRequest, desk: Desk) -> HttpResponse:
    """List the drafts that wait for a second reader, the longest waiting first."""
    rows = Draft.objects.filter(column=desk.column, status=DraftStatus.IN_REVIEW).select_related("started_by", "topic")
    waiting = list(rows.order_by("saved_at"))
    titles = headlines(waiting, desk.keys)
    context = desk.context(
        "reviews",
        rows=[(draft, titles.get(draft.pk, ""), (desk.at - draft.saved_at).days) for draft in waiting],
        may_review=Role.REVIEWER in desk.seats,
        changed_cards=care_cards.waiting(desk.column) if Role.REVIEWER in desk.seats else 0,
    )
    return render(request, "desk/review/reviews.html", context)


@desk_view("GET", "POST", seats=DRAFT_MOVES["approve"].roles)
@holds_frame
def review(request: HttpRequest, desk: Desk, draft: uuid.UUID) -> HttpResponse:
    """Show one draft, and store the decision on it. It is bound to the version that the page showed."""
    if request.method != "POST":
        version = access.newest(desk.column, draft)
        return _page(request, desk, version, ReviewForm(initial={"version": version.number}))
    form = ReviewForm(request.POST)
    if not form.is_valid():
        return _page(request, desk, access.newest(desk.column, draft), form, status=400)
    try:
        approved = _decide(desk, access.draft(desk.column, draft), form)
    except MoveRefused as refused:
        version = access.newest(desk.column, draft)
        data = {**request.POST.dict(), "version": version.number}
        return _page(request, desk, version, ReviewForm(data), status=409, refused=str(refused))
    decision = DRAFT_MOVES["approve" if approved else "ask_changes"]
    messages.success(request, gettext(decision.done))
    return redirect("desk:reviews", desk.column.slug)


def _decide(desk: Desk, draft: Draft, form: ReviewForm) -> bool:
    """Store the decision on the version that was shown; returns whether it is an approval."""
    approve = bool(form.cleaned_data["decision"] == "approve")
    version = draft.versions.filter(number=form.cleaned_data["version"]).first()
    if version is None:
        raise AlreadyMoved(gettext("This page did not say which text you read. Please read the newest one."))
    publishing.decide(
        draft,
        version,
        approve=approve,
        summary=form.cleaned_data["summary"],
        remarks=_quoted(form.remarks(), desk.keys.open(version)),
        by=desk.user,
        at=desk.at,
        keys=desk.keys,
    )
    return approve


@desk_view("GET", seats=access.READS_DRAFTS)
@stands_in_frame
def text(request: HttpRequest, desk: Desk, draft: uuid.UUID) -> HttpResponse:
    """Show the draft rendered as an article alone, for the frame of the review page."""
    version = access.newest(desk.column, draft)
    article = as_article(version.draft, desk.keys.open(version), at=desk.at, keys=desk.keys)
    context = {"column": desk.column, "article": article, "framed": framed(request)}
    return render(request, "desk/review/review_text.html", context)


def _page(
    request: HttpRequest, desk: Desk, version: DraftVersion, form: ReviewForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    """Render the page of the second reading."""
    keys, draft = desk.keys, version.draft
    manuscript = draft_case.open_manuscript(version, keys)
    words = manuscript.words
    may_read = draft.status == DraftStatus.IN_REVIEW or desk.seats & access.READS_LETTERS
    answered = sources(draft_case.open_case(manuscript, keys, notes=True)) if may_read else []
    context = desk.context("reviews") | {
        "draft": draft,
        "version": version,
        "words": words,
        "form": form,
        "checks": checked(manuscript, answered),
        "sources": answered,
        "changes": diff.words(answered[0]["text"], words["question"]) if answered else [],
        "parts": [(part, _blocks(part, words[part], form)) for part in ("question", "answer")],
        "in_review": draft.status == DraftStatus.IN_REVIEW,
        "own": desk.column.four_eyes and draft.written_by(desk.user),
        **more,
    }
    return render(request, "desk/review/review.html", context, status=status)


def _blocks(part: str, text: str, form: ReviewForm) -> list[tuple[int, str, str]]:
    """Return the paragraphs of a part: number, text, and the remark typed beside it."""
    blocks = enumerate(prose.blocks(text))
    return [(number, block, str(form.data.get(f"remark-{part}-{number}", ""))) for number, block in blocks]


def _quoted(remarks: list[dict[str, str]], words: dict[str, str]) -> list[dict[str, str]]:
    """Return the remarks, each with the beginning of its paragraph as a quote."""
    quoted = []
    for remark in remarks:
        blocks, number = prose.blocks(words[remark["part"]]), int(remark["number"])
        if number < len(blocks):
            quoted.append({"part": remark["part"], "quote": blocks[number][:160], "text": remark["text"]})
    return quoted
