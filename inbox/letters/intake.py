"""Intake of a letter: from words in memory to a sealed row and a receipt, in one transaction. Idempotent for a form."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
import secrets
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from itertools import chain

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Count, Q
from django.utils import timezone

from columns.models import Column, Topic
from inbox.crypto import receipts, sealing
from inbox.letters import screened
from inbox.letters.screened import Screened
from inbox.models import Consent, EventKey, Letter, WriterAddress, desk_recipient, notice_recipient
from inbox.models.event import Actor
from inbox.models.letter import GONE
from inbox.screening import details, similarity, spam

MIN_CHARACTERS = 40
MAX_CHARACTERS = 16_000
#: The most receipts tried for one form whose letters were withdrawn or got another receipt: each try costs a key
#: derivation.
_MOST_AGAIN = 16


@dataclass(frozen=True)
class Words:
    """The content of the form. ``about``: the optional answers about the writer, by name."""

    text: str
    pen_name: str = ""
    topic: str = ""
    consent: str = Consent.PRIVATE.value
    email: str = ""
    about: dict[str, str] = field(default_factory=dict)

    def digest(self) -> bytes:
        """SHA-256 of all fields: equal digests from one form are the same letter."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode("utf-8", "surrogatepass")).digest()


@dataclass(frozen=True)
class Taken:
    """A stored letter. ``again``: the same letter was stored before. ``beside``: another letter with other words came
    from the same form before; both are kept."""

    letter: Letter
    receipt: str
    again: bool
    beside: bool


def new_nonce() -> str:
    """A new nonce of a form: 128 random bits, in hex. It is stored only in the page."""
    return secrets.token_hex(16)


def tidy(text: str) -> str:
    """The text with one kind of line end, and without what turns a page round or has no meaning in a text: control
    characters other than tab and line end, embeddings, overrides and isolates of direction, byte order marks, halves of
    pairs. Joiners stay: Persian, Hindi and emoji are written with them. "" where nothing of the text is visible."""
    text = _LINE_ENDS.sub("\n", text)
    kept = "".join(
        c for c in text if c in "\n\t" or (c not in _DROPPED and unicodedata.category(c) not in ("Cc", "Cs"))
    )
    return kept if seen_length(kept) else ""


def seen_length(text: str) -> int:
    """The number of characters that somebody sees, with each run of white space between them counted as one. Marks
    alone, without a letter or sign to stand on, are nothing."""
    seen = "".join(c for c in text if c.isspace() or (c not in _BLANK and unicodedata.category(c)[0] != "C"))
    stands = any(unicodedata.category(c)[0] in "LNPS" for c in seen)
    return len(" ".join(seen.split())) if stands else 0


_LINE_ENDS = re.compile("\r\n|[\r\x85\u2028\u2029]")
#: Directions are a page's to set, by ``dir`` and ``bdi``: the rest of a page would follow one that is never ended.
_DROPPED = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
#: Letters, marks and signs that are drawn as nothing: fillers of Hangul and Khitan, the empty pattern of Braille,
#: vowels of Khmer, an empty head of a note, the place of an object that did not come with the text, and what only
#: chooses how the sign before it is drawn.
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\ufffc\U00016fe4\U0001d159").union(
    map(chr, chain(range(0x180B, 0x1810), range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0)))
)


def _receipt(nonce: bytes, words: bytes) -> tuple[str, receipts.Derived]:
    receipt = receipts.derive(settings.FORM_SECRET, nonce, words)
    return receipt, receipts.open_with(receipt, salt=settings.RECEIPT_SALT, pepper=settings.RECEIPT_PEPPER)


def _form_hash(nonce: bytes) -> str:
    """A name of the form, from which its nonce cannot be found: 128 bits of SHA-256, as 32 hex digits.

    They begin at the second digit: on older rows the first place had a mark for letters with a changed receipt.
    """
    return hashlib.sha256(b"form" + nonce).hexdigest()[1:33]


def take(
    column: Column,
    words: Words,
    *,
    nonce: str,
    at: dt.datetime,
    why: Sequence[str] = (),
    found: Screened | None = None,
) -> Taken:
    """Screen the letter in memory, seal and store it; returns it with its receipt.

    ``why``: reasons to suspect a program, as sentences. With any reason, or where screening judges the words as spam,
    the letter is held for a person to look at, with the reasons sealed with its words; no letter is dropped. ``found``:
    what ``screened.screen_letter`` found in these words, where the caller needs it too.

    The receipt follows from the form's nonce and the words, so the same form pressed twice, also at the same moment,
    gives one letter and one receipt. Raises ``NoKey`` where the column has no key yet; then nothing is stored.
    """
    raw_nonce, digest = bytes.fromhex(nonce), words.digest()
    form_hash = _form_hash(raw_nonce)
    same_form = Letter.objects.filter(form_hash=form_hash)
    # a count, not a list: a form can be sent ten thousand times. A receipt that its writer changed stays invalid
    counts = same_form.aggregate(all=Count("pk"), dead=Count("pk", filter=Q(code_changed=True)))
    earlier, dead = counts["all"], counts["dead"]
    for again in range(_MOST_AGAIN):
        # the same form sent again after a withdrawal is a new letter with a new receipt
        fresh = digest if again == 0 else hashlib.sha256(digest + again.to_bytes(4, "big")).digest()
        receipt, derived = _receipt(raw_nonce, fresh)
        stored = same_form.filter(index=derived.index).first() if earlier else None
        if stored is None and again >= dead:
            break
        if stored is not None and stored.status not in GONE:
            return Taken(stored, receipt, again=True, beside=earlier > 1)
    else:  # only a program comes here; each sending is a new letter
        receipt, derived = _receipt(secrets.token_bytes(16), digest)
    letter = Letter(
        column=column,
        topic=Topic.objects.filter(column=column, slug=words.topic).first() if words.topic else None,
        consent=words.consent,
        received_on=timezone.localdate(at),
        quiet_since=timezone.localdate(at),
        index=derived.index,
        writer_public=sealing.public_half(derived.key),
        events_public=sealing.public_half(of_events := X25519PrivateKey.generate()),
        form_hash=form_hash,
    )
    found = found or screened.screen_letter(words.text, words.about, column_language=column.language)
    # the encoder still has the sentences of which the score was made
    meaning = similarity.packed(similarity.vector(words.text))
    letter.need = found.need
    why = [*why, *spam.judge(words.text).reasons]
    try:
        with transaction.atomic():
            letter.seal(
                {
                    "text": words.text,
                    "pen_name": words.pen_name,
                    "about": words.about,
                    "concerns": found.kinds,
                    **found.sealed(),
                    **({"vector": meaning} if meaning else {}),
                    "details": len(details.find_details(words.text, column.public_names())),
                    "language": found.language,
                    **({"suspect": True, "why": why} if why else {}),
                },
                to=(to := [desk_recipient(column), letter.writer_recipient()]),
            )
            EventKey.give(letter, to, of_events, came=timezone.localdate(at).isoformat())
            letter.record("receive", by=None, at=at, actor=Actor.WRITER)
            if letter.need or why:
                letter.hold(by=None, at=at)
            if letter.need:
                screened.note_arrival(letter, found.rules, at=at)
            if words.email:
                WriterAddress(letter=letter).seal({"email": words.email}, to=[notice_recipient()])
    except IntegrityError:
        # the same form was sent twice at the same moment, and the other request came first
        first = Letter.objects.filter(index=derived.index).first()
        if first is None:
            raise
        return Taken(first, receipt, again=True, beside=bool(earlier))
    return Taken(letter, receipt, again=False, beside=bool(earlier))
