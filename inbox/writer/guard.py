"""The decorator of all views of the letter's path: no cookie, no caching, no forms from other sites, and error pages
that keep every typed word."""

from __future__ import annotations

import functools
import secrets
from collections.abc import Callable
from typing import Any, cast
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters

from columns import language, moving
from columns.models import Column
from inbox.models import NoKey

_View = Callable[[HttpRequest, Column], HttpResponse]
#: A view as Django calls it, with the column's slug.
_Guarded = Callable[..., HttpResponse]

#: Bytes of the page that answers a typed receipt, found or not; far above what the content needs.
RECEIPT_PAGE = 32 * 1024
#: Bytes; the pages of an open letter are padded to multiples of this.
LETTER_PAGE = 16 * 1024
#: Names of the fields in which a writer writes.
_BOXES = ("text", "change")

_gzip = GZipMiddleware(lambda request: HttpResponse())


def letter_path(*methods: str, otherwise: str = "", compressed: bool = False) -> Callable[[_View], _Guarded]:
    """A decorator for a view of the letter's path, which gets the ``Column``, with the column's language active.

    ``methods``: the allowed methods. ``otherwise``: for views that answer only POST, the URL name to which a GET (a
    bookmark, a reload) is redirected. ``compressed``: only for pages without a token, a receipt or anybody's words: the
    length of a compressed page says something about a secret that stands beside text which somebody else chose.
    """

    allowed = (*methods, "HEAD") if "GET" in methods else methods

    def decorate(view: _View) -> _Guarded:
        @csrf_exempt
        @sensitive_post_parameters()
        @functools.wraps(view)
        def guarded(request: HttpRequest, column: str) -> HttpResponse:
            with language.site_language():
                response = _kept_by_nobody(_answer(request, column))
            return cast("HttpResponse", _gzip.process_response(request, response)) if compressed else response

        def _answer(request: HttpRequest, column: str) -> HttpResponse:
            if request.method not in allowed:
                return _wrong_method(request, column, allowed, otherwise)
            if request.method == "POST" and provably_cross_site(request):
                return render(request, "writer/refused.html", _context(), status=403)
            try:
                found = get_object_or_404(Column.objects.for_readers().select_related("author"), slug=column)
                request.path_column = found  # type: ignore[attr-defined]
                language.activate(found)
                return view(request, found)
            except Http404:
                return moving.way_on(request) or render(request, "writer/nowhere.html", _context(), status=404)
            except (RequestDataTooBig, TooManyFieldsSent):
                return render(request, "writer/too_long.html", _context(), status=413)
            except NoKey:
                return trouble(request)

        # whatever else fails is answered by ``failed``, once a conflict in the database was run again
        guarded.is_letter_path = True  # type: ignore[attr-defined]
        return guarded

    return decorate


def page(request: HttpRequest, column: Column, template: str, status: int = 200, **context: Any) -> HttpResponse:
    """A page of the path with the common context: the column with its help lines, and the exit link."""
    return render(request, template, {**_context(), "column": column, **context}, status=status)


def trouble(request: HttpRequest) -> HttpResponse:
    """The page shown where something failed. It needs no query and contains the whole form, so that the same button
    can send it again later."""
    box = next((name for name in _BOXES if request.POST.get(name)), _BOXES[0])
    typed = {name: value for name, value in request.POST.items() if name not in (box, "receipt")}
    context = {
        "box": box,
        "text": request.POST.get(box, ""),
        "typed": typed,
        "again": request.path,
        "sent": request.method == "POST",
    }
    return render(request, "writer/trouble.html", {**_context(), **context}, status=503)


def failed(request: HttpRequest) -> HttpResponse | None:
    """The page for an error of any kind with every word that was sent, in the language of the column; ``None`` where
    the request is for no view of the letter's path. To go back helps nobody: without a script, a browser finds an empty
    form there."""
    match = getattr(request, "resolver_match", None)
    if not getattr(match and match.func, "is_letter_path", False):
        return None
    with language.site_language():
        column: Column | None = getattr(request, "path_column", None)
        if column is not None:
            language.activate(column)
        return _kept_by_nobody(trouble(request))


def _kept_by_nobody(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def padded(response: HttpResponse, step: int) -> HttpResponse:
    """The response padded to the next multiple of ``step`` bytes by a comment at its end. The comment is random, so
    that compression does not remove the padding."""
    opening, closing = b"\n<!-- ", b" -->\n"
    bare = len(response.content) + len(opening) + len(closing)
    missing = -bare % step
    response.content += opening + secrets.token_hex(missing // 2 + 1).encode()[:missing] + closing
    return response


def provably_cross_site(request: HttpRequest) -> bool:
    """Whether another site's page sent this form.

    By ``Sec-Fetch-Site`` if sent. Otherwise only a foreign ``Origin`` counts: browsers that send no referrer send the
    origin ``null``, and old browsers send none.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = request.headers.get("Origin")
    if not origin or origin == "null":
        return False
    try:
        return urlsplit(origin).netloc not in {request.get_host(), urlsplit(settings.SITE_URL).netloc}
    except ValueError:
        return True


def _wrong_method(request: HttpRequest, column: str, methods: tuple[str, ...], otherwise: str) -> HttpResponse:
    if otherwise and request.method in ("GET", "HEAD"):
        return redirect(otherwise, column)
    return HttpResponseNotAllowed(methods)


def _context() -> dict[str, Any]:
    return {"exit_url": settings.EXIT_URL}
