"""The form of the search for letters."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from columns.models import Column
from inbox.desk.desk_form import DeskForm
from inbox.models import Consent
from inbox.models.status_names import STATUS_NAMES
from inbox.screening.concerns import TITLES
from inbox.triage.search import Question
from inbox.workflow import LetterStatus

_STATES = [
    (status.value, STATUS_NAMES[status])
    for status in LetterStatus
    if status not in (LetterStatus.WITHDRAWN, LetterStatus.ERASED)
]  # fmt: skip


class SearchForm(DeskForm):
    """The words of the search, and its filters."""

    words = forms.CharField(
        label=gettext_lazy("Words"),
        help_text=gettext_lazy("All of them must be found. Quote a phrase; a letter’s label finds it too."),
        max_length=400,
        error_messages={"required": gettext_lazy("Type at least one word, or choose a concern.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "type": "search"}),
    )
    topic = forms.ChoiceField(label=gettext_lazy("Topic"), required=False)
    states = forms.MultipleChoiceField(
        label=gettext_lazy("State"), choices=_STATES, required=False, widget=forms.CheckboxSelectMultiple
    )
    concern = forms.ChoiceField(
        label=gettext_lazy("Concern"),
        required=False,
        choices=[("", gettext_lazy("Any")), *((code, gettext_lazy(title)) for code, title in TITLES.items())],
    )
    consent = forms.ChoiceField(
        label=gettext_lazy("Its writer allows"),
        required=False,
        choices=[("", gettext_lazy("Anything")), *Consent.choices],
    )
    older = forms.IntegerField(
        label=gettext_lazy("Older than so many days"), required=False, min_value=1, max_value=9999
    )
    urgent = forms.BooleanField(label=gettext_lazy("Urgent ones alone"), required=False)

    def __init__(self, *args: Any, column: Column, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["words"].required = not self.data.get("concern")
        topics = self.fields["topic"]
        assert isinstance(topics, forms.ChoiceField)  # noqa: S101 - it is declared above
        topics.choices = [("", _("Any")), *((topic.slug, topic.name) for topic in column.topics.all())]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors and not self.question(cleaned):
            self.add_error("words", _("Type at least one word, or choose a concern."))
        return cleaned

    def question(self, cleaned: dict[str, Any]) -> Question:
        """Return the query of the cleaned fields."""
        return Question.read(
            cleaned.get("words", ""),
            topic=cleaned.get("topic", ""),
            states=tuple(cleaned.get("states", ())),
            older=cleaned.get("older") or 0,
            urgent=bool(cleaned.get("urgent")),
            consent=cleaned.get("consent", ""),
            concern=cleaned.get("concern", ""),
        )
