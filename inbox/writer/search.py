"""Readers' search. What is searched for comes by POST, is in no address, and nothing of it is kept.

The page without a question is the same for everybody. With a script the answer is put into that page (``search.js``),
so that no page that was posted to stands in the browser's history.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.db import DatabaseError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from columns import language
from columns.caching import FRESH
from columns.models import Column
from columns.search import ask
from inbox.letters.care import cards, needs
from inbox.screening import concerns

logger = logging.getLogger(__name__)
_View = Callable[..., HttpResponse]


def _nothing_kept(view: _View) -> _View:
    """A decorator: the answer to a question is stored by nobody; the empty page by any cache, for a minute."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @csrf_exempt
    @sensitive_post_parameters()
    @wraps(view)
    def kept_by_nobody(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with language.site_language():
            response = view(request, *args, **kwargs)
        asked = request.method == "POST"
        if asked:
            response.headers["Cache-Control"] = "no-store"
        else:
            patch_cache_control(response, public=True, max_age=FRESH)
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    return kept_by_nobody


@_nothing_kept
@sensitive_variables("question", "found", "context")
def search(request: HttpRequest, column: str) -> HttpResponse:
    """GET: the empty form. POST: what was found, under the help for what somebody may be in."""
    at = timezone.now()
    readable = Column.objects.for_readers().select_related("author").prefetch_related("help_lines")
    shown = get_object_or_404(readable, slug=column)
    language.activate(shown)
    topics = shown.topics_to_read(at)
    question = " ".join(request.POST.get("q", "").replace("\0", " ").split())[: ask.LONGEST]
    topic = next((each for each in topics if each.slug == request.POST.get("topic")), None)
    context: dict[str, Any] = {"column": shown, "topics": topics, "question": question, "topic": topic}
    context |= {"longest": ask.LONGEST, "canonical": f"{settings.SITE_URL}{request.path}"}
    if not question:
        return render(request, "columns/search.html", context)
    context["care"] = cards.cards(shown, needs.of_text(concerns.find_concerns(question)))
    try:
        with transaction.atomic():
            context["found"] = ask.search(shown, question, at=at, topic=topic.pk if topic else None)
    except DatabaseError as error:
        # the error itself can name parameters
        logger.error("the search did not answer: %s", type(error).__name__)
        context["trouble"] = True
        return render(request, "columns/search.html", context, status=503)
    return render(request, "columns/search.html", context)
