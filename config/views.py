"""Views that do not belong to a column."""

from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from columns.caching import for_everybody


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


def not_offered(request: HttpRequest, what: str) -> HttpResponse:
    """404 for a page of a library that this site does not offer."""
    raise Http404


def _kept_by_nobody(response: HttpResponse) -> HttpResponse:
    """Forbid storing an error page: on the letter's path no copy may stay on the device."""
    patch_cache_control(response, no_store=True)
    return response


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _kept_by_nobody(render(request, "403.html", status=403))


def form_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page for a failed CSRF check. Django's own page has an inline style and is written for programmers."""
    return _kept_by_nobody(render(request, "403.html", {"form_refused": True}, status=403))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _kept_by_nobody(render(request, "404.html", status=404))


def server_error(request: HttpRequest) -> HttpResponse:
    """The page for an error, rendered without a request, so that no context processor runs."""
    return _kept_by_nobody(HttpResponse(loader.get_template("500.html").render(), status=500))
