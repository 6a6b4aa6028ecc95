"""Acts that a session left open on a desk must not suffice for: staff, keys, retention, export."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar, cast

from allauth.account.adapter import get_adapter
from allauth.account.app_settings import REAUTHENTICATION_TIMEOUT
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters

from inbox.desk.middleware import SECRET
from inbox.staff import access

View = TypeVar("View", bound=Callable[..., HttpResponseBase])
_PASSWORD = "confirm_password"  # noqa: S105  # nosec B105 - the name of a field


def fresh_sign_in(view: View) -> View:
    """The act needs a sign-in of the last five minutes (``ACCOUNT_REAUTHENTICATION_TIMEOUT``).

    Otherwise the password is asked for once, on a page that carries what was typed (but no secret), and the act goes
    on from there.
    """

    @sensitive_post_parameters()
    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        user = access.staff(request)
        signed_in = [record["at"] for record in get_authentication_records(request, user)]
        # a clock that was set back makes no sign-in fresh
        if signed_in and 0 <= timezone.now().timestamp() - max(signed_in) < REAUTHENTICATION_TIMEOUT:
            return view(request, *args, **kwargs)
        wrong = ""
        if _PASSWORD in request.POST:
            try:
                if get_adapter().reauthenticate(user, request.POST[_PASSWORD]):
                    reauthenticate_by_password(request)
                    return view(request, *args, **kwargs)
                wrong = "This is not your password."
            except ValidationError as error:  # too many tries
                wrong = " ".join(error.messages)
        typed = [(name, value) for name, values in request.POST.lists() for value in values if not SECRET.search(name)]
        context = {"typed": typed, "wrong": wrong, "field": _PASSWORD}
        return render(request, "desk/account/confirm.html", context, status=400 if wrong else 403)

    return cast("View", guarded)
