"""What was decided: who may use which address of the desk. ``test_matrix.py`` tries it out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from inbox.workflow import DraftStatus, Role

M, A, R, O = Role.MODERATOR, Role.AUTHOR, Role.REVIEWER, Role.OWNER  # noqa: E741 - one letter for each seat
LETTERS, DRAFTS, EVERY = {M, A}, {A, R}, {M, A, R, O}
ANYBODY = "anybody"
NO = None


@dataclass(frozen=True)
class Row:
    """Who may GET and who may POST; ``None``: the method is not there. ``fresh``: wants a fresh sign-in first."""

    get: Any
    post: Any
    fresh: bool = False


TABLE: dict[str, Row] = {
    "home": Row(ANYBODY, NO),
    **dict.fromkeys(("unlock", "me", "invitation"), Row(ANYBODY, ANYBODY)),
    "copy_key": Row(NO, ANYBODY),
    "practice": Row(EVERY, EVERY),
    "reassign": Row(NO, {O}),
    "reassign_undo": Row(NO, EVERY),
    **dict.fromkeys(("inbox", "inbox_view"), Row(LETTERS, NO)),
    **dict.fromkeys(("letter", "alike", "start", "news", "panels", "did"), Row(LETTERS, NO)),
    **dict.fromkeys(("pulse", "view_save", "view_drop", "claim", "look", "undo", "undo_many"), Row(NO, LETTERS)),
    **dict.fromkeys(("mark", "decline", "ask", "note", "point", "decline_many", "search"), Row(LETTERS, LETTERS)),
    **dict.fromkeys(("move", "limit", "not_so", "opened"), Row(NO, LETTERS)),
    "reply": Row({A}, {A}),
    **{act: Row(LETTERS if act == "together" else NO, LETTERS) for act in ("together", "bundle_out", "bundle_lead")},
    "drafts": Row(DRAFTS, NO),
    "writer_approval": Row(NO, {A}),
    "draft_start": Row(NO, {A}),
    "draft": Row(DRAFTS, {A}),
    "draft_preview": Row(DRAFTS, DRAFTS),
    "draft_versions": Row(DRAFTS, NO),
    "draft_restore": Row(NO, {A}),
    **dict.fromkeys(("draft_letters", "draft_move"), Row(NO, {A})),
    **dict.fromkeys(("publish", "reschedule"), Row({A}, {A})),
    "take_down": Row({A, O}, {A, O}),
    "staff": Row(EVERY, NO),
    "staff_invite": Row(NO, {O}, fresh=True),
    "staff_call_back": Row(NO, {O}, fresh=True),
    "staff_recover": Row(NO, {O}, fresh=True),
    "staff_reseal": Row(NO, {M, A, R}, fresh=True),
    "staff_seats": Row(NO, {O}, fresh=True),
    **dict.fromkeys(("staff_second_factor", "staff_sessions", "staff_password"), Row(NO, {O}, fresh=True)),
    "staff_keys": Row(NO, {M, A, R}, fresh=True),
    "reviews": Row(DRAFTS, NO),
    "correct": Row({A}, {A}),
    **dict.fromkeys(("review", "correction"), Row({R}, {R})),
    "review_text": Row(DRAFTS, NO),
    **dict.fromkeys(("owner", "owner_health"), Row({O}, NO)),
    **{
        f"owner_{page}": Row({O}, {O})
        for page in ("opening", "texts", "texts_preview", "topics", "help_lines", "known_lines", "templates", "intake")
    },
    "owner_care": Row({R, O}, {R, O}),
    **dict.fromkeys(("owner_retention", "owner_export"), Row({O}, {O}, fresh=True)),
}
#: The access paths to words beside the page made for them, by what they do: the names of their URLs.
ACCESS_PATHS = {
    "preview": {"draft_preview", "review_text"},
    "compare": {"draft_versions"},
    "history": {"letter", "draft_versions"},
    "copy": {"draft_start", "draft_restore"},
    "bulk": {"draft_start", "draft_letters", "decline_many"},
    "search": {"search"},
    "likeness": {"alike", "together"},
    "export": {"owner_export"},
}
#: The address by which somebody makes a move, where it is not ``move`` or ``draft_move`` with the verb's name.
MOVE_AT = {
    "letter": {"decline": "decline", "reply": "reply", "point": "point", "answer": "draft_start"},
    "draft": {
        "ask_changes": "review",
        "approve": "review",
        "schedule": "publish",
        "publish": "publish",
        "take_down": "take_down",
    },
}
#: Refused although the table has the move: what is not out yet is stopped by "unschedule" and not taken down.
REFUSED = {("take_down", DraftStatus.SCHEDULED)}
