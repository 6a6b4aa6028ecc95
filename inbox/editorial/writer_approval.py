"""The writer's approval of the edited question before publication: asked, approved, corrected, or not answered. Each
public function that writes is one transaction."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from inbox.editorial import draft_case, drafts
from inbox.editorial.draft_case import Case
from inbox.keys.vault import Vault
from inbox.letters import followups, notices, outbox, writer_acts
from inbox.models import Actor, Consent, Draft, Letter, LetterEvent, Message, Notice, User
from inbox.models.letter import GONE
from inbox.models.outgoing import due_at
from inbox.screening import diff
from inbox.workflow import AT_WORK, AlreadyMoved, NotAllowed

#: How long the desk waits for an answer; the last day counts in full.
WAITS_FOR = dt.timedelta(days=14)
#: The most characters of a question that is shown.
LONGEST = 16_000
#: The text of the message of an approval.
APPROVAL = gettext_noop("Publish it like this.")
_K = Message.Kind
#: The key, in the sealed words of an answer, of the id of the message answered; stored, and older than the term
#: *writer approval*.
_ANSWERED = "proof"
_KINDS = (_K.APPROVAL, _K.APPROVED, _K.CORRECTED)
_VERBS = {_K.APPROVED: "approve_text", _K.CORRECTED: "correct_text"}


class Stand(StrEnum):
    """The writer's answer to the question that they were shown last."""

    NEVER = "never"
    WAITING = "waiting"
    APPROVED = "approved"
    CHANGE = "change"
    SILENT = "silent"


@dataclass(frozen=True)
class Standing:
    """The state of the writer's approval for one letter.

    ``until``: the last day for an answer. ``question``, ``pen_name``, ``sha256``: the text shown last, in the message
    ``message``. ``wish``: the change asked for. ``answered_on``: the day of the answer. All empty where the writer was
    never asked.
    """

    stand: Stand = Stand.NEVER
    until: dt.date | None = None
    question: str = ""
    pen_name: str = ""
    sha256: str = ""
    message: uuid.UUID | None = None
    wish: str = ""
    answered_on: dt.date | None = None

    def is_of(self, question: str, pen_name: str) -> bool:
        """Whether exactly these words were shown last."""
        return self.sha256 == sha256(question) and self.pen_name == pen_name


def sha256(question: str) -> str:
    """SHA-256 of a question, which identifies the approved text."""
    return hashlib.sha256(question.encode("utf-8", "surrogatepass")).hexdigest()


# --- where letters stand --------------------------------------------------------------------------------------------


def standings_in(case: Case, at: dt.datetime) -> dict[uuid.UUID, Standing]:
    """The state of each letter of a case for the desk, by id. Messages in the outbox count already. A question that
    contains words of a withdrawn or erased letter counts as never shown."""
    gone = {str(letter.pk) for letter in (*case.letters, *case.former) if letter.status in GONE}
    turns = [turn for turn in case.turns if turn.kind in _KINDS]
    shown = [turn for turn in turns if not gone.intersection(case.opened.get(turn.pk, {}).get("beside", ()))]
    return _by_letter(case.letters, shown, case.opened, at)


def shown_to_writer(letter: Letter, keys: Vault, at: dt.datetime) -> Standing:
    """The state of the letter for its writer, who does not see messages in the outbox."""
    turns = letter.messages.filter(kind__in=_KINDS).exclude(pk__in=outbox.unseen(letter, at=at)).order_by("number")
    opened = keys.open_many(list(turns))
    gone = writer_acts.of_gone(opened)
    return stands(
        ((turn, opened[turn.pk]) for turn in turns if turn.pk in opened.keys() - gone), timezone.localdate(at)
    )


def _by_letter(
    letters: Sequence[Letter], turns: list[Message], opened: Mapping[uuid.UUID, dict[str, Any]], at: dt.datetime
) -> dict[uuid.UUID, Standing]:
    return {
        letter.pk: stands(
            ((turn, opened[turn.pk]) for turn in turns if turn.letter_id == letter.pk and turn.pk in opened),
            timezone.localdate(at),
        )
        for letter in letters
    }


