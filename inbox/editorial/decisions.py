"""Decisions of the desk about a letter, with their messages, mails and second looks. Each function is one
transaction."""

from __future__ import annotations

import datetime as dt
import secrets

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from inbox.editorial import bundles, drafts
from inbox.keys import opened_events, vault
from inbox.letters import notices, outbox, restored_days, screened
from inbox.letters import undo as undo_rules
from inbox.models import Actor, Letter, LetterEvent, Message, Notice, SecondLook, User
from inbox.models.keystore import first_of_month, remove
from inbox.models.letter import ends
from inbox.workflow import LETTER_VERBS, AlreadyMoved, LetterStatus, NotAllowed, Undo

#: One of so many declined letters gets a second look by another moderator: two in a hundred.
LOOKED_AT_AGAIN = 50


def move(
    letter: Letter, verb: str, *, by: User, at: dt.datetime, keys: vault.Vault, until: dt.date | None = None
) -> LetterEvent:
    """Make a plain move. ``until``: the day until which a letter is held."""
    if verb == "hold":
        return letter.hold(by=by, at=at, until=until)
    if verb == "reopen":
        return reopen(letter, by=by, at=at, keys=keys)
    return letter.move(verb, by=by, at=at)


def ask(letter: Letter, text: str, *, by: User, at: dt.datetime) -> LetterEvent:
    """Ask the writer something through the receipt; a mail is queued if they left an address."""
    with transaction.atomic():
        event = letter.ask(text, kind=Message.Kind.QUESTION, verb="ask", by=by, at=at)
        notices.owe(letter, Notice.Kind.QUESTION, due_on=timezone.localdate(at))
    return event


def decline(letter: Letter, reason: str, *, by: User, at: dt.datetime, keys: vault.Vault | None = None) -> LetterEvent:
    """Decline the letter with a reason its writer can read, and queue a mail.

    A second look by another moderator is asked for every urgent letter, for every letter that the same person marked as
    not urgent against screening, and for a random sample. Without ``keys`` it is not known who marked it: then whoever
    did counts as the same person.
    """
    with transaction.atomic():
        event = letter.decline(by=by, at=at, reason=reason)
        notices.owe(letter, Notice.Kind.END, due_on=timezone.localdate(at))
        if letter.need or _lowered(letter, by, keys) or secrets.randbelow(LOOKED_AT_AGAIN) == 0:
            asked = {"declined_by": by, "asked_on": first_of_month(timezone.localdate(at))}
            SecondLook.objects.get_or_create(letter=letter, agreed=None, defaults=asked)
    return event


def _lowered(letter: Letter, by: User, keys: vault.Vault | None) -> bool:
    """Whether the person marked the letter as not urgent after screening had raised it."""
    events = list(letter.events.filter(verb__in=undo_rules.opposites("mark_urgent")).order_by("number"))
    if keys is not None:
        opened_events.open_events(events, keys)
    raised_by_hand = False
    for event in events:
        if event.verb == "unmark_urgent" and event.by_id in (by.pk, None) and not raised_by_hand:
            return True
        raised_by_hand = event.verb == "mark_urgent" and event.actor == Actor.STAFF
    return False


def look_again(letter: Letter, *, agree: bool, by: User, at: dt.datetime, keys: vault.Vault) -> LetterEvent:
    """Record the second look at a declined letter by another person: agree, or reopen the letter."""
    with transaction.atomic():
        waiting = letter.second_looks.filter(agreed=None)
        if waiting.filter(declined_by=by).exists():
            raise NotAllowed(_("You declined this letter yourself, so somebody else takes the second look."))
        if not waiting.update(agreed=agree, by=by, looked_on=first_of_month(timezone.localdate(at))):
            raise AlreadyMoved(_("Nobody waits for a second look at this letter."))
        if agree:
            return letter.record("agree", by=by, at=at)
        return reopen(letter, by=by, at=at, keys=keys)


def reopen(letter: Letter, *, by: User, at: dt.datetime, keys: vault.Vault) -> LetterEvent:
    """Take a declined letter up again, also one that another person declined.

    While the decline waits in the outbox, the writer never sees it: the letter gets its status before, no mail is
    queued, and the event is ``undo_decline``; the text is kept as a note, so that this can be undone. Afterwards the
    letter returns to the new ones (``reopen``). In both cases an open second look is removed.
    """
    with transaction.atomic():
        waits = (
            outbox.waiting(at).filter(letter=letter, event__verb="decline").select_related("event", "message").first()
        )
        if waits is None or letter.status != LetterStatus.DECLINED:
            event = letter.reopen(by=by, at=at)
            restored_days.restore([letter], keys)
            looked = {"agreed": False, "by": by, "looked_on": first_of_month(timezone.localdate(at))}
            letter.second_looks.filter(agreed=None).update(**looked)
            return event
        said = keys.open_many([waits.message]).get(waits.message.pk) if waits.message else None
        look = letter.second_looks.filter(agreed=None).first()
        event = undo_rules.stop(letter, waits.event, by=by, at=at)
        restored_days.restore([letter], keys)
        _owe_nothing(letter, Notice.Kind.END)
        letter.second_looks.filter(agreed=None).delete()
        if said is not None:
            asked = {"declined_by": look.declined_by_id, "asked_on": look.asked_on.isoformat()} if look else None
            text = _("It was declined, and taken up again before its writer read this:\n\n%(said)s") % {
                "said": said["text"]
            }
            letter.keep(event, text, closing=said["text"], look=asked)
    return event


