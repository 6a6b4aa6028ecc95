"""The receipt: the code that is a reader's only way back to their letter. Pure functions; nothing here stores anything.

A receipt is 16 Crockford base-32 characters (80 random bits) and a check character. The receipt is not stored. Two
values are derived from it: an index (stored, finds the letter) and the writer's private key (not stored, opens the
letter).
"""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from dataclasses import dataclass
from operator import or_

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from inbox.i18n import gettext_noop as _

#: Crockford's base 32: no I, L, O, U.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
DATA_CHARACTERS = 16
_VALUE = {character: value for value, character in enumerate(ALPHABET)}
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})
#: What people put between the characters: spaces, dashes of any kind, dots and so on.
_BETWEEN = re.compile(r"[\W_]+", re.UNICODE)


class BadReceipt(ValueError):
    """The typed text cannot be a receipt. ``str()`` is a sentence for the person, without a part of the typed text."""


def _times(a: int, b: int) -> int:
    """Multiplication in GF(32) with the primitive polynomial x^5 + x^2 + 1."""
    product = 0
    while b:
        if b & 1:
            product ^= a
        a <<= 1
        if a & 0b100000:
            a ^= 0b100101
        b >>= 1
    return product


def _powers(count: int) -> list[int]:
    powers = [1]
    while len(powers) < count:
        powers.append(_times(powers[-1], 2))
    return powers


#: Distinct, non-zero weights (2 generates the field's 31 non-zero elements): one wrong character changes the sum, and
#: so does an exchange of two different neighbours.
_WEIGHTS = _powers(DATA_CHARACTERS + 1)


def _weighted_sum(characters: str) -> int:
    total = 0
    for weight, character in zip(_WEIGHTS, characters, strict=False):
        total ^= _times(weight, _VALUE[character])
    return total


def check_character(data: str) -> str:
    """The character that makes the weighted sum over GF(32) of all seventeen zero."""
    wanted = _weighted_sum(data)
    return next(c for c in ALPHABET if _times(_WEIGHTS[DATA_CHARACTERS], _VALUE[c]) == wanted)


def derive(form_secret: str, nonce: bytes, words: bytes) -> str:
    """The receipt of one letter sent from one form.

    80 bits of HKDF-SHA256 keyed with the form secret, over the form's nonce and the digest of the sent words: sending
    the same form twice gives the same receipt, other words in the same form give another receipt.
    """
    bits = HKDF(SHA256(), 10, None, b"steady-hands receipt v1" + nonce + words).derive(form_secret.encode())
    number = int.from_bytes(bits, "big")
    data = "".join(ALPHABET[(number >> shift) & 31] for shift in range(75, -1, -5))
    return data + check_character(data)


def _latin(typed: str) -> str:
    folded = unicodedata.normalize("NFKC", typed[:200])
    return "".join(str(unicodedata.digit(c, c)) for c in folded).upper().translate(_READ_AS)


def _bare(typed: str) -> str:
    """The characters of what was typed, as a receipt has them: full-width letters and the digits of every script are
    read as ours; whatever stands between the characters, and words around a whole receipt, are dropped."""
    latin = _latin(typed)
    bare = _BETWEEN.sub("", latin)
    if len(bare) <= DATA_CHARACTERS + 1:
        return bare
    # a colon may also stand between the groups
    return _whole_receipt(latin) or _BETWEEN.sub("", latin.partition(":")[2]) or bare


def _whole_receipt(latin: str) -> str:
    """The one receipt among words ("your receipt is … (keep)"), in one piece or in its groups; "" where there is none,
    or more than one."""
    parts = [part for part in _BETWEEN.split(latin) if part]
    runs = ("".join(parts[at : at + count]) for count in (1, len(_LENGTHS)) for at in range(len(parts) - count + 1))
    whole = {run for run in runs if len(run) == DATA_CHARACTERS + 1 and set(run) <= _VALUE.keys()}
    whole = {run for run in whole if _weighted_sum(run) == 0}
    return whole.pop() if len(whole) == 1 else ""


