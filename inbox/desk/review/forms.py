"""The form of the second reading. It validates input; it saves nothing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inbox.desk.desk_form import DeskForm
from inbox.letters.intake import tidy


class ReviewForm(DeskForm):
    """A second reader's decision on the version that they read."""

    version = forms.IntegerField(widget=forms.HiddenInput(attrs={"autocomplete": "off"}))
    decision = forms.ChoiceField(
        choices=[("approve", gettext_lazy("Approve")), ("changes", gettext_lazy("Ask for changes"))]
    )
    summary = forms.CharField(
        label=gettext_lazy("To the author"),
        required=False,
        max_length=5000,
        help_text=gettext_lazy("What is good, and what should change."),
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )

    def remarks(self) -> list[dict[str, str]]:
        """Return the remarks beside paragraphs, in order: part, number of the paragraph, text."""
        remarks = []
        for name, value in self.data.items():
            kind, _dash, rest = name.partition("-")
            part, _dash, number = rest.partition("-")
            text = tidy(str(value)).strip()[:5000]
            if kind == "remark" and part in ("question", "answer") and number.isdecimal() and len(number) < 6 and text:
                remarks.append({"part": part, "number": number, "text": text})
        return remarks

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("decision") == "changes" and not cleaned.get("summary", "").strip() and not self.remarks():
            self.add_error("summary", _("Say what should change, here or beside a paragraph."))
        return cleaned