def stands(turns: Iterable[tuple[Message, dict[str, Any]]], today: dt.date) -> Standing:
    """The state on a day by the opened messages of one letter, in their order.

    The newest question counts, and the last answer to it. A late answer counts too.
    """
    conversation = list(turns)
    newest = next((turn for turn in reversed(conversation) if turn[0].kind == _K.APPROVAL), None)
    if newest is None:
        return Standing()
    message, words = newest
    until = message.on + WAITS_FOR
    stand, wish, answered_on = (Stand.WAITING if today <= until else Stand.SILENT), "", None
    for turn, answer in conversation:
        if turn.kind != _K.APPROVAL and answer.get(_ANSWERED) == str(message.pk):
            stand = Stand.APPROVED if turn.kind == _K.APPROVED else Stand.CHANGE
            wish, answered_on = ("" if stand == Stand.APPROVED else str(answer["text"])), turn.on
    return Standing(
        stand, until, str(words["text"]), str(words["pen_name"]), str(words["sha256"]), message.pk, wish, answered_on
    )


# --- the desk asks --------------------------------------------------------------------------------------------------


def show(draft: Draft, letter: Letter, *, by: User, at: dt.datetime, keys: Vault) -> LetterEvent:
    """Send the edited question of the draft's newest version to the writer of one of its letters, for them to approve.

    The writer sees it when the day is over; it can be undone until then. A mail is queued if they left an address.
    Refused where the same words wait for an answer, or were approved.
    """
    drafts.forget_withdrawn(draft.column, at=at, keys=keys)
    if draft.status not in AT_WORK:
        raise NotAllowed(_("This draft is not at work any more, so its question cannot be shown."))
    manuscript = draft_case.manuscript_of(draft, keys)
    if letter.pk not in manuscript.letter_ids:
        raise NotAllowed(_("This draft does not answer that letter."))
    question, pen_name = manuscript.words["question"], manuscript.words["pen_name"]
    if not question.strip():
        raise NotAllowed(_("There is no question yet that could be shown."))
    if len(question) > LONGEST:
        raise NotAllowed(
            ngettext(
                "The question is longer than %(longest)s character. Shorten it before you show it.",
                "The question is longer than %(longest)s characters. Shorten it before you show it.",
                LONGEST,
            )
            % {"longest": f"{LONGEST:,}"}
        )
    with transaction.atomic():
        beside = [str(one) for one in [*manuscript.letter_ids, *manuscript.former_ids] if one != letter.pk]
        more = {"pen_name": pen_name, "sha256": sha256(question), **({"beside": beside} if beside else {})}
        event = letter.ask(question, kind=_K.APPROVAL, verb="proof", by=by, at=at, more=more)
        # from here on the letter's row is locked: data read now stays valid
        turns = list(letter.messages.filter(kind__in=_KINDS).exclude(outgoing__event=event).order_by("number"))
        before = _by_letter([letter], turns, keys.open_many(turns), at)[letter.pk]
        _may_be_shown(letter, before, question, pen_name)
        notices.owe(letter, Notice.Kind.QUESTION, due_on=timezone.localdate(due_at("proof", at)))
    return event


def _may_be_shown(letter: Letter, before: Standing, question: str, pen_name: str) -> None:
    letter.refresh_from_db(fields=["status", "consent"])
    if letter.consent == Consent.PRIVATE:
        raise NotAllowed(_("The writer of %(label)s allowed a private answer only.") % {"label": letter.label})
    if before.is_of(question, pen_name) and before.stand in (Stand.WAITING, Stand.APPROVED):
        done = (
            _("The writer of %(label)s is asked about these very words: they have it already, and may answer.")
            if before.stand == Stand.WAITING
            else _("The writer of %(label)s is asked about these very words: they have said yes to it already.")
        )
        raise AlreadyMoved(done % {"label": letter.label})


# --- the writer answers ---------------------------------------------------------------------------------------------


def approve(letter: Letter, message: uuid.UUID, *, at: dt.datetime, keys: Vault) -> None:
    """Record that the writer approves the question in the message ``message``. ``keys``: the writer's."""
    _answer(letter, message, _K.APPROVED, _(APPROVAL), at=at, keys=keys)


def correct(letter: Letter, message: uuid.UUID, text: str, *, at: dt.datetime, keys: Vault) -> None:
    """Record the change ``text`` that the writer asks for in the message ``message``. ``keys``: the writer's."""
    _answer(letter, message, _K.CORRECTED, text, at=at, keys=keys)


