"""The search page. The query is sent in the body of a POST, never in a URL."""

from __future__ import annotations

import functools
import time

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from inbox.desk.guard import Desk, desk_view
from inbox.desk.inbox.forms.search import SearchForm
from inbox.staff import access
from inbox.triage import search as search_rules

#: Seconds of search after which a page without scripts shows its hits, with a button to go on.
_PATIENCE = 8.0


@desk_view("GET", "POST", seats=access.READS_LETTERS)
def search(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Show the form and the hits. A script requests one batch after the other."""
    form = SearchForm(request.POST if request.method == "POST" else None, column=desk.column)
    context = desk.context("inbox", form=form, carried=[])
    if request.method != "POST" or not form.is_valid():
        return render(request, "desk/inbox/search.html", context, status=400 if form.errors else 200)
    question = form.question(form.cleaned_data)
    by_script = request.headers.get("X-Steady") == "batch"
    scan = functools.partial(search_rules.scan, desk.column, question, desk.keys, at=desk.at)
    batch = scan(after=request.POST.get("after", ""))
    scanned, closed, hits = batch.scanned, batch.closed, batch.hits
    began = time.monotonic()
    while batch.after and not by_script and time.monotonic() - began < _PATIENCE:
        batch = scan(after=batch.after)
        scanned, closed, hits = scanned + batch.scanned, closed + batch.closed, hits + batch.hits
    context |= {
        "hits": search_rules.by_need(hits),
        "scanned": scanned,
        "closed": closed,
        "after": batch.after,
        "total": search_rules.total(desk.column, question, at=desk.at),
        "carried": [
            (name, value)
            for name in form.fields
            for value in request.POST.getlist(name)
        ],
    }  # fmt: skip
    return render(request, "desk/inbox/_hits.html" if by_script else "desk/inbox/search.html", context)
