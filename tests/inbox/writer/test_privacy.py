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


def test_it_has_the_masthead_the_help_and_the_ways_of_the_only_column(
    client: Client, column: Column, django_assert_num_queries: object
) -> None:
    with django_assert_num_queries(2):  # type: ignore[operator]
        page = client.get("/privacy/").text
    assert '<p class="mark"><a href="/plain/">Plain Answers</a>' in page
    assert "Night Line" in page
    assert 'href="/plain/before-you-write/"' in page


def test_of_several_columns_it_belongs_to_none(client: Client, column: Column, other_column: Column) -> None:
    page = client.get("/privacy/").text
    assert '<p class="mark"><a href="/">Advice columns</a>' in page
    assert "Your local emergency number" in page
    assert "Night Line" not in page


def test_a_practice_column_is_no_column_of_readers(client: Client, column: Column, other_column: Column) -> None:
    Column.objects.filter(pk=other_column.pk).update(practice=True)
    assert "Plain Answers" in client.get("/privacy/").text


def test_every_page_of_the_letters_path_leads_to_it(client: Client, column: Column) -> None:
    for path in ("/plain/before-you-write/", "/plain/write/", "/plain/letter/"):
        assert 'href="/privacy/"' in client.get(path).text


def test_wrong_method(client: Client, db: None) -> None:
    assert client.post("/privacy/").status_code == 405
