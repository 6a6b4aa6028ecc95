"""The adapters of django-allauth for the sign-in of staff: no sign-up, no addresses kept, our own mails."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from inbox.desk import session
from inbox.letters import rate_limits
from inbox.models import User
from inbox.staff import accounts, notifications


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Sign-in without sign-up, without storing IP addresses; demonstration accounts sign in only in demo mode."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return rate_limits.network_of(request.META)

    def get_http_user_agent(self, request: HttpRequest) -> str:
        return "not kept"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send our own text to the account with this address; nothing goes to an address without an active account.

        Neither what the mail server says nor how long it takes changes an answer, which would tell whether there is an
        account.
        """
        user = notifications.account_at(email)
        if user is not None:
            notifications.tell_later(user, template_prefix.rpartition("/")[2], context)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Count wrong passwords by account and network, so that guesses from elsewhere do not lock the person out."""
        key: str = super()._get_login_attempts_cache_key(request, **credentials)
        return f"{key}:{rate_limits.network_of(request.META)}"

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Return the person with these credentials, and begin to unlock the session with the password.

        A deactivated account is answered like one that does not exist.
        """
        user: User | None = super().authenticate(request, **credentials)
        if user is None or not user.is_active:
            return None
        if user.demo and not settings.DEMO:
            return user
        unlocking = session.begin(request, user, str(credentials["password"]), at=timezone.now())
        return user if unlocking else None

    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse | None:
        if user.demo and not settings.DEMO:
            raise PermissionDenied
        response: HttpResponse | None = super().pre_login(request, user, **kwargs)
        return response


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """Second-factor secrets are encrypted under the sign-in key."""

    def encrypt(self, text: str) -> str:
        return accounts.encrypt_second_factor(text)

    def decrypt(self, encrypted_text: str) -> str:
        return accounts.decrypt_second_factor(encrypted_text)
