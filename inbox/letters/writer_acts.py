"""The acts of a letter writer with their receipt, and the content of their page. Each change is one transaction."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from columns.models import Article
from inbox.crypto import receipts, sealing
from inbox.keys import vault
from inbox.letters import followups, outbox, restored_days
from inbox.models import Actor, Consent, EventKey, Letter, Message, SealedItem, SealedKey
from inbox.models.keystore import sealed_models
from inbox.models.letter import GONE
from inbox.models.sealed_kind import EndsWith, Holder
from inbox.models.times.days import ENDED
from inbox.workflow import AlreadyMoved, LetterStatus


@dataclass(frozen=True)
class Opened:
    """A letter opened with its receipt: its words, the conversation in order, and its article, if there is one.
    ``said``: the opened messages of the writer."""

    letter: Letter
    words: dict[str, Any]
    turns: list[tuple[Message, str]]
    article: Article | None
    said: list[dict[str, Any]] = field(default_factory=list)


def find(receipt: str) -> tuple[Letter | None, receipts.Derived]:
    """The letter of a normalised receipt, or ``None``, and the derived keys in both cases: a miss takes as long as a
    hit."""
    derived = receipts.open_with(receipt, salt=settings.RECEIPT_SALT, pepper=settings.RECEIPT_PEPPER)
    # a letter of a practice column has no writer, so no receipt opens it
    letters = Letter.objects.select_related("column", "topic").filter(column__practice=False)
    return letters.filter(index=derived.index).first(), derived


def open_letter(letter: Letter, keys: vault.Vault, *, at: dt.datetime) -> Opened:
    """Everything that the writer may read at ``at``, opened with their key. Erased words are empty."""
    unseen = outbox.unseen(letter, at=at)
    messages = [message for message in letter.messages.all() if message.pk not in unseen]
    key = EventKey.objects.filter(letter=letter).exclude(sealed=b"").first() if letter.status in ENDED else None
    items = [letter, *messages, *([key] if key else [])]
    opened = keys.open_many(items) if letter.status != LetterStatus.WITHDRAWN else {}
    _show_days(letter, messages, opened, opened.get(key.pk) if key else None)
    gone = of_gone({message.pk: opened[message.pk] for message in messages if message.pk in opened})
    article = None
    turns, said = [], []
    for message in messages:
        payload = opened.get(message.pk)
        if payload is None or message.pk in gone:
            continue
        if message.kind == Message.Kind.ADDRESS:
            article = Article.objects.select_related("column").filter(pk=payload["article"]).first()
        else:
            turns.append((message, str(payload["text"])))
            if not message.from_desk:
                said.append(payload)
    return Opened(letter, opened.get(letter.pk, {}), turns, article, said)


def _show_days(
    letter: Letter,
    messages: Iterable[Message],
    opened: Mapping[uuid.UUID, Mapping[str, Any]],
    key: Mapping[str, Any] | None,
) -> None:
    """Fill in the days of a letter that came to its end, as far as its writer's key opens them."""
    for message in messages:
        message.on = restored_days.of_message(message, opened.get(message.pk), key)
    if came := (key or {}).get("came"):
        letter.received_on = dt.date.fromisoformat(came)


def of_gone(opened: Mapping[uuid.UUID, Mapping[str, Any]]) -> set[uuid.UUID]:
    """The ids of messages with an edited question that may contain words of another letter, withdrawn since. They must
    not be shown any more, also before the desk has erased them."""
    beside = {pk: set(payload.get("beside", ())) for pk, payload in opened.items()}
    ids = set().union(*beside.values())
    if not ids:
        return set()
    gone = {str(pk) for pk in Letter.objects.filter(pk__in=ids, status__in=GONE).values_list("pk", flat=True)}
    return {pk for pk, others in beside.items() if others & gone}


def write_back(letter: Letter, text: str, *, at: dt.datetime, nonce: str = "") -> None:
    """Store a message from the writer. Every status but withdrawn and erased takes messages, also after an answer. A
    concern in the message raises the letter.

    ``nonce`` (hex): the form's; the same words sent twice from one form are one message.
    """
    letter.refuse_unless("write_back")
    message_id = _message_id(letter, nonce, text) if nonce else uuid.uuid4()
    if letter.messages.filter(pk=message_id).exists():
        return
    found = followups.screen(text)
    followups.leave_some(letter, found, at=at)
    try:
        with transaction.atomic():
            letter.record("write_back", by=None, at=at, actor=Actor.WRITER)
            letter.say(Message.Kind.FROM_WRITER, text, at=at, message_id=message_id, more=found.sealed())
            followups.raise_for(letter, found, at=at)
    except IntegrityError:
        # the same form was sent twice at the same moment, and the other request came first
        if not letter.messages.filter(pk=message_id).exists():
            raise


