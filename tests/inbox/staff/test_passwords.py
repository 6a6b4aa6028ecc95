"""What a change and a reset of a password do to somebody's keys, over HTTP."""

from __future__ import annotations

import datetime as dt
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from columns.models import Column
from inbox.keys import keyring, unlock, vault
from inbox.models import User
from inbox.staff import installation, notifications
from inbox.workflow import Role
from tests import factories

NEW = "six other words for the lamp"
LOGIN = "/accounts/login/"


@pytest.fixture
def nurse(column: Column, at: dt.datetime, keys: vault.Vault) -> User:
    """Somebody who holds the keys and has an address to sign in with; no second factor is asked for."""
    return installation.add_staff(
        "nurse@example.org", "Nurse", column, [Role.MODERATOR], password=factories.PASSWORD, demo=True, at=at, keys=keys
    )


def sign_in(client: Client, password: str) -> Client:
    client.post(LOGIN, {"login": "nurse@example.org", "password": password})
    return client


def reads(client: Client, path: str) -> bool:
    return factories.LETTER_TEXT in client.get(path).text


@pytest.fixture
def letter(column: Column) -> str:
    return f"/desk/plain/letters/{factories.make_letter(column).pk}/"


def test_a_changed_password_opens_the_same_letters(nurse: User, letter: str) -> None:
    client = sign_in(Client(), factories.PASSWORD)
    assert reads(client, letter)
    passwords = {"oldpassword": factories.PASSWORD, "password1": NEW, "password2": NEW}
    assert client.post("/accounts/password/change/", passwords).status_code == 302
    assert reads(client, letter)  # the open session goes on
    assert reads(sign_in(Client(), NEW), letter)
    assert sign_in(Client(), factories.PASSWORD).get("/desk/").status_code == 302


def test_who_asks_for_a_new_password_waits_for_no_mail_server(nurse: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the time that an answer takes would tell that there is an account."""
    answered, handed_over = threading.Event(), []
    sender = ThreadPoolExecutor(1)
    monkeypatch.setattr(notifications, "_sender", sender)
    monkeypatch.setattr(mail.EmailMessage, "send", lambda message: handed_over.append((message.to, answered.wait(5))))
    assert Client().post("/accounts/password/reset/", {"email": nurse.email}).status_code == 302
    answered.set()
    sender.shutdown()
    assert handed_over == [([nurse.email], True)]


def test_a_sign_in_with_the_old_password_while_it_is_changed_costs_no_key(
    nurse: User, letter: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its hash was right a moment ago, its key opens no more: that is no password set behind the site's back."""
    client, real = sign_in(Client(), factories.PASSWORD), unlock.begin
    passwords = {"oldpassword": factories.PASSWORD, "password1": NEW, "password2": NEW}

    def begin(*given: Any, **named: Any) -> bytes | None:
        monkeypatch.undo()
        assert client.post("/accounts/password/change/", passwords).status_code == 302
        return real(*given, **named)

    monkeypatch.setattr(unlock, "begin", begin)
    late = Client()
    said = late.post(LOGIN, {"login": "nurse@example.org", "password": factories.PASSWORD})
    assert (said.status_code, "error-summary" in said.text) == (200, True)
    assert late.get("/desk/").status_code == 302
    assert reads(client, letter)
    assert reads(sign_in(Client(), NEW), letter)


def test_of_two_changes_at_once_the_later_changes_nothing(
    nurse: User, letter: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, real = sign_in(Client(), factories.PASSWORD), keyring.rewrap

    def rewrap(user: User, old: str, new: str) -> None:
        real(user, old, "what the quicker one chose")
        real(user, old, new)

    monkeypatch.setattr(keyring, "rewrap", rewrap)
    passwords = {"oldpassword": factories.PASSWORD, "password1": NEW, "password2": NEW}
    assert client.post("/accounts/password/change/", passwords).status_code == 403
    assert reads(sign_in(Client(), factories.PASSWORD), letter)


def test_other_sessions_end_with_the_old_password(nurse: User, letter: str) -> None:
    client, other = sign_in(Client(), factories.PASSWORD), sign_in(Client(), factories.PASSWORD)
    assert reads(other, letter)
    client.post("/accounts/password/change/", {"oldpassword": factories.PASSWORD, "password1": NEW, "password2": NEW})
    assert other.get(letter).headers["Location"].startswith(LOGIN)


def test_a_wrong_old_password_changes_neither_password_nor_key(nurse: User, letter: str) -> None:
    client = sign_in(Client(), factories.PASSWORD)
    wrong = {"oldpassword": "something else", "password1": NEW, "password2": NEW}
    assert client.post("/accounts/password/change/", wrong).status_code == 200
    assert reads(sign_in(Client(), factories.PASSWORD), letter)


def test_after_a_reset_a_colleague_gives_the_keys_again(column: Column, nurse: User, author: User, letter: str) -> None:
    client = Client()
    client.post("/accounts/password/reset/", {"email": "nurse@example.org"})
    (sent,) = mail.outbox
    link = re.search(r"http://testserver(/accounts/password/reset/key/\S+)", str(sent.body))
    assert link, sent.body
    form = client.get(link[1], follow=True)
    done = client.post(form.redirect_chain[-1][0], {"password1": NEW, "password2": NEW})
    assert done.status_code == 302
    fresh = sign_in(Client(), NEW)
    assert fresh.get("/desk/").status_code == 200
    assert not reads(fresh, letter)
    factories.give_address(author)
    confirm = {"confirm_password": factories.PASSWORD}
    factories.sign_in(Client(), author).post(f"/desk/plain/staff/{nurse.pk}/keys/", confirm)
    assert reads(fresh, letter)


def test_a_password_set_behind_the_sites_back_locks_nobody_out(
    column: Column, nurse: User, author: User, letter: str
) -> None:
    nurse.set_password(NEW)
    nurse.save()
    client = sign_in(Client(), NEW)
    assert client.get("/desk/").status_code == 200
    assert not reads(client, letter)
    factories.give_address(author)
    confirm = {"confirm_password": factories.PASSWORD}
    factories.sign_in(Client(), author).post(f"/desk/plain/staff/{nurse.pk}/keys/", confirm)
    assert reads(client, letter)
