"""The forms on the page of a letter for its writer."""

from __future__ import annotations

import re
import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from inbox.letters import intake
from inbox.models import Consent
from inbox.writer.forms.write import CONSENT_HINTS, PRIVATE_BOX, HintedRadios, PlainForm, TypedText


class ConsentForm(PlainForm):
    """The writer's consent from now on."""

    consent = forms.ChoiceField(
        label=gettext_lazy("What may we do with your letter?"),
        choices=Consent.choices,
        error_messages={
            "required": gettext_lazy("Choose what you allow."),
            "invalid_choice": gettext_lazy("Choose what you allow."),
        },
        widget=HintedRadios(CONSENT_HINTS),
    )

    def chosen(self) -> Consent:
        return Consent(self.cleaned_data["consent"])


class ChangeCodeForm(PlainForm):
    """The request for a new receipt. The nonce, stored only in the page, makes two requests one change."""

    new_code = forms.Field(required=False, widget=forms.HiddenInput)

    def once(self) -> str:
        """The form's nonce; a new one where the field is invalid."""
        nonce = str(self.data.get("new_code", ""))
        return nonce if re.fullmatch("[0-9a-f]{32}", nonce) else intake.new_nonce()


class Change(TypedText):
    """A text field that is required for one of two buttons, so it is not labelled as optional."""

    needed_by_a_button = True


class AnswerForm(PlainForm):
    """The writer's answer to the edited question: one of two buttons, and what to change.

    With a text in the field for changes the answer is never an approval, whichever button was pressed.
    """

    change = Change(
        label=gettext_lazy("What should we change?"),
        required=False,
        help_text=gettext_lazy(
            "Say it in your own words. Name the words that are wrong, or that could tell somebody it was you."
        ),
        lines=True,
        longest=intake.MAX_CHARACTERS,
        too_long=ngettext_lazy(
            "What you wrote has %(show_value)s character, and the most we can take is 16,000. Every word is "
            "still here.",
            "What you wrote has %(show_value)s characters, and the most we can take is 16,000. Every word is "
            "still here.",
            "show_value",
        ),
        widget=forms.Textarea(attrs={**PRIVATE_BOX, "rows": 4, "dir": "auto"}),
    )
    shown = forms.Field(required=False, widget=forms.HiddenInput)

    @property
    def approves(self) -> bool:
        return str(self.data.get("answer", "")) == "publish"

    def message(self) -> uuid.UUID:
        """The id of the answered message; the nil id where the field is invalid."""
        try:
            return uuid.UUID(str(self.data.get("shown", "")))
        except ValueError:
            return uuid.UUID(int=0)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        wish = cleaned.get("change")
        if self.data.get("answer") not in ("publish", "change"):
            raise forms.ValidationError(_("Press one of the two buttons."))
        if self.approves and wish:
            self.add_error(
                "change",
                _(
                    "You wrote down a change. Press “Please change this” to send it. Or empty the box, if the text is "
                    "good as it is."
                ),
            )
        if not self.approves and wish == "":
            self.add_error("change", _("Say what we should change."))
        return cleaned
