"""Logs that cannot hold a letter: an exception is written as its type and the places it passed, without its message,
its variables or the request's path."""

import logging
import traceback
from collections.abc import ItemsView
from types import TracebackType
from typing import Any

from django.http import HttpRequest
from django.views.debug import SafeExceptionReporterFilter

_ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class PlacesOnly(logging.Formatter):
    """Formats a record; of an exception it writes type, file, line and function only.

    Messages of exceptions are left out because a database error quotes the values that it refused. Django's request
    logger puts the path into its message: of those records only the name of the exception is kept.
    """

    def format(self, record: logging.LogRecord) -> str:
        if record.name == "django.request":
            record = logging.makeLogRecord(record.__dict__)
            record.msg, record.args = "a request failed (status %s)", (getattr(record, "status_code", "unknown"),)
        record.exc_text = None  # a cached text of another formatter
        return super().format(record)

    def formatException(self, ei: _ExcInfo) -> str:  # noqa: N802 - the name is logging's
        kind, _, trace = ei
        places = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)]
        return "\n".join([kind.__qualname__ if kind else "no exception", *("  at " + place for place in places)])


class NothingFilter(SafeExceptionReporterFilter):
    """An exception report without settings, request data or local variables, also in debug mode."""

    def is_active(self, request: HttpRequest | None) -> bool:
        return True

    def get_post_parameters(self, request: HttpRequest | None) -> dict[str, Any]:
        return {}

    def get_traceback_frame_variables(self, request: HttpRequest | None, tb_frame: Any) -> ItemsView[str, Any]:
        return dict[str, Any]().items()
