"""The public pages. Only ``Article.objects.live(at)`` decides whether an article is visible."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from itertools import groupby
from typing import cast

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from columns import language
from columns.caching import for_everybody
from columns.machine_readable import linked_data
from columns.models import Article, ArticleQuerySet, Column, Topic
from columns.search.tables import Likeness
from columns.text import excerpts, prose

PAGE = 20
RELATED = 3
#: Titles on a page of the archive.
TITLES = 100
#: The newest answers that the front page shows large, and titles below each topic.
LEADING = 3
ON_SHELF = 4


def _column(slug: str) -> Column:
    """The column with author and help lines, in two queries; activates the column's language."""
    found = Column.objects.for_readers().select_related("author").prefetch_related("help_lines")
    column = get_object_or_404(found, slug=slug)
    language.activate(column)
    return column


def _live(column: Column, at: dt.datetime) -> ArticleQuerySet:
    return Article.objects.live(at).filter(column=column)


def _listed(found: ArticleQuerySet, column: Column, part: slice = slice(None)) -> list[Article]:
    """A slice of the articles for a list, newest first, each with its ``column`` set without another query."""
    articles = list(found.newest_first().without_text().select_related("topic")[part])
    for article in articles:
        article.column = column
    return articles


def _topics(column: Column, at: dt.datetime) -> tuple[list[Topic], set[Topic]]:
    """The column's topics, and those of them that have a live answer, in one query."""
    answers = _live(column, at).filter(topic=OuterRef("pk"))
    rows = column.topics.annotate(readable=Exists(answers))
    return list(rows), {row for row in rows if row.readable}


def _page_number(request: HttpRequest) -> int:
    asked = request.GET.get("page", "1")
    if not (asked.isascii() and asked.isdecimal() and 1 <= len(asked) <= 5 and int(asked)):
        raise Http404
    return int(asked)


def _page(request: HttpRequest, found: ArticleQuerySet, column: Column, length: int = PAGE) -> dict[str, object]:
    """One page of a list, in one query: the articles, its number, and the numbers of the pages beside it."""
    number = _page_number(request)
    start = (number - 1) * length
    # one more row than shown tells whether there is an older page
    articles = _listed(found, column, slice(start, start + length + 1))
    if number > 1 and not articles:
        raise Http404
    older = number + 1 if len(articles) > length else None
    return {"articles": articles[:length], "number": number, "newer": number - 1, "older": older}


def _shelf(column: Column, topics: list[Topic], articles: list[Article]) -> list[tuple[Topic | None, list[Article]]]:
    """The newest of the articles by topic; those without a topic last, where there are any."""
    places: list[Topic | None] = [*topics]
    if any(article.topic_id is None for article in articles):
        places.append(None)
    return [(place, [article for article in articles if article.topic == place][:ON_SHELF]) for place in places]


def _newest_by_topic(column: Column, topics: list[Topic], at: dt.datetime) -> list[Article]:
    """The newest articles, and the newest of each topic and of none, in one query, without their answers."""
    live = _live(column, at)
    wanted = Q(pk__in=live.newest_first().values("pk")[:LEADING])
    for topic in (*topics, None):
        wanted |= Q(pk__in=live.filter(topic=topic).newest_first().values("pk")[:ON_SHELF])
    articles = list(Article.objects.filter(wanted).newest_first().select_related("topic").defer("answer", "correction"))
    for article in articles:
        article.column = column
    return articles


def _canonical(request: HttpRequest, number: object = 1) -> str:
    return f"{settings.SITE_URL}{request.path}" + (f"?page={number}" if number != 1 else "")


@for_everybody
def index(request: HttpRequest) -> HttpResponse:
    """The site's front page: the only column, a list of columns, or instructions to make one."""
    columns = list(Column.objects.for_readers().select_related("author").order_by("title"))
    if len(columns) == 1:
        return redirect(columns[0])
    return render(request, "columns/index.html", {"columns": columns})


@for_everybody
def home(request: HttpRequest, column: str) -> HttpResponse:
    """The front page: the newest answer with the beginning of its letter, two more, and the newest of every topic."""
    if "page" in request.GET:  # what was a list in pages here is the archive
        return redirect("columns:archive", column, permanent=True)
    at = timezone.now()
    shown = _column(column)
    topics = list(shown.topics.all())
    articles = _newest_by_topic(shown, topics, at)
    context = {
        "column": shown,
        "featured": articles[0] if articles else None,
        "opening": excerpts.opening(articles[0].question) if articles else [],
        "seconds": [(article, excerpts.one_sentence(article.question)) for article in articles[1:LEADING]],
        "shelf": _shelf(shown, topics, articles),
        "canonical": _canonical(request),
        "translations": shown.in_other_languages(),
        "description": shown.tagline,
    }
    return render(request, "columns/home.html", context)


@for_everybody
def topics(request: HttpRequest, column: str) -> HttpResponse:
    """Every topic with its newest answers."""
    at = timezone.now()
    shown = _column(column)
    every = list(shown.topics.all())
    context = {
        "column": shown,
        "shelf": _shelf(shown, every, _newest_by_topic(shown, every, at)),
        "canonical": _canonical(request),
        "share_title": _("Topics of %(title)s") % {"title": shown.title},
    }
    return render(request, "columns/topics.html", context)


