"""The forms of the writing desk and of the second reading."""

from __future__ import annotations

import datetime as dt
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.validators import validate_slug

from columns.models import Column
from inbox.intake import tidy
from inbox.models import DRAFT_FIELDS
from inbox.publishing import site_time_zone

#: How long a version's text may be, by field; the article's columns hold as much.
_LONGEST = {"headline": 200, "standfirst": 400, "content_note": 200, "pen_name": 80, "question": 20_000, "answer": 60_000}


def _line(label: str, name: str, help_text: str = "") -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=_LONGEST[name], help_text=help_text)


def _area(label: str, name: str, rows: int, help_text: str = "") -> forms.CharField:
    area = forms.Textarea(attrs={"rows": rows, "dir": "auto"})
    return forms.CharField(label=label, required=False, max_length=_LONGEST[name], help_text=help_text, widget=area)


class _DeskForm(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True  # the template writes the token


class DraftForm(_DeskForm):
    """The words of a draft, with the version they were begun from. Incomplete is fine: it saves all the same."""

    headline = _line("Headline", "headline", "The question, then your angle.")
    standfirst = _area("Standfirst", "standfirst", 2, "One or two sentences that lead in.")
    content_note = _line("Content note", "content_note", "What somebody may want to know before they read. Often empty.")
    pen_name = _line("Pen name", "pen_name")
    question = _area("The question, edited", "question", 10)
    answer = _area("Your answer", "answer", 28, "Markdown: ## heading, ### sub-heading, > quote, - list, [^1] source.")
    topic = forms.ChoiceField(label="Topic", required=False)
    care = forms.BooleanField(label="Show help lines in the article", required=False)
    base = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, column: Column, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        topics = [(topic.slug, topic.name) for topic in column.topics.all()]
        self.fields["topic"].choices = [("", "No topic"), *topics]  # type: ignore[attr-defined]

    def words(self) -> dict[str, str]:
        """The text of the next version, tidied. Call it on a valid form."""
        return {name: tidy(self.cleaned_data[name]) for name in DRAFT_FIELDS}


class ReviewForm(_DeskForm):
    """A second reader's decision on the version that they read."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    decision = forms.ChoiceField(choices=[("approve", "Approve"), ("changes", "Ask for changes")])
    summary = forms.CharField(
        label="To the author",
        required=False,
        max_length=5000,
        help_text="What is good, and what should change.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def remarks(self) -> list[dict[str, str]]:
        """What was remarked beside the paragraphs, in order: part, number of the paragraph, text."""
        found = []
        for name, value in self.data.items():
            kind, _, rest = name.partition("-")
            part, _, number = rest.partition("-")
            text = tidy(str(value)).strip()[:5000]
            if kind == "remark" and part in ("question", "answer") and number.isdecimal() and text:
                found.append({"part": part, "number": number, "text": text})
        return found

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("decision") == "changes" and not cleaned.get("summary", "").strip() and not self.remarks():
            self.add_error("summary", "Say what should change, here or beside a paragraph.")
        return cleaned


class PublishForm(_DeskForm):
    """When the article goes out, and its address."""

    when = forms.ChoiceField(
        label="When", choices=[("later", "At this time"), ("now", "Now")], initial="later", widget=forms.RadioSelect
    )
    date = forms.DateField(label="Date", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    time = forms.TimeField(label="Time", required=False, widget=forms.TimeInput(attrs={"type": "time"}))
    slug = forms.CharField(
        label="Address",
        max_length=80,
        validators=[validate_slug],
        help_text="The last part of the article's address. It never changes after publication.",
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("when") == "later":
            for name in ("date", "time"):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, "Say when it goes out, or choose “Now”.")
        return cleaned

    def publish_at(self, at: dt.datetime) -> dt.datetime:
        """The moment that was chosen, in the site's time zone; ``at`` for now."""
        if self.cleaned_data["when"] == "now":
            return at
        return dt.datetime.combine(self.cleaned_data["date"], self.cleaned_data["time"], tzinfo=site_time_zone())
