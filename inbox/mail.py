"""The only place where a mail is made and handed over: to letter writers, to staff, and for django-allauth.

Each mail is marked as sent by a program (RFC 3834), so that no answering machine replies: an out-of-office message
would bring its writer's name to the column. The empty return path is set where the mail is handed over
(``config.smtp.EmailBackend``).

While the mail server is not to be had, mails that can wait do so together: the pause lies in the cache, where every
worker and the desk see it. Without it (a cache that was emptied, or one for each process) there is one try more.
"""

from __future__ import annotations

import datetime as dt
import logging
import smtplib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

#: The second header is what Microsoft Exchange heeds.
HEADERS = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
#: The pause after the mail server was not to be had. It doubles each time, up to the longest.
FIRST_PAUSE, LONGEST_PAUSE = dt.timedelta(minutes=1), dt.timedelta(minutes=30)
_OUTAGE = "mail-server-outage"
_KEPT = 24 * 3600


class OutcomeUnknown(OSError):
    """The mail was given to the server, which did not say whether it took it."""


@dataclass(frozen=True)
class Outage:
    """The mail server is not to be had. ``tries``: those in a row that failed; ``until``: the time of the next one."""

    tries: int
    until: dt.datetime


def send(to: str, text: str, context: Mapping[str, Any]) -> None:
    """Send one mail, in the active language. ``text``: the folder of its subject and body, below ``templates/emails/``.

    Raises ``OSError`` where the mail server does not take it, ``OutcomeUnknown`` where it may have done so; the text of
    the exception may quote the address.
    """
    written(to, text, context)()


def written(to: str, text: str, context: Mapping[str, Any]) -> Callable[[], object]:
    """The same mail, not sent yet; what is returned sends it."""
    folder, values = f"emails/{text}", dict(context)
    subject = " ".join(render_to_string(f"{folder}/subject.txt", values).split())
    body = render_to_string(f"{folder}/body.txt", values).strip() + "\n"
    return EmailMessage(subject, body, to=[to], headers=dict(HEADERS)).send


def is_refusal(error: Exception) -> bool:
    """Whether a mail server that is well did not take this one mail, so that it may take others."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        # 421: it ends the conversation, whatever the command was (RFC 5321, 3.8)
        return all(code != 421 for code, _ in error.recipients.values())
    return isinstance(error, smtplib.SMTPDataError) and error.smtp_code >= 500


def outage(*, at: dt.datetime) -> Outage | None:
    """What is known of an outage of the mail server; ``None`` where it took the last mail, or nothing is known."""
    try:
        found: tuple[int, dt.datetime] | None = cache.get(_OUTAGE)
    except (RedisError, OSError) as error:
        logger.warning("whether the mail server is to be had could not be read: %s", type(error).__name__)
        return None
    # one that lasts longer than any was dated by a clock that was ahead
    return Outage(*found) if found is not None and found[1] <= at + LONGEST_PAUSE else None


def failed(*, at: dt.datetime) -> Outage:
    """Record that the mail server was not to be had; returns the outage with its pause."""
    before = outage(at=at)
    tries = before.tries + 1 if before else 1
    known = Outage(tries, at + min(FIRST_PAUSE * 2 ** min(tries - 1, 10), LONGEST_PAUSE))
    try:
        cache.set(_OUTAGE, (known.tries, known.until), _KEPT)
    except (RedisError, OSError) as error:
        logger.warning("that the mail server was not to be had could not be kept: %s", type(error).__name__)
    return known


def succeeded() -> None:
    """Record that the mail server took a mail: an outage is over."""
    try:
        cache.delete(_OUTAGE)
    except (RedisError, OSError) as error:
        logger.warning("that the mail server took a mail could not be kept: %s", type(error).__name__)
