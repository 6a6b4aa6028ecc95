"""The forms of an owner's pages. They validate what somebody typed; they save nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from crispy_forms.layout import Div, Fieldset, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator

from columns import countries
from columns.models import Column
from inbox.desk.desk_form import DeskForm
from inbox.models import LetterTemplate, Period

_LANGUAGE = RegexValidator(r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", "Write a language as “en” or “en-NZ”.")


def _markdown(label: str, help_text: str, rows: int) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows, "dir": "auto"})
    return forms.CharField(label=label, help_text=help_text, max_length=20_000, required=False, widget=widget)


class TextsForm(DeskForm):
    """The texts of a column."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)
    title = forms.CharField(label="Title", max_length=120)
    tagline = forms.CharField(label="Tagline", max_length=200, required=False, help_text="One line under the title.")
    about = _markdown("About the column", "Markdown. Shown on the page “About”.", 10)
    terms = _markdown(
        "The terms of this column", "Markdown. Shown before somebody writes: what becomes of a letter.", 8
    )
    bio = _markdown("About the author", "Markdown. Shown on the page “About”, under the author’s name.", 6)
    sign_off = forms.CharField(label="Sign-off", max_length=200, required=False, help_text="Added below every answer.")
    language = forms.CharField(
        label="Language",
        max_length=12,
        validators=[_LANGUAGE],
        help_text="The language of the texts, for example en-NZ.",
    )
    four_eyes = forms.BooleanField(
        label="Every draft is approved by somebody who did not write it",
        required=False,
        help_text="If you switch this off, authors may approve their own drafts; such a draft then rests for a day "
        "between its approval and its publication.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper.layout = Layout(
            "seen",
            Fieldset("The column", "title", "tagline", "sign_off", "language"),
            Fieldset("Longer texts", "about", "terms", "bio"),
            Fieldset("Second reading", "four_eyes"),
        )


class ItemForm(DeskForm):
    """One item of a list; ``said()`` gives the fields of its row."""

    def said(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class TopicForm(ItemForm):
    """A subject of the column."""

    name = forms.CharField(label="Name", max_length=80)
    description = forms.CharField(label="Description", max_length=300, required=False)


class HelpLineForm(ItemForm):
    """Where somebody can be reached now."""

    name = forms.CharField(label="Name", max_length=120)
    number = forms.CharField(label="Telephone number", max_length=40, required=False)
    url = forms.URLField(label="Web address", required=False, max_length=200, assume_scheme="https")
    about = forms.CharField(label="For whom, and when it answers", max_length=200, required=False)
    country = forms.CharField(
        label="Country",
        max_length=60,
        required=False,
        help_text="Its name or its two letters. Leave it empty if the line answers everywhere.",
        widget=forms.TextInput(attrs={"list": "countries", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper.layout = Layout("name", Div("number", "url", css_class="field-row"), "about", "country")

    def clean_country(self) -> str:
        typed = str(self.cleaned_data["country"]).strip()
        if not typed:
            return ""
        for code, name in countries.names().items():
            if typed.casefold() in (code.casefold(), name.casefold()):
                return code
        raise ValidationError("We do not know this country. Write its English name, or its two letters as in NZ.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not (cleaned["number"] or cleaned["url"] or cleaned["about"]):
            self.add_error("number", "Say how to reach it: a number, a web address, or a sentence.")
        return cleaned


class TemplateForm(ItemForm):
    """A text that a letter to a writer may begin with."""

    kind = forms.ChoiceField(label="For what", choices=LetterTemplate.Kind.choices)
    title = forms.CharField(label="Title", max_length=80, help_text="Only the desk sees it.")
    text = forms.CharField(
        label="Text",
        max_length=4000,
        min_length=20,
        widget=forms.Textarea(attrs={"rows": 8, "dir": "auto"}),
        help_text="Greeting and sign-off are added. Where you write {help lines}, the column’s help lines stand.",
    )


class PauseForm(DeskForm):
    """When a paused column opens again."""

    reopens_on = forms.DateField(
        label="Opens again on",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="From this day on the column is open by itself. Leave it empty if you do not know yet.",
    )

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._today = today

    def clean_reopens_on(self) -> dt.date | None:
        day: dt.date | None = self.cleaned_data["reopens_on"]
        if day is not None and day <= self._today:
            raise ValidationError("Choose a day after today.")
        return day


class PeriodsForm(DeskForm):
    """For how many days things are kept."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=100)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kept in Period.Kept:
            self.fields[kept.value] = forms.IntegerField(
                label=str(kept.label),
                min_value=1,
                max_value=3650,
                help_text=f"Days after the last thing that happened to it. At first: {Period.DEFAULTS[kept]}.",
            )

    def days(self) -> dict[str, int]:
        return {kept.value: int(self.cleaned_data[kept.value]) for kept in Period.Kept}

    def seen_days(self) -> dict[str, int]:
        """What the person had before their eyes; nothing, if the field was tampered with."""
        parts = self.cleaned_data["seen"].split("-")
        return {kept.value: int(part) for kept, part in zip(Period.Kept, parts, strict=False) if part.isdecimal()}

    @staticmethod
    def mark(days: Mapping[str, int]) -> str:
        """What the person had before their eyes, for the hidden field."""
        return "-".join(str(days[kept]) for kept in Period.Kept)


class ExportForm(DeskForm):
    """What goes into an export."""

    words = forms.BooleanField(
        label="Also the words of letters and drafts that I may read",
        required=False,
        help_text="They leave the site unsealed. Whoever finds the file reads them, and taking a letter back does not "
        "reach it.",
    )
    typed = forms.CharField(
        label="The title of the column", max_length=120, required=False, help_text="Needed only with the words."
    )

    def __init__(self, *args: Any, column: Column, may_read: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._column = column
        if not may_read:
            del self.fields["words"]
            del self.fields["typed"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("words") and cleaned.get("typed", "").strip() != self._column.title:
            self.add_error("typed", f"Type the title as it is: {self._column.title}")
        return cleaned

    def words_too(self) -> bool:
        return bool(self.cleaned_data.get("words"))
