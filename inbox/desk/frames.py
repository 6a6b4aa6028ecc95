"""The headers of pages of the desk that contain a frame, or may be shown in one. No other page may be framed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

from csp.decorators import csp_replace, csp_update
from django.http import HttpRequest, HttpResponse
from django.views.decorators.clickjacking import xframe_options_sameorigin

View = TypeVar("View", bound=Callable[..., HttpResponse])


def holds_frame(view: View) -> View:
    """Decorate the view of a page that contains a frame with another page of the desk."""
    return cast("View", csp_update({"frame-src": ["'self'"]})(view))


def stands_in_frame(view: View) -> View:
    """Decorate the view of a page that the desk may show in a frame."""
    return cast("View", xframe_options_sameorigin(csp_replace({"frame-ancestors": ["'self'"]})(view)))


def framed(request: HttpRequest) -> bool:
    """Return whether a frame requests the page, where no script runs. For a browser that does not send the header it is
    false, and the page has its script, which the frame then blocks."""
    return request.headers.get("Sec-Fetch-Dest") == "iframe"
