"""What the events of a draft say, in words, and by which button its last move is taken back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from inbox.models import Draft, DraftEvent
from inbox.models.status_names import STATUS_NAMES
from inbox.workflow import DRAFT_MOVES, DRAFT_VERBS, DraftStatus, Move


@dataclass(frozen=True)
class DraftLine:
    """One line of the history of a draft. ``moved``: from where to where, in words; empty where nothing moved."""

    event: DraftEvent
    said: str
    moved: str


def of_draft(draft: Draft) -> list[DraftLine]:
    """Every line of the draft's trail, the first one first; one query."""
    lines = []
    for event in draft.events.select_related("by"):
        row = DRAFT_VERBS.get(event.verb)
        # of a version to come, in a backup: the name of the verb is all that is known
        said = gettext(row.sentence) if row else event.verb
        moved = (
            f"{_status_name(event.status_before)} → {_status_name(event.status_after)}" if event.status_before else ""
        )
        lines.append(DraftLine(event, said, moved))
    return lines


def way_back(lines: Sequence[DraftLine], moves: Mapping[str, Move[DraftStatus]]) -> str:
    """The label of the button that takes the last line back, by the table; "" where it is not among ``moves``."""
    last = DRAFT_MOVES.get(lines[-1].event.verb) if lines else None
    back = moves.get(last.undo) if last else None
    return gettext(back.label) if back else ""


def _status_name(status: str) -> str:
    return str(STATUS_NAMES[DraftStatus(status)]) if status in list(DraftStatus) else status
