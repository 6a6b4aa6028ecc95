"""Logs without content of letters: an exception is logged as its type and traceback positions, without its message,
variables and the request's path."""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from collections.abc import ItemsView, Iterable
from types import TracebackType
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.views.debug import SafeExceptionReporterFilter

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

logger = logging.getLogger(__name__)

_ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


#: Loggers of this project, whose messages never contain user content and are logged in full.
OURS = ("inbox", "columns", "config")


class PlacesOnly(logging.Formatter):
    """A formatter that logs only type, file, line and function of an exception.

    Messages of exceptions are omitted because a database error quotes the refused values, and a mail server's refusal
    the address. Records of other loggers are written without their arguments for the same reason: the message pattern
    where there are arguments, otherwise the position in the code. Django's request logger would add the path, Celery's
    the exception.
    """

    def format(self, record: logging.LogRecord) -> str:
        record = logging.makeLogRecord(record.__dict__)
        record.exc_text = record.stack_info = None  # cached by another formatter, or with values of variables
        if record.name == "django.request":
            record.msg, record.args = "a request failed (status %s)", (getattr(record, "status_code", "unknown"),)
        elif record.name.partition(".")[0] not in OURS:
            record.msg, record.args = _without_values(record), ()
        return super().format(record)

    def formatException(self, ei: _ExcInfo) -> str:  # noqa: N802 - the name is logging's
        kind, _, trace = ei
        places = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)]
        return "\n".join([kind.__qualname__ if kind else "no exception", *("  at " + place for place in places)])


def _without_values(record: logging.LogRecord) -> str:
    place = f"{record.pathname}:{record.lineno}"
    return f"{' '.join(record.msg.split())} ({place})" if record.args and isinstance(record.msg, str) else place


def keep_quiet() -> None:
    """Route output that Python writes to standard error (with messages and lines of code) through these logs: uncaught
    exceptions, also in threads and destructors, and warnings."""

    def uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        logger.critical("an exception ended the process", exc_info=(kind, error, trace))

    def in_a_thread(said: threading.ExceptHookArgs) -> None:
        error = said.exc_value or said.exc_type()
        logger.error("an exception ended a thread", exc_info=(said.exc_type, error, said.exc_traceback))

    def in_a_destructor(said: sys.UnraisableHookArgs) -> None:
        error = said.exc_value or said.exc_type()
        logger.error("an exception was dropped", exc_info=(said.exc_type, error, said.exc_traceback))

    sys.excepthook, threading.excepthook, sys.unraisablehook = uncaught, in_a_thread, in_a_destructor
    logging.captureWarnings(capture=True)
    if logging.lastResort is not None:  # the handler of loggers without one
        logging.lastResort.setFormatter(PlacesOnly())


class Quiet:
    """A WSGI wrapper that logs exceptions itself: the server would log their messages."""

    def __init__(self, application: WSGIApplication) -> None:
        self.application = application

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        try:
            return self.application(environ, start_response)
        except Exception:
            logger.exception("a request failed outside of Django")
            headers = [("Content-Type", "text/plain"), ("Content-Length", "0"), ("Cache-Control", "no-store")]
            start_response("500 Internal Server Error", headers)
            return [b""]


class NothingFilter(SafeExceptionReporterFilter):
    """An exception report without settings, request data or local variables, also in debug mode."""

    def is_active(self, request: HttpRequest | None) -> bool:
        return True

    def get_post_parameters(self, request: HttpRequest | None) -> dict[str, Any]:
        return {}

    def get_traceback_frame_variables(self, request: HttpRequest | None, tb_frame: Any) -> ItemsView[str, Any]:
        return dict[str, Any]().items()
