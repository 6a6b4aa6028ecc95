"""The keys for unsent words that a page of the desk keeps in the browser."""

from __future__ import annotations

import base64

from django.test import Client

from inbox.models import User
from tests import factories
from tests.access_checks import client_of

PATH = "/desk/copy-key/"


def key(client: Client, place: str) -> bytes:
    return base64.b64decode(client.post(PATH, {"place": place}).json()["key"])


def test_each_box_and_each_person_has_a_key_of_its_own(author: User, moderator: User) -> None:
    client, other = client_of(author), client_of(moderator)
    keys = [key(client, "draft 1"), key(client, "draft 2"), key(other, "draft 1")]
    assert len(set(keys)) == 3
    assert {len(one) for one in keys} == {32}


def test_whoever_signs_in_again_finds_what_was_kept(author: User) -> None:
    assert key(client_of(author), "draft 1") == key(client_of(author), "draft 1")


def test_a_locked_session_gets_none(author: User) -> None:
    client = Client()
    client.force_login(author)
    answer = client.post(PATH, {"place": "draft 1"})
    assert answer.status_code == 403
    assert b'key":' not in answer.content
    assert Client().post(PATH, {"place": "draft 1"}).status_code == 302
    assert factories.PASSWORD.encode() not in answer.content
