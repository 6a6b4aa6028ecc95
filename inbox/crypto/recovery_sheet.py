"""The printed form of the recovery key: 32 bytes as groups of letters and digits, with a checksum. Pure functions."""

from __future__ import annotations

import base64
import hashlib
import re

from inbox.i18n import gettext_noop as _

_BETWEEN = re.compile(r"[\W_]+", re.UNICODE)
_CHECK_BYTES = 3
_GROUP = 4


class BadRecoveryKey(ValueError):
    """The typed text is no recovery key. ``str()`` is a sentence for the person, without a part of the typed text."""


def shown(private: bytes) -> str:
    """The key as it is printed: base 32 (RFC 4648, so no 0, 1, 8 or 9) of the bytes and of a checksum of 24 bits."""
    text = base64.b32encode(private + _checksum(private)).decode()
    return "-".join(text[start : start + _GROUP] for start in range(0, len(text), _GROUP))


def read(typed: str) -> bytes:
    """The 32 bytes of a printed key as typed: case, spaces and dashes do not matter; 0 is O, 1 is I, 8 is B."""
    bare = _BETWEEN.sub("", typed[:200]).upper().translate(str.maketrans("018", "OIB"))
    try:
        raw = base64.b32decode(bare)
    except ValueError as error:
        raise BadRecoveryKey(_("This is not a recovery key. Please compare it with the printed sheet.")) from error
    private, check = raw[:-_CHECK_BYTES], raw[-_CHECK_BYTES:]
    if len(private) != 32 or check != _checksum(private):
        raise BadRecoveryKey(_("A character differs from a recovery key. Please compare it with the printed sheet."))
    return private


def _checksum(private: bytes) -> bytes:
    return hashlib.sha256(b"steady-hands recovery key v1" + private).digest()[:_CHECK_BYTES]
