"""A letter arrives: from words in memory to a sealed row and a receipt. One transaction; a second press is nothing."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import secrets
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Count, Q

from columns.models import Column, Topic
from inbox.crypto import receipts, sealing
from inbox.models import Consent, Letter, WriterAddress, desk_recipient, notice_recipient
from inbox.models.event import Actor
from inbox.models.letter import GONE
from inbox.screening import concerns, details, language, spam

MIN_CHARACTERS = 40
MAX_CHARACTERS = 16_000
#: How often one form is looked through for a letter that was taken back, or whose receipt was changed: each time costs
#: a derivation.
_MOST_AGAIN = 16


@dataclass(frozen=True)
class Words:
    """What a reader sends. ``about`` holds the optional answers about themselves, by name."""

    text: str
    pen_name: str = ""
    topic: str = ""
    consent: str = Consent.PRIVATE.value
    email: str = ""
    about: dict[str, str] = field(default_factory=dict)

    def digest(self) -> bytes:
        """SHA-256 of all of it: two sendings with the same digest are the same letter."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode("utf-8", "surrogatepass")).digest()


@dataclass(frozen=True)
class Taken:
    """A letter that is safely kept. ``again``: this very letter was here already. ``beside``: another letter came from
    the same form before, with other words; both are kept."""

    letter: Letter
    receipt: str
    again: bool
    beside: bool


def new_nonce() -> str:
    """What makes one form one form: 128 random bits, in hex. It lives in the page alone."""
    return secrets.token_hex(16)


def tidy(text: str) -> str:
    """The text without what no keyboard writes: one kind of line end, no control characters but tab and line end."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))


def _receipt(nonce: bytes, words: bytes) -> tuple[str, receipts.Derived]:
    receipt = receipts.derive(settings.FORM_SECRET, nonce, words)
    return receipt, receipts.open_with(receipt, salt=settings.RECEIPT_SALT, pepper=settings.RECEIPT_PEPPER)


def _form_hash(nonce: bytes) -> str:
    """Names the form on its letters and says nothing of its nonce: 128 bits of SHA-256, as 32 hex digits.

    They begin with the second digit: in place of the first one stood a mark, on letters whose receipt was changed.
    """
    return hashlib.sha256(b"form" + nonce).hexdigest()[1:33]


def take(column: Column, words: Words, *, nonce: str, at: dt.datetime, why: Sequence[str] = ()) -> Taken:
    """Keep the letter: screen it in memory, seal it, and return its receipt.

    ``why``: sentences that say what looks like the work of a program. With any, or where screening takes the words for
    spam, the letter is held for a person to look at, with the reasons sealed beside its words; it is never dropped.

    The receipt follows from the form's nonce and the words, so the same form pressed twice, also at the same moment,
    gives one letter and one receipt. Raises ``NoKey`` where the column has no key yet; then nothing is kept.
    """
    raw_nonce, digest = bytes.fromhex(nonce), words.digest()
    form_hash = _form_hash(raw_nonce)
    same_form = Letter.objects.filter(form_hash=form_hash)
    # counted and not read: a form can be sent ten thousand times. A receipt that its writer changed stays dead
    counts = same_form.aggregate(all=Count("pk"), dead=Count("pk", filter=Q(code_changed=True)))
    earlier, dead = counts["all"], counts["dead"]
    for again in range(_MOST_AGAIN):
        # sent once more after it was taken back, a letter is a new letter, with a receipt of its own
        fresh = digest if again == 0 else hashlib.sha256(digest + again.to_bytes(4, "big")).digest()
        receipt, derived = _receipt(raw_nonce, fresh)
        known = same_form.filter(index=derived.index).first() if earlier else None
        if known is None and again >= dead:
            break
        if known is not None and known.status not in GONE:
            return Taken(known, receipt, again=True, beside=earlier > 1)
    else:  # no person comes here; what does is a new letter with each press
        receipt, derived = _receipt(secrets.token_bytes(16), digest)
    letter = Letter(
        column=column,
        topic=Topic.objects.filter(column=column, slug=words.topic).first() if words.topic else None,
        consent=words.consent,
        received_on=at.date(),
        quiet_since=at.date(),
        index=derived.index,
        writer_public=sealing.public_half(derived.key),
        form_hash=form_hash,
    )
    found = sorted(concerns.kinds(words.text, age_band=words.about.get("age_band", "")))
    tongue = language.code(words.text)
    # of a letter that screening cannot read nobody knows whether it can wait
    unread = bool(language.unread(tongue, column.language))
    letter.urgent = bool(found) or unread
    why = [*why, *spam.judge(words.text).reasons]
    try:
        with transaction.atomic():
            letter.seal(
                {
                    "text": words.text,
                    "pen_name": words.pen_name,
                    "about": words.about,
                    "concerns": found,
                    "details": len(details.find_details(words.text)),
                    "language": tongue,
                    **({"suspect": True, "why": why} if why else {}),
                },
                to=[desk_recipient(column), letter.writer_recipient()],
            )
            letter.record("receive", by=None, at=at, actor=Actor.WRITER)
            if found or why or unread:
                letter.hold(by=None, at=at)
            if words.email:
                WriterAddress(letter=letter).seal({"email": words.email}, to=[notice_recipient()])
    except IntegrityError:
        # the same form was pressed twice at the same moment, and the other press was first
        first = Letter.objects.filter(index=derived.index).first()
        if first is None:
            raise
        return Taken(first, receipt, again=True, beside=bool(earlier))
    return Taken(letter, receipt, again=False, beside=bool(earlier))
