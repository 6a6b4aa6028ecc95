"""The Atom feed: whole articles, absolute links, ids that stay."""

from __future__ import annotations

import datetime as dt
import re
import xml.etree.ElementTree as ET
from typing import Any

import feedparser
import pytest
from django.templatetags.static import static
from django.test import Client

from columns.machine_readable import feeds
from columns.models import Article, Column
from tests import factories
from tests.columns.test_article import correct

ATOM = "{http://www.w3.org/2005/Atom}"
XHTML = "{http://www.w3.org/1999/xhtml}"


def read(client: Client, column: str = "plain") -> Any:
    response = client.get(f"/{column}/feed.atom")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    parsed = feedparser.parse(response.content)
    assert parsed.bozo == 0
    assert parsed.version == "atom10"
    return parsed


def test_it_holds_the_whole_article(client: Client, article: Article) -> None:
    parsed = read(client)
    assert parsed.feed.title == "Plain Answers"
    (entry,) = parsed.entries
    assert entry.title == article.headline
    assert entry.author == "Nurse Test"
    assert entry.tags[0].term == "Pain"
    assert entry.summary == "The short answer comes first."
    content = entry.content[0].value
    for words in (
        "Mentions pain.",
        "Awake writes",
        "<em>normal</em>",
        "What is happening",
        "A book.",
        "With care, the nurse",
    ):
        assert words in content
    assert dt.datetime.fromisoformat(entry.published) == article.publish_at


def test_every_link_is_absolute_and_the_sites_own(client: Client, article: Article) -> None:
    parsed = read(client)
    (entry,) = parsed.entries
    own = "http://127.0.0.1:8000"
    assert [link.href for link in parsed.feed.links] == [f"{own}/plain/", f"{own}/plain/feed.atom"]
    assert entry.link == own + article.get_absolute_url()
    raw = ET.fromstring(client.get("/plain/feed.atom").content).find(f"{ATOM}entry/{ATOM}content")  # noqa: S314 - our own
    assert raw is not None
    assert raw.get("type") == "xhtml"
    (text,) = list(raw)
    assert text.tag == f"{XHTML}div"
    links = [link.get("href", "") for link in text.iter(f"{XHTML}a")]
    assert f"{own}/plain/about/" in links
    assert f"{own}{article.get_absolute_url()}#n1" in links
    assert all(link.startswith(f"{own}/") for link in links)


def test_it_has_what_the_standard_asks_for(client: Client, column: Column, article: Article) -> None:
    """RFC 4287: one id, title and updated in feed and entries, an author, an alternate link beside content."""
    factories.make_article(column, at=article.publish_at - dt.timedelta(days=1))
    root = ET.fromstring(client.get("/plain/feed.atom").content)  # noqa: S314 - our own
    entries = root.findall(f"{ATOM}entry")
    assert len(entries) == 2
    for element in (root, *entries):
        for name in ("id", "title", "updated", "author"):
            assert len(element.findall(f"{ATOM}{name}")) == 1
        moment = dt.datetime.fromisoformat(element.findtext(f"{ATOM}updated") or "")
        assert moment.tzinfo is not None
        assert len([x for x in element.findall(f"{ATOM}link") if x.get("rel") == "alternate"]) == 1
    assert len([x for x in root.findall(f"{ATOM}link") if x.get("rel") == "self"]) == 1
    assert all(entry.find(f"{ATOM}content/{XHTML}div/{XHTML}p") is not None for entry in entries)
    assert root.findtext(f"{ATOM}updated") == entries[0].findtext(f"{ATOM}updated")


def test_ids_stay_when_words_date_of_correction_or_the_sites_name_change(
    client: Client, article: Article, settings
) -> None:
    before = read(client).entries[0]
    correct(article, "The dose was wrong.", article.publish_at.date() + dt.timedelta(days=1))
    settings.SITE_URL = "https://moved.example"
    after = read(client).entries[0]
    assert after.id == before.id
    assert after.id.startswith("urn:uuid:")
    assert after.updated > before.updated
    assert after.published == before.published
    assert after.link.startswith("https://moved.example/plain/")
    assert "The dose was wrong." in after.content[0].value


