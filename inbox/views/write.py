"""In the making."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse


def before(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def write(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def send(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def kept(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def receipt_file(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404
