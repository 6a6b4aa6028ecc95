"""Handing mail over by SMTP with an empty return path, as RFC 3834 asks of programs that write by themselves."""

from __future__ import annotations

import smtplib
from typing import Any

from django.conf import settings
from django.core.mail.backends import smtp


class _WithReturnPath(smtplib.SMTP):
    """Names ``EMAIL_RETURN_PATH`` as the sender in the envelope, whatever the ``From`` header says: ``MAIL FROM:<>``
    where it is empty. No bounce and no answer of a program then reaches anybody."""

    def sendmail(self, from_addr: str, *args: Any, **kwargs: Any) -> Any:
        return super().sendmail(settings.EMAIL_RETURN_PATH, *args, **kwargs)


class _WithReturnPathOverTLS(_WithReturnPath, smtplib.SMTP_SSL):
    """The same, over TLS from the first byte."""


class EmailBackend(smtp.EmailBackend):
    """Django's backend with the return path of the setting ``EMAIL_RETURN_PATH``."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _WithReturnPathOverTLS if self.use_ssl else _WithReturnPath
