"""What holds for every page of the desk: signed in, second factor set, nothing stored by anyone on the way."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.http import urlencode

from inbox.desk import session
from inbox.models import User
from inbox.triage import related_letters

_Next = Callable[[HttpRequest], HttpResponse]
#: The session's end is pushed back at most this often, so that reading pages does not write a row each time.
_REFRESH_EVERY = 60
#: What an open page asks by itself, every few seconds: no work of anybody, so it keeps no session alive.
_BY_ITSELF = frozenset({"desk:pulse", "desk:news"})


#: Names of fields whose content is shown to nobody again: passwords, codes, the recovery key.
SECRET = re.compile(r"csrf|password|^(?:key|again|code|token)$")


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
        if not request.user.is_authenticated and request.path == reverse("account_logout"):
            session.lock(request)
            related_letters.forget()
        session.answer(request, response)
        response.headers["Cache-Control"] = "no-store"
        # Django's CSRF check wants the origin of a post; to other sites nothing is sent
        response.headers["Referrer-Policy"] = "same-origin"
        return response

    def _turned_away(self, request: HttpRequest) -> HttpResponse | None:
        user = request.user
        if not isinstance(user, User):
            # the cookie of a session that is over goes with the first answer, maybe to what a page asked by itself
            was_here = request.COOKIES.keys() & {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME}
            ended = request.method == "POST" and was_here
            return unsent(request) if ended else redirect_to_login(request.get_full_path())
        if user.demo and not settings.DEMO:
            logout(request)
            return redirect_to_login(request.get_full_path())
        now, at_work = int(time.time()), not _by_itself(request)
        if at_work and now - request.session.get("seen", 0) > _REFRESH_EVERY:
            request.session["seen"] = now
        if not user.demo and not is_mfa_enabled(user):  # asked each time: a factor can go while a session lasts
            return redirect("mfa_activate_totp")
        return self._locked(request, user, at_work=at_work)

    def _locked(self, request: HttpRequest, user: User, *, at_work: bool) -> HttpResponse | None:
        if session.is_open(request, user, at=timezone.now(), at_work=at_work) or request.path == reverse("desk:unlock"):
            return None
        if request.method == "POST":
            return unsent(request)
        return redirect(f"{reverse('desk:unlock')}?{urlencode({'next': request.get_full_path()})}")


def _by_itself(request: HttpRequest) -> bool:
    try:
        name = resolve(request.path_info).view_name
    except Resolver404:
        return False
    # a page that locks itself leads to the question for the password, which is no work before it is answered
    return name in _BY_ITSELF or (name == "desk:unlock" and request.method == "GET")


def unsent(request: HttpRequest) -> HttpResponse:
    """What somebody typed when their session was over: nothing was done with it, and every word of it is shown."""
    typed = [
        (name, str(value)) for name, value in request.POST.items() if not SECRET.search(name) and str(value).strip()
    ]
    return render(request, "desk/unsent.html", {"typed": typed}, status=403)
