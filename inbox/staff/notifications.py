"""Mails to members of staff about their own account. They say what happened and hold no address, agent or minute."""

from __future__ import annotations

import logging
from collections.abc import Mapping
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
    if not user.is_active:
        return False
    try:
        mail.send(user.email, f"account/{text}", {"desk_url": settings.DESK_URL, **(context or {})})
    except OSError as error:  # the type alone: a mail server's refusal quotes the address
        logger.warning("a mail to a member of staff could not be sent: %s", type(error).__name__)
        return False
    return True
