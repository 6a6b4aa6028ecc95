"""In the making."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse


def index(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def home(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def about(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def archive(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def archive_month(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def topic(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def article(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404
