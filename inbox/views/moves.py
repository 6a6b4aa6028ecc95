"""In the making."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse


def move(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def decline(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def reply(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def ask(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def note(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404