def _decline_after_all(
    letter: Letter, event: LetterEvent, *, by: User, at: dt.datetime, keys: vault.Vault
) -> LetterEvent:
    """Undo the stopping of a decline: the letter is declined again with the same text."""
    if event.by_id != by.pk:
        raise NotAllowed(_("Somebody else decided that, so it is theirs to take back."))
    with transaction.atomic():
        note = letter.notes.filter(pk=event.pk).first()
        kept = keys.open_many([note]).get(note.pk, {}) if note else {}
        if note is None or "closing" not in kept:
            raise NotAllowed(_("What it was declined with is not kept any more, so it is declined anew."))
        back = letter.decline(by=by, at=at, reason=str(kept["closing"]))
        # read after the UPDATE, which locks the row
        between = letter.events.filter(number__gt=event.number, number__lt=back.number, verb__in=undo_rules.moves())
        if between.exists():
            raise AlreadyMoved(_("Something else was decided since, so this cannot be taken back any more."))
        remove([note])
        notices.owe(letter, Notice.Kind.END, due_on=timezone.localdate(at))
        if kept["look"] is None:
            _look_anew(letter, event)
        else:
            asked = {"declined_by_id": kept["look"]["declined_by"], "asked_on": kept["look"]["asked_on"]}
            SecondLook.objects.create(letter=letter, **asked)
    return back


def point(letter: Letter, answer: str, *, by: User, at: dt.datetime) -> LetterEvent:
    """Point the writer to an article that answers the letter already, and queue a mail."""
    with transaction.atomic():
        event = letter.point(by=by, at=at, answer=answer)
        notices.owe(letter, Notice.Kind.END, due_on=timezone.localdate(at))
    return event


def reply(letter: Letter, answer: str, *, by: User, at: dt.datetime, keys: vault.Vault) -> LetterEvent:
    """Answer privately, and queue a mail. A letter in a draft leaves the draft first."""
    with transaction.atomic():
        if letter.status == LetterStatus.ANSWERING:
            drafts.leave(letter, by=by, at=at, keys=keys)
        event = letter.reply(by=by, at=at, answer=answer)
        notices.owe(letter, Notice.Kind.END, due_on=timezone.localdate(at))
    return event


def undo(letter: Letter, event: LetterEvent, *, by: User, at: dt.datetime, keys: vault.Vault) -> LetterEvent:
    """Undo a decision with its consequences: the message in the outbox, the queued mail, the second look, and the
    places of letters in drafts and bundles. Returns the event."""
    opened_events.open_events([event], keys)
    if undo_rules.kind(event.verb) == Undo.BUNDLE:
        return bundles.undo(letter, event, by=by, at=at, keys=keys)
    if undo_rules.kind(event.verb) == Undo.STOPPED:
        return _decline_after_all(letter, event, by=by, at=at, keys=keys)
    with transaction.atomic():
        rules = screened.rules_not_so(letter, event, keys)
        if event.status_before == LetterStatus.ANSWERING:  # the draft is locked before its letter, as everywhere
            drafts.come_back(letter, by=by, at=at, keys=keys)
        back = undo_rules.undo(letter, event, by=by, at=at, keys=keys)
        if ends(event.status_before, event.status_after):
            restored_days.restore([letter], keys)
        screened.take_back(letter, event, rules)
        how = undo_rules.kind(event.verb)
        if how in (Undo.SAID, Undo.ASKED):
            _owe_nothing(letter, Notice.Kind.QUESTION if how == Undo.ASKED else Notice.Kind.END)
        if event.verb == "decline":
            letter.second_looks.filter(agreed=None).delete()
        if LETTER_VERBS[event.verb].second_look:
            _look_anew(letter, event)
    return back


def _look_anew(letter: Letter, event: LetterEvent) -> None:
    """Open the second look again, where the undone event had answered it."""
    declined = letter.events.filter(verb="decline", number__lt=event.number).order_by("-number").first()
    agreed = event.verb == "agree"
    looks = letter.second_looks.filter(agreed=agreed, by=event.by_id, looked_on=first_of_month(event.on))
    look = looks.filter(asked_on__gte=first_of_month(declined.on if declined else event.on)).first()
    # of two people who undo at once, one finds the second look open
    answered = SecondLook.objects.filter(pk=look.pk, agreed=agreed) if look else None
    if not (answered and answered.update(agreed=None, by=None, looked_on=None)) and agreed:
        raise AlreadyMoved(_("That was taken back already."))


def _owe_nothing(letter: Letter, kind: Notice.Kind) -> None:
    """Remove the last queued mail of this kind; mails of one kind are all alike."""
    owed = letter.notices.filter(kind=kind, sent_on=None).order_by("-due_on").first()
    if owed is not None:
        owed.delete()
