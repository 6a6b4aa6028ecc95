"""The tables of verbs of letters and drafts: source and target statuses, roles, button, sentence of the history, undo,
shortcut and page. Pure data.

Models guard their moves by these tables. Buttons, shortcuts, histories, messages after an act, undo and
``docs/workflow.md`` are generated from them.
"""

from inbox.workflow.column_verbs import COLUMN_VERBS
from inbox.workflow.draft_verbs import AT_WORK, DRAFT_ACTS, DRAFT_MOVES, DRAFT_VERBS
from inbox.workflow.letter_verbs import (
    ALIKE_TO_WRITERS,
    BACK_AS_BEFORE,
    LETTER_ACTS,
    LETTER_ENDS,
    LETTER_MOVES,
    LETTER_VERBS,
    TAKEN_BACK,
    UNDONE,
    WITH_WORDS,
)
from inbox.workflow.rows import (
    AlreadyMoved,
    ButtonPlace,
    DraftStatus,
    LetterStatus,
    Move,
    MoveRefused,
    NotAllowed,
    Role,
    Shortcut,
    Undo,
    Verb,
    Wait,
    moves_from,
    plain,
)

__all__ = [
    "ALIKE_TO_WRITERS",
    "AT_WORK",
    "BACK_AS_BEFORE",
    "COLUMN_VERBS",
    "DRAFT_ACTS",
    "DRAFT_MOVES",
    "DRAFT_VERBS",
    "LETTER_ACTS",
    "LETTER_ENDS",
    "LETTER_MOVES",
    "LETTER_VERBS",
    "TAKEN_BACK",
    "UNDONE",
    "WITH_WORDS",
    "AlreadyMoved",
    "ButtonPlace",
    "DraftStatus",
    "LetterStatus",
    "Move",
    "MoveRefused",
    "NotAllowed",
    "Role",
    "Shortcut",
    "Undo",
    "Verb",
    "Wait",
    "moves_from",
    "plain",
]
