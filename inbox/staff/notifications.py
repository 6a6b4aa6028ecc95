"""Mails to members of staff about their own account. They say what happened and hold no address, agent or minute."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.conf import settings

from inbox import mail
from inbox.models import User

logger = logging.getLogger(__name__)


def account_at(email: str) -> User | None:
    """The active account with this address, or ``None``. A demonstration account counts in demo mode alone."""
    accounts = User.objects.filter(email=email.lower(), is_active=True)
    return (accounts if settings.DEMO else accounts.filter(demo=False)).first()


def tell(user: User, text: str, context: Mapping[str, Any] | None = None) -> bool:
    """Send the person the mail with this text (a folder below ``templates/emails/account/``); returns whether the mail
    server said that it took it. Nothing is sent for an account that is deactivated."""
    return user.is_active and _hand_over(_written(user, text, context))


def tell_later(user: User, text: str, context: Mapping[str, Any] | None = None) -> None:
    """The same, without waiting for the mail server: how long an answer takes does not tell that a mail was sent."""
    if user.is_active:
        _sender.submit(_hand_over, _written(user, text, context))


#: What it has taken on it hands over before the process ends.
_sender = ThreadPoolExecutor(max_workers=1, thread_name_prefix="mail")


def _written(user: User, text: str, context: Mapping[str, Any] | None) -> Callable[[], object]:
    return mail.written(user.email, f"account/{text}", {"desk_url": settings.DESK_URL, **(context or {})})


def _hand_over(send: Callable[[], object]) -> bool:
    try:
        send()
    except OSError as error:  # the type alone: a mail server's refusal quotes the address
        logger.warning("a mail to a member of staff could not be sent: %s", type(error).__name__)
        return False
    return True
