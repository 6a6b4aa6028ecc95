"""A column's feeds, with the full text: Atom (RFC 4287) and JSON Feed 1.1. The ids of entries do not depend on the
site's host name.

A browser shows the Atom feed as a page, by a stylesheet of ours in CSS: browsers are giving XSLT up. For that its texts
are XHTML, and elements of XHTML stand between those of Atom, which feed readers pass over (RFC 4287, 6).
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.xmlreader import AttributesImpl  # nosec B406

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language_info
from django.utils.xmlutils import SimplerXMLGenerator

from columns import language
from columns.caching import for_everybody
from columns.machine_readable.portable_html import portable
from columns.machine_readable.portable_html import without_odd_characters as clean
from columns.models import Article, Column
from columns.site_time import first_moment

ENTRIES = 20
_IDS = uuid.UUID("5a2b0f0e-7c1d-4b8e-9f43-3d6f1f6f0c57")
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_XHTML = "http://www.w3.org/1999/xhtml"
_JSON_FEED = "https://jsonfeed.org/version/1.1"


class _Generator(SimplerXMLGenerator):
    def markup(self, text: str) -> None:
        """Write text that is well-formed XML as it is."""
        self.ignorableWhitespace(text)


class _Readable(Atom1Feed):
    """Atom with ``content`` beside ``summary``, with an ``updated`` that changes only with the articles, and with what
    a browser needs to show it as a page."""

    def write(self, outfile: Any, encoding: str) -> None:
        handler = _Generator(outfile, encoding, short_empty_elements=True)
        handler.startDocument()
        handler.processingInstruction("xml-stylesheet", f'type="text/css" href="{self.feed["stylesheet"]}"')
        handler.startElement("feed", AttributesImpl(self.root_attributes()))
        self.add_root_elements(handler)
        handler.markup(f'<meta xmlns="{_XHTML}" name="viewport" content="width=device-width, initial-scale=1"/>')
        handler.markup(self.feed["note"])
        self.write_items(handler)
        handler.endElement("feed")

    def add_item_elements(self, handler: _Generator, item: dict[str, Any]) -> None:  # type: ignore[override]
        super().add_item_elements(handler, item)
        if item["summary"]:
            handler.addQuickElement("summary", item["summary"])
        handler.markup(item["heading"])
        handler.startElement("content", AttributesImpl({"type": "xhtml"}))
        handler.markup(item["content"])
        handler.endElement("content")

    def latest_post_date(self) -> dt.datetime:
        return max((item["updateddate"] for item in self.items), default=_EPOCH)


@dataclass(frozen=True)
class _Entry:
    """An article as both feeds have it."""

    article: Article
    url: str
    html: str


def entry_id(article: Article) -> str:
    """The id of an entry, from values of an article that never change: its row and time of publication."""
    name = f"{article.pk}/{int(article.publish_at.timestamp())}"
    return uuid.uuid5(_IDS, name).urn


def updated(article: Article) -> dt.datetime:
    """When the words last changed; a correction counts from the beginning of its day, in the site's time zone."""
    if article.corrected_on is None:
        return article.publish_at
    corrected = first_moment(article.corrected_on)
    return max(article.publish_at + dt.timedelta(seconds=1), corrected)  # on the day it went out, too


def _column(slug: str) -> Column:
    """The column with author and help lines, in two queries; activates the column's language."""
    readable = Column.objects.for_readers().select_related("author").prefetch_related("help_lines")
    shown = get_object_or_404(readable, slug=slug)
    language.activate(shown)
    return shown


def _entries(column: Column) -> list[_Entry]:
    """The newest articles, in one query."""
    live = Article.objects.live(timezone.now()).filter(column=column).select_related("author", "topic")
    found = []
    for article in live.newest_first()[:ENTRIES]:
        article.column = column
        url = settings.SITE_URL + article.get_absolute_url()
        content = render_to_string("columns/feed_entry.html", {"article": article, "column": column})
        found.append(_Entry(article, url, portable(content, url)))
    return found


