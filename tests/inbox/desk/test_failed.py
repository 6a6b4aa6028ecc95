"""Whatever fails at the desk, what was typed comes back; that sessions cannot be reached is said in plain words."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client

from columns.models import Column
from inbox.letters.intake import Taken
from inbox.models import User
from tests import factories
from tests.access_checks import client_of
from tests.columns.reading import Page
from tests.reader import Reader

AWAY = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1/0"}}
WORDS = "Thank you for writing to us. We are not the right people for this."


@pytest.fixture
def desk(moderator: User) -> Client:
    client = client_of(moderator)
    client.get("/desk/")
    client.raise_request_exception = False
    return client


def boxes(response: Any) -> str:
    assert response.headers["Cache-Control"] == "no-store"
    return Page(response.content).text


@pytest.mark.parametrize("error", [OperationalError, RuntimeError])
def test_a_fault_shows_what_was_typed_but_no_secret(desk: Client, writer: Taken, error: type[Exception]) -> None:
    address = f"/desk/plain/letters/{writer.letter.pk}/decline/"
    sent = {"reason": WORDS, "password": "NEVER-SHOWN", "csrfmiddlewaretoken": "NEVER-SHOWN"}

    def fail(execute: object, sql: str, *args: object) -> object:
        raise error(sql)

    with connection.execute_wrapper(fail):
        response = desk.post(address, sent)
    assert response.status_code == 500
    said = boxes(response)
    assert "Something went wrong on our side" in said
    assert WORDS in said
    assert "NEVER-SHOWN" not in response.text


def test_without_the_store_of_sessions_it_is_said_and_nothing_is_lost(
    desk: Client, writer: Taken, moderator: User, settings: Any
) -> None:
    settings.CACHES = AWAY
    over = desk.post(f"/desk/plain/letters/{writer.letter.pk}/decline/", {"reason": WORDS})
    assert (over.status_code, WORDS in boxes(over)) == (403, True)
    for path, fields in {
        "login/": {"login": moderator.email, "password": factories.PASSWORD},
        "password/reset/": {"email": moderator.email},
        "logout/": {},
    }.items():
        response = desk.post(f"/accounts/{path}", fields)
        assert (path, response.status_code) == (path, 503)
        assert "Nobody can sign in or out just now" in boxes(response)
        assert factories.PASSWORD not in response.text
    assert desk.cookies[settings.SESSION_COOKIE_NAME].value == desk.cookies[settings.UNLOCK_COOKIE_NAME].value == ""


def test_without_the_store_of_sessions_readers_notice_nothing(column: Column, settings: Any) -> None:
    settings.CACHES = AWAY
    reader = Reader()
    for path in ("", "about/", "archive/"):
        assert reader.client.get(f"/plain/{path}").status_code == 200
    for path in ("before-you-write/", "write/", "letter/"):
        reader.open(path)
        assert reader.response.status_code == 200
    reader.open_letter(reader.send())
    assert "Your message is with the column" in reader.press("letter/reply/", text="One thing more.")
    assert "From now on you allow" in reader.press("letter/allow/", consent="light")
    reader.press("letter/change/")
    reader.open_letter(reader.receipt())
    assert "You have taken your letter back" in reader.press("letter/withdraw/", sure="on")
