"""The audit trail. Of an event of a letter the month is readable, and its number within the letter; the day and who did
it are sealed beside it (``models/times/days.py``). Events of drafts and columns have days."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any, ClassVar

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext

from columns.models import Column, Topic
from columns.site_time import day_of
from inbox.crypto import sealing
from inbox.models.keystore import SealedItem, first_of_month
from inbox.models.screened import Need
from inbox.models.sealed_kind import EndsWith, Holder, Left, SealedKind
from inbox.models.staff import User
from inbox.models.times.days import OF_A_LETTER, open_said, seal_said
from inbox.workflow import COLUMN_VERBS, LetterStatus


class Actor(models.TextChoices):
    """The actor of an event that no member of staff caused."""

    STAFF = "staff"
    WRITER = "writer"
    SYSTEM = "system"


class Event(models.Model):
    """One row of the audit trail, never with words of a letter."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.PositiveIntegerField()
    verb = models.CharField(max_length=20)
    actor = models.CharField(max_length=8, choices=Actor)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.number} {self.verb}"

    @property
    def who(self) -> str:
        """The person's name, or the name of the actor."""
        return (
            str(self.by)
            if self.by
            else {
                Actor.WRITER.value: gettext("the letter writer"),
                Actor.STAFF.value: gettext("somebody at the desk"),
            }.get(self.actor, gettext("the system"))
        )


#: For the verb of a mark: the fields of the event with the values before and after.
MARKED: dict[str, tuple[str, str]] = {
    "mark_urgent": ("need_before", "need_after"),
    "unmark_urgent": ("need_before", "need_after"),
    "topic": ("topic_before_id", "topic_after_id"),
    "give": ("given_to_before_id", "given_to_after_id"),
    "wait": ("held_until_before", "held_until_after"),
    "limit": ("messages_a_day_before", "messages_a_day_after"),
}
#: The fields of a letter's event that record a change, as chains cover them in every event. ``LATER``: the fields that
#: were added when there were chains, which a chain covers where they are set (``operations/audit_chain.py``).
LATER = ("need_before", "need_after")
CHANGED = (
    *("status_before", "status_after", "consent_before", "consent_after"),
    *(name for pair in MARKED.values() for name in pair if name not in LATER),
    "undoes",
)
#: Marks from before ``need`` was kept with the event: it was set to the highest value, or to none.
_UNSAID = {"mark_urgent": (Need.NONE, Need.NOW), "unmark_urgent": (Need.NOW, Need.NONE)}


def _topic() -> Any:
    """A field for the id of a topic at that time. It is no foreign key: the row stays the same when the topic is
    removed."""
    return models.ForeignKey(
        Topic, on_delete=models.DO_NOTHING, null=True, db_constraint=False, db_index=False, related_name="+"
    )


