"""Every public address, for search engines, under the site's own name: an index of the columns, and a list for each."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import sitemap
from django.db.models import Count, Max, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from columns.caching import for_everybody
from columns.models import Article, Column

#: Addresses in one list; the standard allows 50,000.
LONGEST = 10_000
#: Pages of a column that are always there.
_ALWAYS = ("about", "topics", "archive", "feeds")


@dataclass(frozen=True)
class Address:
    """A path, and the time of the last change of its page, if known."""

    location: str
    changed: dt.date | None = None


def addresses(column: Column, at: dt.datetime) -> list[Address]:
    """A column's front page and those that are always there, topics with something to read, articles, newest first."""
    live = Article.objects.live(at).filter(column=column).select_related("topic").newest_first()
    articles = list(live.only("slug", "publish_at", "corrected_on", "topic__slug", "topic__column_id"))
    newest: dict[str, dt.date | None] = {column.get_absolute_url(): None}
    found = []
    for article in articles:
        article.column = column
        changed = article.corrected_on or timezone.localdate(article.publish_at)
        found.append(Address(article.get_absolute_url(), changed))
        places = [column.get_absolute_url()]
        if article.topic:
            places.append(reverse("columns:topic", args=[column.slug, article.topic.slug]))
        for place in places:
            newest[place] = max(changed, newest.get(place) or dt.date.min)
    always = [Address(reverse(f"columns:{name}", args=[column.slug])) for name in _ALWAYS]
    return [*(Address(place, day) for place, day in newest.items()), *always, *found]


class _OfColumn(Sitemap):  # type: ignore[type-arg]  # not generic while the program runs
    """The addresses of one column; beyond ``LONGEST`` the list continues at ``?p=2``."""

    def __init__(self, column: Column) -> None:
        self.column = column
        self.limit = LONGEST

    def items(self) -> list[Address]:
        return addresses(self.column, timezone.now())

    def location(self, item: Address) -> str:
        return item.location

    def lastmod(self, item: Address) -> dt.date | None:
        return item.changed

    def get_protocol(self, protocol: str | None = None) -> str:
        return urlsplit(settings.SITE_URL).scheme or "https"

    def get_domain(self, site: Any = None) -> str:
        """The site's configured host name, not that of the request."""
        return urlsplit(settings.SITE_URL).netloc


@for_everybody
def of_column(request: HttpRequest, column: str) -> TemplateResponse:
    """The list of a column."""
    shown = get_object_or_404(Column.objects.for_readers(), slug=column)
    return sitemap(request, {shown.slug: _OfColumn(shown)}, section=shown.slug)


@for_everybody
def index(request: HttpRequest) -> HttpResponse:
    """The lists of all columns, in one query."""
    live = Q(articles__publish_at__lte=timezone.now(), articles__taken_down_at=None)
    counted = Column.objects.for_readers().annotate(
        readable=Count("articles", filter=live, distinct=True),
        topical=Count("articles__topic", filter=live, distinct=True),
        newest=Max("articles__publish_at", filter=live),
        corrected=Max("articles__corrected_on", filter=live),
    )
    lists = []
    for one in counted.order_by("slug").values("slug", "readable", "topical", "newest", "corrected"):
        days = [timezone.localdate(one["newest"])] if one["newest"] else []
        changed = max([*days, *([one["corrected"]] if one["corrected"] else [])], default=None)
        address = settings.SITE_URL + reverse("sitemap_of_column", args=[one["slug"]])
        entries = 1 + len(_ALWAYS) + one["topical"] + one["readable"]
        pages = range(1, 2 + (entries - 1) // LONGEST)
        lists += [{"location": address + (f"?p={page}" if page > 1 else ""), "last_mod": changed} for page in pages]
    return render(request, "sitemap_index.xml", {"sitemaps": lists}, content_type="application/xml")
