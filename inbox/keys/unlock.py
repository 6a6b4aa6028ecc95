"""The unlocked session: the private key of a member of staff while they work, and for half an hour after.

The key is in the cache, sealed under a random value that only a cookie of the person's browser holds: the cache, the
database and the session are not enough to open the key. The password step makes an entry that cannot be used yet; the
first page of the desk after the second factor turns that entry into an unlocked one under another value.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from django.core.cache import cache

from inbox.crypto import sealing
from inbox.keys import keyring, opened_events, vault
from inbox.models import Seat, StaffKey, User
from inbox.models.times import clock

#: Seconds without a page after which the key is gone.
LASTS = 30 * 60
#: The end is pushed back at most this often (seconds).
_TOUCH_EVERY = 60
_LONGEST = dt.timedelta(seconds=LASTS + _TOUCH_EVERY)
_PURPOSE = "unlocked session v1"
_COPIES = "browser-copies-v1"


@dataclass
class _State:
    """The content of a cache entry. ``keys``: the desk keys (hex) as of ``epoch``."""

    user: int
    private: str
    epoch: int
    keys: dict[str, str]


@dataclass(frozen=True)
class Unlocked:
    """A session that holds its person's key. ``token``: the new value of its cookie. ``keys``: the desk keys; ``None``
    for a request that a page makes by itself. ``copies``: the secret for what the person's browser keeps, likewise."""

    token: bytes
    keys: vault.Vault | None
    copies: bytes | None = field(default=None, repr=False)


def begin(user: User, password: str, *, at: dt.datetime) -> bytes | None:
    """After the right password, before the second factor: unwrap the person's key and store an entry that cannot be
    used yet. Returns the value (32 bytes) for the cookie.

    Somebody without a pair gets one, and so does somebody whose password was set outside the site: then grants to the
    old pair are lost, as with any reset. ``None`` where the password was changed at this moment: then ``password`` is
    no longer correct, and the pair stays as it is.
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
    """The unlocked session of this value, if it is the person's and has not ended. To be called after the second
    factor.

    ``at_work=False``: a request that a page makes by itself. The session is not prolonged, and no keys are returned.
    """
    found = _find(token)
    if found is None:
        return None
    entry, state = found
    since = dt.datetime.fromtimestamp(entry["seen"], dt.UTC)
    # a cache goes by the same clock, so an entry stays for years in one that is set back
    if state.user != user.pk or clock.lapsed(since, _LONGEST, at=at):
        return None
    if not at_work:
        return None if entry["pending"] else Unlocked(token, None)
    if entry["pending"]:
        seats = list(Seat.objects.filter(user=user, role__in=list(keyring.HOLDERS)).select_related("column"))
        for seat in seats:
            keyring.month_key(seat.column, at=at)
        # whose acts the pages name, which stands in what is sealed
        columns = [seat.column_id for seat in seats]
        opened_events.remember_names(User.objects.filter(seats__column__in=columns).distinct())
        lock(token)
        state.epoch, token = -1, os.urandom(32)
        user.refresh_from_db(fields=["key_epoch"])
    if state.epoch != user.key_epoch:
        private = X25519PrivateKey.from_private_bytes(bytes.fromhex(state.private))
        state.keys, state.epoch = vault.holder(private).kept(), user.key_epoch
        _remember(token, state, pending=False, at=at)
    elif at.timestamp() - entry["seen"] > _TOUCH_EVERY:
        _remember(token, state, pending=False, at=at)
    keys = vault.Vault({key_id: bytes.fromhex(private) for key_id, private in state.keys.items()})
    return Unlocked(token, keys, sealing.derive(bytes.fromhex(state.private), _COPIES))


def lock(token: bytes) -> None:
    """Delete the cache entry at once, as signing out does."""
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
