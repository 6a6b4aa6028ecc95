"""A real SMTP conversation: the return path, and the headers by which answering machines know a program's mail."""

from __future__ import annotations

import datetime as dt
import email
import socket
import ssl
from collections.abc import Iterator
from email.message import Message
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd import smtp as server_side
from aiosmtpd.controller import Controller
from django.test import Client

from columns.models import Column
from inbox.editorial import decisions
from inbox.letters import notices
from inbox.models import User
from inbox.staff import account_resets, invitations
from inbox.workflow import Role
from tests import factories


class Spoken(server_side.SMTP):
    """Keeps each MAIL command as it came over the wire."""

    commands: list[str]

    async def smtp_MAIL(self, arg: str | None) -> None:  # noqa: N802 - the name is aiosmtpd's
        self.commands.append(f"MAIL {arg}")
        await super().smtp_MAIL(arg)


class Relay(Controller):
    """A mail server on this machine."""

    def __init__(self, **more: Any) -> None:
        self.commands: list[str] = []
        self.taken: list[tuple[str | None, list[str], Message]] = []
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        super().__init__(self, hostname="127.0.0.1", port=port, **more)

    def factory(self) -> Spoken:
        server = Spoken(self, hostname="relay.example")
        server.commands = self.commands
        return server

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - the name is aiosmtpd's
        self.taken.append((envelope.mail_from, envelope.rcpt_tos, email.message_from_bytes(envelope.content)))
        return "250 OK"


@pytest.fixture
def relay(settings: Any) -> Iterator[Relay]:
    server = Relay()
    server.start()
    settings.EMAIL_BACKEND = "config.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    settings.DEFAULT_FROM_EMAIL = "Plain Answers <column@column.example>"
    yield server
    server.stop()


def send_one_of_each(column: Column, at: dt.datetime) -> None:
    """A mail to a letter writer, an invitation, a mail of django-allauth and one of an act on an account."""
    owner = factories.make_user("owner", column, Role.OWNER)
    nurse = factories.make_user("nurse", column, Role.MODERATOR)
    factories.give_address(nurse)
    taken = factories.take_letter(column, email="writer@example.org")
    decisions.ask(taken.letter, "Since when do you feel this?", by=nurse, at=at)
    factories.ten_minutes_pass()
    assert notices.send_due(at=at) == 1
    invited = invitations.invite("new@example.org", "New", column, [Role.AUTHOR], credential="", by=owner, at=at)
    invitations.send(invited)
    Client().post("/accounts/password/reset/", {"email": nurse.email})
    account_resets.end_sessions(nurse, by=None, at=at)


def test_every_kind_of_mail_leaves_without_a_return_path(column: Column, relay: Relay, at: dt.datetime) -> None:
    send_one_of_each(column, at)
    assert [to for _, to, _ in relay.taken] == [
        ["writer@example.org"], ["new@example.org"], ["nurse@example.org"], ["nurse@example.org"],
    ]  # fmt: skip
    assert [command.split()[1] for command in relay.commands] == ["FROM:<>"] * 4
    for _, _, message in relay.taken:
        assert message["Auto-Submitted"] == "auto-generated"
        assert message["X-Auto-Response-Suppress"] == "All"
        assert message["From"] == "Plain Answers <column@column.example>"
        assert message["Return-Path"] is None
        assert message["Reply-To"] is None


def test_a_relay_that_wants_a_sender_gets_the_one_of_the_setting(relay: Relay, settings: Any, owner: User) -> None:
    settings.EMAIL_RETURN_PATH = "bounces@column.example"
    account_resets.end_sessions(owner, by=None, at=dt.datetime.now(dt.UTC))
    ((sender, _, message),) = relay.taken
    assert sender == "bounces@column.example"
    assert message["Auto-Submitted"] == "auto-generated"


def test_the_same_over_tls_from_the_first_byte(tmp_path: Path, relay: Relay, settings: Any, owner: User) -> None:
    from tests.config.test_compose import nginx_folder  # noqa: PLC0415 - it makes the certificate

    nginx_folder(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "fullchain.pem", tmp_path / "privkey.pem")
    server = Relay(ssl_context=context)
    server.start()
    settings.EMAIL_PORT, settings.EMAIL_USE_SSL = server.port, True
    try:
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr("ssl.create_default_context", ssl._create_unverified_context)
            account_resets.end_sessions(owner, by=None, at=dt.datetime.now(dt.UTC))
    finally:
        server.stop()
    assert [sender for sender, _, _ in server.taken] == ["<>"]
    assert [command.split()[1] for command in server.commands] == ["FROM:<>"]
