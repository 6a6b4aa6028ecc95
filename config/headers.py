"""Headers that every answer has, whatever gave it: a page, a redirect, a refusal, an error or a static file."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

_Next = Callable[[HttpRequest], HttpResponseBase]


class HeadersMiddleware:
    """Stands outermost, so that nothing answers past it; sets what nobody below has set.

    Most of these are set by Django's own middleware too. It is itself code that may answer with an error (a wrong host
    name is refused inside it), and such an answer would go out bare.
    """

    def __init__(self, get_response: _Next) -> None:
        self.get_response = get_response
        self.always = {
            "Cross-Origin-Embedder-Policy": "require-corp",
            "Cross-Origin-Opener-Policy": settings.SECURE_CROSS_ORIGIN_OPENER_POLICY,
            "Cross-Origin-Resource-Policy": "same-origin",
            "Referrer-Policy": settings.SECURE_REFERRER_POLICY,
            "X-Content-Type-Options": "nosniff",
            # what says nothing about being kept is kept by nobody
            "Cache-Control": "no-store",
        }

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        for name, value in self.always.items():
            response.headers.setdefault(name, value)
        return response
