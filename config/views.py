"""Views that do not belong to a column."""

import logging
import sys

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe
from redis.exceptions import RedisError

from columns import frame, language, moving
from columns.caching import for_everybody
from inbox.desk import typed
from inbox.writer import guard

logger = logging.getLogger(__name__)


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Whether this process answers and reaches its database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok\n", content_type="text/plain", headers={"Cache-Control": "no-store"})


@for_everybody
def robots(request: HttpRequest) -> HttpResponse:
    """robots.txt, which disallows the letter's path and the desk."""
    return render(request, "robots.txt", content_type="text/plain; charset=utf-8")


@for_everybody
def security_txt(request: HttpRequest) -> HttpResponse:
    """How to report a weakness of the site (RFC 9116); 404 where nobody to tell is set, or the day has passed until
    which it holds."""
    until = settings.SECURITY_EXPIRES
    if not settings.SECURITY_CONTACT or until is None or until <= timezone.now():
        raise Http404
    return render(
        request,
        "security.txt",
        {"contacts": settings.SECURITY_CONTACT, "until": until},
        content_type="text/plain; charset=utf-8",
    )


def not_offered(request: HttpRequest, what: str) -> HttpResponse:
    """404 for a page of a library that this site does not offer."""
    raise Http404


def _kept_by_nobody(response: HttpResponse) -> HttpResponse:
    """Forbid storing an error page, on a device or in an index: on the letter's path no copy may stay."""
    patch_cache_control(response, no_store=True)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _kept_by_nobody(render(request, "403.html", status=403))


def form_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page for a failed CSRF check. Django's own page has an inline style and is written for programmers."""
    return _kept_by_nobody(render(request, "403.html", {"form_refused": True}, status=403))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The page for an address without a page, in the frame of the column whose address it begins with; from an old
    address, the way to the one of now."""
    try:
        of_staff = request.path.startswith(typed.PLACES)
        if not of_staff and (way_on := moving.way_on(request)):
            return way_on
        column = None if of_staff else frame.column_at(request.path)
    except DatabaseError:
        column = None
    with language.of(column) if column else language.site_language():
        return _kept_by_nobody(render(request, "404.html", frame.of(column), status=404))


def server_error(request: HttpRequest) -> HttpResponse:
    """The page for an error: on the letter's path and at the desk with every word that was sent. Elsewhere, and where
    that fails too, it is rendered without a request, so that no context processor runs."""
    sessions_away = isinstance(sys.exc_info()[1], RedisError)
    try:
        kept = guard.failed(request) or typed.failed(request, sessions_away=sessions_away)
    except Exception as error:  # noqa: BLE001 - this page is for when anything fails
        logger.error("the page that keeps the words failed: %s", type(error).__name__)
        kept = None
    return _kept_by_nobody(kept or HttpResponse(loader.get_template("500.html").render(), status=500))
