"""The unlocked session: the private key of a member of staff while they work, and for half an hour after.

It lies in the cache, sealed under a random value that only a cookie of the person's browser holds: whoever holds the
cache, or the database, or the session, opens nothing with it. The password step makes an entry that is not yet good
for anything; the first page of the desk after the second factor turns it into an unlocked one under another value.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse

from inbox.crypto import sealing
from inbox.keys import keyring, vault
from inbox.keys.vault import Vault
from inbox.models import Seat, StaffKey, User

__all__ = ["Vault", "answer", "begin", "is_open", "keys", "lock"]

#: Seconds without a page after which the key is gone.
LASTS = 30 * 60
#: The end is pushed back at most this often (seconds).
_TOUCH_EVERY = 60
_PURPOSE = "unlocked session v1"


@dataclass
class _Unlocked:
    """What an entry holds once it is opened. ``keys``: the desk keys (hex) as of ``epoch``."""

    user: int
    private: str
    epoch: int
    keys: dict[str, str]


def begin(request: HttpRequest, user: User, password: str, *, at: dt.datetime) -> bool:
    """After the right password, before the second factor: unwrap the person's key and keep it, not yet of use.

    Somebody who has no pair gets one, as does somebody whose password was set behind the site's back: then what was
    granted to the old pair is lost, as with any reset. ``False`` where the password was changed at this very moment:
    then it is not the right one any more, and the pair stays what it is.
    """
    pair = StaffKey.objects.filter(user=user).first()
    try:
        private = sealing.unwrap(bytes(pair.wrapped), password) if pair else None
    except sealing.CannotOpen:
        private = None
    if private is None:
        private = keyring.renew_pair(user, password, at=at)
    if private is None:
        return False
    state = _Unlocked(user.pk, private.private_bytes_raw().hex(), -1, {})
    _remember(request, state, pending=True, at=at)
    return True


def is_open(request: HttpRequest, user: User, *, at: dt.datetime, at_work: bool = True) -> bool:
    """Whether the session holds its person's key now. Call it once the second factor has passed.

    ``at_work=False``: what a page asks by itself. It does not push the end back, and no key is in hand for it.
    """
    found = _find(request)
    if found is None:
        return False
    token: bytes | None
    token, entry, state = found
    if state.user != user.pk:
        return False
    if not at_work:
        return not entry["pending"]
    if entry["pending"]:
        for seat in Seat.objects.filter(user=user, role__in=list(keyring.HOLDERS)).select_related("column"):
            keyring.month_key(seat.column, at=at)
        cache.delete(_name(found[0]))
        state.epoch = -1
        user.refresh_from_db(fields=["key_epoch"])
        token = None
    if state.epoch != user.key_epoch:
        private = X25519PrivateKey.from_private_bytes(bytes.fromhex(state.private))
        state.keys, state.epoch = vault.holder(private).kept(), user.key_epoch
        _remember(request, state, pending=False, at=at, token=token)
    elif at.timestamp() - entry["seen"] > _TOUCH_EVERY:
        _remember(request, state, pending=False, at=at, token=token)
    _keep(request, vault.Vault({key_id: bytes.fromhex(private) for key_id, private in state.keys.items()}))
    return True


def keys(request: HttpRequest) -> vault.Vault:
    """The desk keys of the unlocked session, or ``vault.Locked``."""
    found: vault.Vault | None = getattr(request, "_desk_keys", None)
    if found is None:
        raise vault.Locked("this session is not unlocked")
    return found


def lock(request: HttpRequest) -> None:
    """Forget the key at once, as signing out does."""
    token = _token(request)
    if token is not None:
        cache.delete(_name(token))
        _answer_with(request, "")


def answer(request: HttpRequest, response: HttpResponse) -> None:
    """Put the cookie that this request earned, or its end, on the response."""
    value: str | None = getattr(request, "_unlock_cookie", None)
    name = settings.UNLOCK_COOKIE_NAME
    if value:
        response.set_cookie(name, value, secure=not settings.DEMO, httponly=True, samesite="Strict")
    elif value == "":
        response.set_cookie(name, "", max_age=0, secure=not settings.DEMO, httponly=True, samesite="Strict")


def _find(request: HttpRequest) -> tuple[bytes, dict[str, Any], _Unlocked] | None:
    token = _token(request)
    entry = cache.get(_name(token)) if token else None
    if token is None or entry is None:
        return None
    try:
        return token, entry, _Unlocked(**sealing.open_under(token, _PURPOSE, entry["sealed"]))
    except sealing.CannotOpen:
        return None


def _remember(
    request: HttpRequest, state: _Unlocked, *, pending: bool, at: dt.datetime, token: bytes | None = None
) -> None:
    """Keep the state under ``token``, or under a new one that the answer's cookie will carry."""
    if token is None:
        token = os.urandom(32)
        _answer_with(request, token.hex())
    sealed = sealing.seal_under(token, _PURPOSE, vars(state))
    cache.set(_name(token), {"pending": pending, "seen": at.timestamp(), "sealed": sealed}, LASTS)


def _token(request: HttpRequest) -> bytes | None:
    value = getattr(request, "_unlock_cookie", None) or request.COOKIES.get(settings.UNLOCK_COOKIE_NAME, "")
    try:
        token = bytes.fromhex(value)
    except ValueError:
        return None
    return token if len(token) == 32 else None


def _name(token: bytes) -> str:
    return "unlocked-" + hashlib.sha256(b"name " + token).hexdigest()


def _answer_with(request: HttpRequest, value: str) -> None:
    request._unlock_cookie = value  # type: ignore[attr-defined]


def _keep(request: HttpRequest, found: vault.Vault) -> None:
    request._desk_keys = found  # type: ignore[attr-defined]
