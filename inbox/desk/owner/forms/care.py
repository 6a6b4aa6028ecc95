"""The form of a care card. It validates input; it saves nothing."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy, ngettext

from inbox.desk.desk_form import DeskForm
from inbox.operations.opening.care_cards import MOST_WORDS


class CareCardForm(DeskForm):
    """Other words for a care card."""

    heading = forms.CharField(label=gettext_lazy("Heading"), max_length=80)
    text = forms.CharField(
        label=gettext_lazy("Text"),
        max_length=1000,
        min_length=20,
        widget=forms.Textarea(attrs={"rows": 10, "dir": "auto"}),
        help_text=gettext_lazy(
            "Plain words, an empty line between paragraphs. The help lines follow by themselves. Say what to do now,"
            " and until when; blame nobody, promise nothing."
        ),
    )

    def clean_text(self) -> str:
        text = str(self.cleaned_data["text"]).replace("\r\n", "\n").strip()
        many = len(text.split())
        if many > MOST_WORDS:
            raise ValidationError(
                ngettext(
                    "Somebody in danger reads little. Leave out %(more)d word.",
                    "Somebody in danger reads little. Leave out %(more)d words.",
                    many - MOST_WORDS,
                )
                % {"more": many - MOST_WORDS}
            )
        return text
