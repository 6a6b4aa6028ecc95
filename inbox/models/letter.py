"""Letters and their moves."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from columns.models import Column, Topic
from inbox.crypto.receipts import ALPHABET
from inbox.models import guards
from inbox.models.correspondence import Correspondence
from inbox.models.event import MARKED, Actor, LetterEvent, one_more
from inbox.models.keystore import SealedItem, erase_all_of
from inbox.models.message import Message
from inbox.models.outgoing import is_held_back
from inbox.models.screened import Arrival, Need
from inbox.models.sealed_kind import EndsWith, Holder, OwnFile, SealedKind
from inbox.models.staff import User
from inbox.models.times import days
from inbox.models.times.clock import believed_day
from inbox.workflow import LETTER_MOVES, LETTER_VERBS, WITH_WORDS, AlreadyMoved, LetterStatus, NotAllowed


class Consent(models.TextChoices):
    """The writer's consent to publication. The first value allows least, and is preselected."""

    PRIVATE = "private", gettext_lazy("Answer me privately only")
    REWRITTEN = "rewritten", gettext_lazy("You may publish my question, rewritten")
    LIGHT = "light", gettext_lazy("You may publish my question, lightly edited")


#: Statuses in which a letter has no words any more.
GONE = tuple(status for status in LetterStatus if status not in WITH_WORDS)

#: The default limit of messages a day for a writer.
USUAL_MESSAGES = 10

#: Marks, which do not change the status: verb and field.
MARKS = dict.fromkeys(("mark_urgent", "unmark_urgent"), "need")
MARKS |= {"topic": "topic_id", "give": "given_to_id", "wait": "held_until", "limit": "messages_a_day"}


class LetterQuerySet(models.QuerySet["Letter"]):
    def by_need(self) -> LetterQuerySet:
        """The inbox's order: what is to be read soonest, then those who have waited longest; within a day at random."""
        return self.order_by("-need", "received_on", "id")


