"""The archive: the months in which something came out, with how much."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client, override_settings

from columns import views
from columns.models import Article, Column
from tests import factories
from tests.columns.reading import Page

pytestmark = pytest.mark.databases


def test_titles_stand_below_their_months_newest_first(client: Client, column: Column) -> None:
    moments = ((2025, 1, 31), (2024, 12, 31), (2024, 12, 1), (2024, 3, 15))
    made = [factories.make_article(column, at=dt.datetime(*moment, 12, tzinfo=dt.UTC)) for moment in moments]
    page = Page(client.get("/plain/archive/").content)
    months = [link for link in page.links() if "/archive/2" in link]
    assert months == [f"/plain/archive/{month}/" for month in ("2025/1", "2024/12", "2024/3")]
    ours = {article.get_absolute_url() for article in made}
    assert [link for link in page.links() if link in ours] == [article.get_absolute_url() for article in made]
    assert "4 answers" in page.text


def test_pages_follow_each_other_without_gap_or_repetition(
    client: Client, column: Column, at: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "TITLES", 3)
    made = [factories.make_article(column, at=at - dt.timedelta(days=day)) for day in range(1, 9)]
    seen: list[str] = []
    address = "/plain/archive/"
    for number in (1, 2, 3):
        page = Page(client.get(address).content)
        canonical = "http://127.0.0.1:8000/plain/archive/"
        assert page.link("canonical") == canonical + (f"?page={number}" if number > 1 else "")
        ours = {article.get_absolute_url() for article in made}
        seen += [link for link in page.links() if link in ours]
        older = [a["href"] for a in page.all("a") if a.get("rel") == "next"]
        newer = [a["href"] for a in page.all("a") if a.get("rel") == "prev"]
        assert newer == {1: [], 2: ["./"], 3: ["?page=2"]}[number]
        address = "/plain/archive/" + "".join(older)
    assert older == []
    assert seen == [article.get_absolute_url() for article in made]


@pytest.mark.parametrize("asked", ["0", "-1", "x", "1e3", "", "99999", "9" * 30, "٣", "2"])
def test_a_page_that_is_not_there_is_not_found(client: Client, article: Article, asked: str) -> None:
    assert client.get("/plain/archive/", {"page": asked}).status_code == 404


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