def _person() -> Any:
    return models.ForeignKey(User, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")


class LetterEvent(Event):
    """An event of a letter. Each attribute that an event can change has two fields, before and after; the other fields
    are empty.

    ``sealed``: the day, who did it, until when a letter was held, and of an event that ends a letter the letter's days.
    In the row ``on`` is the month then and the others are empty; an event that was just written, or opened
    (``keys/opened_events.py``), has all of it in memory. Only events of versions before have it in the row.
    """

    letter = models.ForeignKey("inbox.Letter", on_delete=models.CASCADE, related_name="events")
    on = models.DateField()
    sealed = models.BinaryField(max_length=320, null=True, editable=False)
    status_before = models.CharField(max_length=12, blank=True)
    status_after = models.CharField(max_length=12, blank=True)
    consent_before = models.CharField(max_length=12, blank=True)
    consent_after = models.CharField(max_length=12, blank=True)
    topic_before = _topic()
    topic_after = _topic()
    given_to_before = _person()
    given_to_after = _person()
    held_until_before = models.DateField(null=True)
    held_until_after = models.DateField(null=True)
    messages_a_day_before = models.PositiveSmallIntegerField(null=True)
    messages_a_day_after = models.PositiveSmallIntegerField(null=True)
    need_before = models.PositiveSmallIntegerField(null=True, choices=Need)
    need_after = models.PositiveSmallIntegerField(null=True, choices=Need)
    undoes = models.PositiveIntegerField(null=True, help_text="The number of the event of this letter it takes back")

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["letter", "number"], name="letter_event_number_once"),
            models.CheckConstraint(
                condition=Q(status_before="", status_after="")
                | Q(status_before__in=list(LetterStatus), status_after__in=list(LetterStatus)),
                name="letter_event_moves_between_known_statuses",
            ),
            models.CheckConstraint(
                condition=Q(undoes=None) | Q(undoes__lt=F("number")), name="letter_event_undoes_an_earlier_one"
            ),
            *(
                models.CheckConstraint(
                    condition=Q(verb=verb) | Q(**{f"{name.removesuffix('_id')}__isnull": True for name in names}),
                    name=f"letter_event_{verb}_is_marked_alone",
                )
                for verb, names in MARKED.items()
                if names != LATER
            ),
            models.CheckConstraint(
                condition=Q(verb__in=["mark_urgent", "unmark_urgent"])
                | Q(need_before__isnull=True, need_after__isnull=True),
                name="letter_event_need_is_marked_alone",
            ),
        ]

    #: The days of the letter at its end, by field, where they are known.
    days: dict[str, dt.date | None] | None = None

    @classmethod
    def new(
        cls,
        letter: Any,
        *,
        by: User | None,
        on: dt.date,
        days: Mapping[str, dt.date | None] | None = None,
        **fields: Any,
    ) -> LetterEvent:
        """An unsaved event. Without a key of the letter (its words are gone, or a version before took it) only the
        month is kept."""
        held = {name: fields.pop(name, None) for name in MARKED["wait"]}
        event = cls(letter=letter, on=first_of_month(on), **fields)
        event.sealed = cls.sealed_of(letter, event.pk, by=by.pk if by else None, on=on, days=days, **held)
        return event

    @staticmethod
    def sealed_of(
        letter: Any,
        event_id: uuid.UUID,
        *,
        by: int | None,
        on: dt.date,
        days: Mapping[str, dt.date | None] | None = None,
        **held: dt.date | None,
    ) -> bytes | None:
        """What is sealed with an event; ``None`` for a letter without a key."""
        if not letter.events_public:
            return None
        said = {
            "on": on.isoformat(),
            "by": by,
            **{name: day and day.isoformat() for name, day in held.items()},
            "days": days and [day and day.isoformat() for day in days.values()],
        }
        return seal_said(event_id, said, bytes(letter.events_public))

    def known(
        self, *, by: User | None, on: dt.date, days: Mapping[str, dt.date | None] | None, **held: Any
    ) -> LetterEvent:
        """The event, after it was saved, with what was sealed, in memory alone."""
        self.by, self.on, self.days = by, on, dict(days) if days else None
        for name in MARKED["wait"]:
            setattr(self, name, held.get(name))
        return self

    def opened(self, private: X25519PrivateKey) -> None:
        """Fill in what was sealed, in memory. Raises ``CannotOpen``."""
        said = open_said(self.pk, bytes(self.sealed or b""), private)
        self.on, self.by_id = dt.date.fromisoformat(said["on"]), said.get("by")
        for name in MARKED["wait"]:
            setattr(self, name, dt.date.fromisoformat(said[name]) if name in said else None)
        if "days" in said:
            days = (day and dt.date.fromisoformat(day) for day in said["days"])
            self.days = dict(zip(OF_A_LETTER, days, strict=True))
        self.sealed = None

    @property
    def changes(self) -> dict[str, Any]:
        """The non-empty fields that record a change, by name."""
        said = {name: getattr(self, name) for name in (*CHANGED, *LATER)}
        return {name: value for name, value in said.items() if value not in ("", None)}

    @property
    def marked(self) -> tuple[Any, Any]:
        """The value of the mark before and after, as in the letter's field."""
        before, after = (getattr(self, name) for name in MARKED[self.verb])
        return _UNSAID[self.verb] if after is None and self.verb in _UNSAID else (before, after)


