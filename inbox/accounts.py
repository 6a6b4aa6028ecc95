"""How staff sign in: django-allauth with our rules. Nobody signs up; seats are given."""

from __future__ import annotations

import base64
import hashlib
import secrets
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import ChangePasswordForm as AllauthChange
from allauth.account.forms import ResetPasswordKeyForm as AllauthReset
from allauth.account.forms import SetPasswordForm as AllauthSet
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from inbox import addresses, keyring, sealing, unlocking
from inbox.models import User


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """No sign-up, no address kept, demonstration accounts in demo mode only."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return addresses.blurred(request)

    def get_http_user_agent(self, request: HttpRequest) -> str:
        return "not kept"

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Wrong passwords are counted by account and network: who guesses elsewhere locks nobody out."""
        counted: str = super()._get_login_attempts_cache_key(request, **credentials)
        return f"{counted}:{addresses.blurred(request)}"

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """With the right password the person's key is at hand, so this is where unlocking begins.

        An account that was switched off is answered as one that does not exist.
        """
        user: User | None = super().authenticate(request, **credentials)
        if user is None or not user.is_active:
            return None
        if user.demo and not settings.DEMO:
            return user
        begun = unlocking.begin(request, user, str(credentials["password"]), at=timezone.now())
        return user if begun else None

    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse | None:
        if user.demo and not settings.DEMO:
            raise PermissionDenied
        response: HttpResponse | None = super().pre_login(request, user, **kwargs)
        return response


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """Second-factor secrets are encrypted under the sign-in key, which the desk process alone holds.

    A secret of another sign-in key is lost. In its place a new random one is given, so that every code is a wrong code.
    """

    def encrypt(self, text: str) -> str:
        return self._fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return self._fernet().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            return base64.b32encode(secrets.token_bytes(20)).decode()

    @staticmethod
    def _fernet() -> Fernet:
        return Fernet(base64.urlsafe_b64encode(hashlib.sha256(settings.SIGN_IN_KEY.encode()).digest()))


# --- passwords: a person's key hangs on theirs, so a change keeps the key and a reset makes a new one ----------------


class ChangePasswordForm(AllauthChange):  # type: ignore[misc]  # allauth has no types
    """The old password unwraps the key, the new one wraps it; every column's keys stay."""

    def save(self) -> None:
        with transaction.atomic():
            try:
                keyring.rewrap(self.user, self.cleaned_data["oldpassword"], self.cleaned_data["password1"])
            except sealing.CannotOpen as late:  # the hash was right a moment ago
                raise PermissionDenied("The password was changed by somebody quicker.") from late
            super().save()


class ResetPasswordKeyForm(AllauthReset):  # type: ignore[misc]  # allauth has no types
    """Nobody has the old password, so the key is lost and a new one made, to which nothing is granted yet."""

    def save(self) -> None:
        with transaction.atomic():
            keyring.make_pair(self.user, self.cleaned_data["password1"], at=timezone.now())
            super().save()


class SetPasswordForm(AllauthSet):  # type: ignore[misc]  # allauth has no types
    """A first password, for an account that has none."""

    def save(self) -> None:
        with transaction.atomic():
            keyring.make_pair(self.user, self.cleaned_data["password1"], at=timezone.now())
            super().save()
