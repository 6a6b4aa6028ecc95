"""What holds for every page of the desk: signed in, second factor set, nothing stored by anyone on the way."""

from __future__ import annotations

import time
from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from inbox.models import User

_Next = Callable[[HttpRequest], HttpResponse]
#: The session's end is pushed back at most this often, so that reading pages does not write a row each time.
_REFRESH_EVERY = 60


class DeskMiddleware:
    """Guards ``/desk/`` and sets the headers of the signed-in side."""

    def __init__(self, get_response: _Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(("/desk/", "/accounts/")):
            return self.get_response(request)
        response = self._turned_away(request) if request.path.startswith("/desk/") else None
        if response is None:
            response = self.get_response(request)
        response.headers["Cache-Control"] = "no-store"
        # Django's CSRF check wants the origin of a post; to other sites nothing is sent
        response.headers["Referrer-Policy"] = "same-origin"
        return response

    def _turned_away(self, request: HttpRequest) -> HttpResponse | None:
        user = request.user
        if not isinstance(user, User):
            return redirect_to_login(request.get_full_path())
        if user.demo and not settings.DEMO:
            logout(request)
            return redirect_to_login(request.get_full_path())
        now = int(time.time())
        if now - request.session.get("seen", 0) > _REFRESH_EVERY:
            request.session["seen"] = now
        if user.demo or is_mfa_enabled(user):  # asked each time: a factor can be taken away while a session lasts
            return None
        return redirect("mfa_activate_totp")
