"""The models of the private side. Other packages import them from here."""

from inbox.models.correction import Correction
from inbox.models.draft import DRAFT_FIELDS, Bundle, Draft, DraftVersion, NewerVersion, Review
from inbox.models.event import Actor, Chain, ColumnEvent, ColumnHistory, DraftEvent, EventKey, LetterEvent
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
from inbox.models.letter import Consent, Letter
from inbox.models.message import FROM_WRITERS, Message, Note
from inbox.models.notice import Notice, WriterAddress
from inbox.models.outgoing import WAITS, Outgoing, SecondLook
from inbox.models.retention_and_templates import LetterTemplate, Period
from inbox.models.screened import Arrival, EyeCount, Need, RuleCount
from inbox.models.staff import Invitation, SavedView, Seat, User
from inbox.models.times.clock import Clock

__all__ = [
    "DRAFT_FIELDS",
    "FROM_WRITERS",
    "WAITS",
    "Actor",
    "Arrival",
    "Bundle",
    "Chain",
    "Clock",
    "ColumnEvent",
    "ColumnHistory",
    "Consent",
    "Correction",
    "Draft",
    "DraftEvent",
    "DraftVersion",
    "EventKey",
    "EyeCount",
    "Invitation",
    "KeyGrant",
    "Letter",
    "LetterEvent",
    "LetterTemplate",
    "Message",
    "Need",
    "NewerVersion",
    "NoKey",
    "Note",
    "Notice",
    "Outgoing",
    "Period",
    "PublicKey",
    "Review",
    "RuleCount",
    "SavedView",
    "SealedItem",
    "SealedKey",
    "Seat",
    "SecondLook",
    "StaffKey",
    "User",
    "WriterAddress",
    "desk_recipient",
    "erase_words",
    "notice_recipient",
]
