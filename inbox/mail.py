"""The only place where a mail is made and handed over: to letter writers, to staff, and for django-allauth.

Each mail is marked as sent by a program (RFC 3834), so that no answering machine replies: an out-of-office message
would bring its writer's name to the column. The empty return path is set where the mail is handed over
(``config.smtp.EmailBackend``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.core.mail import EmailMessage
from django.template.loader import render_to_string

#: The second header is what Microsoft Exchange heeds.
HEADERS = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}


def send(to: str, text: str, context: Mapping[str, Any]) -> None:
    """Send one mail, in the active language. ``text``: the folder of its subject and body, below ``templates/emails/``.

    Raises ``OSError`` where the mail server does not take it; the text of the exception may quote the address.
    """
    written(to, text, context)()


def written(to: str, text: str, context: Mapping[str, Any]) -> Callable[[], object]:
    """The same mail, not sent yet; what is returned sends it."""
    folder, values = f"emails/{text}", dict(context)
    subject = " ".join(render_to_string(f"{folder}/subject.txt", values).split())
    body = render_to_string(f"{folder}/body.txt", values).strip() + "\n"
    return EmailMessage(subject, body, to=[to], headers=dict(HEADERS)).send
