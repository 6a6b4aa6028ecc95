"""The page that says what a feed is, and where the column's are."""

from __future__ import annotations

import pytest
from django.test import Client

from columns.models import Column
from tests.columns.reading import Page


def test_it_names_both_addresses_in_full(client: Client, column: Column) -> None:
    page = Page(client.get("/plain/feeds/").content)
    for name in ("feed.atom", "feed.json"):
        address = f"http://127.0.0.1:8000/plain/{name}"
        assert address in page.links()
        assert address in page.text, "to be copied from paper, too"
        assert client.get(address.removeprefix("http://127.0.0.1:8000")).status_code == 200
    assert "/plain/feeds/" in Page(client.get("/plain/").content).links()


def test_a_column_that_is_not_there_is_not_found(client: Client, column: Column) -> None:
    assert client.get("/nobody/feeds/").status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_it_is_only_read(client: Client, column: Column, method: str) -> None:
    assert getattr(client, method)("/plain/feeds/").status_code == 405