def _address(column: Column, name: str) -> str:
    return settings.SITE_URL + reverse(f"columns:{name}", args=[column.slug])


def _xhtml(tag: str, inside: str, column: Column) -> str:
    """An element of XHTML with markup in it, in the direction of the column's language."""
    rtl = get_language_info(language.shown(column))["bidi"]
    return f'<{tag} xmlns="{_XHTML}"{" dir=" + chr(34) + "rtl" + chr(34) if rtl else ""}>{inside}</{tag}>'


def _atom(column: Column, entries: Sequence[_Entry]) -> _Readable:
    home = _address(column, "home")
    note = render_to_string("columns/feed_note.html", {"column": column})
    feed = _Readable(
        title=clean(column.title),
        link=home,
        description="",
        language=clean(column.language),
        subtitle=clean(column.tagline) or None,
        author_name=clean(column.author.name),
        author_link=_address(column, "about"),
        feed_url=_address(column, "feed"),
        stylesheet=static("column/feed.css"),
        note=_xhtml("div", portable(note, home), column),
    )
    for entry in entries:
        article = entry.article
        link = render_to_string("columns/feed_heading.html", {"article": article})
        feed.add_item(
            title=clean(article.headline),
            link=entry.url,
            description=None,  # type: ignore[arg-type]  # with "" there would be an empty summary
            summary=clean(article.standfirst),
            unique_id=entry_id(article),
            pubdate=article.publish_at,
            updateddate=updated(article),
            author_name=clean(article.author.name),
            categories=[clean(article.topic.name)] if article.topic else [],
            heading=_xhtml("h2", portable(link, entry.url), column),
            content=_xhtml("div", entry.html, column),
        )
    return feed


def _typed(request: HttpRequest, response: HttpResponse, general: str, its_own: str) -> HttpResponse:
    """The response with its own type, or with the general one for a browser, which keeps a file of a type that it does
    not know, or shows its source."""
    asked = request.headers.get("Accept", "")
    response.headers["Content-Type"] = f"{general if 'text/html' in asked else its_own}; charset=utf-8"
    patch_vary_headers(response, ["Accept"])
    return response


@for_everybody
def atom(request: HttpRequest, column: str) -> HttpResponse:
    """The feed of the newest articles of a column."""
    shown = _column(column)
    response = HttpResponse(_atom(shown, _entries(shown)).writeString("utf-8"))
    return _typed(request, response, "application/xml", "application/atom+xml")


@for_everybody
def json_feed(request: HttpRequest, column: str) -> HttpResponse:
    """The same feed as JSON."""
    shown = _column(column)
    feed = {
        "version": _JSON_FEED,
        "title": shown.title,
        "home_page_url": _address(shown, "home"),
        "feed_url": _address(shown, "feed_json"),
        "language": shown.language,
        "authors": [{"name": shown.author.name, "url": _address(shown, "about")}],
        "items": [_item(entry) for entry in _entries(shown)],
    }
    if shown.tagline:
        feed["description"] = shown.tagline
    response = JsonResponse(feed, json_dumps_params={"ensure_ascii": False})
    return _typed(request, response, "application/json", "application/feed+json")


def _item(entry: _Entry) -> dict[str, Any]:
    article = entry.article
    item = {
        "id": entry_id(article),
        "url": entry.url,
        "title": article.headline,
        "content_html": entry.html,
        "date_published": article.publish_at.isoformat(),
        "date_modified": updated(article).isoformat(),
        "authors": [{"name": article.author.name}],
    }
    if article.standfirst:
        item["summary"] = article.standfirst
    if article.topic:
        item["tags"] = [article.topic.name]
    return item


@for_everybody
def feeds(request: HttpRequest, column: str) -> HttpResponse:
    """The page that says what a feed is, and where those of the column are."""
    shown = _column(column)
    context = {
        "column": shown,
        "atom_url": _address(shown, "feed"),
        "json_url": _address(shown, "feed_json"),
        "canonical": f"{settings.SITE_URL}{request.path}",
    }
    return render(request, "columns/feeds.html", context)
