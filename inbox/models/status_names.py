"""The names of roles and of the statuses of letters and drafts, as people read them."""

from __future__ import annotations

from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from inbox.workflow import DraftStatus, LetterStatus, Role

STATUS_NAMES: dict[StrEnum, Promise | str] = {
    Role.MODERATOR: _("moderator"),
    Role.REVIEWER: _("reviewer"),
    Role.AUTHOR: _("author"),
    Role.OWNER: _("owner"),
    LetterStatus.RECEIVED: _("received"),
    LetterStatus.HELD: _("held"),
    LetterStatus.SHORTLISTED: _("shortlisted"),
    LetterStatus.ANSWERING: _("answering"),
    LetterStatus.PUBLISHED: _("published"),
    LetterStatus.DECLINED: _("declined"),
    LetterStatus.REPLIED: _("replied"),
    LetterStatus.WITHDRAWN: _("withdrawn"),
    LetterStatus.ERASED: _("erased"),
    DraftStatus.WRITING: _("writing"),
    DraftStatus.IN_REVIEW: _("in review"),
    DraftStatus.APPROVED: _("approved"),
    DraftStatus.SCHEDULED: _("scheduled"),
    DraftStatus.PUBLISHED: _("published"),
    DraftStatus.TAKEN_DOWN: _("taken down"),
    DraftStatus.SHELVED: _("shelved"),
}
