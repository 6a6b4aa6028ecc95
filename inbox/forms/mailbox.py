"""What a writer changes on the page of their letter, with the receipt in hand."""

from __future__ import annotations

import re

from django import forms

from inbox import intake
from inbox.forms.write import CONSENT_HINTS, HintedRadios, PlainForm
from inbox.models import Consent


class ConsentForm(PlainForm):
    """What the writer allows from now on."""

    consent = forms.ChoiceField(
        label="What may we do with your letter?",
        choices=Consent.choices,
        error_messages={"required": "Choose what you allow.", "invalid_choice": "Choose what you allow."},
        widget=HintedRadios(CONSENT_HINTS, attrs={"autocomplete": "off"}),
    )

    def chosen(self) -> Consent:
        return Consent(self.cleaned_data["consent"])


class ChangeCodeForm(PlainForm):
    """The wish for a new receipt. Its nonce lives in the page alone, and makes pressing twice one change."""

    new_code = forms.Field(required=False, widget=forms.HiddenInput)

    def once(self) -> str:
        """The form's nonce; a new one where it was changed on the way."""
        nonce = str(self.data.get("new_code", ""))
        return nonce if re.fullmatch("[0-9a-f]{32}", nonce) else intake.new_nonce()
