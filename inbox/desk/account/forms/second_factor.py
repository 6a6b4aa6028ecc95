"""Forms of the second factor: what django-allauth leaves open of used codes and of answers of passkeys."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as codes
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import forms as passkeys
from cryptography.exceptions import InvalidSignature
from django import forms
from django.core.cache import cache

#: Seconds in which a code of an app is taken: its own half minute and the tolerance on either side.
_TAKEN_FOR = (2 * app_settings.TOTP_TOLERANCE + 1) * app_settings.TOTP_PERIOD
#: What reading an answer raises that no passkey has made: beside the first, errors of JSON, CBOR and base64.
_UNREADABLE = (InvalidSignature, LookupError, TypeError, ValueError, AttributeError, RecursionError, struct.error)


class _TakenOnce:
    """A code that was used is refused for as long as it would be taken (RFC 6238, 5.2); allauth forgets it after one
    period."""

    authenticator: Authenticator

    def clean_code(self) -> str:
        code = str(super().clean_code())  # type: ignore[misc]
        if self.authenticator.type == Authenticator.Type.TOTP:
            cache.touch(self.authenticator.wrap()._get_used_cache_key(code), _TAKEN_FOR)
        return code


class AuthenticateForm(_TakenOnce, codes.AuthenticateForm):  # type: ignore[misc]  # allauth has no types
    """A code at sign-in."""


class ReauthenticateForm(_TakenOnce, codes.ReauthenticateForm):  # type: ignore[misc]  # allauth has no types
    """A code once more, before a grave act."""


class AnswerField(forms.JSONField):
    """The answer of a passkey: JSON that a database can store. It is never shown again, since it answers one question
    alone."""

    def __init__(self) -> None:
        super().__init__(widget=forms.HiddenInput)

    def to_python(self, value: Any) -> Any:
        with _refused_where_unreadable():
            answer = super().to_python(value)
            text = json.dumps(answer, ensure_ascii=False, allow_nan=False)
            text.encode()
            if "\\u0000" in text:
                raise ValueError("PostgreSQL stores no NUL")
        return answer

    def bound_data(self, data: Any, initial: Any) -> Any:
        return initial


@contextmanager
def _refused_where_unreadable() -> Iterator[None]:
    """An answer that no passkey has made is refused as a wrong one; allauth lets most of these errors through."""
    try:
        yield
    except _UNREADABLE as error:
        raise get_adapter().validation_error("incorrect_code") from error


class AuthenticateWebAuthnForm(passkeys.AuthenticateWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """The answer of a passkey at sign-in."""

    credential = AnswerField()

    def clean_credential(self) -> Authenticator:
        with _refused_where_unreadable():
            return super().clean_credential()


class ReauthenticateWebAuthnForm(AuthenticateWebAuthnForm):
    """The answer of a passkey once more."""

    reauthenticated = True


class AddWebAuthnForm(passkeys.AddWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """A new passkey, whose answer is stored as it came."""

    credential = AnswerField()

    def clean(self) -> dict[str, Any]:
        with _refused_where_unreadable():
            cleaned: dict[str, Any] = super().clean()
        return cleaned
