"""A column's Atom feed (RFC 4287), with the full text. The ids of entries do not depend on the site's host name."""

from __future__ import annotations

import datetime as dt
import html
import re
import uuid
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.xmlutils import SimplerXMLGenerator

from columns import language
from columns.caching import for_everybody
from columns.models import Article, Column
from columns.site_time import first_moment

ENTRIES = 20
_IDS = uuid.UUID("5a2b0f0e-7c1d-4b8e-9f43-3d6f1f6f0c57")
#: Characters that XML 1.0 cannot contain, even escaped.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class _FullText(Atom1Feed):
    """Atom with ``content`` beside ``summary``, and with an ``updated`` that changes only with the articles."""

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("content", item["content"], {"type": "html"})

    def latest_post_date(self) -> dt.datetime:
        return max((item["updateddate"] for item in self.items), default=_EPOCH)


def entry_id(article: Article) -> str:
    """The id of an entry, from values of an article that never change: column, slug and time of publication."""
    name = f"{article.column.slug}/{article.slug}/{int(article.publish_at.timestamp())}"
    return uuid.uuid5(_IDS, name).urn


def updated(article: Article) -> dt.datetime:
    """When the words last changed; a correction counts from the beginning of its day, in the site's time zone."""
    if article.corrected_on is None:
        return article.publish_at
    corrected = first_moment(article.corrected_on)
    return max(article.publish_at + dt.timedelta(seconds=1), corrected)  # on the day it went out, too


def absolute_links(text: str, base: str) -> str:
    """The HTML with every ``href`` made absolute against ``base``, an absolute address."""

    def whole(match: re.Match[str]) -> str:
        return f'href="{escape(urljoin(base, html.unescape(match[1])))}"'

    return re.sub(r'href="([^"]*)"', whole, text)


def _clean(text: str) -> str:
    return _NOT_XML.sub("", text)


def _add(feed: _FullText, article: Article, column: Column) -> None:
    url = settings.SITE_URL + article.get_absolute_url()
    content = render_to_string("columns/feed_entry.html", {"article": article, "column": column})
    feed.add_item(
        title=_clean(article.headline),
        link=url,
        # feed readers parse a summary as HTML, so plain text is escaped twice
        description=escape(_clean(article.standfirst)),
        unique_id=entry_id(article),
        pubdate=article.publish_at,
        updateddate=updated(article),
        author_name=_clean(article.author.name),
        categories=[_clean(article.topic.name)] if article.topic else [],
        content=_clean(absolute_links(content, url)),
    )


@for_everybody
def atom(request: HttpRequest, column: str) -> HttpResponse:
    """The feed of the newest articles of a column."""
    at = timezone.now()
    readable = Column.objects.for_readers().select_related("author").prefetch_related("help_lines")
    shown = get_object_or_404(readable, slug=column)
    language.activate(shown)
    feed = _FullText(
        title=_clean(shown.title),
        link=settings.SITE_URL + shown.get_absolute_url(),
        description="",
        language=_clean(shown.language),
        subtitle=_clean(shown.tagline) or None,
        author_name=_clean(shown.author.name),
        feed_url=settings.SITE_URL + reverse("columns:feed", args=[shown.slug]),
    )
    articles = Article.objects.live(at).filter(column=shown).select_related("author", "topic")
    for article in articles.newest_first()[:ENTRIES]:
        article.column = shown
        _add(feed, article, shown)
    return HttpResponse(feed.writeString("utf-8"), content_type=feed.content_type)
