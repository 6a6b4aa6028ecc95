"""The cookie of an unlocked session (``inbox/keys/unlock.py``), and the keys that it brings to a request."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from inbox.crypto import sealing
from inbox.keys import unlock
from inbox.keys.vault import Vault
from inbox.models import User


def begin(request: HttpRequest, user: User, password: str, *, at: dt.datetime) -> bool:
    """Begin to unlock the session, as ``unlock.begin``; returns whether the password was right."""
    token = unlock.begin(user, password, at=at)
    if token is None:
        return False
    _answer_with(request, token.hex())
    return True


def is_open(request: HttpRequest, user: User, *, at: dt.datetime, at_work: bool = True) -> bool:
    """Return whether the session is unlocked; if so, ``keys`` returns its keys for this request. ``at_work``: as in
    ``unlock.look``."""
    token = _token(request)
    unlocked = unlock.look(token, user, at=at, at_work=at_work) if token else None
    if unlocked is None:
        return False
    if unlocked.token != token:
        _answer_with(request, unlocked.token.hex())
    request._desk_keys = unlocked.keys  # type: ignore[attr-defined]
    request._desk_copies = unlocked.copies  # type: ignore[attr-defined]
    return True


def keys(request: HttpRequest) -> Vault | None:
    """Return the desk keys of the unlocked session; ``None`` where it is locked, or for the request of a script."""
    return getattr(request, "_desk_keys", None)


def copy_key(request: HttpRequest, place: str) -> bytes | None:
    """Return the key for what the person's browser keeps of the box ``place``: another one for each box, and for each
    person; ``None`` where the session is locked."""
    secret: bytes | None = getattr(request, "_desk_copies", None)
    return sealing.derive(secret, f"copy:{place}") if secret else None


def lock(request: HttpRequest) -> None:
    """Lock the session at once, as signing out does."""
    token = _token(request)
    if token is not None:
        unlock.lock(token)
        _answer_with(request, "")


def answer(request: HttpRequest, response: HttpResponse) -> None:
    """Set the unlock cookie on the response, or delete it, where this request has changed it."""
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
