"""The progress of a letter, as its writer reads it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from columns.models import Article
from inbox.models import Consent, Letter
from inbox.workflow import LetterStatus

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise


@dataclass(frozen=True)
class LetterProgress:
    """The progress of a letter, for its writer. ``step``: the number of steps reached of ``STEPS``, 0 where they do not
    apply."""

    word: _StrOrPromise
    sentence: _StrOrPromise
    step: int = 0


#: Statuses that are not final for the writer.
WAITS = frozenset(
    {LetterStatus.RECEIVED, LetterStatus.HELD, LetterStatus.SHORTLISTED, LetterStatus.ANSWERING, LetterStatus.PUBLISHED}
)
#: The steps of a letter. A private letter ends with "Answered", without the review.
STEPS = [
    gettext_lazy("Received"),
    gettext_lazy("Read"),
    gettext_lazy("Chosen"),
    gettext_lazy("Being written"),
    gettext_lazy("Checked"),
    gettext_lazy("Out"),
]
_PRIVATE_STEPS = [*STEPS[:4], gettext_lazy("Answered")]
_RECEIVED = LetterProgress(STEPS[0], gettext_lazy("Your letter is here. A person will read it."), 1)
_READ = LetterProgress(
    STEPS[1], gettext_lazy("Somebody has read your letter. What becomes of it is not decided yet."), 2
)
_HEARD = LetterProgress(STEPS[1], gettext_lazy("Somebody has read your letter. What they wrote to you is below."), 2)
_ASKED = LetterProgress(STEPS[1], gettext_lazy("Somebody has read your letter. Their question is above."), 2)
_DECLINED_PRIVATE = LetterProgress(
    gettext_lazy("Not chosen"), gettext_lazy("Your letter will not get an answer. Below is why.")
)
_WRITTEN = LetterProgress(STEPS[3], gettext_lazy("Somebody is writing an answer."), 4)
_PROGRESS = {
    LetterStatus.RECEIVED: _RECEIVED,
    # writers are not told that a letter is held
    LetterStatus.HELD: _RECEIVED,
    LetterStatus.SHORTLISTED: LetterProgress(
        STEPS[2], gettext_lazy("Your letter was chosen. It waits for somebody to write an answer."), 3
    ),
    LetterStatus.ANSWERING: _WRITTEN,
    LetterStatus.PUBLISHED: _WRITTEN,
    LetterStatus.DECLINED: LetterProgress(
        gettext_lazy("Not chosen"), gettext_lazy("Your letter will not get an answer in the column. Below is why.")
    ),
    LetterStatus.REPLIED: LetterProgress(
        _PRIVATE_STEPS[4], gettext_lazy("There is an answer for you below. Only you can read it here.")
    ),
    LetterStatus.WITHDRAWN: LetterProgress(
        gettext_lazy("Withdrawn"), gettext_lazy("You took your letter back. Its words are erased.")
    ),
    LetterStatus.ERASED: LetterProgress(gettext_lazy("Erased"), gettext_lazy("The words of this letter are erased.")),
}


def progress(
    status: LetterStatus,
    article: Article | None,
    at: dt.datetime,
    *,
    read: bool = False,
    heard: bool = False,
    asked: bool = False,
    private: bool = False,
) -> LetterProgress:
    """The progress of a letter. For a published letter it depends on the article, which only the writer's key finds.

    ``read``: whether somebody had opened the letter by yesterday; ``heard``: whether the writer has a message from the
    desk, which shows that the letter was read; ``asked``: whether the last one is a question, shown first on the page;
    ``private``: whether the writer allows a private answer only.
    """
    if (read or heard) and _PROGRESS[status] == _RECEIVED:
        return (_ASKED if asked else _HEARD) if heard else _READ
    if status != LetterStatus.PUBLISHED or article is None:
        return _DECLINED_PRIVATE if private and status == LetterStatus.DECLINED else _PROGRESS[status]
    if article.taken_down_at is not None:
        if article.taken_down_at < article.publish_at:
            return LetterProgress(_("Taken down"), _("The answer was taken back before it came out."))
        return LetterProgress(_("Taken down"), _("The answer was in the column and has been taken down."))
    if article.is_live(at):
        return LetterProgress(STEPS[5], _("The answer is in the column."), 6)
    day = timezone.localtime(article.publish_at)
    return LetterProgress(
        _("Out on %(day)s") % {"day": date_format(day, "MONTH_DAY_FORMAT")},
        _("The answer is written and checked. It will be in the column on that day."),
        5,
    )


def steps(letter: Letter) -> list[tuple[int, _StrOrPromise]]:
    return list(enumerate(_PRIVATE_STEPS if letter.consent == Consent.PRIVATE else STEPS, 1))