class EventKey(SealedItem):
    """The private half of the key to which the days of a letter's events are sealed, and who did them. The public half
    is ``Letter.events_public``.

    Sealed: ``private`` (hex), and ``came``: the day of the letter. Of a letter from before there were such keys also
    ``days`` (of its row) and ``messages`` (the days of its messages, by number), as they were.
    """

    sealed_as = SealedKind(
        holders=frozenset({Holder.DESK, Holder.WRITER}),
        column="letter__column",
        ends_with=EndsWith.LETTER,
        path="letter",
        copied=False,
        export=Left("It opens the days of the letter's events, which are in the export themselves."),
        grants={"public": "INSERT"},
    )

    letter = models.OneToOneField("inbox.Letter", on_delete=models.CASCADE, related_name="event_key")

    @classmethod
    def give(cls, letter: Any, to: list[sealing.Recipient], private: X25519PrivateKey, **more: Any) -> None:
        """Seal the private half for the letter, whose row has the public half. ``more``: sealed beside it."""
        cls(letter=letter).seal({"private": private.private_bytes_raw().hex(), **more}, to=to)


def still_in_drafts(letter: str = "pk") -> models.Q:
    """A condition that a draft has answered the letter, so may contain copied words, which were not erased since.
    ``letter``: the lookup of the letter's id in the query."""
    events = LetterEvent.objects.filter(letter=models.OuterRef(letter))
    return models.Q(models.Exists(events.filter(verb="answer")), ~models.Exists(events.filter(verb="forget")))


class ColumnEvent(Event):
    """An event of the column itself: staff, keys, retention, texts, exports."""

    column = models.ForeignKey(Column, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField()
    #: Names as people gave them, and codes of the program: what is shown of it is said in the reader's language
    #: (``desk/owner/history.py``).
    about = models.CharField(max_length=200, blank=True, help_text="Whom or what it concerned; never a letter's words")

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["column", "number"], name="column_event_number_once")]

    @property
    def said(self) -> str:
        """The event as a sentence in the active language."""
        return gettext(COLUMN_VERBS.get(self.verb, self.verb))

    @classmethod
    def write(cls, column: Column, verb: str, *, by: User | None, at: dt.datetime, about: str = "") -> ColumnEvent:
        """Write the next event of the column, in the caller's transaction. Concurrent events are numbered in turn."""
        actor = Actor.STAFF if by else Actor.SYSTEM
        with transaction.atomic():
            history, _ = ColumnHistory.objects.get_or_create(column=column)
            ColumnHistory.objects.filter(pk=history.pk).update(**one_more("events_count"))
            place = number(history, "events_count")
            return cls.objects.create(
                column=column, number=place, verb=verb, actor=actor, by=by, at=day_of(at), about=about[:200]
            )


class ColumnHistory(models.Model):
    """The number of events of a column, in a table of its own since ``Column`` is on the public side."""

    column = models.OneToOneField(Column, on_delete=models.CASCADE, primary_key=True, related_name="+")
    events_count = models.PositiveIntegerField(default=0, editable=False)

    def __str__(self) -> str:
        return f"history of {self.column_id}"


class Chain(models.Model):
    """The head of the keyed chain over the events of one letter, draft or column, or the root over all heads
    (``operations/audit_chain.py``). Its id is random: one that counts would tell in which order letters came."""

    class Kind(models.TextChoices):
        LETTER = "letter"
        DRAFT = "draft"
        COLUMN = "column"
        ROOT = "root"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=8, choices=Kind)
    subject = models.CharField(max_length=36, blank=True, help_text="The id of the letter, draft or column")
    upto = models.PositiveIntegerField(help_text="Number of the last event that the head covers")
    head = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["kind", "subject"], name="one_chain_a_subject")]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"


class DraftEvent(Event):
    draft = models.ForeignKey("inbox.Draft", on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField()
    status_before = models.CharField(max_length=12, blank=True)
    status_after = models.CharField(max_length=12, blank=True)

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["draft", "number"], name="draft_event_number_once")]


# --- numbers of rows: events and messages of a letter, events and versions of a draft, events of a column -------------
#
# Each kind is counted by a field of the owning row. An UPDATE raises the count (``one_more``) and locks that row until
# the transaction ends, so concurrent rows are numbered in turn; the number is read back afterwards (``number``). Where
# the last messages of a letter are removed, the count is lowered (``bulk_moves.remove_messages``).


def one_more(counter: str) -> dict[str, Any]:
    """The assignment for the UPDATE of the owning row that raises the counter."""
    return {counter: F(counter) + 1}


def number(counted: models.Model, counter: str, *also: str) -> int:
    """The counter after the UPDATE, read into ``counted`` together with the fields ``also``, in one query."""
    counted.refresh_from_db(fields=[counter, *also])
    return int(getattr(counted, counter))
