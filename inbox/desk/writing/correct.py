"""The page on which an article that is out is corrected."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, gettext_lazy

from inbox.desk.desk_form import DeskForm
from inbox.desk.guard import Desk, desk_view
from inbox.desk.writing.forms import LABELS, area, hidden, line
from inbox.editorial import corrections
from inbox.models import DRAFT_FIELDS, Correction
from inbox.staff import access
from inbox.workflow import DRAFT_ACTS, DraftStatus, MoveRefused


class CorrectForm(DeskForm):
    """Other words for an article, and what its readers and the second reader are told."""

    headline = line("headline")
    standfirst = area("standfirst", 2)
    content_note = line("content_note")
    pen_name = line("pen_name")
    question = area("question", 10)
    answer = area("answer", 26)
    what = forms.ChoiceField(
        label=gettext_lazy("What readers are told"),
        choices=[
            ("note", gettext_lazy("A note with the date: for facts, doses and names always")),
            ("slip", gettext_lazy("Nothing: a slip of the pen, which changes no meaning")),
        ],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=gettext_lazy("The note"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("It follows “Corrected on” and the day, for example: The dose is one a day."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    ask = forms.CharField(
        label=gettext_lazy("To the second reader"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )
    base = forms.CharField(max_length=64, widget=hidden())
    seen = forms.IntegerField(min_value=0, widget=hidden())

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("what") == "note" and not cleaned.get("note", "").strip():
            self.add_error("note", gettext("Say what was corrected, in a sentence for readers."))
        return cleaned

    def words(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in DRAFT_FIELDS}

    def public_note(self) -> str:
        return str(self.cleaned_data["note"]) if self.cleaned_data["what"] == "note" else ""


@desk_view("GET", "POST", seats=DRAFT_ACTS["correct"].roles)
def correct(request: HttpRequest, desk: Desk, draft: uuid.UUID) -> HttpResponse:
    """Show the text of the article, or of the correction in work, and send a correction to the second reader."""
    shown, refused = access.draft(desk.column, draft), ""
    article = shown.article if shown.status_at(desk.at) == DraftStatus.PUBLISHED else None
    found = corrections.in_work(shown, desk.keys) if article else None
    form = CorrectForm(request.POST or None)
    if article:
        words = found.after if found else corrections.words_of(article)
        told = {"what": "note" if found.words["note"] else "slip", **found.words} if found else {}
        now = {"base": corrections.sha256_of(article), "seen": shown.events_count}
        form = CorrectForm(request.POST or None, initial={**told, **words, **now})
    if request.method == "POST" and (not article or form.is_valid()):
        try:
            _send(desk, draft, form)
        except MoveRefused as error:
            refused = str(error)
            if article:  # what was typed stays, for the article as it is now
                form = CorrectForm({**request.POST.dict(), **now})
        else:
            row = DRAFT_ACTS["correct"]
            messages.success(request, gettext(row.done))
            return redirect("desk:draft", desk.column.slug, shown.pk)
    context = desk.context("drafts") | {
        "draft": shown,
        "article": article,
        "form": form,
        "found": found,
        "with_author": found is not None and found.row.state == Correction.State.BACK,
        "before": [
            (LABELS[name], changes) for name, changes in corrections.changed(corrections.words_of(article), found.after)
        ]
        if article and found
        else [],
        "earlier": [
            (row, [(LABELS[name], part) for name, part in corrections.changed(said["before"], said["after"])])
            for row, said in corrections.opened(shown, desk.keys)
        ],
        "refused": refused,
    }
    status = 409 if refused else 400 if form.errors else 200
    return render(request, "desk/writing/correct.html", context, status=status)


def _send(desk: Desk, draft_id: uuid.UUID, form: CorrectForm) -> None:
    shown = access.draft(desk.column, draft_id)
    valid = form.is_bound and form.is_valid()
    corrections.send(
        shown,
        form.words() if valid else {},
        note=form.public_note() if valid else "",
        ask=form.cleaned_data["ask"] if valid else "",
        base=form.cleaned_data["base"] if valid else "",
        seen=form.cleaned_data["seen"] if valid else 0,
        by=desk.user,
        at=desk.at,
        keys=desk.keys,
    )
