"""Vaults: sets of private keys that open sealed words. All code that opens words uses a ``Vault`` made here.

A member of staff holds the desk keys that were granted to them (``holder``), a letter writer their own (``writer``),
the worker the notice key (``notice``), which lies in a file that no other process is given. Private desk keys are
stored only as grants, sealed to people and to the recovery key.
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
    """Private keys (32 bytes each) by key id. Opens items that are sealed to one of them."""

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        self._keys = dict(keys)
        self._read: dict[str, X25519PrivateKey] = {}

    def __repr__(self) -> str:
        return f"<Vault of {len(self._keys)} keys>"

    @property
    def name(self) -> str:
        """A name of this set of keys: equal for equal sets. The name opens nothing."""
        return hashlib.sha256("".join(sorted(self._keys)).encode()).hexdigest()

    def __contains__(self, key_id: str) -> bool:
        return key_id in self._keys

    def private(self, key_id: str) -> X25519PrivateKey:
        """The private key of this id. Raises ``KeyError`` where the vault does not hold that key."""
        if key_id not in self._read:
            self._read[key_id] = X25519PrivateKey.from_private_bytes(self._keys[key_id])
        return self._read[key_id]

    def kept(self) -> dict[str, str]:
        """The keys as hex, for the cache entry of an unlocked session, where they are sealed."""
        return {key_id: private.hex() for key_id, private in self._keys.items()}

    def open(self, item: SealedItem) -> dict[str, Any]:
        """The item's words. Raises ``sealing.CannotOpen`` where no key of the vault opens the item, or it was
        erased."""
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
    """The vault of a letter writer, by the private key of their receipt."""
    return Vault({sealing.key_id(sealing.public_half(key)): key.private_bytes_raw()})


def holder(private: X25519PrivateKey) -> Vault:
    """The vault of the desk keys granted to this private key: a staff key pair, or the recovery key."""
    grants = KeyGrant.objects.filter(holder=sealing.key_id(sealing.public_half(private)))
    return Vault({grant.key_id: open_grant(grant, private) for grant in grants})


def open_grant(grant: KeyGrant, private: X25519PrivateKey) -> bytes:
    """The private desk key in a grant. Raises ``sealing.CannotOpen``."""
    return sealing.open_small(KeyGrant.place(grant.key_id), bytes(grant.sealed), private)


def notice() -> Vault:
    """The vault of the notice key. Raises ``Locked`` in a process other than the worker."""
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
