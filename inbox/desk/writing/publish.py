"""Out into the column, and back again."""

from __future__ import annotations

import datetime as dt
import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from inbox.desk.writing.forms import PublishForm
from inbox.editorial import drafts, publishing
from inbox.staff import access
from inbox.workflow import DRAFT_MOVES, DraftStatus, MoveRefused

#: The time proposed lies so far ahead, so that dates alone narrow down less which letter an article answers.
PROPOSED = dt.timedelta(days=3)


def proposed(at: dt.datetime) -> dt.datetime:
    """The next 08:00, in the site's time zone, that is at least ``PROPOSED`` away."""
    earliest = timezone.localtime(at + PROPOSED)
    morning = earliest.replace(hour=8, minute=0, second=0, microsecond=0)
    return morning if morning >= earliest else morning + dt.timedelta(days=1)


@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest, column: str, draft: uuid.UUID) -> HttpResponse:
    """Say when and under which address; everything else is done in one transaction."""
    found, mine = access.column(access.staff(request), column, access.READS_DRAFTS)
    access.need(mine, DRAFT_MOVES["publish"].roles)
    shown, at, keys = access.draft(found, draft), timezone.now(), access.keys(request)
    headline, slot = str(keys.open(shown.newest())["headline"]), proposed(at)
    initial = {"slug": publishing.suggest_slug(headline), "date": slot.date(), "time": slot.time()}
    form = PublishForm(request.POST or None, initial=initial, column=found, at=at)
    context = {
        "column": found,
        "mine": mine,
        "draft": shown,
        "headline": headline,
        "form": form,
        "letters": drafts.letters(shown, keys),
        "obstacles": publishing.obstacles(shown, at=at, keys=keys),
        "year": slot.year,
        "zone": publishing.site_time_zone().key,
        "section": "drafts",
    }
    if request.method != "POST" or not form.is_valid():
        return render(request, "desk/writing/publish.html", context, status=400 if form.errors else 200)
    by, slug = access.staff(request), form.cleaned_data["slug"]
    try:
        article = publishing.publish(shown, by=by, at=at, publish_at=form.publish_at(), slug=slug, keys=keys)
    except MoveRefused as refused:
        return render(request, "desk/writing/publish.html", context | {"refused": str(refused)}, status=409)
    local = timezone.localtime(article.publish_at)
    said = "is out" if article.is_live(at) else f"goes out on {local.day} {local:%B at %H:%M}"
    messages.success(request, f"The article {said}: {article.get_absolute_url()}")
    return redirect("desk:drafts", found.slug)


@require_http_methods(["GET", "HEAD", "POST"])
def take_down(request: HttpRequest, column: str, draft: uuid.UUID) -> HttpResponse:
    """Take the article down at once, after one question."""
    found, mine = access.column(access.staff(request), column, DRAFT_MOVES["take_down"].roles)
    shown, at = access.draft(found, draft), timezone.now()
    down = shown.standing(at) not in (DraftStatus.SCHEDULED, DraftStatus.PUBLISHED)
    context = {
        "column": found,
        "mine": mine,
        "draft": shown,
        # an owner reads no draft, so a headline that is not out yet is not for them
        "article": shown.article if mine & access.READS_DRAFTS or shown.standing(at) == DraftStatus.PUBLISHED else None,
        "section": "drafts",
        "down": down,
    }
    if request.method != "POST":
        return render(request, "desk/writing/take_down.html", context)
    try:
        publishing.take_down(shown, by=access.staff(request), at=at)
    except MoveRefused as refused:
        return render(request, "desk/writing/take_down.html", context | {"refused": str(refused)}, status=409)
    messages.success(request, "The article is down. Its address answers with a kind sentence.")
    return redirect("desk:drafts", found.slug) if mine & access.READS_DRAFTS else redirect("desk:home")
