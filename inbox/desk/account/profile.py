"""The page “Your desk” of a person: their keyboard shortcuts, limits of a day, and absence, for all their columns."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext

from inbox.desk.account.forms.profile import MeForm
from inbox.desk.guard import Person, desk_view
from inbox.triage import wellbeing


@desk_view("GET", "POST")
def me(request: HttpRequest, person: Person) -> HttpResponse:
    """Edit the person's own settings. The act ``defaults`` resets all keyboard shortcuts."""
    user, today = person.user, timezone.localdate(person.at)
    act = request.POST.get("act", "")
    if request.method == "POST" and act == "defaults":
        wellbeing.keep(user, shortcuts={})
        messages.success(request, gettext("Every key does again what it does for everybody."))
        return redirect("desk:me")
    form = MeForm(request.POST if act == "save" else None, today=today, user=user)
    if not form.is_valid():
        context = {"form": form, "seats": person.seats_by_column, "section": "me"}
        return render(request, "desk/account/me.html", context, status=400 if request.method == "POST" else 200)
    wellbeing.keep(user, **form.settings())
    messages.success(request, gettext("Your desk is as you want it."))
    return redirect("desk:me")
