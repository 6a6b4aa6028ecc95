"""The audit trail. Events of letters and of drafts have separate tables, so that neither the order of insertion nor a
time leads from a letter to a draft: an event of a letter has only a date and its number within the letter."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any, ClassVar

from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext

from columns.models import Column, Topic
from inbox.models.numbering import number, one_more
from inbox.models.screened import Need
from inbox.models.staff import User
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
            else (gettext("the letter writer") if self.actor == Actor.WRITER else gettext("the system"))
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
    are empty."""

    letter = models.ForeignKey("inbox.Letter", on_delete=models.CASCADE, related_name="events")
    on = models.DateField()
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
                column=column, number=place, verb=verb, actor=actor, by=by, at=at, about=about[:200]
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