def _message_id(letter: Letter, nonce: str, text: str) -> uuid.UUID:
    """The message id for these words from this form. The words cannot be found from it without the nonce of the
    page."""
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
    return uuid.UUID(bytes=hmac.digest(bytes.fromhex(nonce), letter.pk.bytes + digest, "sha256")[:16], version=4)


def withdraw(letter: Letter, keys: vault.Vault, *, at: dt.datetime) -> bool:
    """Withdraw the letter, and take down the article that answers it, in one transaction.

    Returns whether an article was taken down. What the desk does with the letter at the same moment does not stand in
    the way: then the letter is read again, and ``AlreadyMoved`` is raised only where it is gone.
    """
    for _attempt in range(_ATTEMPTS):
        try:
            return _withdraw(letter, keys, at=at)
        except AlreadyMoved:
            letter.refresh_from_db()
    return _withdraw(letter, keys, at=at)


#: How often a letter that is moved meanwhile is read again.
_ATTEMPTS = 4


def _withdraw(letter: Letter, keys: vault.Vault, *, at: dt.datetime) -> bool:
    with transaction.atomic():
        article = open_letter(letter, keys, at=at).article if letter.status == LetterStatus.PUBLISHED else None
        letter.withdraw(at=at)
        return article is not None and article.take_down(at=at)


def allow(letter: Letter, consent: Consent, *, at: dt.datetime) -> bool:
    """Change the writer's consent; returns whether it was another one before.

    A draft that answers the letter is not stopped: the desk sees the event, and publishing checks the consent.
    """
    if consent == letter.consent:
        return False
    letter.allow(consent, at=at)
    return True


def change_code(letter: Letter, key: X25519PrivateKey, *, nonce: str, at: dt.datetime) -> str:
    """Give the letter a new receipt and return it; the old one is invalid at once.

    The data keys of everything that is sealed to the writer are sealed to the new key, in one transaction; no body is
    touched. ``nonce`` (hex): the page's; the same page sent twice gives the same new receipt. ``key``: the writer's key
    from the page. Raises ``AlreadyMoved`` where another receipt has replaced that key.
    """
    receipt = receipts.derive(settings.FORM_SECRET, bytes.fromhex(nonce), b"new code" + letter.pk.bytes)
    derived = receipts.open_with(receipt, salt=settings.RECEIPT_SALT, pepper=settings.RECEIPT_PEPPER)
    public = sealing.public_half(derived.key)
    if bytes(letter.writer_public) == public:
        return receipt
    if not holds(letter, key):
        raise AlreadyMoved(_("This letter has another receipt already."))
    with transaction.atomic():
        letter.change_code(index=derived.index, public=public, at=at)
        _reseal(_of_writer(letter), key, sealing.recipient(public))
    return receipt


def holds(letter: Letter, key: X25519PrivateKey) -> bool:
    """Whether this is the current key of the letter's writer."""
    return sealing.public_half(key) == bytes(letter.writer_public)


def _of_writer(letter: Letter) -> list[SealedItem]:
    """Everything about the letter that is sealed to its writer."""
    kinds = [(model, model.sealed_as) for model in sealed_models() if model.sealed_as.ends_with == EndsWith.LETTER]
    return [
        item
        for model, kind in kinds
        if Holder.WRITER in kind.holders
        for item in model._default_manager.filter(**{kind.path: letter.pk})
    ]


def _reseal(items: Iterable[SealedItem], old: X25519PrivateKey, new: sealing.Recipient) -> None:
    """Seal to ``new`` the data keys that were sealed to ``old``, and destroy those."""
    by_id = {item.pk: item for item in items}
    rows = SealedKey.objects.filter(item__in=by_id, key_id=sealing.key_id(sealing.public_half(old)))
    fresh = []
    for row in rows:
        item = by_id[row.item]
        body = bytes(item.sealed)
        data_key = sealing.open_key(item.place(), body, bytes(row.sealed), old)
        sealed = sealing.seal_key(item.place(), body[1:9], data_key, new)
        fresh.append(SealedKey(item=item.pk, key_id=new.id, sealed=sealed))
    SealedKey.objects.filter(pk__in=[row.pk for row in rows]).delete()
    SealedKey.objects.bulk_create(fresh)
