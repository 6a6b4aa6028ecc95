"""In the making."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse


def home(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def inbox(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def letter(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404
