"""Between the desk and the letter writer: what either of them does through the receipt. Each function is one
transaction."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import secrets
import uuid
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from django.conf import settings
from django.db import IntegrityError, transaction

from columns.models import Article
from inbox import bundling, drafting, notices, noticing, outbox, proofs, receipts, sealing, vault
from inbox.models import (
    Actor,
    Consent,
    Letter,
    LetterEvent,
    Message,
    Notice,
    SealedItem,
    SealedKey,
    SecondLook,
    User,
    undoing,
)
from inbox.models.keystore import remove
from inbox.workflow import LETTER_ENDS, AlreadyMoved, LetterStatus, NotAllowed

#: One in so many declined letters is looked at by another moderator: two in a hundred.
LOOKED_AT_AGAIN = 50


@dataclass(frozen=True)
class Opened:
    """A letter whose receipt is in hand: its words, the conversation in order, and its article, if it has one."""

    letter: Letter
    words: dict[str, Any]
    turns: list[tuple[Message, str]]
    article: Article | None


def find(receipt: str) -> tuple[Letter | None, receipts.Derived]:
    """The letter of a normalised receipt, or ``None``; the derived keys either way: a miss costs what a hit costs."""
    derived = receipts.open_with(receipt, salt=settings.RECEIPT_SALT, pepper=settings.RECEIPT_PEPPER)
    # a letter to practise on has no writer, so no receipt opens it
    letters = Letter.objects.select_related("column", "topic").filter(column__practice=False)
    return letters.filter(index=derived.index).first(), derived


def open_letter(letter: Letter, keys: vault.Vault, *, at: dt.datetime) -> Opened:
    """Everything that the writer may read by now, opened with their key. Erased words come back empty."""
    unseen = outbox.unseen(letter, at=at)
    messages = [message for message in letter.messages.all() if message.pk not in unseen]
    opened = keys.open_many([letter, *messages]) if letter.status != LetterStatus.WITHDRAWN else {}
    gone = proofs.of_gone({message.pk: opened[message.pk] for message in messages if message.pk in opened})
    article = None
    turns = []
    for message in messages:
        words = opened.get(message.pk)
        if words is None or message.pk in gone:
            continue
        if message.kind == Message.Kind.ADDRESS:
            article = Article.objects.select_related("column").filter(pk=words["article"]).first()
        else:
            turns.append((message, str(words["text"])))
    return Opened(letter, opened.get(letter.pk, {}), turns, article)


def ask(letter: Letter, text: str, *, by: User, at: dt.datetime) -> LetterEvent:
    """Ask the writer something through the receipt; a mail says that there is news, if they left an address."""
    if letter.status in LETTER_ENDS or letter.status == LetterStatus.ERASED:
        raise NotAllowed("This letter has come to its end, so nothing can be asked any more.")
    with transaction.atomic():
        event = letter.ask(text, kind=Message.Kind.QUESTION, verb="ask", by=by, at=at)
        notices.owe(letter, Notice.Kind.QUESTION, due_on=at.date())
    return event


def write_back(letter: Letter, text: str, *, at: dt.datetime, nonce: str = "") -> None:
    """A message from the writer. It is taken in every state but the last two, also after an answer; where screening
    notices something in it, it raises the letter.

    ``nonce`` (hex) makes one form one form: the same words from it, sent twice, are one message.
    """
    if letter.status in (LetterStatus.WITHDRAWN, LetterStatus.ERASED):
        raise NotAllowed("This letter was withdrawn, so nothing can be added to it.")
    message_id = _message_id(letter, nonce, text) if nonce else uuid.uuid4()
    if letter.messages.filter(pk=message_id).exists():
        return
    found = noticing.concerns_in(text)
    noticing.leave_some(letter, found, at=at)
    try:
        with transaction.atomic():
            letter.record("write_back", by=None, at=at, actor=Actor.WRITER)
            letter.say(Message.Kind.FROM_WRITER, text, at=at, message_id=message_id, more=noticing.kept(found))
            noticing.raise_for(letter, found, at=at)
    except IntegrityError:
        # the same form was pressed twice at the same moment, and the other press was first
        if not letter.messages.filter(pk=message_id).exists():
            raise


def _message_id(letter: Letter, nonce: str, text: str) -> uuid.UUID:
    """The id of these words from this form. Without the nonce, which is in the page alone, it says nothing of them."""
    words = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
    return uuid.UUID(bytes=hmac.digest(bytes.fromhex(nonce), letter.pk.bytes + words, "sha256")[:16], version=4)


def decline(letter: Letter, reason: str, *, by: User, at: dt.datetime) -> LetterEvent:
    """Decline the letter with a reason its writer can read, and owe them the news.

    Another moderator looks at some of them once more: at each urgent one, at each that the same person took the mark of
    screening from, and at some that the lot picks.
    """
    with transaction.atomic():
        event = letter.decline(by=by, at=at, reason=reason)
        notices.owe(letter, Notice.Kind.END, due_on=at.date())
        if letter.urgent or _lowered(letter, by) or secrets.randbelow(LOOKED_AT_AGAIN) == 0:
            SecondLook.objects.get_or_create(
                letter=letter, agreed=None, defaults={"declined_by": by, "asked_on": at.date()}
            )
    return event


def _lowered(letter: Letter, by: User) -> bool:
    """Whether the person has said that the letter is not urgent, though screening had raised it."""
    raised_by_hand = False
    for event in letter.events.filter(verb__in=undoing.URGENT).order_by("number"):
        if event.verb == "unmark_urgent" and event.by_id == by.pk and not raised_by_hand:
            return True
        raised_by_hand = event.verb == "mark_urgent" and event.by_id is not None
    return False


def look_again(letter: Letter, *, agree: bool, by: User, at: dt.datetime, keys: vault.Vault) -> LetterEvent:
    """The second look at a declined letter, by somebody else than whoever declined it: agree, or take it up again."""
    with transaction.atomic():
        waiting = letter.second_looks.filter(agreed=None)
        if waiting.filter(declined_by=by).exists():
            raise NotAllowed("You declined this letter yourself, so somebody else takes the second look.")
        if not waiting.update(agreed=agree, by=by, looked_on=at.date()):
            raise AlreadyMoved("Nobody waits for a second look at this letter.")
        if agree:
            return letter.record("agree", by=by, at=at)
        return reopen(letter, by=by, at=at, keys=keys)


def reopen(letter: Letter, *, by: User, at: dt.datetime, keys: vault.Vault) -> LetterEvent:
    """Take a declined letter up again, whoever declined it.

    While the end waits in the outbox its writer never reads it: the letter stands where it stood, no mail is owed, and
    the event is ``undo_decline``. What it said is kept as a note of the desk, so that this can be taken back.
    Afterwards it is among the new ones again (``reopen``). Either way nobody need look a second time at what is not
    declined any more.
    """
    with transaction.atomic():
        waits = (
            outbox.waiting(at).filter(letter=letter, event__verb="decline").select_related("event", "message").first()
        )
        if waits is None or letter.status != LetterStatus.DECLINED:
            event = letter.reopen(by=by, at=at)
            letter.second_looks.filter(agreed=None).update(agreed=False, by=by, looked_on=at.date())
            return event
        said = keys.open_many([waits.message]).get(waits.message.pk) if waits.message else None
        look = letter.second_looks.filter(agreed=None).first()
        event = undoing.stop(letter, waits.event, by=by, at=at)
        _owe_nothing(letter, Notice.Kind.END)
        letter.second_looks.filter(agreed=None).delete()
        if said is not None:
            asked = {"declined_by": look.declined_by_id, "asked_on": look.asked_on.isoformat()} if look else None
            text = f"It was declined, and taken up again before its writer read this:\n\n{said['text']}"
            letter.keep(event, text, closing=said["text"], look=asked)
    return event


def _decline_after_all(
    letter: Letter, event: LetterEvent, *, by: User, at: dt.datetime, keys: vault.Vault
) -> LetterEvent:
    """Take back that a decline was stopped: the letter is declined with the words that it had been declined with."""
    if event.by_id != by.pk:
        raise NotAllowed("Somebody else decided that, so it is theirs to take back.")
    with transaction.atomic():
        note = letter.notes.filter(pk=event.pk).first()
        kept = keys.open_many([note]).get(note.pk, {}) if note else {}
        if note is None or "closing" not in kept:
            raise NotAllowed("What it was declined with is not kept any more, so it is declined anew.")
        back = letter.decline(by=by, at=at, reason=str(kept["closing"]))
        # asked after the UPDATE, which holds the row
        between = letter.events.filter(number__gt=event.number, number__lt=back.number, verb__in=undoing.MOVES)
        if between.exists():
            raise AlreadyMoved("Something else was decided since, so this cannot be taken back any more.")
        remove([note])
        notices.owe(letter, Notice.Kind.END, due_on=at.date())
        if kept["look"] is None:
            _look_anew(letter, event)
        else:
            asked = {"declined_by_id": kept["look"]["declined_by"], "asked_on": kept["look"]["asked_on"]}
            SecondLook.objects.create(letter=letter, **asked)
    return back


def point(letter: Letter, answer: str, *, by: User, at: dt.datetime) -> LetterEvent:
    """Point the writer to an article that answers the letter already, and owe them the news."""
    with transaction.atomic():
        event = letter.point(by=by, at=at, answer=answer)
        notices.owe(letter, Notice.Kind.END, due_on=at.date())
    return event


def reply(letter: Letter, answer: str, *, by: User, at: dt.datetime, keys: vault.Vault) -> LetterEvent:
    """Answer privately, and owe the writer the news. A letter that a draft answers leaves its bundle first."""
    with transaction.atomic():
        if letter.status == LetterStatus.ANSWERING:
            drafting.leave(letter, by=by, at=at, keys=keys)
        event = letter.reply(by=by, at=at, answer=answer)
        notices.owe(letter, Notice.Kind.END, due_on=at.date())
    return event


def undo(letter: Letter, event: LetterEvent, *, by: User, at: dt.datetime, keys: vault.Vault) -> LetterEvent:
    """Take a decision back with all that it brought about: what waits for the writer, the mail that was owed, the
    second look, the place of the letter in a draft, and that of each letter in a bundle. Returns the event that says
    so."""
    if event.verb in bundling.VERBS:
        return bundling.undo(letter, event, by=by, at=at, keys=keys)
    if event.verb == undoing.STOPPED:
        return _decline_after_all(letter, event, by=by, at=at, keys=keys)
    with transaction.atomic():
        back = undoing.undo(letter, event, by=by, at=at)
        if event.verb in undoing.SAID | undoing.ASKED:
            _owe_nothing(letter, Notice.Kind.QUESTION if event.verb in undoing.ASKED else Notice.Kind.END)
        if event.verb == "decline":
            letter.second_looks.filter(agreed=None).delete()
        if event.verb in ("agree", "reopen"):
            _look_anew(letter, event)
        if event.before == LetterStatus.ANSWERING:
            drafting.come_back(letter, by=by, at=at, keys=keys)
    return back


def _look_anew(letter: Letter, event: LetterEvent) -> None:
    """Let somebody look a second time after all, where the event that is taken back was the answer to that."""
    declined = letter.events.filter(verb="decline", number__lt=event.number).order_by("-number").first()
    agreed = event.verb == "agree"
    looks = letter.second_looks.filter(agreed=agreed, by=event.by_id, looked_on=event.on)
    look = looks.filter(asked_on__gte=declined.on if declined else event.on).first()
    # of two who take it back at once, one finds it open
    answered = SecondLook.objects.filter(pk=look.pk, agreed=agreed) if look else None
    if not (answered and answered.update(agreed=None, by=None, looked_on=None)) and agreed:
        raise AlreadyMoved("That was taken back already.")


def _owe_nothing(letter: Letter, kind: Notice.Kind) -> None:
    """Take back the last mail of this kind that is owed; those of one kind are all alike."""
    owed = letter.notices.filter(kind=kind, sent_on=None).order_by("-due_on").first()
    if owed is not None:
        owed.delete()


def withdraw(letter: Letter, keys: vault.Vault, *, at: dt.datetime) -> bool:
    """The writer takes the letter back, and with it the article that answers it, if there is one: both at once.

    Returns whether an article was taken down.
    """
    with transaction.atomic():
        article = open_letter(letter, keys, at=at).article if letter.status == LetterStatus.PUBLISHED else None
        letter.withdraw(at=at)
        return article is not None and article.take_down(at=at)


def allow(letter: Letter, consent: Consent, *, at: dt.datetime) -> bool:
    """The writer changes what they allow; returns whether that is something else than before.

    A draft that answers the letter is not stopped by it: the desk reads the event, and publishing looks at what is
    allowed then.
    """
    if consent == letter.consent:
        return False
    letter.allow(consent, at=at)
    return True


def change_code(letter: Letter, key: X25519PrivateKey, *, nonce: str, at: dt.datetime) -> str:
    """Give the letter a new receipt and return it; the old one is dead at once.

    The data keys of everything that is sealed to the writer are sealed to the new key, in one transaction; no body is
    touched. ``nonce`` (hex) is the page's: pressed twice, it gives the same new receipt. ``key``: the writer's key as
    the page carries it; ``AlreadyMoved`` where another receipt has taken its place.
    """
    receipt = receipts.derive(settings.FORM_SECRET, bytes.fromhex(nonce), b"new code" + letter.pk.bytes)
    derived = receipts.open_with(receipt, salt=settings.RECEIPT_SALT, pepper=settings.RECEIPT_PEPPER)
    public = sealing.public_half(derived.key)
    if bytes(letter.writer_public) == public:
        return receipt
    if not holds(letter, key):
        raise AlreadyMoved("This letter has another receipt already.")
    with transaction.atomic():
        letter.change_code(index=derived.index, public=public, at=at)
        _hand_over([letter, *letter.messages.all()], key, sealing.recipient(public))
    return receipt


def holds(letter: Letter, key: X25519PrivateKey) -> bool:
    """Whether this is the key of the letter's writer, now."""
    return sealing.public_half(key) == bytes(letter.writer_public)


def _hand_over(items: list[SealedItem], old: X25519PrivateKey, new: sealing.Recipient) -> None:
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
