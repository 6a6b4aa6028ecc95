"""The private side's tables. Import from here."""

from inbox.models.draft import DRAFT_FIELDS, Bundle, Draft, DraftVersion, NewerVersion, Review
from inbox.models.event import Actor, Chain, ColumnEvent, DraftEvent, LetterEvent
from inbox.models.keeping import LetterTemplate, Period
from inbox.models.keystore import (
    KeyGrant,
    NoKey,
    PublicKey,
    SealedItem,
    SealedKey,
    StaffKey,
    desk_recipient,
    erase_words,
    notice_recipient,
)
from inbox.models.letter import Consent, Letter, Message, Note
from inbox.models.notice import Notice, WriterAddress
from inbox.models.staff import Seat, User

__all__ = [
    "DRAFT_FIELDS",
    "Actor",
    "Bundle",
    "Chain",
    "ColumnEvent",
    "Consent",
    "Draft",
    "DraftEvent",
    "DraftVersion",
    "KeyGrant",
    "Letter",
    "LetterEvent",
    "LetterTemplate",
    "Message",
    "NewerVersion",
    "NoKey",
    "Note",
    "Notice",
    "Period",
    "PublicKey",
    "Review",
    "SealedItem",
    "SealedKey",
    "Seat",
    "StaffKey",
    "User",
    "WriterAddress",
    "desk_recipient",
    "erase_words",
    "notice_recipient",
]
