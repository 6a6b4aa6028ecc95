"""A real mail server on this machine that answers as it is told: takes mail, refuses, goes away or says nothing."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from typing import Any

from aiosmtpd import smtp
from aiosmtpd.controller import Controller

#: What it may do in place of an answer.
DROP, HANG = "drop", "hang"


class MailServer(Controller):
    """``answers``: by what it answers to (``MAIL``, ``RCPT``, an address in place of
    the latter, or ``TEXT``, the mail itself), the answer or
    ``DROP`` or ``HANG``. ``taken``: the addresses of all mails whose text arrived, in order."""

    def __init__(self, **answers: str) -> None:
        self.answers = answers
        self.taken: list[str] = []
        self.conversations = 0
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        super().__init__(self, hostname="127.0.0.1", port=port)

    def factory(self) -> smtp.SMTP:
        self.conversations += 1
        return smtp.SMTP(self, hostname="relay.example")

    async def _answer(self, to: str, server: smtp.SMTP, usual: str) -> str:
        said = self.answers.get(to, usual)
        if said == HANG:
            # until the other side gives up
            await asyncio.get_running_loop().create_future()
        if said == DROP and isinstance(server.transport, asyncio.Transport):
            server.transport.abort()
        return said

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: Any, options: Any) -> str:  # noqa: N802 - the names are aiosmtpd's
        envelope.mail_from = address
        return await self._answer("MAIL", server, "250 OK")

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: Any, options: Any) -> str:  # noqa: N802
        said = await self._answer(address if address in self.answers else "RCPT", server, "250 OK")
        if said.startswith("2"):
            envelope.rcpt_tos.append(address)
        return said

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        assert message_from_bytes(envelope.content)["Subject"]
        self.taken += envelope.rcpt_tos
        return await self._answer("TEXT", server, "250 OK")


@contextmanager
def mail_server(settings: Any, **answers: str) -> Iterator[MailServer]:
    """The server, running, to which ``settings`` point."""
    server = MailServer(**answers)
    server.start()
    server.conversations = 0  # it has looked whether it answers
    settings.EMAIL_BACKEND = "config.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    settings.DEFAULT_FROM_EMAIL = "Plain Answers <column@column.example>"
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def silent_server(settings: Any) -> Iterator[socket.socket]:
    """A server to which anybody is connected, and which never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        settings.EMAIL_BACKEND = "config.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = listening.getsockname()[:2]
        yield listening
