"""The public page about privacy: what it says, to everybody alike."""

from __future__ import annotations

import html

from django.test import Client

from columns.models import Column
from inbox.writer import privacy_promises


def test_every_promise_stands_there_word_for_word(client: Client, db: None) -> None:
    response = client.get("/privacy/")
    page = html.unescape(response.text)
    for section in privacy_promises.sections():
        assert section.title in page
        for promise in section.promises:
            assert promise.says in page
    assert "What we cannot promise" in page
    assert not response.cookies


def test_it_asks_the_database_nothing(client: Client, db: None, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert client.get("/privacy/").status_code == 200


def test_every_page_of_the_letters_path_leads_to_it(client: Client, column: Column) -> None:
    for path in ("/plain/before-you-write/", "/plain/write/", "/plain/letter/"):
        assert 'href="/privacy/"' in client.get(path).text


def test_wrong_method(client: Client, db: None) -> None:
    assert client.post("/privacy/").status_code == 405
