"""Which pages of the desk may stand in a frame, and which hold one. Nothing else may be framed by anybody."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

from csp.decorators import csp_replace, csp_update
from django.http import HttpRequest, HttpResponse
from django.views.decorators.clickjacking import xframe_options_sameorigin

View = TypeVar("View", bound=Callable[..., HttpResponse])


def holds_frame(view: View) -> View:
    """The page holds a frame with another page of the desk."""
    return cast("View", csp_update({"frame-src": ["'self'"]})(view))


def stands_in_frame(view: View) -> View:
    """The page may be shown in a frame by the desk itself."""
    return cast("View", xframe_options_sameorigin(csp_replace({"frame-ancestors": ["'self'"]})(view)))


def framed(request: HttpRequest) -> bool:
    """Whether the page is asked for by a frame, where no script of it runs. A browser that does not say so gets the
    script, too: blocked there, it does no harm."""
    return request.headers.get("Sec-Fetch-Dest") == "iframe"
