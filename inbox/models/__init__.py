"""The private side's tables. Import from here."""

from inbox.models.draft import DRAFT_FIELDS, Bundle, Draft, DraftVersion, NewerVersion, Review
from inbox.models.event import Actor, DraftEvent, LetterEvent
from inbox.models.keystore import NoKey, PublicKey, SealedItem, SealedKey, desk_recipient, erase_words, notice_recipient
from inbox.models.letter import Consent, Letter, Message, Note
from inbox.models.notice import Notice, WriterAddress
from inbox.models.staff import Seat, User

__all__ = [
    "DRAFT_FIELDS",
    "Actor",
    "Bundle",
    "Consent",
    "Draft",
    "DraftEvent",
    "DraftVersion",
    "Letter",
    "LetterEvent",
    "Message",
    "NewerVersion",
    "NoKey",
    "Note",
    "Notice",
    "PublicKey",
    "Review",
    "SealedItem",
    "SealedKey",
    "Seat",
    "User",
    "WriterAddress",
    "desk_recipient",
    "erase_words",
    "notice_recipient",
]
