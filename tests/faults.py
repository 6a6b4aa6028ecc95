"""The site's processes with faults in them: whatever fails here holds a letter in its variables and in its message.

``tests/journeys/test_canary_full_stack.py`` starts granian and Celery with this module in place of ``config``.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import Any

from config.celery import app
from config.wsgi import application
from inbox.letters import intake, notices

__all__ = ["app", "application"]

#: Words in a letter that make the public process fail, or fall, with the letter in its hands.
FAIL, FALL = "FAIL HERE", "FALL HERE"
#: Files in $STEADY_VAR that make the worker's next sweep fail, or fall; it takes them away.
SWEEP_FAILS, SWEEP_FALLS = "sweep-fails", "sweep-falls"
EMAIL = "zanzibarquux.mail@example.org"

_take, _send_due, _django = intake.take, notices.send_due, application.application


def _faulty_take(column: Any, words: intake.Words, **more: Any) -> intake.Taken:
    if FAIL in words.text:
        raise RuntimeError(f"could not keep {words!r}")
    if FALL in words.text:
        os.abort()
    return _take(column, words, **more)


def _faulty_send_due(**more: Any) -> int:
    address = EMAIL
    for name, fault in ((SWEEP_FAILS, None), (SWEEP_FALLS, os.abort)):
        flag = os.path.join(os.environ["STEADY_VAR"], name)
        if os.path.exists(flag):
            os.unlink(flag)
            if fault:
                fault()
            raise RuntimeError(f"no mail for {address}")
    return _send_due(**more)


def _faulty_django(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    if "outside" in environ["QUERY_STRING"]:
        raise RuntimeError(environ["QUERY_STRING"])
    return _django(environ, start_response)


intake.take, notices.send_due, application.application = _faulty_take, _faulty_send_due, _faulty_django
