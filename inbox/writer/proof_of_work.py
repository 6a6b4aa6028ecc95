"""Pages that ask the reader's browser for a proof of work, and are the only ones that may start a worker for it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse

from columns.models import Column
from inbox.letters import proof_of_work
from inbox.writer.guard import page


def proof_page(request: HttpRequest, column: Column, template: str, at: dt.datetime, **context: Any) -> HttpResponse:
    """``page``, with a challenge as ``asked``. The page works without script too."""
    response = page(request, column, template, asked=proof_of_work.ask(at), **context)
    response._csp_update = {"worker-src": ["'self'"]}  # type: ignore[attr-defined] # read by django-csp
    return response
