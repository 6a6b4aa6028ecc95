"""What counts as an e-mail address: what mail servers deliver to (RFC 5321), by the rules of ``email-validator``.

Django's own check takes ``x@localhost`` and addresses that are longer than any server's limit. No question goes out to
the network: a lookup would tell others that somebody is about to write a letter.
"""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from email_validator import EmailNotValidError, validate_email


def checked(text: str) -> str:
    """The address in the form in which it is kept: its domain in lower case. Raises Django's ``ValidationError``."""
    try:
        found = validate_email(
            text,
            check_deliverability=False,
            allow_smtputf8=False,  # not every mail server takes letters beyond ASCII before the @
            allow_quoted_local=False,
            allow_domain_literal=False,
            allow_display_name=False,
            strict=True,
        )
    except EmailNotValidError:  # without its words, which quote the address
        raise ValidationError(_("This is not a full e-mail address."), code="invalid") from None
    return str(found.normalized)


class EmailAddressField(forms.CharField):
    """A form's field for an address; the value is as ``checked`` returns it."""

    widget = forms.EmailInput

    def clean(self, value: object) -> str:
        text: str = super().clean(value)
        if not text:
            return text
        try:
            return checked(text)
        except ValidationError as error:
            raise ValidationError(self.error_messages.get("invalid", error.message), code="invalid") from None
