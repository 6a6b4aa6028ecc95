"""Pages with what somebody at the desk typed, where nothing was done with it, or nobody knows whether it was."""

from __future__ import annotations

import re

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse

#: Names of fields whose content is never shown again: passwords, codes, the recovery key.
SECRET = re.compile(r"csrf|password|^(?:key|again|code|token)$")
#: Addresses of staff.
PLACES = ("/desk/", "/accounts/")


def unsent(request: HttpRequest) -> HttpResponse:
    """Return a page with the input of a POST after the end of the session: nothing was done with it."""
    return render(request, "desk/unsent.html", {"typed": _typed(request)}, status=403)


def failed(request: HttpRequest, *, sessions_away: bool) -> HttpResponse | None:
    """Return the page for an error of any kind at the desk, with the input of a POST; ``None`` at other addresses.

    It asks neither the database nor the session. ``sessions_away``: the store of sessions does not answer; then whoever
    signs out loses what this browser knows of the session.
    """
    if not request.path.startswith(PLACES):
        return None
    signs_out = sessions_away and request.method == "POST" and request.path == reverse("account_logout")
    nobody = {"user": AnonymousUser(), "messages": (), "column": None, "request": request}
    context = {"typed": _typed(request), "sessions_away": sessions_away, **nobody}
    context |= {"sent": request.method == "POST", "signs_out": signs_out}
    response = HttpResponse(render_to_string("desk/failed.html", context), status=503 if sessions_away else 500)
    response.headers["Referrer-Policy"] = "same-origin"
    if signs_out:
        for cookie in (settings.SESSION_COOKIE_NAME, settings.UNLOCK_COOKIE_NAME):
            response.delete_cookie(cookie, samesite="Strict")
    return response


def _typed(request: HttpRequest) -> list[tuple[str, str]]:
    """Return names and values of the fields with words."""
    fields = ((name, str(value)) for name, value in request.POST.items())
    return [(name, value) for name, value in fields if not SECRET.search(name) and value.strip()]
