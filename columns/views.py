"""The public pages. Only ``Article.objects.live(at)`` decides whether an article is visible."""

from __future__ import annotations

import datetime as dt
from itertools import groupby

from django.conf import settings
from django.db.models import Count, Exists, F, OuterRef
from django.db.models.functions import TruncMonth
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from columns import language, linked_data, prose
from columns.caching import for_everybody
from columns.models import Article, ArticleQuerySet, Column, Topic

PAGE = 20
RELATED = 3


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


def _topics(column: Column, at: dt.datetime) -> list[Topic]:
    """The column's topics; ``readable``: whether there is a live answer."""
    answers = _live(column, at).filter(topic=OuterRef("pk"))
    return list(column.topics.annotate(readable=Exists(answers)))


def _page_number(request: HttpRequest) -> int:
    asked = request.GET.get("page", "1")
    if not (asked.isascii() and asked.isdecimal() and 1 <= len(asked) <= 5 and int(asked)):
        raise Http404
    return int(asked)


def _page(request: HttpRequest, found: ArticleQuerySet, column: Column) -> dict[str, object]:
    """One page of a list, in one query: the articles, its number, and the numbers of the pages beside it."""
    number = _page_number(request)
    start = (number - 1) * PAGE
    # one more row than shown tells whether there is an older page
    articles = _listed(found, column, slice(start, start + PAGE + 1))
    if number > 1 and not articles:
        raise Http404
    older = number + 1 if len(articles) > PAGE else None
    return {"articles": articles[:PAGE], "number": number, "newer": number - 1, "older": older}


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
    at = timezone.now()
    shown = _column(column)
    context = _page(request, _live(shown, at), shown)
    articles = context["articles"]
    if context["number"] == 1 and isinstance(articles, list) and articles:
        context |= {"featured": articles[0], "articles": articles[1:]}
    context |= {
        "column": shown,
        "topics": _topics(shown, at),
        "canonical": _canonical(request, context["number"]),
        "description": shown.tagline,
    }
    return render(request, "columns/home.html", context)


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
    """Every month with articles, and their number."""
    at = timezone.now()
    shown = _column(column)
    counted = _live(shown, at).annotate(month=TruncMonth("publish_at")).values_list("month").annotate(count=Count("pk"))
    months = list(counted.order_by("-month"))
    context = {
        "column": shown,
        "years": [(year, list(group)) for year, group in groupby(months, key=lambda entry: entry[0].year)],
        "total": sum(count for month, count in months),
        "canonical": _canonical(request),
        "share_title": _("Archive of %(title)s") % {"title": shown.title},
    }
    return render(request, "columns/archive.html", context)


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
    topics = _topics(shown, at)
    subject = next((each for each in topics if each.slug == topic), None)
    if subject is None:
        raise Http404
    context = _page(request, _live(shown, at).filter(topic=subject), shown)
    context |= {
        "column": shown,
        "topic": subject,
        "topics": topics,
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
    previous, following = found.neighbours(at)
    same_topic = (
        _live(shown, at).filter(topic=found.topic_id).exclude(pk=found.pk) if found.topic_id else Article.objects.none()
    )
    context = {
        "column": shown,
        "article": found,
        "previous": previous,
        "following": following,
        "related": _listed(same_topic, shown, slice(RELATED)),
        "canonical": settings.SITE_URL + found.get_absolute_url(),
        "share_title": found.headline,
        "description": found.standfirst or prose.plain(found.question[:2000]),
        "linked_data": linked_data.article_script(found),
    }
    return render(request, "columns/article.html", context)


def _gone(request: HttpRequest, column: Column, slug: str, at: dt.datetime) -> HttpResponse:
    """410 for an article that was taken down; 404 where there is none, or where it is scheduled."""
    once_read = Article.objects.filter(column=column, slug=slug, publish_at__lte=at, taken_down_at__gte=F("publish_at"))
    found = get_object_or_404(once_read.select_related("topic"))
    found.column = column
    previous, following = found.neighbours(at)
    context = {"column": column, "topic": found.topic, "previous": previous, "following": following}
    return render(request, "410.html", context, status=410)
