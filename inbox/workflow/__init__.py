"""Every verb of a letter and of a draft, once: from where, to where, by whom, what its button says, what the history
says of it, what takes it back, its key and its page. Pure data.

Models guard by it. Buttons, keys, histories, what is said after an act, undo and ``docs/workflow.md`` are drawn from
it.
"""

from inbox.workflow.draft_verbs import DRAFT_ACTS, DRAFT_MOVES, DRAFT_VERBS
from inbox.workflow.letter_verbs import (
    ALIKE_TO_WRITERS,
    BACK_AS_BEFORE,
    LETTER_ACTS,
    LETTER_ENDS,
    LETTER_MOVES,
    LETTER_VERBS,
    TAKEN_BACK,
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
    moves_from,
    plain,
)

__all__ = [
    "ALIKE_TO_WRITERS",
    "BACK_AS_BEFORE",
    "DRAFT_ACTS",
    "DRAFT_MOVES",
    "DRAFT_VERBS",
    "LETTER_ACTS",
    "LETTER_ENDS",
    "LETTER_MOVES",
    "LETTER_VERBS",
    "TAKEN_BACK",
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
    "moves_from",
    "plain",
]
