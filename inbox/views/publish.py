"""In the making."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse


def publish(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def take_down(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404
