"""Sealing: words to bytes that only the holders of named keys can open. Pure functions.

Each item (a letter, a message, a note …) has a data key of its own: AES-256-GCM over the padded words. The data key is
sealed (HPKE: X25519, HKDF-SHA256, AES-256-GCM) to the public key of each holder. Each ciphertext is bound to version,
table, id and field, so it does not open in another row.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

VERSION = 1
_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_KIB = 1024
#: KiB of Argon2id memory; a wrapped key that names more is refused.
_MOST_MEMORY = 1024 * 1024
#: Sizes, in bytes, to which words are padded; longer ones (drafts) are padded to multiples of the last.
SIZES = (1 * _KIB, 4 * _KIB, 8 * _KIB, 16 * _KIB, 32 * _KIB, 80 * _KIB)


class CannotOpen(Exception):
    """The key does not open the bytes, or the bytes were changed or belong to another row."""


@dataclass(frozen=True)
class Place:
    """The table, id and field of sealed bytes, which are authenticated: in any other place the bytes do not open."""

    table: str
    id: str
    field: str = "words"

    def bound(self, *more: bytes) -> bytes:
        """The associated data: version and parts, each preceded by its length."""
        parts = [bytes([VERSION]), self.table.encode(), self.id.encode(), self.field.encode(), *more]
        return b"steady-hands" + b"".join(len(part).to_bytes(2, "big") + part for part in parts)


@dataclass(frozen=True)
class Recipient:
    """A public key that a data key is sealed to. ``id`` is the ``key_id`` of ``public``."""

    id: str
    public: bytes


def key_id(public: bytes) -> str:
    """Sixteen hex digits that name a public key (the beginning of its SHA-256)."""
    return hashlib.sha256(public).hexdigest()[:16]


def recipient(public: bytes) -> Recipient:
    return Recipient(key_id(public), public)


def public_half(private: X25519PrivateKey) -> bytes:
    return private.public_key().public_bytes_raw()


def pad(data: bytes) -> bytes:
    """Length and zeros up to the next size of ``SIZES``, or to the next multiple of the largest."""
    framed = len(data).to_bytes(4, "big") + data
    largest = SIZES[-1]
    size = next((size for size in SIZES if len(framed) <= size), -(-len(framed) // largest) * largest)
    return framed.ljust(size, b"\0")


def unpad(data: bytes) -> bytes:
    return data[4 : 4 + int.from_bytes(data[:4], "big")]


def plain(words: Mapping[str, Any]) -> bytes:
    """The words as JSON in UTF-8: the plaintext before padding."""
    return json.dumps(words, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def seal(place: Place, words: Mapping[str, Any], to: list[Recipient]) -> tuple[bytes, dict[str, bytes]]:
    """Seal ``words`` (anything JSON can hold) under a fresh data key.

    Returns the body (version byte, 8 bytes naming the data key, nonce, ciphertext) and, by key id of each recipient,
    the sealed data key (version byte, 8 bytes of the recipient's key id, HPKE ciphertext).
    """
    if not to:
        raise ValueError("sealed to nobody")
    data_key, name, nonce = os.urandom(32), os.urandom(8), os.urandom(12)
    body = bytes([VERSION]) + name + nonce + AESGCM(data_key).encrypt(nonce, pad(plain(words)), place.bound(name))
    return body, {one.id: seal_key(place, name, data_key, one) for one in to}


def seal_key(place: Place, name: bytes, data_key: bytes, to: Recipient) -> bytes:
    """Seal a data key to one more holder; ``name``: bytes 1 to 9 of the body that the data key opens."""
    public = X25519PublicKey.from_public_bytes(to.public)
    return bytes([VERSION]) + bytes.fromhex(to.id) + _SUITE.encrypt(data_key, public, info=place.bound(name))


def open_key(place: Place, body: bytes, sealed_key: bytes, private: X25519PrivateKey) -> bytes:
    """The data key of ``body``. Raises ``CannotOpen``."""
    if not body or body[0] != VERSION or not sealed_key or sealed_key[0] != VERSION:
        raise CannotOpen("unknown version, or nothing there")
    try:
        return bytes(_SUITE.decrypt(sealed_key[9:], private, info=place.bound(body[1:9])))
    except (InvalidTag, ValueError) as error:
        raise CannotOpen("this key does not open it") from error


def seal_small(place: Place, secret: bytes, to: Recipient) -> bytes:
    """A secret of a few bytes sealed to one holder (HPKE), bound to its place, without a data key of its own."""
    public = X25519PublicKey.from_public_bytes(to.public)
    return bytes([VERSION]) + bytes.fromhex(to.id) + _SUITE.encrypt(secret, public, info=place.bound())


def open_small(place: Place, sealed: bytes, private: X25519PrivateKey) -> bytes:
    """The secret that ``seal_small`` sealed. Raises ``CannotOpen``."""
    if not sealed or sealed[0] != VERSION:
        raise CannotOpen("unknown version, or nothing there")
    try:
        return bytes(_SUITE.decrypt(sealed[9:], private, info=place.bound()))
    except (InvalidTag, ValueError) as error:
        raise CannotOpen("this key does not open it") from error


def open_body(place: Place, body: bytes, data_key: bytes) -> dict[str, Any]:
    """The sealed words. Raises ``CannotOpen``."""
    try:
        plain = AESGCM(data_key).decrypt(body[9:21], body[21:], place.bound(body[1:9]))
    except InvalidTag as error:
        raise CannotOpen("the bytes were changed or belong elsewhere") from error
    words: dict[str, Any] = json.loads(unpad(plain).decode("utf-8", "surrogatepass"))
    return words


def wrap(private: X25519PrivateKey, password: str, *, memory: int, iterations: int) -> bytes:
    """A private key under a password: version, Argon2id cost (KiB of memory, passes), salt, nonce, ciphertext.

    The cost is stored with each wrapped key, so it can be raised later; it is authenticated, so it cannot be lowered.
    """
    salt, nonce = os.urandom(16), os.urandom(12)
    head = bytes([VERSION]) + memory.to_bytes(4, "big") + bytes([iterations]) + salt
    return head + nonce + AESGCM(_stretched(password, head)).encrypt(nonce, private.private_bytes_raw(), head)


def unwrap(wrapped: bytes, password: str) -> X25519PrivateKey:
    """The private key that ``wrap`` wrapped. Raises ``CannotOpen`` where the password is wrong."""
    head, nonce, sealed = wrapped[:22], wrapped[22:34], wrapped[34:]
    if len(head) < 22 or head[0] != VERSION or not (int.from_bytes(head[1:5], "big") <= _MOST_MEMORY and head[5]):
        raise CannotOpen("unknown version, a cost that nobody set, or nothing there")
    try:
        return X25519PrivateKey.from_private_bytes(AESGCM(_stretched(password, head)).decrypt(nonce, sealed, head))
    except InvalidTag as error:
        raise CannotOpen("this password does not open it") from error


def _stretched(password: str, head: bytes) -> bytes:
    memory, iterations, salt = int.from_bytes(head[1:5], "big"), head[5], head[6:22]
    return Argon2id(salt=salt, length=32, iterations=iterations, lanes=1, memory_cost=memory).derive(
        password.encode("utf-8", "surrogatepass")
    )


def derive(secret: bytes, purpose: str) -> bytes:
    """A key of 32 bytes for one purpose, from a secret of 32 random bytes. The key tells nothing of the secret."""
    return HKDF(SHA256(), 32, None, b"steady-hands " + purpose.encode()).derive(secret)


def seal_under(secret: bytes, purpose: str, content: Mapping[str, Any]) -> bytes:
    """``content`` encrypted under a random secret of 32 bytes, for storage that is not trusted (the cache)."""
    key = derive(secret, purpose)
    nonce = os.urandom(12)
    return nonce + AESGCM(key).encrypt(nonce, json.dumps(content).encode(), purpose.encode())


def open_under(secret: bytes, purpose: str, sealed: bytes) -> dict[str, Any]:
    """The content that ``seal_under`` sealed for the same purpose. Raises ``CannotOpen``."""
    key = derive(secret, purpose)
    try:
        content: dict[str, Any] = json.loads(AESGCM(key).decrypt(sealed[:12], sealed[12:], purpose.encode()))
    except (InvalidTag, ValueError) as error:
        raise CannotOpen("another secret sealed it") from error
    return content


def seal_token(secret: str, purpose: str, content: Mapping[str, Any]) -> str:
    """A sealed value for a hidden field: AES-256-GCM under a key of ``secret`` and ``purpose``, as hex.

    The token's length tells the length of ``content``: keep it constant for each purpose.
    """
    nonce = os.urandom(12)
    plain = json.dumps(content, separators=(",", ":")).encode()
    return (nonce + AESGCM(_token_key(secret, purpose)).encrypt(nonce, plain, purpose.encode())).hex()


def open_token(secret: str, purpose: str, token: str) -> dict[str, Any]:
    """The content of a token made by ``seal_token`` for the same purpose, or ``CannotOpen``."""
    try:
        raw = bytes.fromhex(token)
        content: dict[str, Any] = json.loads(
            AESGCM(_token_key(secret, purpose)).decrypt(raw[:12], raw[12:], purpose.encode())
        )
    except (InvalidTag, ValueError) as error:
        raise CannotOpen("not a token of this site") from error
    return content


def _token_key(secret: str, purpose: str) -> bytes:
    return HKDF(SHA256(), 32, None, b"steady-hands token v1 " + purpose.encode()).derive(secret.encode())
