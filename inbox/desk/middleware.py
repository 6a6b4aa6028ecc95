"""The checks and headers of every page of the desk: signed in, second factor set, session unlocked, nothing cached."""

from __future__ import annotations

import time
from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.http import urlencode

from inbox.desk import session
from inbox.desk.typed import PLACES, unsent
from inbox.models import User
from inbox.models.times import clock
from inbox.triage import related_letters

_Next = Callable[[HttpRequest], HttpResponse]
#: Seconds between two extensions of a session, so that not every page writes a row.
_REFRESH_EVERY = 60
#: URL names of requests that scripts of an open page repeat: they do not extend the session.
_BY_ITSELF = frozenset({"desk:pulse", "desk:news"})


class DeskMiddleware:
    """Redirects requests to ``/desk/`` that are not signed in or unlocked; sets headers there and at ``/accounts/``."""

    def __init__(self, get_response: _Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(PLACES):
            return self.get_response(request)
        response = _ended(request) if _is_of_a_clock_ahead(request) else None
        if response is None and request.path.startswith("/desk/"):
            response = self._turned_away(request)
        if response is None:
            response = self.get_response(request)
        if not request.user.is_authenticated and request.path == reverse("account_logout"):
            session.lock(request)
            related_letters.forget()
        session.answer(request, response)
        response.headers["Cache-Control"] = "no-store"
        # Django's CSRF check reads the origin of a POST; other sites get no referrer
        response.headers["Referrer-Policy"] = "same-origin"
        return response

    def _turned_away(self, request: HttpRequest) -> HttpResponse | None:
        """Return a response in place of the view's, or ``None`` where the request may pass."""
        user = request.user
        if not isinstance(user, User):
            # not the session cookie alone: the first response after its end, also to a script, has deleted it
            was_here = request.COOKIES.keys() & {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME}
            ended = request.method == "POST" and was_here
            return unsent(request) if ended else redirect_to_login(request.get_full_path())
        if user.demo and not settings.DEMO:
            logout(request)
            return redirect_to_login(request.get_full_path())
        now, at_work = int(time.time()), not _is_by_script(request)
        if at_work and now - request.session.get("seen", 0) > _REFRESH_EVERY:
            request.session["seen"] = now
        if not user.demo and not is_mfa_enabled(user):  # checked each time: the factor can be removed during a session
            return redirect("mfa_activate_totp")
        return self._locked(request, user, at_work=at_work)

    def _locked(self, request: HttpRequest, user: User, *, at_work: bool) -> HttpResponse | None:
        if session.is_open(request, user, at=timezone.now(), at_work=at_work) or request.path == reverse("desk:unlock"):
            return None
        if request.method == "POST":
            return unsent(request)
        return redirect(f"{reverse('desk:unlock')}?{urlencode({'next': request.get_full_path()})}")


def _is_of_a_clock_ahead(request: HttpRequest) -> bool:
    """Return whether a session is of a time that is still to come. Until then it would not end, and its sign-in would
    stay fresh."""
    if not isinstance(request.user, User):
        return False
    now = time.time()
    return bool(request.session.setdefault("seen", int(now)) - now > clock.TOLERANCE.total_seconds())


def _ended(request: HttpRequest) -> HttpResponse:
    """End the session, and return the answer of one that is over."""
    response = unsent(request) if request.method == "POST" else redirect_to_login(request.get_full_path())
    session.lock(request)
    logout(request)
    return response


def _is_by_script(request: HttpRequest) -> bool:
    """Return whether a script, not the person, has made the request."""
    try:
        name = resolve(request.path_info).view_name
    except Resolver404:
        return False
    # a page that locks itself goes to the unlock page; only the answer there is an act of the person
    return name in _BY_ITSELF or (name == "desk:unlock" and request.method == "GET")
