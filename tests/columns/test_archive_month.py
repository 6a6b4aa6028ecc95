"""A month of the archive."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from columns.models import Column
from tests import factories
from tests.columns.reading import Page

pytestmark = pytest.mark.databases


def test_it_lists_its_own_articles_alone(client: Client, column: Column, other_column: Column) -> None:
    def on(moment: str, of: Column = column) -> str:
        return factories.make_article(of, at=dt.datetime.fromisoformat(f"{moment}+00:00")).get_absolute_url()

    first, last = on("2024-12-01 00:00"), on("2024-12-31 23:59")
    others = {on("2024-11-30 23:59"), on("2025-01-01 00:00"), on("2024-12-05 12:00", other_column)}
    links = Page(client.get("/plain/archive/2024/12/").content).links()
    assert links.index(last) < links.index(first)
    assert not others & set(links)


@pytest.mark.parametrize(
    "month", ["2024/11", "2024/0", "2024/13", "0/1", "9999/12", "99999999999999999999/1", "2024/99999999999999999999"]
)
def test_a_month_with_nothing_in_it_is_not_found(client: Client, column: Column, month: str) -> None:
    assert client.get(f"/plain/archive/{month}/").status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_it_is_only_read(client: Client, column: Column, method: str) -> None:
    factories.make_article(column, at=dt.datetime(2024, 12, 1, tzinfo=dt.UTC))
    assert getattr(client, method)("/plain/archive/2024/12/").status_code == 405
