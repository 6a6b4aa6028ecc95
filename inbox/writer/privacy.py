"""The public page about privacy."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from columns import frame, language
from columns.caching import for_everybody
from inbox.writer import privacy_promises


@for_everybody
def privacy(request: HttpRequest) -> HttpResponse:
    """The page about privacy, the same for every column of the site."""
    column = frame.only_column()
    if column:
        language.activate(column)
    return render(request, "writer/privacy.html", {**frame.of(column), "sections": privacy_promises.sections()})
