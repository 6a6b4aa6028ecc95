"""What is written beside a letter without a change of its status: events, messages, and the notes of the desk."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from columns.models import Column
from inbox.crypto import sealing
from inbox.models import guards
from inbox.models.event import Actor, EventKey, LetterEvent, number, one_more
from inbox.models.keystore import desk_recipient, first_of_month
from inbox.models.message import Message, Note
from inbox.models.outgoing import Outgoing, due_at
from inbox.models.staff import User
from inbox.models.times import days
from inbox.models.times.clock import believed_day
from inbox.workflow import WITH_WORDS, AlreadyMoved, LetterStatus

if TYPE_CHECKING:
    from inbox.models.letter import Letter


class Correspondence(models.Model):
    """The half of ``Letter`` that writes events, messages and notes. ``Letter`` has the fields and the moves."""

    if TYPE_CHECKING:
        column: models.ForeignKey[Column, Column]
        status: models.CharField[str, str]
        newest: models.CharField[str, str]
        writer_public: models.BinaryField[Any, Any]
        events_public: models.BinaryField[Any, Any]

        @property
        def label(self) -> str: ...

    class Meta:
        abstract = True

    @property
    def _letter(self) -> Letter:
        return cast("Letter", self)

    def _row(self) -> models.QuerySet[Letter]:
        """The letter's row, for an UPDATE."""
        return type(self._letter).objects.filter(pk=self.pk)

    def recipients(self) -> list[sealing.Recipient]:
        """The recipients of the conversation: the desk and the writer."""
        return [desk_recipient(self.column), self.writer_recipient()]

    def writer_recipient(self) -> sealing.Recipient:
        return sealing.recipient(bytes(self.writer_public))

    def refuse_unless(self, verb: str) -> None:
        """Raise ``NotAllowed`` where the table does not have the verb in the letter's status."""
        guards.check(guards.row_of(verb), LetterStatus(self.status), self.label)

    def _still(self, verb: str) -> models.QuerySet[Letter]:
        """The letter's row, while it has a status in which the table has the verb: the condition of an UPDATE."""
        return self._row().filter(status__in=sorted(guards.row_of(verb).sources))

    def _hold_back(self, event: LetterEvent, message: Message | None, *, before: str, at: dt.datetime) -> None:
        Outgoing.objects.create(
            letter=self._letter, event=event, message=message, before=before, due_at=due_at(event.verb, at)
        )

    def record(
        self, verb: str, *, by: User | None, at: dt.datetime, actor: Actor | None = None, undoes: int | None = None
    ) -> LetterEvent:
        """Write an event without a move, as for a note or a message. Raises ``NotAllowed`` where the table does not
        have the verb in the letter's status, and ``AlreadyMoved`` where the letter got such a status since it was read.

        ``undoes``: the number of the event that is undone.

        To be called first in a transaction that adds rows: the UPDATE locks the letter, so that a withdrawal at the
        same moment comes before or after.
        """
        self.refuse_unless(verb)
        with transaction.atomic():
            quiet = days.quiet_from(believed_day(at), forward=True)
            if not self._still(verb).update(**one_more("events_count"), quiet_since=quiet, in_no_order=False):
                now = LetterStatus(self._row().values_list("status", flat=True).get())
                raise AlreadyMoved(
                    guards.why_not(guards.row_of(verb), now, self.label) or _("Somebody has already moved this letter.")
                )
            return self.write_event(verb, by=by, at=at, actor=actor, undoes=undoes)

    def ask(
        self,
        text: str,
        *,
        kind: Message.Kind,
        verb: str,
        by: User,
        at: dt.datetime,
        more: Mapping[str, Any] | None = None,
    ) -> LetterEvent:
        """Write a message of the desk to the writer without a move; it waits in the outbox like a decision.

        ``more``: words that are sealed with the text. A question to approve is dated with the day on which it goes out,
        from which the days for an answer are counted.
        """
        out = due_at(verb, at) if kind == Message.Kind.APPROVAL else at
        with transaction.atomic():
            event = self.record(verb, by=by, at=at)
            self._hold_back(event, self.say(kind, text, at=out, more=more), before="", at=at)
        return event

    def write_event(
        self,
        verb: str,
        *,
        by: User | None,
        at: dt.datetime,
        actor: Actor | None,
        days: Mapping[str, dt.date | None] | None = None,
        **said: Any,
    ) -> LetterEvent:
        """Write the next event, in the transaction of the caller, who has raised ``events_count``.

        ``days``: of the letter, where the event ends it. ``said``: further fields of the event, of ``CHANGED`` or
        ``LATER``.
        """
        # the writer may have changed their receipt since the letter was read: the next words must be sealed to the
        # current key
        place = number(self, "events_count", "writer_public", "events_public")
        actor = actor or (Actor.STAFF if by else Actor.SYSTEM)
        if actor != Actor.SYSTEM:
            self.need_event_key()
        event = LetterEvent.new(
            self._letter, by=by, on=timezone.localdate(at), days=days, number=place, verb=verb, actor=actor, **said
        )
        event.save(force_insert=True)
        return event.known(by=by, on=timezone.localdate(at), days=days, **said)

    def need_event_key(self) -> None:
        """Give a key to a letter that a version before this one took, in the transaction of the caller, who has locked
        the row."""
        if self.events_public is not None or self.status not in WITH_WORDS:
            return
        private = X25519PrivateKey.generate()
        self.events_public = sealing.public_half(private)
        self._row().update(events_public=self.events_public)
        EventKey.give(self._letter, self.recipients(), private, came=self._letter.received_on.isoformat())

    def say(
        self,
        kind: Message.Kind,
        text: str,
        *,
        at: dt.datetime,
        message_id: uuid.UUID | None = None,
        more: Mapping[str, Any] | None = None,
        status: str | None = None,
    ) -> Message:
        """Write a message, sealed to the desk and to the writer, with its day and ``more`` beside its text. The caller
        writes the event. ``status``: of the letter from now on."""
        message = self.next_message(kind, at=at, status=status or self.status, newest=kind)
        message.id = message_id or message.id
        message.seal({"text": text, "on": timezone.localdate(at).isoformat(), **(more or {})}, to=self.recipients())
        self.newest = kind
        return message

    def next_message(self, kind: Message.Kind, *, at: dt.datetime, status: str, **fields: Any) -> Message:
        """An unsaved message with the next number; ``fields`` of the letter are set by the same UPDATE."""
        self._row().update(**fields, **one_more("messages_count"))
        day = days.as_readable(timezone.localdate(at), status)
        return Message(letter=self._letter, kind=kind, on=day, number=number(self, "messages_count"))

    def note(self, text: str, *, by: User, at: dt.datetime) -> Note:
        """Write an internal note, sealed to the desk alone. Refused once the letter's words are erased."""
        with transaction.atomic():
            return self.keep(self.record("note", by=by, at=at), text)

    def keep(self, event: LetterEvent, text: str, **more: Any) -> Note:
        """Write the note of an event, with the event's id; ``more`` is sealed beside its text."""
        # its day, and who wrote it, are sealed with it
        note = Note(id=event.pk, letter=self._letter, on=first_of_month(event.on))
        who = {"by": event.by_id, "at": event.on.isoformat()}
        note.seal({"text": text, "who": who, **more}, to=[desk_recipient(self.column)])
        return note

    def forget(self, *, at: dt.datetime) -> None:
        """Write the event that the desk has erased words in drafts copied from this withdrawn or erased letter."""
        self.refuse_unless("forget")
        with transaction.atomic():
            self._row().update(**one_more("events_count"))
            self.write_event("forget", by=None, at=at, actor=Actor.SYSTEM)
