"""Every public address, for search engines: in two queries, under the site's own name."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.urls import reverse
from django.utils import timezone

from columns.models import Article, Column


@dataclass(frozen=True)
class Address:
    """A path, and the time of the last change of its page, if known."""

    location: str
    changed: dt.date | None = None


def addresses(at: dt.datetime) -> list[Address]:
    """Front page of each column, about, archive, topics, those with something to read, articles, newest first."""
    live = Article.objects.live(at).select_related("column", "topic").newest_first()
    articles = list(live.only("slug", "publish_at", "corrected_on", "column__slug", "topic__slug", "topic__column_id"))
    changed = {article.pk: article.corrected_on or timezone.localdate(article.publish_at) for article in articles}
    newest: dict[str, dt.date] = {}
    for article in articles:
        places = [reverse("columns:home", args=[article.column.slug])]
        if article.topic:
            places.append(reverse("columns:topic", args=[article.column.slug, article.topic.slug]))
        for place in places:
            newest[place] = max(changed[article.pk], newest.get(place, dt.date.min))
    found = []
    for slug in Column.objects.for_readers().order_by("slug").values_list("slug", flat=True):
        newest.setdefault(reverse("columns:home", args=[slug]), dt.date.min)
        found += [Address(reverse(f"columns:{name}", args=[slug])) for name in ("about", "archive", "topics")]
    found += [Address(place, None if day == dt.date.min else day) for place, day in newest.items()]
    return found + [Address(article.get_absolute_url(), changed[article.pk]) for article in articles]


class PublicAddresses(Sitemap):  # type: ignore[type-arg]  # not generic while the program runs
    """All addresses; beyond 50,000 the list continues at ``?p=2``."""

    def items(self) -> list[Address]:
        return addresses(timezone.now())

    def location(self, item: Address) -> str:
        return item.location

    def lastmod(self, item: Address) -> dt.date | None:
        return item.changed

    def get_protocol(self, protocol: str | None = None) -> str:
        return urlsplit(settings.SITE_URL).scheme or "https"

    def get_domain(self, site: Any = None) -> str:
        """The site's configured host name, not that of the request."""
        return urlsplit(settings.SITE_URL).netloc


SITEMAPS = {"columns": PublicAddresses}
