"""Headers of every response: pages, redirects, refusals, errors and static files."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

_Next = Callable[[HttpRequest], HttpResponseBase]


class HeadersMiddleware:
    """The outermost middleware; sets the headers that are not set yet.

    Django's own middleware sets most of them too, but may itself respond with an error (for example for a wrong host
    name), and such a response would lack the headers.
    """

    def __init__(self, get_response: _Next) -> None:
        self.get_response = get_response
        self.always = {
            "Cross-Origin-Embedder-Policy": "require-corp",
            "Cross-Origin-Opener-Policy": settings.SECURE_CROSS_ORIGIN_OPENER_POLICY,
            "Cross-Origin-Resource-Policy": "same-origin",
            "Referrer-Policy": settings.SECURE_REFERRER_POLICY,
            "X-Content-Type-Options": "nosniff",
            # without a Cache-Control a response must not be stored
            "Cache-Control": "no-store",
        }

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        for name, value in self.always.items():
            response.headers.setdefault(name, value)
        return response
