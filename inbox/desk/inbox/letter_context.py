"""Everything that the desk knows of one letter, for the pages that show it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext

from inbox.desk import buttons
from inbox.desk.guard import Desk
from inbox.desk.inbox import assignment, bundles, history
from inbox.desk.inbox.forms.decide import AskForm, NoteForm
from inbox.editorial import bundles as bundle_rules
from inbox.editorial import drafts
from inbox.models import Consent, Letter, Message, SealedItem
from inbox.screening import language
from inbox.screening.concerns import TITLES
from inbox.screening.details import find_details
from inbox.screening.highlight import marked
from inbox.staff import access
from inbox.triage import presence
from inbox.workflow import LETTER_ENDS, LetterStatus


@dataclass(frozen=True)
class Beside:
    """A letter with everything of it that is sealed."""

    letter: Letter
    messages: list[Message]
    notes: list[Any]

    @classmethod
    def of(cls, shown: Letter) -> Beside:
        said = shown.messages.exclude(kind=Message.Kind.ADDRESS)
        messages: list[Message] = [*said.annotate(waits_until=Max("outgoing__due_at")).order_by("number")]
        return cls(shown, messages, list(shown.notes.select_related("by")))

    @property
    def sealed(self) -> list[SealedItem]:
        return [self.letter, *self.messages, *self.notes]


def opened(
    desk: Desk,
    beside: Beside,
    words: Mapping[uuid.UUID, dict[str, Any]],
    together: Mapping[uuid.UUID, bundle_rules.Open],
    *,
    second: bool,
) -> dict[str, Any]:
    """Everything that the desk knows of a letter. ``words``: of its sealed parts, by id; ``together``: the column's
    bundles, as ``bundles.of`` returned them; ``second``: it is shown for a second look."""
    shown, at = beside.letter, desk.at
    text = str(words.get(shown.pk, {}).get("text", ""))
    draft = drafts.draft_of(shown, desk.keys)
    article = draft.article if draft else None
    unread = language.unread(str(words.get(shown.pk, {}).get("language", "")), desk.column.language)
    over = shown.status in LETTER_ENDS or shown.status == LetterStatus.ERASED
    return {
        "letter": shown,
        "age": days_since(shown.received_on, at),
        "words": words.get(shown.pk),
        "noticed": _titles(words.get(shown.pk, {})),
        "unread": gettext(unread) if unread else "",
        "parts": marked(text, find_details(text)),
        "consent": Consent(shown.consent).label,
        "turns": [_turn(message, words[message.pk], at) for message in beside.messages if message.pk in words],
        "notes": [(note, words[note.pk]["text"]) for note in beside.notes if note.pk in words],
        "lines": history.of_letter(shown),
        "draft": draft,
        # the address of an article that is not out yet holds words of its headline: they are the draft's
        "article": article if article and article.is_live(at) else None,
        "reads_drafts": bool(desk.seats & access.READS_DRAFTS),
        "buttons": buttons.of_letter(shown, desk.column, desk.seats, in_bundle=shown.pk in together, second=second),
        "over": over,
        "claimed": presence.holder(shown.pk, at=at),
        "since": f"{at.timestamp():.3f}",
        "ask_form": AskForm(prefix="ask"),
        "note_form": NoteForm(prefix="note"),
        **bundles.beside(shown, together, at=at),
        **assignment.limit_context(shown),
    }


def _titles(words: Mapping[str, Any]) -> list[str]:
    """What screening noticed in what was said, in words."""
    return [gettext(TITLES[kind]) for kind in words.get("concerns", ()) if kind in TITLES]


def _turn(message: Message, words: Mapping[str, Any], at: dt.datetime) -> dict[str, Any]:
    """One turn of the conversation; ``until``: when its writer will see it, if they do not yet."""
    until: dt.datetime | None = getattr(message, "waits_until", None)
    return {
        "message": message,
        "text": words["text"],
        "noticed": _titles(words),
        "until": until if until is not None and until > at else None,
    }


def days_since(day: dt.date, at: dt.datetime) -> int:
    """How many days ago that was."""
    return (at.date() - day).days
