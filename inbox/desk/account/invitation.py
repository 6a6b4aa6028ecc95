"""The pages of an invitation: its link, for somebody new, and at the desk, for somebody with an account."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from inbox.desk.account.forms.invitation import JoinForm
from inbox.desk.guard import Person, Visit, desk_view
from inbox.models import User
from inbox.staff import invitations


@desk_view("GET", "POST", strangers=True)
def invitation(request: HttpRequest, visit: Visit, token: str) -> HttpResponse:
    """The page of the link. It offers both ways, with or without an account, since it does not say whether there is
    one. Somebody who is signed in answers at the desk, if it is theirs."""
    try:
        found = invitations.by_token(token, at=visit.at)
    except invitations.Over:
        return render(request, "account/invitation.html", {"gone": True}, status=404)
    if isinstance(request.user, User):
        if request.user.email == found.email:
            return redirect("desk:invitation", found.pk)
        return render(request, "account/invitation.html", {"somebody_else": True}, status=403)
    posted = request.POST if request.method == "POST" else None
    form = JoinForm(posted, email=found.email, initial={"name": found.name})
    if form.is_valid():
        try:
            invitations.join(found, form.cleaned_data["name"], form.cleaned_data["password"], at=visit.at)
        except invitations.Over:  # answered or called back meanwhile
            return render(request, "account/invitation.html", {"gone": True}, status=404)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            sentence = gettext("Your password is set. Sign in with it; then you set up your second factor.")
            messages.success(request, sentence)
            return redirect("account_login")
    context = {"form": form, "invitation": found}
    return render(request, "account/invitation.html", context, status=400 if form.errors else 200)


@desk_view("GET", "POST")
def answer(request: HttpRequest, person: Person, invitation: uuid.UUID) -> HttpResponse:
    """Accept or decline an invitation to one's own address."""
    act = request.POST.get("act", "")
    try:
        found = invitations.to_person(person.user, invitation, at=person.at)
        if act == "accept":
            invitations.accept(found, person.user, at=person.at)
            sentence = gettext("You have a seat at %(column)s now.")
            messages.success(request, sentence % {"column": found.column.title})
            return redirect("desk:home")
        if act == "decline":
            invitations.decline(found, person.user, at=person.at)
            messages.success(request, gettext("You declined the invitation."))
            return redirect("desk:home")
    except invitations.Over as over:
        messages.warning(request, str(over))
        return redirect("desk:home")
    status = 400 if request.method == "POST" else 200
    context = {"invitation": found, "section": "home"}
    return render(request, "desk/account/invitation.html", context, status=status)
