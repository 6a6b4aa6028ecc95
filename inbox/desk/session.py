"""The cookie of an unlocked session (``inbox/keys/unlock.py``), and the keys that it brings to a request."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from inbox.keys import unlock
from inbox.keys.vault import Vault
from inbox.models import User


def begin(request: HttpRequest, user: User, password: str, *, at: dt.datetime) -> bool:
    """Begin to unlock after the right password, as ``unlock.begin``; returns whether it was the right one."""
    token = unlock.begin(user, password, at=at)
    if token is None:
        return False
    _answer_with(request, token.hex())
    return True


def is_open(request: HttpRequest, user: User, *, at: dt.datetime, at_work: bool = True) -> bool:
    """Whether the session holds its person's key now; if so, and if somebody is at work, the request has the keys."""
    token = _token(request)
    unlocked = unlock.look(token, user, at=at, at_work=at_work) if token else None
    if unlocked is None:
        return False
    if unlocked.token != token:
        _answer_with(request, unlocked.token.hex())
    request._desk_keys = unlocked.keys  # type: ignore[attr-defined]
    return True


def keys(request: HttpRequest) -> Vault | None:
    """The desk keys of the unlocked session; ``None`` where it is locked, or where nobody is at work."""
    return getattr(request, "_desk_keys", None)


def lock(request: HttpRequest) -> None:
    """Forget the key at once, as signing out does."""
    token = _token(request)
    if token is not None:
        unlock.lock(token)
        _answer_with(request, "")


def answer(request: HttpRequest, response: HttpResponse) -> None:
    """Put the cookie that this request earned, or its end, on the response."""
    value: str | None = getattr(request, "_unlock_cookie", None)
    name = settings.UNLOCK_COOKIE_NAME
    if value:
        response.set_cookie(name, value, secure=not settings.DEMO, httponly=True, samesite="Strict")
    elif value == "":
        response.set_cookie(name, "", max_age=0, secure=not settings.DEMO, httponly=True, samesite="Strict")


def _token(request: HttpRequest) -> bytes | None:
    value = getattr(request, "_unlock_cookie", None) or request.COOKIES.get(settings.UNLOCK_COOKIE_NAME, "")
    try:
        token = bytes.fromhex(value)
    except ValueError:
        return None
    return token if len(token) == 32 else None


def _answer_with(request: HttpRequest, value: str) -> None:
    request._unlock_cookie = value  # type: ignore[attr-defined]
