"""The archive: the months in which something came out, with how much."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client, override_settings

from columns.models import Column
from tests import factories
from tests.columns.reading import Page

pytestmark = pytest.mark.databases


def test_months_are_counted_newest_first(client: Client, column: Column) -> None:
    for moment in ((2025, 1, 31), (2024, 12, 1), (2024, 12, 31), (2024, 3, 15)):
        factories.make_article(column, at=dt.datetime(*moment, 12, tzinfo=dt.UTC))
    page = Page(client.get("/plain/archive/").content)
    months = [a for a in page.all("a") if "/archive/2" in a["href"]]
    assert [a["href"] for a in months] == [f"/plain/archive/{m}/" for m in ("2025/1", "2024/12", "2024/3")]
    assert [a["aria-label"] for a in months] == [
        "January 2025, 1 answer",
        "December 2024, 2 answers",
        "March 2024, 1 answer",
    ]
    assert "4 answers" in page.text


def test_a_month_is_one_of_the_sites_time_zone(client: Client, column: Column) -> None:
    article = factories.make_article(column, at=dt.datetime(2024, 12, 31, 23, 30, tzinfo=dt.UTC))
    with override_settings(TIME_ZONE="Europe/Berlin"):
        assert "/plain/archive/2025/1/" in Page(client.get("/plain/archive/").content).links()
        assert article.get_absolute_url() == f"/plain/2025/{article.slug}/"
        assert client.get(article.get_absolute_url()).status_code == 200
        assert article.get_absolute_url() in Page(client.get("/plain/archive/2025/1/").content).links()
        assert client.get("/plain/archive/2024/12/").status_code == 404


def test_an_empty_archive_is_still_a_page(client: Client, column: Column) -> None:
    assert "Nothing has come out yet" in Page(client.get("/plain/archive/").content).text


def test_a_column_that_is_not_there_is_not_found(client: Client, column: Column) -> None:
    assert client.get("/nobody/archive/").status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_it_is_only_read(client: Client, column: Column, method: str) -> None:
    assert getattr(client, method)("/plain/archive/").status_code == 405
