"""Unlocking a session that came in without the password."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from columns.models import Column
from inbox.keys import vault
from inbox.models import User
from inbox.staff import installation
from inbox.workflow import Role
from tests import factories

pytestmark = pytest.mark.databases

SignIn = Callable[[User], Client]
PATH = "/desk/unlock/"


@pytest.fixture
def nurse(column: Column, at: dt.datetime, keys: vault.Vault) -> User:
    """Somebody with an address to sign in with, as real staff have."""
    return installation.add_staff(
        "nurse@example.org", "Nurse", column, [Role.MODERATOR], password=factories.PASSWORD, demo=True, at=at, keys=keys
    )


@pytest.fixture
def locked(nurse: User) -> Client:
    """Signed in, as by a passkey: a session, and no key in hand."""
    client = Client()
    client.force_login(nurse)
    return client


def test_every_page_of_the_desk_leads_there_and_back(locked: Client, column: Column) -> None:
    factories.make_letter(column)
    asked = locked.get("/desk/plain/inbox/")
    assert asked.headers["Location"] == PATH + "?next=%2Fdesk%2Fplain%2Finbox%2F"
    page = locked.get(asked.headers["Location"])
    assert 'value="/desk/plain/inbox/"' in page.text
    done = locked.post(PATH, {"password": factories.PASSWORD, "next": "/desk/plain/inbox/"})
    assert done.headers["Location"] == "/desk/plain/inbox/"
    cookie = locked.cookies[settings.UNLOCK_COOKIE_NAME]
    before = cookie.value
    assert cookie["httponly"]
    assert cookie["samesite"] == "Strict"
    assert factories.LETTER_TEXT[:30] in locked.get("/desk/plain/inbox/").text
    assert locked.cookies[settings.UNLOCK_COOKIE_NAME].value != before


def test_a_wrong_password_unlocks_nothing(locked: Client) -> None:
    refused = locked.post(PATH, {"password": "not this one"})
    assert refused.status_code == 400
    assert "This is not your password." in refused.text
    assert locked.get("/desk/plain/inbox/").status_code == 302


@pytest.mark.parametrize(
    "there", ["https://elsewhere.example/desk/", "//elsewhere.example/desk/", "/accounts/logout/", ""]
)
def test_it_leads_nowhere_else(locked: Client, there: str) -> None:
    done = locked.post(PATH, {"password": factories.PASSWORD, "next": there})
    assert done.headers["Location"] == "/desk/"


def test_guessing_is_limited(locked: Client) -> None:
    said = [locked.post(PATH, {"password": f"guess {number}"}).text for number in range(12)]
    assert "Too many" in said[-1]
    assert "Too many" in locked.post(PATH, {"password": factories.PASSWORD}).text


def test_words_typed_into_a_locked_desk_are_shown_and_not_sent(locked: Client, column: Column) -> None:
    letter = factories.make_letter(column)
    answer = locked.post(f"/desk/plain/letters/{letter.pk}/note/", {"text": "Something I typed for an hour."})
    assert answer.status_code == 403
    assert "Something I typed for an hour." in answer.text
    assert letter.notes.count() == 0


def test_words_are_shown_also_where_the_cookie_of_the_session_is_gone_already(locked: Client, column: Column) -> None:
    """A page that asks by itself gets the answer that takes the cookie away, before anybody presses a button."""
    letter = factories.make_letter(column)
    path = f"/desk/plain/letters/{letter.pk}/note/"
    stranger = Client()
    assert stranger.post(path, {"text": "Typed for an hour."}).status_code == 302
    locked.get("/desk/unlock/")
    cache.clear()
    assert locked.post("/desk/plain/pulse/").status_code == 403
    assert not locked.cookies.pop(settings.SESSION_COOKIE_NAME).value  # a browser forgets it
    answer = locked.post(path, {"text": "Typed for an hour."})
    assert answer.status_code == 403
    assert "Typed for an hour." in answer.text
    assert letter.notes.count() == 0


def test_the_key_goes_with_the_sign_out(signed_in: SignIn, moderator: User) -> None:
    client = signed_in(moderator)
    kept = client.cookies[settings.UNLOCK_COOKIE_NAME].value
    client.post("/accounts/logout/")
    client.force_login(moderator)
    client.cookies[settings.UNLOCK_COOKIE_NAME] = kept
    assert client.get("/desk/").headers["Location"].startswith(PATH)


def test_somebody_elses_key_is_of_no_use(signed_in: SignIn, moderator: User, author: User) -> None:
    client, other = signed_in(moderator), signed_in(author)
    client.cookies[settings.UNLOCK_COOKIE_NAME] = other.cookies[settings.UNLOCK_COOKIE_NAME].value
    assert client.get("/desk/").headers["Location"].startswith(PATH)


def test_without_the_cache_there_is_no_key(signed_in: SignIn, moderator: User) -> None:
    client = signed_in(moderator)
    cache.clear()
    client.force_login(moderator)
    assert client.get("/desk/").headers["Location"].startswith(PATH)


def test_strangers_are_led_to_the_sign_in(stranger: Client) -> None:
    assert stranger.get(PATH).headers["Location"].startswith("/accounts/login/")
    assert stranger.post(PATH, {"password": "x"}).status_code == 302


def test_wrong_method(signed_in: SignIn, moderator: User) -> None:
    assert signed_in(moderator).put(PATH).status_code == 405


def test_no_secret_is_shown_again(locked: Client) -> None:
    typed = {"key": "RECOVERY-KEY", "confirm_password": "SECRET-ONE", "password": "SECRET-TWO", "name": "Kept words"}
    page = locked.post("/desk/plain/staff/recover/", typed)
    assert page.status_code == 403
    assert "Kept words" in page.text
    for secret in ("RECOVERY-KEY", "SECRET-ONE", "SECRET-TWO"):
        assert secret not in page.text
