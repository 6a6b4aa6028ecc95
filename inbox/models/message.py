"""The conversation about a letter, and the notes of the desk."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy, ngettext

from inbox.models.keystore import SealedItem
from inbox.models.sealed_kind import EndsWith, Holder, InLine, SealedKind
from inbox.models.staff import User
from inbox.workflow import NotAllowed


class Message(SealedItem):
    """One message between the desk and the letter writer after the letter."""

    class Kind(models.TextChoices):
        QUESTION = "question", gettext_lazy("A question from the desk")
        FROM_WRITER = "from_writer", gettext_lazy("From the letter writer")
        CLOSING = "closing", gettext_lazy("Why it was not chosen")
        ANSWER = "answer", gettext_lazy("A private answer")
        #: Writer approval: the edited question, for the writer to approve or correct, and the two answers. The stored
        #: value of the first is older than this name.
        APPROVAL = "proof", gettext_lazy("The edited question, to approve")
        APPROVED = "approved", gettext_lazy("The writer approves the question")
        CORRECTED = "corrected", gettext_lazy("The writer asks for a change")
        #: The address of the article, sealed to the writer alone. No key of the desk opens this message.
        ADDRESS = "address", gettext_lazy("Where the article is")

    sealed_as = SealedKind(
        holders=frozenset({Holder.DESK, Holder.WRITER}),
        column="letter__column",
        ends_with=EndsWith.LETTER,
        path="letter",
        export=InLine("conversation", ("kind", "on")),
        not_for_desk={"kind": Kind.ADDRESS},
        # the public process inserts messages; the desk deletes those that the writer has not seen
        grants={"public": "INSERT, UPDATE", "desk": "UPDATE, DELETE"},
    )

    letter = models.ForeignKey("inbox.Letter", on_delete=models.CASCADE, related_name="messages")
    kind = models.CharField(max_length=12, choices=Kind)
    on = models.DateField()
    number = models.PositiveIntegerField()

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["letter", "number"], name="message_number_once")]

    @property
    def from_desk(self) -> bool:
        return self.kind not in FROM_WRITERS


#: Kinds of messages from the writer.
FROM_WRITERS = frozenset({Message.Kind.FROM_WRITER, Message.Kind.APPROVED, Message.Kind.CORRECTED})


def leave_some_for_tomorrow(said: models.QuerySet[Message], most: int, *, at: dt.datetime) -> None:
    """Refuse another message of the writer, where ``said`` has ``most`` of them on this day."""
    if said.filter(kind__in=FROM_WRITERS, on=timezone.localdate(at)).count() >= most:
        raise too_many_today(most)


def too_many_today(most: int) -> NotAllowed:
    """The refusal of a message above the limit of a day."""
    return NotAllowed(
        ngettext(
            "You can send one message a day about this letter, and today's is with the column."
            " Please send this tomorrow.",
            "You can send %(most)d messages a day about this letter, and today's are with the column."
            " Please send this tomorrow.",
            most,
        )
        % {"most": most}
    )


class Note(SealedItem):
    """An internal remark on a letter, with the id of its event, which says who wrote it and on which day. The row has
    the month; only notes of versions before have the rest."""

    sealed_as = SealedKind(
        holders=frozenset({Holder.DESK}),
        column="letter__column",
        ends_with=EndsWith.LETTER,
        path="letter",
        export=InLine("notes", ("on",)),
        grants={"desk": "UPDATE, DELETE"},
    )

    letter = models.ForeignKey("inbox.Letter", on_delete=models.CASCADE, related_name="notes")
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    on = models.DateField()
