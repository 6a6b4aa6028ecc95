"""A fresh sign-in for the acts that an unattended open session must not allow: staff, keys, retention, export."""

from __future__ import annotations

import datetime as dt

from allauth.account.adapter import get_adapter
from allauth.account.app_settings import REAUTHENTICATION_TIMEOUT
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from inbox.desk.typed import SECRET
from inbox.models import User

_PASSWORD = "confirm_password"  # noqa: S105  # nosec B105 - the name of a field


class FreshSignInWanted(Exception):
    """The act needs a fresh sign-in. ``str()``: why the password of this request was refused; "" where it has none."""


def need_fresh(request: HttpRequest, user: User, *, at: dt.datetime) -> None:
    """Raise ``FreshSignInWanted``, unless the person signed in within the last five minutes
    (``ACCOUNT_REAUTHENTICATION_TIMEOUT``), or gave their password with this request. The guard answers it with
    ``ask``."""
    signed_in = [record["at"] for record in get_authentication_records(request, user)]
    # after the clock was set back, an older sign-in does not count as fresh
    if signed_in and 0 <= at.timestamp() - max(signed_in) < REAUTHENTICATION_TIMEOUT:
        return
    if _PASSWORD not in request.POST:
        raise FreshSignInWanted
    try:
        is_right = get_adapter().reauthenticate(user, request.POST[_PASSWORD])
    except ValidationError as error:  # too many tries
        raise FreshSignInWanted(" ".join(error.messages)) from error
    if not is_right:
        raise FreshSignInWanted(gettext("This is not your password."))
    reauthenticate_by_password(request)


def ask(request: HttpRequest, error: FreshSignInWanted) -> HttpResponse:
    """Return the page that asks for the password. Its form has the fields of the request hidden in it (but no secrets),
    so that the act is done when the password is given."""
    typed = [(name, value) for name, values in request.POST.lists() for value in values if not SECRET.search(name)]
    context = {"typed": typed, "wrong": str(error), "field": _PASSWORD}
    return render(request, "desk/account/reauthenticate.html", context, status=400 if str(error) else 403)