class Letter(Correspondence, SealedItem):
    """A letter as it was sent. Sealed at rest, never edited.

    The words are sealed to the desk's key and to the writer's: ``text``, ``pen_name``, ``about`` (a mapping) and
    ``concerns`` (a list of kinds), ``findings`` (``letters/screened.py``). The other columns can be read without a key.
    """

    sealed_as = SealedKind(
        holders=frozenset({Holder.DESK, Holder.WRITER}),
        column="column",
        ends_with=EndsWith.LETTER,
        path="pk",
        export=OwnFile("letters.jsonl"),
        # the desk inserts letters of practice columns; retention updates; no process deletes
        grants={"public": "INSERT, UPDATE", "worker": "SELECT, UPDATE", "desk": "UPDATE"},
    )

    column = models.ForeignKey(Column, on_delete=models.PROTECT, related_name="+")
    topic = models.ForeignKey(Topic, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    status = models.CharField(
        max_length=12, choices=[(s.value, s.value) for s in LetterStatus], default=LetterStatus.RECEIVED
    )
    need = models.PositiveSmallIntegerField(choices=Need, default=Need.NONE, db_default=0)
    consent = models.CharField(max_length=12, choices=Consent, default=Consent.PRIVATE)
    received_on = models.DateField()
    quiet_since = models.DateField(editable=False, help_text="The day of its last event: from here its retention runs")
    index = models.CharField(max_length=64, unique=True, null=True, editable=False)  # noqa: DJ001 - unique
    writer_public = models.BinaryField(max_length=32, editable=False)
    events_public = models.BinaryField(
        max_length=32, null=True, editable=False, help_text="To which the days of its events are sealed"
    )
    form_hash = models.CharField(max_length=32, db_index=True, editable=False, help_text="Of the form it was sent with")
    in_no_order = models.BooleanField(
        default=False, db_default=False, editable=False, help_text="Its rows were written anew since its end"
    )
    code_changed = models.BooleanField(default=False, editable=False, help_text="Its first receipt never comes to life")
    events_count = models.PositiveIntegerField(default=0, editable=False)
    messages_count = models.PositiveIntegerField(default=0, editable=False)
    read_on = models.DateField(null=True, editable=False, help_text="When somebody first had it before them")
    newest = models.CharField(max_length=12, blank=True, editable=False, help_text="The kind of its newest message")
    held_until = models.DateField(null=True, help_text="A held one: it is among the new ones again from this day on")
    given_to = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    messages_a_day = models.PositiveSmallIntegerField(
        default=USUAL_MESSAGES, help_text="How many messages a day its writer may send"
    )
    #: Whether a person should look at the letter now: new letters, and held ones without a day.
    waiting = models.GeneratedField(
        expression=models.Case(
            models.When(Q(status=LetterStatus.RECEIVED), then=True),
            models.When(Q(status=LetterStatus.HELD, held_until=None), then=True),
            default=False,
        ),
        output_field=models.BooleanField(),
        db_persist=True,
    )

    objects = LetterQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(status__in=list(LetterStatus)), name="letter_has_a_known_status"),
            models.CheckConstraint(condition=Q(consent__in=Consent.values), name="letter_has_a_known_consent"),
            models.CheckConstraint(condition=Q(need__in=Need.values), name="letter_has_a_known_need"),
            models.CheckConstraint(
                condition=~Q(status=LetterStatus.PUBLISHED) | ~Q(consent=Consent.PRIVATE),
                name="letter_is_published_only_with_consent",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["column", "status", "-need", "received_on", "id"], name="letter_by_need"),
            # each view of the inbox has an index for its page and its count
            models.Index(
                fields=["column", "-need", "received_on", "id"], condition=Q(waiting=True), name="letter_waiting"
            ),
            models.Index(
                fields=["column", "-need", "received_on", "id"], condition=Q(need__gt=0), name="letter_raised"
            ),
            models.Index(fields=["column", "newest", "-need", "received_on", "id"], name="letter_newest"),
            models.Index(
                fields=["given_to", "-need", "received_on", "id"],
                condition=Q(given_to__isnull=False),
                name="letter_given",
            ),
            models.Index(fields=["column", "-need", "received_on", "id"], name="letter_all"),
            models.Index(fields=["column", "received_on", "id"], name="letter_received"),
            models.Index(
                fields=["column", "held_until"], condition=Q(held_until__isnull=False), name="letter_held_until"
            ),
        ]

    @property
    def label(self) -> str:
        """Four characters by which the desk names the letter: the first twenty bits of its random id."""
        top = self.pk.int >> 108
        return "L-" + "".join(ALPHABET[(top >> shift) & 31] for shift in (15, 10, 5, 0))

    @property
    def assignee(self) -> User | None:
        """The person to whom the letter is given; nobody once its words are erased."""
        return None if self.status in GONE else self.given_to

    def seen_by_writer(self, at: dt.datetime) -> LetterStatus:
        """The status to show to the writer, without decisions that wait in the outbox."""
        if self.status not in (LetterStatus.PUBLISHED, *GONE):
            # messages without a move hold no status back
            first = self.outgoing.filter(due_at__gt=at).exclude(before="").order_by("due_at").first()
            if first is not None:
                return LetterStatus(first.before)
        return LetterStatus(self.status)

    # --- moves, which alone change a status; moves of all letters of a draft are in bulk_moves ----------------------

    def move(self, verb: str, *, by: User, at: dt.datetime) -> LetterEvent:
        """Make a plain move of ``LETTER_MOVES``; the methods below make the others."""
        if not LETTER_VERBS[verb].is_plain:
            raise NotAllowed(_("This is not done by a click alone."))
        return self._move(verb, by=by, at=at)

    def shortlist(self, *, by: User, at: dt.datetime) -> LetterEvent:
        return self._move("shortlist", by=by, at=at)

    def hold(self, *, by: User | None, at: dt.datetime, until: dt.date | None = None) -> LetterEvent:
        """Hold the letter for a person to look at first (``by=None``: held by screening), or until a day."""
        with transaction.atomic():
            if self.held_until != until:  # ``held_until`` has no meaning for a letter that is not held
                self.mark("wait", until, by=by, at=at)
            return self._move("hold", by=by, at=at)

    def release(self, *, by: User | None, at: dt.datetime) -> LetterEvent:
        """Return a held letter to the new ones; ``by=None``: its day has come."""
        return self._move("release", by=by, at=at)

    def put_back(self, *, by: User, at: dt.datetime) -> LetterEvent:
        return self._move("put_back", by=by, at=at)

    def decline(self, *, by: User, at: dt.datetime, reason: str) -> LetterEvent:
        """Decline with a reason that the writer can read."""
        with transaction.atomic():
            return self._move("decline", by=by, at=at, saying=(Message.Kind.CLOSING, reason))

    def reopen(self, *, by: User, at: dt.datetime) -> LetterEvent:
        """Take a declined letter up again, after a second look."""
        return self._move("reopen", by=by, at=at)

    def reply(self, *, by: User, at: dt.datetime, answer: str) -> LetterEvent:
        """Answer privately, through the receipt; a final status."""
        return self._move("reply", by=by, at=at, saying=(Message.Kind.ANSWER, answer))

    def point(self, *, by: User, at: dt.datetime, answer: str) -> LetterEvent:
        """Point the writer to an article that answers the letter already; a final status."""
        return self._move("point", by=by, at=at, saying=(Message.Kind.ANSWER, answer))

    def withdraw(self, *, at: dt.datetime) -> None:
        """Withdraw the letter for its writer: the words of the letter, its conversation and its notes are erased at
        once.

        The row and its events stay, so that the desk sees that a letter was withdrawn.
        """
        with transaction.atomic():
            self._move("withdraw", by=None, at=at, actor=Actor.WRITER)
            self.erase_all_words()

    def erase(self, *, at: dt.datetime) -> None:
        """Erase the words and the receipt's index at the end of retention; the events stay.

        Raises ``AlreadyMoved`` where the letter changed since it was read, for example by a message from the writer.
        """
        with transaction.atomic():
            self._move("erase", by=None, at=at, actor=Actor.SYSTEM, only={"quiet_since": self.quiet_since})
            self._close()

    def lose(self, *, at: dt.datetime) -> None:
        """Mark a letter as erased from any other status: a restored one whose data keys were destroyed after the site
        dump, or one of a practice column. Raises ``AlreadyMoved`` where its status changed since it was read."""
        before, fields = self.status, {"quiet_since": days.month_after(believed_day(at)), **days.months_alone()}
        with transaction.atomic():
            as_read = Letter.objects.filter(pk=self.pk, status=before).exclude(status=LetterStatus.ERASED)
            if not as_read.update(status=LetterStatus.ERASED, **one_more("events_count"), **fields):
                raise AlreadyMoved(_("Somebody has already moved this letter."))
            self.status = LetterStatus.ERASED
            self.write_event(
                "erase", by=None, at=at, actor=Actor.SYSTEM, status_before=before, status_after=self.status
            )
            months_beside([self])
            self._close()

    def _close(self) -> None:
        self.erase_all_words()
        Letter.objects.filter(pk=self.pk).update(index=None, need=Need.NONE, read_on=None)

    def mark_urgent(self, *, by: User | None, at: dt.datetime, urgent: bool) -> LetterEvent:
        """Mark the letter as one to read now, or as not urgent."""
        return self.mark_need(Need.NOW if urgent else Need.NONE, by=by, at=at)

    def mark_need(self, need: int, *, by: User | None, at: dt.datetime) -> LetterEvent:
        """Set how soon the letter is to be read (``by=None``: screening). The status does not change."""
        verb = "mark_urgent" if need > self.need or need == Need.NOW else "unmark_urgent"
        self.refuse_unless(verb)
        if need == self.need:
            raise AlreadyMoved(_("Somebody has already marked this letter."))
        with transaction.atomic():
            if need == Need.NONE:  # a letter that waits for nobody tells no minute
                Arrival.drop([self.pk])
            return self.mark(verb, need, by=by, at=at)

    def mark(self, verb: str, value: Any, *, by: User | None, at: dt.datetime) -> LetterEvent:
        """Set one of ``MARKS`` to the value. Status and retention do not change.

        The event has the old and the new value. The UPDATE has the old value as a condition, so that of two people at
        once one gets ``AlreadyMoved``.
        """
        self.refuse_unless(verb)
        field = MARKS[verb]
        before = getattr(self, field)
        if before == value:
            raise NotAllowed(_("That is so already."))
        with transaction.atomic():
            if not self._still(verb).filter(**{field: before}).update(**{field: value}, **one_more("events_count")):
                raise AlreadyMoved(_("Somebody has already changed that."))
            said = dict(zip(MARKED[verb], (before, value), strict=True))
            event = self.write_event(verb, by=by, at=at, actor=None, **said)
        setattr(self, field, value)
        return event

    # --- changes by the writer ---------------------------------------------------------------------------------------

    def allow(self, consent: Consent, *, at: dt.datetime) -> None:
        """Change the writer's consent; the event has both values. Refused once there is an article, which is taken down
        by withdrawing the letter."""
        self.refuse_unless("allow")
        with transaction.atomic():
            as_it_was = self._still("allow").filter(consent=self.consent)
            if not as_it_was.update(
                consent=consent, **one_more("events_count"), quiet_since=days.quiet_from(believed_day(at))
            ):
                raise AlreadyMoved(
                    _("Something about your letter changed at the same moment. Please look at it again.")
                )
            before = self.consent
            self.write_event("allow", by=None, at=at, actor=Actor.WRITER, consent_before=before, consent_after=consent)
        self.consent = consent

    def change_code(self, *, index: str, public: bytes, at: dt.datetime) -> None:
        """Replace the receipt's index and public key; the old receipt is invalid. The caller re-seals the data keys in
        the same transaction."""
        self.refuse_unless("change_code")
        with transaction.atomic():
            as_it_was = self._still("change_code").filter(index=self.index)
            if not as_it_was.update(index=index, writer_public=public, code_changed=True):
                raise AlreadyMoved(_("This letter has another receipt already, or it was taken back."))
            self.record("change_code", by=None, at=at, actor=Actor.WRITER)
        self.index, self.code_changed = index, True

    def _move(
        self,
        verb: str,
        *,
        by: User | None,
        at: dt.datetime,
        actor: Actor | None = None,
        quiet_since: dt.date | None = None,
        only: Mapping[str, object] | None = None,
        saying: tuple[Message.Kind, str] | None = None,
    ) -> LetterEvent:
        """Make one move of ``LETTER_MOVES``. The UPDATE has the old status and ``only`` as conditions
        (``AlreadyMoved``).

        The move, and the message ``saying``, wait in the outbox before the writer sees them.
        """
        move = LETTER_MOVES[verb]
        before = LetterStatus(self.status)
        guards.check(move, before, self.label)
        quiet = quiet_since or days.quiet_from(believed_day(at), move.target)
        with transaction.atomic():
            known = days_of([self])[self.pk] if ends(before, move.target) else None
            moved = Letter.objects.filter(pk=self.pk, status=before, **(only or {})).update(
                status=move.target,
                **one_more("events_count"),
                quiet_since=quiet,
                in_no_order=False,
                **(days.months_alone() if move.target in days.ENDED else {}),
            )
            if not moved:
                raise AlreadyMoved(_("Somebody has already moved this letter."))
            event = self.write_event(
                verb, by=by, at=at, actor=actor, days=known, status_before=before, status_after=move.target
            )
            if known is not None:
                months_beside([self])
            message = self.say(*saying, at=at, status=move.target) if saying else None
            if by is not None and is_held_back(verb, before):
                self._hold_back(event, message, before=before, at=at)
        self.status, self.quiet_since = move.target, quiet
        if move.target in days.ENDED:
            for name in days.OF_A_LETTER:
                day = getattr(self, name)
                setattr(self, name, day and days.as_readable(day, move.target))
        return event

    def erase_all_words(self) -> None:
        """Erase the words of the letter and of all rows that end with it: conversation, notes, address."""
        erase_all_of(self, EndsWith.LETTER)
        self.notices.all().delete()


def ends(before: str, after: str) -> bool:
    """Whether a move from one status to the other is the end of a letter."""
    return before not in days.ENDED and after in days.ENDED


def days_of(letters: Iterable[Letter]) -> dict[uuid.UUID, dict[str, dt.date | None]]:
    """The days of the letters' rows as they stand, by letter; one query."""
    rows = Letter.objects.filter(pk__in=[letter.pk for letter in letters]).values("pk", *days.OF_A_LETTER)
    return {row.pop("pk"): row for row in rows}


def months_beside(letters: Iterable[Letter]) -> None:
    """Leave only the months of the letters' messages: the days are sealed with their words."""
    Message.objects.filter(letter__in=[letter.pk for letter in letters]).update(on=TruncMonth("on"))