def normalise(typed: str) -> str:
    """The seventeen characters of a receipt as typed: case, spaces, line ends, dashes, a label before it and the script
    of its digits do not matter, O is 0, I and L are 1.

    Raises ``BadReceipt``, without a look-up, where the typed text cannot be a receipt.
    """
    bare = _bare(typed)
    if len(bare) != DATA_CHARACTERS + 1:
        raise BadReceipt(_("A receipt has 17 letters and numbers. Please look again at what you kept."))
    if any(character not in _VALUE for character in bare):
        raise BadReceipt(
            _("A receipt has no letter U and no signs other than dashes. Please look again at what you kept.")
        )
    if _weighted_sum(bare) != 0:
        raise BadReceipt(
            _("One character seems to be different from your receipt. Please look again at what you kept.")
        )
    return bare


@dataclass(frozen=True)
class TypedGroup:
    """A group of a typed text. ``wrong``: it has a character that no receipt has, or too many or too few."""

    characters: str
    wrong: bool


@dataclass(frozen=True)
class Typed:
    """A typed text that is no receipt, in groups, to be shown to whoever typed it."""

    groups: tuple[TypedGroup, ...]

    @property
    def wrong(self) -> bool:
        return any(group.wrong for group in self.groups)


#: The lengths of the groups of a receipt.
_LENGTHS = (4, 4, 4, 4, 1)
#: The most characters of a typed text that are shown again.
_SHOWN_AGAIN = 40


def typed(text: str) -> Typed | None:
    """A typed text in groups: as they were typed, where there are five, else of four characters each. ``None`` where
    nothing was typed.

    Which group is too long or too short can be told of five groups alone, and of what stands after a whole receipt.
    """
    bare = _bare(text)[:_SHOWN_AGAIN]
    parts = [part for part in _BETWEEN.split(_latin(text)) if part]
    if len(parts) == len(_LENGTHS) and "".join(parts) == bare:
        wrong = [len(part) != length for part, length in zip(parts, _LENGTHS, strict=True)]
    else:
        parts = [bare[start : start + 4] for start in range(0, len(bare), 4)]
        wrong = [4 * place + len(part) > DATA_CHARACTERS + 1 for place, part in enumerate(parts)]
    strange = [any(character not in _VALUE for character in part) for part in parts]
    return Typed(tuple(map(TypedGroup, parts, map(or_, wrong, strange)))) if parts else None


def shown(receipt: str) -> str:
    """The receipt in groups of four, as it is shown: ``7QM2-XRT9-HWD4-VNBC-K``."""
    return "-".join([receipt[0:4], receipt[4:8], receipt[8:12], receipt[12:16], receipt[16:]])


def last_group(receipt: str) -> str:
    """The last four characters and the check character, which a writer types to show that they kept the receipt."""
    return receipt[12:]


def is_last_group(receipt: str, typed: str) -> bool:
    """Whether ``typed`` is the last group of ``receipt``, with or without the check character, in any spelling."""
    bare = _bare(typed)
    return any(
        hmac.compare_digest(bare.encode(), wanted.encode()) for wanted in (receipt[12:], receipt[12:16], receipt)
    )


@dataclass(frozen=True)
class Derived:
    """The values derived from a receipt: ``index`` (64 hex digits) finds the letter, ``key`` is the private key."""

    index: str
    key: X25519PrivateKey


#: KiB of memory of the derivation. Receipts of a running site depend on it: another value would find no letter.
MEMORY = 8 * 1024


def open_with(receipt: str, *, salt: str, pepper: str) -> Derived:
    """Derive index and key from a normalised receipt: Argon2id (8 MiB, one pass), then HMAC and HKDF, all SHA-256.

    A receipt has 80 random bits, so a slower derivation would only burden the site itself.
    """
    fixed = hashlib.sha256(salt.encode()).digest()[:16]
    root = Argon2id(salt=fixed, length=32, iterations=1, lanes=1, memory_cost=MEMORY).derive(receipt.encode())
    index = hmac.new(pepper.encode(), root, hashlib.sha256).hexdigest()
    private = HKDF(SHA256(), 32, None, b"steady-hands writer key v1").derive(root)
    return Derived(index, X25519PrivateKey.from_private_bytes(private))
