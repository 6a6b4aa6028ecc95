"""In the making."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse


def drafts(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def start(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def draft(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def preview(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def versions(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def restore(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def letters(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def move(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404
