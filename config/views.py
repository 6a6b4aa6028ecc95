"""Pages that belong to no column."""

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
    """What crawlers should leave alone: the letter's path and the desk."""
    return render(request, "robots.txt", content_type="text/plain; charset=utf-8")


def not_offered(request: HttpRequest, what: str) -> HttpResponse:
    """A page that a library brings along and we do not want."""
    raise Http404


def _kept_by_nobody(response: HttpResponse) -> HttpResponse:
    """An error on the letter's path is a page of the letter's path: no copy of it may stay on the device."""
    patch_cache_control(response, no_store=True)
    return response


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _kept_by_nobody(render(request, "403.html", status=403))


def form_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A post without the token of its form. Django's own page for this has a style in it and speaks to programmers."""
    return _kept_by_nobody(render(request, "403.html", {"form_refused": True}, status=403))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _kept_by_nobody(render(request, "404.html", status=404))


def server_error(request: HttpRequest) -> HttpResponse:
    """Rendered without a request, so that nothing which may just have failed is asked again."""
    return _kept_by_nobody(HttpResponse(loader.get_template("500.html").render(), status=500))
