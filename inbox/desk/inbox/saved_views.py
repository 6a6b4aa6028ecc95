"""The pages about several letters: a person's decisions, saved views, and the choices of the inbox's shortcuts."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext

from inbox.desk.guard import Desk, desk_view
from inbox.desk.inbox import history
from inbox.desk.inbox.forms.decide import SaveViewForm, colleagues, decline_texts
from inbox.desk.inbox.responses import carried, view_address
from inbox.desk.pagination import page_number
from inbox.models import SavedView
from inbox.staff import access


@desk_view("GET", seats=access.READS_LETTERS)
def did(request: HttpRequest, desk: Desk) -> HttpResponse:
    """List the person's decisions about letters of the column, newest first, page by page, each with its undo."""
    page = page_number(request)
    done, more = history.own(desk.column, desk.user, at=desk.at, page=page, keys=desk.keys)
    return render(request, "desk/inbox/did.html", desk.context("inbox", done=done, page=page, more=more))


@desk_view("GET", seats=access.READS_LETTERS)
def panels(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Return the choices that the shortcuts of the inbox offer: reasons, topics, colleagues, days. A script loads them
    once a page."""
    context = desk.context(
        "inbox",
        reasons=[(name, title) for name, title, _ in decline_texts(desk.column, "", [])],
        topics=list(desk.column.topics.all()),
        colleagues=colleagues(desk.column),
    )
    return render(request, "desk/inbox/panels.html", context)


@desk_view("POST", seats=access.READS_LETTERS)
def save_view(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Save the view with its filters under a name, for the person or for everybody at the desk."""
    form, view = SaveViewForm(request.POST), carried(request)["view"]
    if not form.is_valid():
        messages.warning(request, gettext("Give the view a name of at most 60 characters, then save it again."))
    else:
        SavedView.objects.update_or_create(
            column=desk.column,
            user=desk.user,
            name=form.cleaned_data["name"],
            defaults={
                "filters": {"view": view.name, **view.filters.given()},
                "shared": form.cleaned_data["shared"],
            },
        )
        messages.success(request, gettext("The view “%(name)s” is kept.") % {"name": form.cleaned_data["name"]})
    return redirect(view_address(desk.column, view))


@desk_view("POST", seats=access.READS_LETTERS)
def drop_view(request: HttpRequest, desk: Desk, saved: uuid.UUID) -> HttpResponse:
    """Delete one of the person's own saved views."""
    get_object_or_404(SavedView, pk=saved, column=desk.column, user=desk.user).delete()
    messages.success(request, gettext("The view is gone; the letters are where they were."))
    return redirect(view_address(desk.column, carried(request)["view"]))