def _answer(letter: Letter, message: uuid.UUID, kind: Message.Kind, text: str, *, at: dt.datetime, keys: Vault) -> None:
    """Store an answer; the newest one counts. The same answer given again is not stored twice."""
    try:
        with transaction.atomic():
            letter.record(_VERBS[kind], by=None, at=at, actor=Actor.WRITER)
            shown = _may_be_answered(letter, message, kind, text, at=at, keys=keys)
            found = followups.screen(text)
            more = {_ANSWERED: str(message), "sha256": shown.sha256, **found.sealed()}
            letter.say(kind, text, at=at, more=more)
            followups.raise_for(letter, found, at=at)
    except _SaidAlready:
        return


class _SaidAlready(Exception):
    """The same answer is stored already; rolls the transaction back."""


def _may_be_answered(
    letter: Letter, message: uuid.UUID, kind: Message.Kind, text: str, *, at: dt.datetime, keys: Vault
) -> Standing:
    """The state that the answer belongs to; refuses where an answer is not possible. The event must be written: its
    guard has looked at the status, and locked the letter's row."""
    letter.refresh_from_db(fields=["status", "consent", "messages_a_day", "need"])
    shown = shown_to_writer(letter, keys, at)
    if shown.message != message:
        raise AlreadyMoved(_("There is a newer text for you. It stands here now. Please read that one."))
    if kind == _K.APPROVED and letter.consent == Consent.PRIVATE:
        raise NotAllowed(
            _("You allow a private answer only, so nothing is published. If you want to, change what you allow first.")
        )
    if kind == _K.APPROVED and shown.stand == Stand.APPROVED:
        raise _SaidAlready
    if kind == _K.CORRECTED and shown.stand == Stand.CHANGE and shown.wish == text:
        raise _SaidAlready
    # the first answer to a text is always taken; further ones count against the limit of the day
    if shown.answered_on is not None:
        followups.leave_some(letter, followups.screen(text), at=at)
    return shown


# --- what stands in the way of publication --------------------------------------------------------------------------


def obstacles(case: Case, *, at: dt.datetime) -> list[str]:
    """The writers' answers that prevent publication now, as sentences."""
    words, standing = case.manuscript.words, standings_in(case, at)
    found = [
        _obstacle(letter, standing[letter.pk], words["question"], words["pen_name"], case.text(letter))
        for letter in case.letters
    ]
    return [sentence for sentence in found if sentence]


def _obstacle(letter: Letter, one: Standing, question: str, pen_name: str, original: str) -> str:
    until = date_format(one.until, "MONTH_DAY_FORMAT") if one.until else ""
    if one.stand == Stand.WAITING:
        return _("The writer of %(label)s was shown the question and may answer until %(until)s.") % {
            "label": letter.label,
            "until": until,
        }
    if one.stand == Stand.CHANGE:
        return _("The writer of %(label)s asked for a change. Change the question, and show it to them again.") % {
            "label": letter.label
        }
    if one.stand == Stand.APPROVED and not one.is_of(question, pen_name):
        return _(
            "The writer of %(label)s said yes to another text: the question or its pen name was changed since."
            " Show it to them again, or restore what they approved."
        ) % {"label": letter.label}
    in_other_words = one.stand == Stand.NEVER and letter.consent == Consent.REWRITTEN
    if (one.stand == Stand.SILENT or in_other_words) and (runs := diff.verbatim(original, question)):
        if in_other_words:
            said = ngettext(
                "The writer of %(label)s allowed their question in other words."
                " Rewrite “%(run)s”, or show them the question.",
                "The writer of %(label)s allowed their question in other words."
                " Rewrite “%(run)s” and %(more)d more, or show them the question.",
                len(runs),
            )
        else:
            said = ngettext(
                "The writer of %(label)s gave no answer until %(until)s, so nobody has said yes to their own words"
                " being published. Rewrite “%(run)s”, or show them the question.",
                "The writer of %(label)s gave no answer until %(until)s, so nobody has said yes to their own words"
                " being published. Rewrite “%(run)s” and %(more)d more, or show them the question.",
                len(runs),
            )
        return said % {"label": letter.label, "until": until, "run": runs[0], "more": len(runs) - 1}
    return ""