def test_no_two_entries_share_an_id(client: Client, column: Column, article: Article) -> None:
    factories.make_article(column, at=article.publish_at)
    ids = [entry.id for entry in read(client).entries]
    assert len(set(ids)) == len(ids) == 2


def test_an_empty_feed_stands_still(client: Client, column: Column) -> None:
    parsed = read(client)
    assert parsed.entries == []
    assert parsed.feed.updated == read(client).feed.updated


def test_only_the_newest_are_in_it(
    client: Client, column: Column, article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeds, "ENTRIES", 2)
    for day in (1, 2):
        newest = factories.make_article(column, at=article.publish_at + dt.timedelta(hours=day))
    entries = read(client).entries
    assert len(entries) == 2
    assert entries[0].title == newest.headline


def test_what_xml_cannot_carry_is_left_out(client: Client, column: Column) -> None:
    factories.make_article(
        column, headline="One\x0bword\x1f: two", answer="An answer\x08 \ufffe.", standfirst="A <b> & c"
    )
    (entry,) = read(client).entries
    assert entry.title == "Oneword: two"
    assert entry.summary == "A <b> & c"
    assert entry.summary_detail.type == "text/plain"


def test_a_column_that_is_not_there_is_not_found(client: Client, column: Column) -> None:
    assert client.get("/nobody/feed.atom").status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_it_is_only_read(client: Client, column: Column, method: str) -> None:
    assert getattr(client, method)("/plain/feed.atom").status_code == 405


def test_help_lines_for_its_kinds_are_a_plain_line(client: Client, column: Column, article: Article) -> None:
    column.help_lines.create(name="Safe <House>", number="555 0199", country="GB", concerns="abuse")
    column.help_lines.create(name="Web", url="https://help.example.org/", concerns="abuse")
    column.help_lines.create(name="Come by", about="In any town", concerns="abuse")
    factories.make_article(column, at=article.publish_at - dt.timedelta(days=1), help_kinds=["abuse"])
    older = read(client).entries[1].content[0].value
    lines = (
        "If this is close to you, you can talk to somebody now: Come by, Web: https://help.example.org/ and"
        " Safe &lt;House&gt; (United Kingdom): 555 0199."
    )
    assert f"<p>{lines}</p>" in older
    assert "Night Line" not in older


BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "kind"),
    [("", "application/atom+xml"), ("*/*", "application/atom+xml"), (BROWSER, "application/xml")],
)
def test_a_browser_is_given_what_it_shows_as_a_page(client: Client, article: Article, accept: str, kind: str) -> None:
    response = client.get("/plain/feed.atom", headers={"Accept": accept})
    assert response.headers["Content-Type"] == f"{kind}; charset=utf-8"
    assert "Accept" in {part.strip() for part in response.headers["Vary"].split(",")}
    begin, sheet = (
        response.text.splitlines()[0],
        re.search(r'<\?xml-stylesheet type="text/css" href="([^"]+)"', response.text),
    )
    assert begin.startswith("<?xml ")
    assert sheet is not None
    assert sheet[1] == static("column/feed.css")


def test_what_a_browser_shows_beside_has_a_heading_and_ways_on(
    client: Client, column: Column, article: Article
) -> None:
    root = ET.fromstring(client.get("/plain/feed.atom").content)  # noqa: S314 - our own
    note, heading = root.find(f"{XHTML}div"), root.find(f"{ATOM}entry/{XHTML}h2")
    assert note is not None
    assert heading is not None
    own = "http://127.0.0.1:8000/plain/"
    assert [link.get("href") for link in note.iter(f"{XHTML}a")] == [f"{own}feeds/", own]
    (link,) = list(heading)
    assert (link.get("href"), link.text) == (f"http://127.0.0.1:8000{article.get_absolute_url()}", article.headline)


def test_a_column_that_is_read_from_the_right_says_so(
    client: Client, column: Column, article: Article, settings
) -> None:
    settings.LANGUAGES = [*settings.LANGUAGES, ("he", "Hebrew")]
    Column.objects.filter(pk=column.pk).update(language="he")
    root = ET.fromstring(client.get("/plain/feed.atom").content)  # noqa: S314 - our own
    turned = [element.get("dir") for element in root.iter() if element.get("dir")]
    assert turned == ["rtl", "rtl", "rtl"]
