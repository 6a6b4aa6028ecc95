"""What holds for everything that readers and machines can fetch, whatever page it is."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from columns.models import Article, Column, HelpLine
from inbox.models import User
from inbox.operations.demo import content as demo
from inbox.workflow import DraftStatus
from tests import factories
from tests.columns.reading import Page, everything, pages
from tests.columns.test_article import correct

PAGES = ["home", "about", "archive", "archive_month", "topic", "article", "feeds"]
KINDS = [*PAGES, "feed", "feed_json", "sitemap", "sitemap_of_column", "robots"]


@pytest.mark.parametrize("kind", KINDS)
def test_no_cookie_is_set_or_looked_at(
    client: Client, column: Column, article: Article, author: User, signed_in: Callable[[User], Client], kind: str
) -> None:
    """The same answer to everybody, also to somebody who is signed in at the desk."""
    path = everything(column, article)[kind]
    stranger, colleague = client.get(path), signed_in(author).get(path)
    for response in (stranger, colleague):
        assert response.status_code == 200
        assert "Set-Cookie" not in response.headers
        assert not response.cookies
        assert "cookie" not in response.headers.get("Vary", "").lower()
    assert stranger.content == colleague.content


@pytest.mark.parametrize("kind", KINDS)
def test_it_may_be_kept_for_a_minute_and_asked_for_again_cheaply(
    client: Client, column: Column, article: Article, kind: str
) -> None:
    path = everything(column, article)[kind]
    response = client.get(path)
    kept = {part.strip() for part in response.headers["Cache-Control"].split(",")}
    assert kept == {"public", "max-age=60"}
    again = client.get(path, headers={"If-None-Match": response.headers["ETag"]})
    assert again.status_code == 304
    assert again.content == b""
    assert client.get(path, headers={"If-None-Match": '"another"'}).status_code == 200


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_compressed_and_still_known_again(client: Client, column: Column, article: Article, kind: str) -> None:
    path = everything(column, article)[kind]
    plain, packed = client.get(path), client.get(path, headers={"Accept-Encoding": "gzip"})
    if packed.headers.get("Content-Encoding") == "gzip":
        assert gzip.decompress(packed.content) == plain.content
        assert "Accept-Encoding" in packed.headers["Vary"]
    else:
        assert len(plain.content) < 300
    again = client.get(path, headers={"Accept-Encoding": "gzip", "If-None-Match": packed.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("kind", KINDS)
def test_head_answers_as_get_does(client: Client, column: Column, article: Article, kind: str) -> None:
    response = client.head(everything(column, article)[kind])
    assert response.status_code == 200
    assert response.content == b""


@pytest.mark.parametrize("kind", PAGES)
def test_a_page_is_sound_and_needs_nothing_from_elsewhere(
    client: Client, column: Column, article: Article, kind: str
) -> None:
    page = Page(client.get(pages(column, article)[kind]).content)
    assert page.all("html") == [{"lang": "en"}]
    assert len(page.all("h1")) == len(page.all("main")) == 1
    assert {script["type"] for script in page.all("script")} <= {"application/ld+json"}
    assert not {"img", "iframe", "style", "form", "object", "embed"} & {tag for tag, _ in page.tags}
    assert not [
        attributes for _, attributes in page.tags if any(n == "style" or n.startswith("on") for n in attributes)
    ]
    for link in page.all("link"):
        assert link["href"].startswith(("/static/", settings.SITE_URL))
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    inside = {link[1:] for link in page.links() if link.startswith("#")}
    assert inside <= set(ids)
    named = {attributes["aria-labelledby"] for _, attributes in page.tags if "aria-labelledby" in attributes}
    assert named <= set(ids)
    assert "/plain/before-you-write/" in page.links()
    assert "Night Line" in page.text
    assert page.link("canonical") == settings.SITE_URL + pages(column, article)[kind]


@pytest.mark.parametrize("kind", PAGES)
def test_headings_leave_out_no_level(client: Client, column: Column, article: Article, kind: str) -> None:
    page = Page(client.get(pages(column, article)[kind]).content)
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_what_is_not_out_appears_nowhere(client: Client, column: Column, article: Article, at: dt.datetime) -> None:
    """Drafts of every status, articles of the future, and what was taken down, before and after."""
    hidden = {}
    for status in DraftStatus:
        if status not in (DraftStatus.PUBLISHED, DraftStatus.TAKEN_DOWN):
            word = f"unseen{status.value.replace('_', '')}"
            words = dict.fromkeys(("headline", "standfirst", "content_note", "pen_name", "question", "answer"), word)
            factories.make_draft(
                column, status, at=article.publish_at, publish_at=at + dt.timedelta(days=3), words=words
            )
            hidden[status] = word
    gone = factories.make_article(column, at=article.publish_at, headline="unseengone", answer="unseengone")
    assert b"unseengone" in client.get("/plain/").content
    gone.take_down(at=at)
    paths = [*everything(column, article).values(), "/", "/plain/topics/desire/", gone.get_absolute_url()]
    for path in paths:
        body = client.get(path).content.replace(gone.get_absolute_url().encode(), b"")
        assert b"unseen" not in body
    for path in everything(column, article).values():
        assert gone.get_absolute_url().encode() not in client.get(path).content
    with time_machine.travel(at + dt.timedelta(days=3, seconds=1), tick=False):
        assert b"unseenscheduled" in client.get("/plain/").content, "the search would have found it"


def test_a_topic_with_only_an_article_of_the_future_stays_unsaid(
    client: Client, column: Column, article: Article
) -> None:
    paths = ("/plain/", "/plain/topics/", "/plain/topics/pain/", "/plain/topics/desire/", "/sitemap.xml")
    before = [client.get(path).content for path in paths]
    factories.make_draft(column, DraftStatus.SCHEDULED, topic="desire")
    assert [client.get(path).content for path in paths] == before
    assert b"/topics/desire/" not in before[-1]


#: Short enough for the shortest field (a help line's number), with what would break out of text, attribute and block.
HOSTILE = "'\"></script><img src=x onerror=a()>&{{"


@pytest.fixture
def hostile(column: Column, at: dt.datetime) -> Article:
    """An article, and everything around it, with hostile text in every field."""
    words = dict.fromkeys(("headline", "standfirst", "content_note", "pen_name", "question"), HOSTILE)
    answer = f"{HOSTILE}\n\n## {HOSTILE}\n\n[{HOSTILE}](javascript:alert(1))[^1]\n\n[^1]: {HOSTILE}"
    draft = factories.make_draft(
        column, DraftStatus.PUBLISHED, at=at - dt.timedelta(days=1), words={**words, "answer": answer}
    )
    article = draft.article
    assert article is not None
    assert article.topic is not None
    correct(article, HOSTILE, at.date())
    User.objects.update(name=HOSTILE, credential=HOSTILE)
    for row, fields in (
        (column, ("title", "tagline", "about", "terms", "sign_off")),
        (column.author, ("name", "credential", "bio")),
        (article.topic, ("name", "description")),
    ):
        for field in fields:
            setattr(row, field, HOSTILE)
        row.save()
    Column.objects.filter(pk=column.pk).update(language='"><img x>')
    Article.objects.filter(pk=article.pk).update(care=True)
    HelpLine.objects.update(name=HOSTILE, number=HOSTILE, about=HOSTILE, url="javascript:alert(1)")
    HelpLine.objects.create(
        column=column, name=HOSTILE, number=HOSTILE, about=HOSTILE, url=f"https://x.example/{HOSTILE}"
    )
    article.refresh_from_db()
    return article


@pytest.mark.parametrize("kind", PAGES)
def test_hostile_text_stays_text(client: Client, column: Column, hostile: Article, kind: str) -> None:
    response = client.get(pages(column, hostile)[kind])
    assert response.status_code == 200
    page = Page(response.content)
    assert not page.all("img")
    assert not [attributes for _, attributes in page.tags if any(name.startswith("on") for name in attributes)]
    assert len(page.all("script")) == (kind == "article")
    assert HOSTILE in " ".join(page.pieces), "it is shown, as words"
    assert not [link for link in page.links() if link.startswith("javascript:")]
    if kind == "article":
        data = json.loads(page.scripts[0])
        assert data["headline"] == data["correction"] == data["author"]["name"] == HOSTILE
        assert not {"<", ">", "&"} & set(page.scripts[0])


def test_hostile_text_stays_text_in_the_gone_page_feed_and_lists(
    client: Client, column: Column, hostile: Article, at: dt.datetime
) -> None:
    feed = client.get("/plain/feed.atom").content.decode()
    assert "<img" not in feed
    content = re.findall(r'<content type="xhtml">(.*?)</content>', feed, re.DOTALL)
    assert len(content) == 1
    assert "&lt;img" in content[0], "it is shown, as words"
    links = re.findall(r"href=\S*", feed)
    assert links
    assert not [link for link in links if "javascript:" in link]
    (item,) = client.get("/plain/feed.json").json()["items"]
    assert "<img" not in item["content_html"]
    assert item["title"] == item["summary"] == HOSTILE
    factories.make_column(slug="second")
    hostile.take_down(at=at)
    for path in ("/", hostile.get_absolute_url()):
        page = Page(client.get(path).content)
        assert not page.all("img")
        assert not page.all("script")


BUDGET = {
    "article": 5,
    "home": 5,
    "archive": 4,
    "archive_month": 4,
    "topic": 4,
    "about": 4,
    "feeds": 2,
    "feed": 3,
    "feed_json": 3,
    "sitemap": 1,
    "sitemap_of_column": 2,
    "robots": 0,
}


def test_queries_stay_within_budget_and_do_not_grow(client: Client, column: Column, at: dt.datetime) -> None:
    counts: dict[int, dict[str, int]] = {}
    newest = factories.make_article(column, at=at - dt.timedelta(minutes=1))
    made = 1
    for wanted in (5, 50):
        while made < wanted:
            # one in three has help lines inside, and all stand in the month of the newest
            letter = "I want to die." if made % 3 == 0 else ""
            text = factories.LETTER_TEXT + letter
            factories.make_draft(column, DraftStatus.PUBLISHED, at=at - dt.timedelta(minutes=made + 1), text=text)
            made += 1
        counts[wanted] = {}
        for kind, path in everything(column, newest).items():
            with CaptureQueriesContext(
                connection,
            ) as queries:
                assert client.get(path).status_code == 200
            counts[wanted][kind] = len(queries)
    assert Article.objects.filter(care=True).exists()
    assert counts[5] == counts[50]
    assert {kind: count for kind, count in counts[50].items() if count > BUDGET[kind]} == {}


def files(page: Page, *, of: str) -> list[Path]:
    """The files of the site that a page names in its head, by the relation of the link."""
    return [
        settings.BASE_DIR / "static" / link["href"].removeprefix("/static/")
        for link in page.all("link")
        if of in link["rel"].split()
    ]


def test_the_longest_articles_are_a_light_load(client: Client, column: Column) -> None:
    """Compressed: 15 kB for one article after another, and 60 kB for the first, with stylesheets, drawings and both
    cuts of the face."""
    content = demo.read(settings.BASE_DIR / "demo")
    longest = sorted(content.articles + content.archive, key=lambda entry: len(entry["question"] + entry["answer"]))[
        -3:
    ]
    for entry in longest:
        article = factories.make_article(column, question=entry["question"], answer=entry["answer"])
        html = client.get(article.get_absolute_url()).content
        page = Page(html)
        text = len(gzip.compress(html))
        styles = sum(len(gzip.compress(path.read_bytes())) for path in files(page, of="stylesheet"))
        (preloaded,) = files(page, of="preload")
        fonts = sum(path.stat().st_size for path in preloaded.parent.glob("*.woff2"))
        assert text <= 15_000, entry["slug"]
        assert text + styles + fonts <= 60_000, entry["slug"]
