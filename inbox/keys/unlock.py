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
from django.core.cache import cache

from inbox.crypto import sealing
from inbox.keys import keyring, vault
from inbox.models import Seat, StaffKey, User

#: Seconds without a page after which the key is gone.
LASTS = 30 * 60
#: The end is pushed back at most this often (seconds).
_TOUCH_EVERY = 60
_PURPOSE = "unlocked session v1"


@dataclass
class _State:
    """What an entry holds once it is opened. ``keys``: the desk keys (hex) as of ``epoch``."""

    user: int
    private: str
    epoch: int
    keys: dict[str, str]


@dataclass(frozen=True)
class Unlocked:
    """A session that holds its person's key. ``token``: the value that its cookie is to hold from now on. ``keys``: the
    desk keys; ``None`` where nobody is at work."""

    token: bytes
    keys: vault.Vault | None


def begin(user: User, password: str, *, at: dt.datetime) -> bytes | None:
    """After the right password, before the second factor: unwrap the person's key and keep it, not yet of use. Returns
    the value (32 bytes) that its cookie is to hold.

    Somebody who has no pair gets one, as does somebody whose password was set behind the site's back: then what was
    granted to the old pair is lost, as with any reset. ``None`` where the password was changed at this very moment:
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
        return None
    state = _State(user.pk, private.private_bytes_raw().hex(), -1, {})
    return _remember(os.urandom(32), state, pending=True, at=at)


def look(token: bytes, user: User, *, at: dt.datetime, at_work: bool = True) -> Unlocked | None:
    """The unlocked session of this value, if it is the person's and has not ended. Call it once the second factor has
    passed.

    ``at_work=False``: what a page asks by itself. It does not push the end back, and no key is in hand for it.
    """
    found = _find(token)
    if found is None:
        return None
    entry, state = found
    if state.user != user.pk:
        return None
    if not at_work:
        return None if entry["pending"] else Unlocked(token, None)
    if entry["pending"]:
        for seat in Seat.objects.filter(user=user, role__in=list(keyring.HOLDERS)).select_related("column"):
            keyring.month_key(seat.column, at=at)
        lock(token)
        state.epoch, token = -1, os.urandom(32)
        user.refresh_from_db(fields=["key_epoch"])
    if state.epoch != user.key_epoch:
        private = X25519PrivateKey.from_private_bytes(bytes.fromhex(state.private))
        state.keys, state.epoch = vault.holder(private).kept(), user.key_epoch
        _remember(token, state, pending=False, at=at)
    elif at.timestamp() - entry["seen"] > _TOUCH_EVERY:
        _remember(token, state, pending=False, at=at)
    return Unlocked(token, vault.Vault({key_id: bytes.fromhex(private) for key_id, private in state.keys.items()}))


def lock(token: bytes) -> None:
    """Forget the key at once, as signing out does."""
    cache.delete(_name(token))


def _find(token: bytes) -> tuple[dict[str, Any], _State] | None:
    entry = cache.get(_name(token))
    if entry is None:
        return None
    try:
        return entry, _State(**sealing.open_under(token, _PURPOSE, entry["sealed"]))
    except sealing.CannotOpen:
        return None


def _remember(token: bytes, state: _State, *, pending: bool, at: dt.datetime) -> bytes:
    sealed = sealing.seal_under(token, _PURPOSE, vars(state))
    cache.set(_name(token), {"pending": pending, "seen": at.timestamp(), "sealed": sealed}, LASTS)
    return token


def _name(token: bytes) -> str:
    return "unlocked-" + hashlib.sha256(b"name " + token).hexdigest()
