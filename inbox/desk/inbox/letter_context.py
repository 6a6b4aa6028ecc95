"""The context of one letter, for the pages that show it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext

from inbox.desk import buttons
from inbox.desk.guard import Desk
from inbox.desk.inbox import bundles, findings, history, limit_and_practice
from inbox.desk.inbox.findings import Shown
from inbox.desk.inbox.forms.decide import AskForm, NoteForm
from inbox.editorial import bundles as bundle_rules
from inbox.editorial import drafts
from inbox.keys import opened_events
from inbox.letters import restored_days
from inbox.models import Consent, EventKey, Letter, Message, SealedItem
from inbox.models.times.days import ENDED
from inbox.screening import language
from inbox.screening.details import find_details, speaks
from inbox.staff import access
from inbox.triage import presence
from inbox.workflow import LETTER_ENDS, LetterStatus


@dataclass(frozen=True)
class Beside:
    """A letter with its messages and notes."""

    letter: Letter
    messages: list[Message]
    notes: list[Any]
    event_key: EventKey | None

    @classmethod
    def of(cls, shown: Letter) -> Beside:
        """Read the messages that the desk can open, in order, and the notes; two queries. The key of the events was
        read with the letter."""
        messages_of_desk = shown.messages.exclude(kind=Message.Kind.ADDRESS)
        messages: list[Message] = [*messages_of_desk.annotate(waits_until=Max("outgoing__due_at")).order_by("number")]
        return cls(shown, messages, list(shown.notes.all()), getattr(shown, "event_key", None))

    @property
    def sealed(self) -> list[SealedItem]:
        """The sealed items to open."""
        return [self.letter, *self.messages, *self.notes, *([self.event_key] if self.event_key else [])]

    def show_days(self, payloads: Mapping[uuid.UUID, dict[str, Any]]) -> list[history.Line]:
        """Return the history; filled in are the days of the letter, its messages and its notes, as far as the opened
        content has them."""
        known = payloads.get(self.event_key.pk) if self.event_key else None
        private = opened_events.private_of(known) if known else None
        lines = history.of_letter(self.letter, private, self.notes)
        for message in self.messages:
            message.on = restored_days.of_message(message, payloads.get(message.pk), known)
        if self.letter.status in ENDED and known and "came" in known:
            self.letter.received_on = dt.date.fromisoformat(known["came"])
        return lines


def opened(
    desk: Desk,
    beside: Beside,
    payloads: Mapping[uuid.UUID, dict[str, Any]],
    together: Mapping[uuid.UUID, bundle_rules.Open],
    *,
    second: bool,
) -> dict[str, Any]:
    """Return the context of a letter. ``payloads``: the opened content of its sealed items, by id; ``together``: the
    column's bundles, as ``bundles.of`` returns them; ``second``: it is shown for a second look."""
    shown, at = beside.letter, desk.at
    details = find_details(str(payloads.get(shown.pk, {}).get("text", "")), desk.column.public_names())
    shelf = findings.Shelf(payloads)
    seen = shelf.of(shown.pk, details)
    messages = (message for message in beside.messages if message.pk in payloads)
    turns = [_turn(message, payloads[message.pk], shelf.of(message.pk), at) for message in messages]
    lines = beside.show_days(payloads)
    draft = drafts.draft_of(shown, desk.keys)
    article = draft.article if draft else None
    unread = language.unread(str(payloads.get(shown.pk, {}).get("language", "")), desk.column.language)
    over = shown.status in LETTER_ENDS or shown.status == LetterStatus.ERASED
    return {
        "letter": shown,
        "age": days_since(shown.received_on, at),
        "words": payloads.get(shown.pk),
        "screened": seen,
        "unread": gettext(unread) if unread else "",
        "has_details": bool(details),
        "unmarked": not speaks(str(payloads.get(shown.pk, {}).get("language", ""))),
        "consent": Consent(shown.consent).label,
        "turns": turns,
        "may_deny": seen.open or any(turn["screened"].open for turn in turns),
        # what the desk says of findings is a note without a text
        "notes": [(note, text) for note in beside.notes if (text := payloads.get(note.pk, {}).get("text"))],
        "lines": lines,
        "draft": draft,
        # the URL of an unpublished article has words of its headline, which only readers of drafts may see
        "article": article if article and article.is_live(at) else None,
        "reads_drafts": bool(desk.seats & access.READS_DRAFTS),
        "buttons": buttons.of_letter(shown, desk.column, desk.seats, in_bundle=shown.pk in together, second=second),
        "over": over,
        "claimed": presence.holder(shown.pk, at=at),
        "since": f"{at.timestamp():.3f}",
        "ask_form": AskForm(prefix="ask"),
        "note_form": NoteForm(prefix="note"),
        **bundles.beside(shown, together, at=at),
        **limit_and_practice.limit_context(shown),
    }


def _turn(message: Message, payload: Mapping[str, Any], seen: Shown, at: dt.datetime) -> dict[str, Any]:
    """Return one message of the conversation; ``until``: when its writer will see it, if that is still to come."""
    until: dt.datetime | None = getattr(message, "waits_until", None)
    return {
        "message": message,
        "text": payload["text"],
        "screened": seen,
        "until": until if until is not None and until > at else None,
    }


def days_since(day: dt.date, at: dt.datetime) -> int:
    """Return the number of days since ``day``."""
    return (timezone.localdate(at) - day).days
