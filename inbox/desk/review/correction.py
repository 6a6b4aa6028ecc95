"""The page of the second reader about an article that is out: what a correction changes, and the review of it."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext as _

from inbox.desk.desk_form import DeskForm
from inbox.desk.guard import Desk, desk_view
from inbox.editorial import corrections
from inbox.models import Correction, Draft
from inbox.staff import access
from inbox.workflow import DRAFT_ACTS, AlreadyMoved, DraftStatus, MoveRefused

#: The label of each part of an article.
_LABELS = {
    "headline": gettext_lazy("Headline"),
    "standfirst": gettext_lazy("Standfirst"),
    "content_note": gettext_lazy("Content note"),
    "pen_name": gettext_lazy("Pen name"),
    "question": gettext_lazy("The question, edited"),
    "answer": gettext_lazy("The answer"),
}


class CorrectionForm(DeskForm):
    """A second reader's decision on the correction that they read, or on the whole article."""

    number = forms.IntegerField(required=False, widget=forms.HiddenInput(attrs={"autocomplete": "off"}))
    base = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput(attrs={"autocomplete": "off"}))
    decision = forms.ChoiceField(
        choices=[
            ("approve_correction", gettext_lazy("Approve")),
            ("ask_correction", gettext_lazy("Ask for changes")),
            ("confirm", gettext_lazy("Reviewed, nothing to change")),
        ]
    )
    remark = forms.CharField(
        label=gettext_lazy("To the author"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("decision") == "ask_correction" and not cleaned.get("remark", "").strip():
            self.add_error("remark", _("Say what should change."))
        return cleaned


@desk_view("GET", "POST", seats=DRAFT_ACTS["approve_correction"].roles)
def correction(request: HttpRequest, desk: Desk, draft: uuid.UUID) -> HttpResponse:
    """Show what the correction changes, with the paragraphs beside it, and store the decision."""
    shown, refused = access.draft(desk.column, draft), ""
    form = CorrectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        decision = form.cleaned_data["decision"]
        try:
            _decide(desk, access.draft(desk.column, draft), decision, form.cleaned_data)
        except MoveRefused as error:
            refused = str(error)
        else:
            row = DRAFT_ACTS[decision]
            messages.success(request, gettext(row.done))
            return redirect("desk:draft", desk.column.slug, shown.pk)
    article = shown.article if shown.status_at(desk.at) == DraftStatus.PUBLISHED else None
    found = corrections.in_work(shown, desk.keys) if article else None
    if found and found.row.state != Correction.State.IN_REVIEW:
        found = None
    changes = corrections.changed(found.words["before"], found.after) if found else []
    context = desk.context("reviews") | {
        "draft": shown,
        "article": article,
        "form": form,
        "found": found,
        "changes_by_part": [(_LABELS[name], part) for name, part in changes],
        "obstacle": corrections.obstacle(found, by=desk.user, at=desk.at) if found else "",
        "base": corrections.sha256_of(article) if article else "",
        "refused": refused,
    }
    status = 409 if refused else 400 if form.errors else 200
    return render(request, "desk/review/correction.html", context, status=status)


def _decide(desk: Desk, draft: Draft, decision: str, said: dict[str, Any]) -> None:
    if decision == "confirm":
        corrections.confirm(draft, base=said["base"], by=desk.user, at=desk.at)
        return
    if said["number"] is None:
        raise AlreadyMoved(_("This page did not say which text you read. Please read the newest one."))
    known: dict[str, Any] = {"number": said["number"], "by": desk.user, "at": desk.at, "keys": desk.keys}
    if decision == "approve_correction":
        corrections.approve(draft, **known)
    else:
        corrections.ask_changes(draft, remark=said["remark"], **known)
