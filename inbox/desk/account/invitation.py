"""The page of an invitation, on which an invited person sets their first password."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from inbox.desk.account.forms.invitation import FirstPasswordForm
from inbox.desk.guard import Visit, desk_view
from inbox.staff import membership


@desk_view("GET", "POST", strangers=True)
def invitation(request: HttpRequest, visit: Visit, token: str) -> HttpResponse:
    """Set the first password. The token in the URL is valid once, for three days."""
    user = membership.invited(token)
    if user is None:
        return render(request, "account/invitation.html", {"gone": True}, status=404)
    form = FirstPasswordForm(request.POST if request.method == "POST" else None, user=user)
    if not form.is_valid():
        context = {"form": form, "invited": user}
        return render(request, "account/invitation.html", context, status=400 if form.errors else 200)
    membership.accept(user, form.cleaned_data["password"], at=visit.at)
    messages.success(request, gettext("Your password is set. Sign in with it; then you set up your second factor."))
    return redirect("account_login")
