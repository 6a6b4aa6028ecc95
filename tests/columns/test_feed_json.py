"""The feed as JSON: the same entries under the same ids."""

from __future__ import annotations

import datetime as dt

import feedparser
import pytest
from django.test import Client
from jsonschema import Draft202012Validator

from columns.machine_readable import feeds
from columns.models import Article, Column
from tests import factories
from tests.columns.reading import Page
from tests.columns.test_article import correct

TEXT = {"type": "string", "minLength": 1}
URL = {"type": "string", "pattern": "^https?://"}
MOMENT = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?([+-]\d\d:\d\d|Z)$"}
AUTHORS = {
    "type": "array",
    "minItems": 1,
    "items": {
        "type": "object",
        "properties": {"name": TEXT, "url": URL, "avatar": URL},
        "minProperties": 1,
        "additionalProperties": False,
    },
}
ITEM = {
    "type": "object",
    "properties": {
        **dict.fromkeys(("id", "title", "content_html", "content_text", "summary", "language"), TEXT),
        **dict.fromkeys(("url", "external_url", "image", "banner_image"), URL),
        **dict.fromkeys(("date_published", "date_modified"), MOMENT),
        "tags": {"type": "array", "items": TEXT},
        "authors": AUTHORS,
    },
    "required": ["id"],
    "anyOf": [{"required": ["content_html"]}, {"required": ["content_text"]}],
    "additionalProperties": False,
}
#: JSON Feed 1.1 (jsonfeed.org/version/1.1), without attachments and hubs, which this feed does not have.
SCHEMA = {
    "type": "object",
    "properties": {
        "version": {"const": "https://jsonfeed.org/version/1.1"},
        **dict.fromkeys(("title", "description", "user_comment", "language"), TEXT),
        **dict.fromkeys(("home_page_url", "feed_url", "next_url", "icon", "favicon"), URL),
        "authors": AUTHORS,
        "expired": {"type": "boolean"},
        "items": {"type": "array", "items": ITEM},
    },
    "required": ["version", "title", "items"],
    "additionalProperties": False,
}


def test_it_is_as_the_standard_says(client: Client, column: Column, article: Article) -> None:
    factories.make_article(column, at=article.publish_at - dt.timedelta(days=1))
    correct(article, "The dose was wrong.", article.publish_at.date() + dt.timedelta(days=1))
    feed = client.get("/plain/feed.json").json()
    Draft202012Validator.check_schema(SCHEMA)
    assert [error.message for error in Draft202012Validator(SCHEMA).iter_errors(feed)] == []
    assert len(feed["items"]) == 2
    own = "http://127.0.0.1:8000/plain/"
    assert (feed["home_page_url"], feed["feed_url"]) == (own, f"{own}feed.json")


def test_it_says_what_the_atom_feed_says(client: Client, article: Article) -> None:
    (item,) = client.get("/plain/feed.json").json()["items"]
    (entry,) = feedparser.parse(client.get("/plain/feed.atom").content).entries
    assert item["id"] == entry.id
    assert item["url"] == entry.link
    assert item["title"] == entry.title
    assert item["summary"] == entry.summary
    assert item["tags"] == [tag.term for tag in entry.tags]
    assert Page(item["content_html"].encode()).text == Page(entry.content[0].value.encode()).text != ""
    assert dt.datetime.fromisoformat(item["date_published"]) == dt.datetime.fromisoformat(entry.published)
    assert dt.datetime.fromisoformat(item["date_modified"]) == dt.datetime.fromisoformat(entry.updated)


@pytest.mark.parametrize(
    ("accept", "kind"), [("*/*", "application/feed+json"), ("text/html,*/*;q=0.8", "application/json")]
)
def test_a_browser_is_given_what_it_shows(client: Client, column: Column, accept: str, kind: str) -> None:
    response = client.get("/plain/feed.json", headers={"Accept": accept})
    assert response.headers["Content-Type"] == f"{kind}; charset=utf-8"
    assert response.json()["items"] == []


def test_only_the_newest_are_in_it(
    client: Client, column: Column, article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeds, "ENTRIES", 1)
    newest = factories.make_article(column, at=article.publish_at + dt.timedelta(hours=1))
    assert [item["title"] for item in client.get("/plain/feed.json").json()["items"]] == [newest.headline]


def test_a_column_that_is_not_there_is_not_found(client: Client, column: Column) -> None:
    assert client.get("/nobody/feed.json").status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_it_is_only_read(client: Client, column: Column, method: str) -> None:
    assert getattr(client, method)("/plain/feed.json").status_code == 405
