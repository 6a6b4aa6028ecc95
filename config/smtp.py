"""Handing mail over by SMTP: with an empty return path, as RFC 3834 asks of programs that write by themselves, within a
time, and with an end that says whether the server may have the mail."""

from __future__ import annotations

import contextlib
import smtplib
import time
from typing import Any

from django.conf import settings
from django.core.mail.backends import smtp

from inbox import mail

#: The server's answer to DATA that lets the mail be sent.
_GO_ON = 354


class _Conversation(smtplib.SMTP):
    """Names ``EMAIL_RETURN_PATH`` as the sender in the envelope, whatever the ``From`` header says: ``MAIL FROM:<>``
    where it is empty. No bounce and no answer of a program then reaches anybody.

    The whole conversation ends after ``EMAIL_LONGEST`` seconds, since a server that lets each answer wait for a little
    less than ``EMAIL_TIMEOUT`` would hold it for minutes.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._ends = time.monotonic() + settings.EMAIL_LONGEST
        self._code = 0
        super().__init__(*args, **kwargs)

    def sendmail(self, from_addr: str, *args: Any, **kwargs: Any) -> Any:
        return super().sendmail(settings.EMAIL_RETURN_PATH, *args, **kwargs)

    def getreply(self) -> tuple[int, bytes]:
        left = self._ends - time.monotonic()
        if left <= 0:
            self.close()
            raise smtplib.SMTPServerDisconnected("the server took too long")
        if self.sock is not None:
            self.sock.settimeout(min(self.timeout, left))
        self._code, text = super().getreply()
        return self._code, text

    def data(self, msg: Any) -> tuple[int, bytes]:
        """Raises ``OutcomeUnknown`` where the mail was given, and what came of it was not said."""
        self._code = 0
        try:
            code, text = super().data(msg)
        except OSError as error:
            if self._code == _GO_ON:
                raise mail.OutcomeUnknown from error
            raise
        if not 200 <= code < 600:
            raise mail.OutcomeUnknown
        return code, text


class _ConversationOverTLS(_Conversation, smtplib.SMTP_SSL):
    """The same, over TLS from the first byte."""


class EmailBackend(smtp.EmailBackend):
    """Django's backend with conversations of our own."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _ConversationOverTLS if self.use_ssl else _Conversation

    def close(self) -> None:
        """Take leave. What the server says to that changes nothing about a mail that it took."""
        with contextlib.suppress(OSError):
            super().close()
