"""Publishing a draft, and taking its article down."""

from __future__ import annotations

import datetime as dt
import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext

from columns.models import Article
from inbox.desk.guard import Desk, desk_view
from inbox.desk.writing.forms import DateForm, PublishForm
from inbox.editorial import draft_case, publishing
from inbox.staff import access
from inbox.workflow import DRAFT_ACTS, DRAFT_MOVES, DraftStatus, MoveRefused

#: The least time until the proposed publication: dates alone then tell less about which letter an article answers.
PROPOSED = dt.timedelta(days=3)


def proposed(at: dt.datetime) -> dt.datetime:
    """Return the next 08:00, in the site's time zone, that is at least ``PROPOSED`` after ``at``."""
    earliest = timezone.localtime(at + PROPOSED)
    morning = earliest.replace(hour=8, minute=0, second=0, microsecond=0)
    return morning if morning >= earliest else morning + dt.timedelta(days=1)


@desk_view("GET", "POST", seats=DRAFT_MOVES["publish"].roles)
def publish(request: HttpRequest, desk: Desk, draft: uuid.UUID) -> HttpResponse:
    """Choose the time and the slug, and publish the draft in one transaction."""
    column, at, keys, refused = desk.column, desk.at, desk.keys, ""
    slot = proposed(at)
    form = PublishForm(
        request.POST or None, initial={"date": timezone.localdate(slot), "time": slot.time()}, column=column, at=at
    )
    if request.method == "POST" and form.is_valid():
        try:
            article = publishing.publish(
                access.draft(column, draft),
                by=desk.user,
                at=at,
                publish_at=form.publish_at(),
                slug=form.cleaned_data["slug"],
                keys=keys,
            )
        except MoveRefused as error:
            refused = str(error)
        else:
            return _published(request, article, at)
    case = draft_case.open_case(draft_case.open_manuscript(access.newest(column, draft), keys), keys)
    headline = str(case.manuscript.words["headline"])
    form.initial["slug"] = publishing.suggest_slug(desk.column, headline)
    context = desk.context("drafts") | {
        "draft": case.manuscript.draft,
        "headline": headline,
        "form": form,
        "letters": case.letters,
        "obstacles": publishing.obstacles(case, at=at),
        "refused": refused,
        "year": timezone.localdate(form.moments[0] if form.moments else slot).year,
        "zone": timezone.get_current_timezone_name(),
    }
    status = 409 if refused else 400 if form.errors else 200
    return render(request, "desk/writing/publish.html", context, status=status)


def _published(request: HttpRequest, article: Article, at: dt.datetime) -> HttpResponse:
    local = timezone.localtime(article.publish_at)
    sentence = DRAFT_MOVES["publish" if article.is_live(at) else "schedule"].done
    parameters = {
        "day": date_format(local, "MONTH_DAY_FORMAT"),
        "time": time_format(local, "TIME_FORMAT"),
        "address": article.get_absolute_url(),
    }
    messages.success(request, gettext(sentence) % parameters)
    return redirect("desk:drafts", article.column.slug)


@desk_view("GET", "POST", seats=DRAFT_ACTS["reschedule"].roles)
def reschedule(request: HttpRequest, desk: Desk, draft: uuid.UUID) -> HttpResponse:
    """Choose another time for an article that is not out yet. Its approval stays."""
    version, refused = access.newest(desk.column, draft), ""
    shown, row = version.draft, DRAFT_ACTS["reschedule"]
    initial = {}
    if shown.article:
        slot = timezone.localtime(shown.article.publish_at)
        initial = {"date": timezone.localdate(slot), "time": slot.time()}
    form = DateForm(request.POST or None, initial=initial, column=desk.column, at=desk.at)
    if request.method == "POST" and form.is_valid():
        try:
            article = publishing.reschedule(
                shown, by=desk.user, at=desk.at, publish_at=form.publish_at(), keys=desk.keys
            )
        except MoveRefused as error:
            refused = str(error)
        else:
            local = timezone.localtime(article.publish_at)
            said = {"day": date_format(local, "MONTH_DAY_FORMAT"), "time": time_format(local, "TIME_FORMAT")}
            messages.success(request, gettext(row.done) % said)
            return redirect("desk:draft", desk.column.slug, shown.pk)
    context = desk.context("drafts") | {
        "draft": shown,
        "form": form,
        "article": shown.article,
        "waits": shown.status_at(desk.at) == DraftStatus.SCHEDULED,
        "refused": refused,
        "zone": timezone.get_current_timezone_name(),
    }
    status = 409 if refused else 400 if form.errors else 200
    return render(request, "desk/writing/reschedule.html", context, status=status)


@desk_view("GET", "POST", seats=DRAFT_MOVES["take_down"].roles)
def take_down(request: HttpRequest, desk: Desk, draft: uuid.UUID) -> HttpResponse:
    """Ask whether to take the article down, and do so."""
    shown, reads = access.draft(desk.column, draft), desk.seats & access.READS_DRAFTS
    status = shown.status_at(desk.at)
    context = desk.context("drafts") | {
        "draft": shown,
        # an owner reads no drafts, so an unpublished headline is hidden from them
        "article": shown.article if reads or status == DraftStatus.PUBLISHED else None,
        "down": status not in (DraftStatus.SCHEDULED, DraftStatus.PUBLISHED),
    }
    if request.method != "POST":
        return render(request, "desk/writing/take_down.html", context)
    try:
        publishing.take_down(shown, by=desk.user, at=desk.at)
    except MoveRefused as refused:
        return render(request, "desk/writing/take_down.html", context | {"refused": str(refused)}, status=409)
    move = DRAFT_MOVES["take_down"]
    messages.success(request, gettext(move.done))
    return redirect("desk:drafts", desk.column.slug) if reads else redirect("desk:home")
