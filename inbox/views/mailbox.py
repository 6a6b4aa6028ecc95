"""In the making."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse


def receipt(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def letter(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def reply(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def withdraw(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404
