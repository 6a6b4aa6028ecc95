"""The forms of the owner's pages. They validate input; they save nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from crispy_forms.layout import Div, Fieldset, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from columns import countries
from columns.models import WAYS, Column
from inbox.desk.desk_form import DeskForm
from inbox.letters.care.texts import CARDS, GENERAL
from inbox.models import LetterTemplate, Period

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

_LANGUAGE = RegexValidator(r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", gettext_lazy("Write a language as “en” or “en-NZ”."))


def _markdown(label: _StrOrPromise, help_text: _StrOrPromise, rows: int) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows, "dir": "auto"})
    return forms.CharField(label=label, help_text=help_text, max_length=20_000, required=False, widget=widget)


class TextsForm(DeskForm):
    """The texts of a column."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)
    title = forms.CharField(label=gettext_lazy("Title"), max_length=120)
    tagline = forms.CharField(
        label=gettext_lazy("Tagline"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("One line under the title."),
    )
    about = _markdown(gettext_lazy("About the column"), gettext_lazy("Markdown. Shown on the page “About”."), 10)
    terms = _markdown(
        gettext_lazy("The terms of this column"),
        gettext_lazy("Markdown. Shown before somebody writes: what becomes of a letter."),
        8,
    )
    author = forms.CharField(label=gettext_lazy("Who answers, as readers know them"), max_length=120)
    credential = forms.CharField(
        label=gettext_lazy("Their credential"),
        max_length=200,
        help_text=gettext_lazy("For example: Registered nurse, sexual health. It stands beside the name."),
    )
    bio = _markdown(
        gettext_lazy("About the author"),
        gettext_lazy("Markdown. Shown on the page “About”, under the author’s name."),
        6,
    )
    sign_off = forms.CharField(
        label=gettext_lazy("Sign-off"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Added below every answer."),
    )
    language = forms.CharField(
        label=gettext_lazy("Language"),
        max_length=12,
        validators=[_LANGUAGE],
        help_text=gettext_lazy("The language of the texts, for example en-NZ."),
    )
    four_eyes = forms.BooleanField(
        label=gettext_lazy("Every draft is approved by somebody who did not write it"),
        required=False,
        help_text=gettext_lazy(
            "If you switch this off, authors may approve their own drafts; such a draft then rests for a day "
            "between its approval and its publication."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper.layout = Layout(
            "seen",
            Fieldset(_("The column"), "title", "tagline", "sign_off", "language"),
            Fieldset(_("The author"), "author", "credential", "bio"),
            Fieldset(_("Longer texts"), "about", "terms"),
            Fieldset(_("Second reading"), "four_eyes"),
        )


class ItemForm(DeskForm):
    """One item of a list; ``row()`` returns the fields of its row."""

    def row(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class TopicForm(ItemForm):
    """A topic of the column."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    description = forms.CharField(label=gettext_lazy("Description"), max_length=300, required=False)


class HelpLineForm(ItemForm):
    """A help line."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    number = forms.CharField(label=gettext_lazy("Telephone number"), max_length=40, required=False)
    url = forms.URLField(label=gettext_lazy("Web address"), required=False, max_length=200, assume_scheme="https")
    about = forms.CharField(label=gettext_lazy("For whom it is"), max_length=200, required=False)
    country = forms.CharField(
        label=gettext_lazy("Country"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("Its name or its two letters. Leave it empty if the line answers everywhere."),
        widget=forms.TextInput(attrs={"list": "countries", "autocomplete": "off"}),
    )
    concerns = forms.MultipleChoiceField(
        label=gettext_lazy("What it is for"),
        required=False,
        choices=[(kind, gettext_lazy(text.name)) for kind, text in CARDS.items() if kind != GENERAL],
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("It stands first on the care cards of these. Tick nothing if it is for anybody."),
    )
    hours = forms.CharField(
        label=gettext_lazy("When it answers"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("For example: day and night."),
    )
    ways = forms.MultipleChoiceField(
        label=gettext_lazy("How to reach it"),
        required=False,
        choices=list(WAYS.items()),
        widget=forms.CheckboxSelectMultiple,
    )
    languages = forms.CharField(
        label=gettext_lazy("Languages"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Their names, if it speaks others than this column."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self._SEVERAL:
            if isinstance(had := self.initial.get(name), str):
                self.initial[name] = had.split()
        self.helper.layout = Layout(
            "name",
            Div("number", "url", css_class="field-row"),
            "about",
            "concerns",
            Div("hours", "languages", css_class="field-row"),
            "ways",
            "country",
        )

    #: Fields of several codes, which the row holds with spaces.
    _SEVERAL = ("concerns", "ways")

    def row(self) -> dict[str, Any]:
        return {name: " ".join(said) if name in self._SEVERAL else said for name, said in super().row().items()}

    def clean_country(self) -> str:
        typed = str(self.cleaned_data["country"]).strip()
        if not typed:
            return ""
        for code, name in countries.names().items():
            if typed.casefold() in (code.casefold(), name.casefold()):
                return code
        raise ValidationError(_("We do not know this country. Write its English name, or its two letters as in NZ."))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not (cleaned["number"] or cleaned["url"] or cleaned["about"]):
            self.add_error("number", _("Say how to reach it: a number, a web address, or a sentence."))
        return cleaned


class TemplateForm(ItemForm):
    """A template of messages to letter writers."""

    kind = forms.ChoiceField(label=gettext_lazy("For what"), choices=LetterTemplate.Kind.choices)
    title = forms.CharField(
        label=gettext_lazy("Title"), max_length=80, help_text=gettext_lazy("Only the desk sees it.")
    )
    text = forms.CharField(
        label=gettext_lazy("Text"),
        max_length=4000,
        min_length=20,
        widget=forms.Textarea(attrs={"rows": 8, "dir": "auto"}),
        help_text=gettext_lazy(
            "Greeting and sign-off are added. Where you write {help lines}, the column’s help lines stand."
        ),
    )


class PauseForm(DeskForm):
    """The day on which a closed column opens."""

    reopens_on = forms.DateField(
        label=gettext_lazy("Opens on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("From this day on the column is open by itself. Leave it empty if you do not know yet."),
    )

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._today = today

    def clean_reopens_on(self) -> dt.date | None:
        day: dt.date | None = self.cleaned_data["reopens_on"]
        if day is not None and day <= self._today:
            raise ValidationError(_("Choose a day after today."))
        return day


class PeriodsForm(DeskForm):
    """The retention periods of a column, in days."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=100)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kept in Period.Kept:
            self.fields[kept.value] = forms.IntegerField(
                label=str(kept.label),
                min_value=1,
                max_value=3650,
                help_text=_("Days after the last thing that happened to it. At first: %(DEFAULTS)s.")
                % {"DEFAULTS": Period.DEFAULTS[kept]},
            )

    def days(self) -> dict[str, int]:
        return {kept.value: int(self.cleaned_data[kept.value]) for kept in Period.Kept}

    def seen_days(self) -> dict[str, int]:
        """Return the periods that the page showed; without those that are invalid in the hidden field."""
        parts = self.cleaned_data["seen"].split("-")
        return {kept.value: int(part) for kept, part in zip(Period.Kept, parts, strict=False) if part.isdecimal()}

    @staticmethod
    def mark(days: Mapping[str, int]) -> str:
        """Return the value of the hidden field for these periods."""
        return "-".join(str(days[kept]) for kept in Period.Kept)


class ExportForm(DeskForm):
    """The content of an export."""

    words = forms.BooleanField(
        label=gettext_lazy("Also the words of letters and drafts that I may read"),
        required=False,
        help_text=gettext_lazy(
            "They leave the site unsealed. Whoever finds the file reads them, and taking a letter back does not "
            "reach it."
        ),
    )
    typed = forms.CharField(
        label=gettext_lazy("The title of the column"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Needed only with the words."),
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
            self.add_error("typed", _("Type the title as it is: %(title)s") % {"title": self._column.title})
        return cleaned

    def words_too(self) -> bool:
        return bool(self.cleaned_data.get("words"))
