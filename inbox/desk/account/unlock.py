"""The page that unlocks a session which began without a password, or was locked."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext

from inbox.desk.account.forms.unlock import UnlockForm
from inbox.desk.guard import Person, desk_view


@desk_view("GET", "POST")
def unlock(request: HttpRequest, person: Person) -> HttpResponse:
    """Ask for the password: a passkey authenticates the person, but cannot unwrap their key."""
    form = UnlockForm(request.POST if request.method == "POST" else None)
    after = request.POST.get("next") or request.GET.get("next") or ""
    if form.is_valid():
        try:
            if get_adapter().reauthenticate(person.user, form.cleaned_data["password"]):
                same_site = url_has_allowed_host_and_scheme(after, allowed_hosts={request.get_host()})
                return redirect(after if same_site and after.startswith("/desk/") else "desk:home")
            form.add_error("password", gettext("This is not your password."))
        except ValidationError as error:  # too many tries
            form.add_error("password", error)
    status = 400 if form.errors else 200
    return render(request, "desk/account/unlock.html", {"form": form, "next": after}, status=status)
