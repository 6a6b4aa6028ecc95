"""The only door to private keys. Whoever opens sealed words holds a ``Vault``; where it comes from is decided here.

A member of staff holds the desk keys that were granted to them (``holder``), a letter writer their own (``writer``),
the worker the notice key (``notice``), which lies in a file that no other process is given. No private desk key lies
anywhere but sealed to people and to the recovery key.
"""

from __future__ import annotations

import hashlib
import os
import uuid
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from django.conf import settings

from inbox.crypto import sealing
from inbox.models.keystore import KeyGrant, SealedItem, SealedKey


class Locked(Exception):
    """This process, or this session, holds no key of the kind that was asked for."""


class Vault:
    """Private keys in hand, by key id (32 bytes each). Opens items that were sealed to one of them."""

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        self._keys = dict(keys)
        self._read: dict[str, X25519PrivateKey] = {}

    def __repr__(self) -> str:
        return f"<Vault of {len(self._keys)} keys>"

    @property
    def name(self) -> str:
        """What names this set of keys: whoever holds the same ones has the same name. It opens nothing."""
        return hashlib.sha256("".join(sorted(self._keys)).encode()).hexdigest()

    def __contains__(self, key_id: str) -> bool:
        return key_id in self._keys

    def private(self, key_id: str) -> X25519PrivateKey:
        """One of its keys; ``KeyError`` where it is not in it."""
        if key_id not in self._read:
            self._read[key_id] = X25519PrivateKey.from_private_bytes(self._keys[key_id])
        return self._read[key_id]

    def kept(self) -> dict[str, str]:
        """Its keys as hex, for the memory of an unlocked session, which seals them."""
        return {key_id: private.hex() for key_id, private in self._keys.items()}

    def open(self, item: SealedItem) -> dict[str, Any]:
        """The item's words; ``sealing.CannotOpen`` where no key at hand opens it (also when it was erased)."""
        return self._open(item, SealedKey.objects.filter(item=item.pk, key_id__in=self._keys))

    def open_many(self, items: Iterable[SealedItem]) -> dict[uuid.UUID, dict[str, Any]]:
        """The words of many items by id, in one query; items that cannot be opened are left out."""
        found = list(items)
        rows: dict[uuid.UUID, list[SealedKey]] = {}
        for row in SealedKey.objects.filter(item__in=[item.pk for item in found], key_id__in=self._keys):
            rows.setdefault(row.item, []).append(row)
        opened = {}
        for item in found:
            try:
                opened[item.pk] = self._open(item, rows.get(item.pk, []))
            except sealing.CannotOpen:
                continue
        return opened

    def _open(self, item: SealedItem, rows: Iterable[SealedKey]) -> dict[str, Any]:
        place = item.place()
        for row in rows:
            data_key = sealing.open_key(place, bytes(item.sealed), bytes(row.sealed), self.private(row.key_id))
            return sealing.open_body(place, bytes(item.sealed), data_key)
        raise sealing.CannotOpen("no key at hand opens it")


def writer(key: X25519PrivateKey) -> Vault:
    """The vault of a letter writer whose receipt is in hand."""
    return Vault({sealing.key_id(sealing.public_half(key)): key.private_bytes_raw()})


def holder(private: X25519PrivateKey) -> Vault:
    """The desk keys granted to whoever holds this private key: a member of staff, or the printed recovery key."""
    grants = KeyGrant.objects.filter(holder=sealing.key_id(sealing.public_half(private)))
    return Vault({grant.key_id: open_grant(grant, private) for grant in grants})


def open_grant(grant: KeyGrant, private: X25519PrivateKey) -> bytes:
    """The private desk key in a grant, or ``sealing.CannotOpen``."""
    return sealing.open_small(KeyGrant.place(grant.key_id), bytes(grant.sealed), private)


def notice() -> Vault:
    """The notice key, or ``Locked`` in a process that is not the worker."""
    if settings.PROCESS not in ("both", "worker"):
        raise Locked("only the worker opens the notice key")
    return Vault(_read(settings.NOTICE_KEY_DIR))


def make_key(folder: Path) -> bytes:
    """Make a key pair; the private half goes into ``folder``, readable by its owner alone. Returns the public half."""
    private = X25519PrivateKey.generate()
    public = sealing.public_half(private)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"{sealing.key_id(public)}.key"
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as handle:
        handle.write(private.private_bytes_raw())
        handle.flush()
        os.fsync(handle.fileno())
    return public


def _read(folder: Path) -> dict[str, bytes]:
    try:
        return {path.stem: path.read_bytes() for path in sorted(folder.glob("*.key"))}
    except OSError as error:
        raise Locked("the keys cannot be read") from error
