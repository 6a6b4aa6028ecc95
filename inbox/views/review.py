"""In the making."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse


def reviews(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def review(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def text(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404
