"""About several letters at once: what somebody did, views with a name, and what is chosen from."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from inbox.desk.inbox import history
from inbox.desk.inbox.forms.decide import SaveViewForm, colleagues, decline_texts
from inbox.desk.inbox.letters import page_number
from inbox.desk.inbox.responses import carried, view_address
from inbox.models import SavedView
from inbox.staff import access


@require_safe
def did(request: HttpRequest, column: str) -> HttpResponse:
    """What I did: the person's decisions about letters of the column, the last first, page by page, each with its way
    back."""
    user = access.staff(request)
    found, mine = access.column(user, column, access.READS_LETTERS)
    page = page_number(request)
    done, more = history.own(found, user, at=timezone.now(), page=page)
    context = {"column": found, "mine": mine, "done": done, "page": page, "more": more, "section": "inbox"}
    return render(request, "desk/inbox/did.html", context)


@require_safe
def panels(request: HttpRequest, column: str) -> HttpResponse:
    """What the keys of the inbox choose from: reasons, topics, colleagues, days. A page with its script asks once."""
    found, mine = access.column(access.staff(request), column, access.READS_LETTERS)
    context = {
        "column": found,
        "mine": mine,
        "reasons": [(name, title) for name, title, _ in decline_texts(found, "", [])],
        "topics": list(found.topics.all()),
        "colleagues": colleagues(found),
    }
    return render(request, "desk/inbox/panels.html", context)


@require_POST
def save_view(request: HttpRequest, column: str) -> HttpResponse:
    """Give the view with its filters a name, for oneself or for everybody at the desk."""
    user = access.staff(request)
    found, _ = access.column(user, column, access.READS_LETTERS)
    form, view = SaveViewForm(request.POST), carried(request)["view"]
    if not form.is_valid():
        messages.warning(request, "Give the view a name of at most 60 characters, then save it again.")
    else:
        SavedView.objects.update_or_create(
            column=found,
            user=user,
            name=form.cleaned_data["name"],
            defaults={
                "filters": {"view": view.name, **view.filters.given()},
                "shared": form.cleaned_data["shared"],
            },
        )
        messages.success(request, f"The view “{form.cleaned_data['name']}” is kept.")
    return redirect(view_address(found, view))


@require_POST
def drop_view(request: HttpRequest, column: str, saved: uuid.UUID) -> HttpResponse:
    """Forget one of one's own views."""
    user = access.staff(request)
    found, _ = access.column(user, column, access.READS_LETTERS)
    get_object_or_404(SavedView, pk=saved, column=found, user=user).delete()
    messages.success(request, "The view is gone; the letters are where they were.")
    return redirect(view_address(found, carried(request)["view"]))