@for_everybody
def about(request: HttpRequest, column: str) -> HttpResponse:
    shown = _column(column)
    context = {
        "column": shown,
        "bio": prose.render_question(shown.author.bio),
        "about": prose.render(shown.about),
        "terms": prose.render(shown.terms),
        "canonical": _canonical(request),
        "share_title": _("About %(title)s") % {"title": shown.title},
        "description": _("%(name)s, %(credential)s, and what becomes of a letter.")
        % {"name": shown.author.name, "credential": shown.author.credential},
    }
    return render(request, "columns/about.html", context)


@for_everybody
def archive(request: HttpRequest, column: str) -> HttpResponse:
    """The titles of all articles, the newest first, by year and month, in pages."""
    at = timezone.now()
    shown = _column(column)
    live = _live(shown, at)
    context = _page(request, live, shown, TITLES)
    articles = cast("list[Article]", context["articles"])
    context |= {
        "column": shown,
        "years": [(year, _by_month(group)) for year, group in groupby(articles, key=lambda article: article.year)],
        "total": live.count(),
        "canonical": _canonical(request, context["number"]),
        "share_title": _("Archive of %(title)s") % {"title": shown.title},
    }
    return render(request, "columns/archive.html", context)


def _by_month(articles: Iterable[Article]) -> list[tuple[dt.datetime, list[Article]]]:
    """Articles of one year by month, each month as the local time of its newest article."""
    out = ((timezone.localtime(article.publish_at), article) for article in articles)
    months = [list(group) for _, group in groupby(out, key=lambda one: one[0].month)]
    return [(group[0][0], [article for _, article in group]) for group in months]


@for_everybody
def archive_month(request: HttpRequest, column: str, year: int, month: int) -> HttpResponse:
    at = timezone.now()
    if not (1900 <= year < 3000 and 1 <= month <= 12):
        raise Http404
    zone = timezone.get_current_timezone()
    start = dt.datetime(year, month, 1, tzinfo=zone)
    end = dt.datetime(year + month // 12, month % 12 + 1, 1, tzinfo=zone)
    shown = _column(column)
    articles = _listed(_live(shown, at).filter(publish_at__gte=start, publish_at__lt=end), shown)
    if not articles:
        raise Http404
    context = {"column": shown, "month": start, "articles": articles, "canonical": _canonical(request)}
    return render(request, "columns/archive_month.html", context)


@for_everybody
def topic(request: HttpRequest, column: str, topic: str) -> HttpResponse:
    at = timezone.now()
    shown = _column(column)
    topics, readable = _topics(shown, at)
    subject = next((each for each in topics if each.slug == topic), None)
    if subject is None:
        raise Http404
    context = _page(request, _live(shown, at).filter(topic=subject), shown)
    context |= {
        "column": shown,
        "topic": subject,
        "others": [each for each in topics if each in readable and each != subject],
        "canonical": _canonical(request, context["number"]),
        "share_title": _("%(topic)s: %(title)s") % {"topic": subject.name, "title": shown.title},
        "description": subject.description,
    }
    return render(request, "columns/topic.html", context)


@for_everybody
def article(request: HttpRequest, column: str, year: int, slug: str) -> HttpResponse:
    at = timezone.now()
    shown = _column(column)
    found = _live(shown, at).select_related("topic", "author", "approval", "review").filter(slug=slug).first()
    if found is None:
        return _gone(request, shown, slug, at)
    found.column = shown
    if found.year != year:
        return redirect(found, permanent=True)
    context = {
        "column": shown,
        "article": found,
        "beside": found.neighbours(at),
        "exit_url": settings.EXIT_URL,
        "related": _related(found, at),
        "canonical": settings.SITE_URL + found.get_absolute_url(),
        "share_title": found.headline,
        "description": found.standfirst or prose.plain(found.question[:2000]),
        "linked_data": linked_data.article_script(found),
    }
    return render(request, "columns/article.html", context)


def _related(article: Article, at: dt.datetime) -> list[Article]:
    """The articles that are nearest to one in meaning, then the newest of its topic; in one query."""
    near = Likeness.objects.filter(article=article, other=OuterRef("pk")).values("nearness")
    beside = Q(topic=article.topic_id) if article.topic_id else Q(pk=None)
    found = (
        Article.objects.live(at).filter(column=article.column_id).exclude(pk=article.pk).annotate(near=Subquery(near))
    )
    found = found.filter(Q(near__isnull=False) | beside).order_by(F("near").desc(nulls_last=True), "-publish_at", "-pk")
    articles = list(found.without_text().select_related("topic")[:RELATED])
    for each in articles:
        each.column = article.column
    return articles


def _gone(request: HttpRequest, column: Column, slug: str, at: dt.datetime) -> HttpResponse:
    """410 for an article that was taken down; 404 where there is none, or where it is scheduled."""
    once_read = Article.objects.filter(column=column, slug=slug, publish_at__lte=at, taken_down_at__gte=F("publish_at"))
    found = get_object_or_404(once_read.select_related("topic"))
    found.column = column
    context = {"column": column, "topic": found.topic, "beside": found.neighbours(at)}
    return render(request, "410.html", context, status=410)
