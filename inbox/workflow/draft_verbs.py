"""Every verb of a draft. Pure data."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping

from inbox.i18n import gettext_noop as _
from inbox.workflow.rows import ButtonPlace, DraftStatus, Move, Role, Verb

_D, _R = DraftStatus, Role
_AUTHOR = frozenset({_R.AUTHOR})
_REVIEWER = frozenset({_R.REVIEWER})

#: Statuses of drafts whose letters are being answered.
AT_WORK = frozenset({_D.WRITING, _D.IN_REVIEW, _D.APPROVED})

DRAFT_MOVES: dict[str, Move[DraftStatus]] = {
    "send": Move(
        sources=frozenset({_D.WRITING}),
        target=_D.IN_REVIEW,
        roles=_AUTHOR,
        label=_("Send for review"),
        sentence=_("The draft was sent to the second reader."),
        done=_("It is with the second reader."),
        undo="edit",
        place=ButtonPlace.FIRST,
        main=True,
    ),
    "edit": Move(
        sources=frozenset({_D.IN_REVIEW, _D.APPROVED, _D.SCHEDULED}),
        target=_D.WRITING,
        roles=_AUTHOR,
        label=_("Edit again"),
        sentence=_("The draft went back to writing."),
        done=_("You can write again. An approval has lapsed with this."),
        undo="send",
        place=ButtonPlace.FIRST,
    ),
    "write_anew": Move(
        sources=frozenset({_D.TAKEN_DOWN}),
        target=_D.WRITING,
        roles=_AUTHOR,
        label=_("Write it anew"),
        sentence=_("The draft is written anew."),
        done=_("You can write again. What was taken down stays down; this goes out as a new article."),
        place=ButtonPlace.FIRST,
        main=True,
    ),
    "shelve": Move(
        sources=AT_WORK,
        target=_D.SHELVED,
        roles=_AUTHOR,
        label=_("Shelve"),
        sentence=_("The draft was shelved."),
        done=_("It is on the shelf, and its letters are on the shortlist again."),
        undo="unshelve",
        place=ButtonPlace.FIRST,
    ),
    "unshelve": Move(
        sources=frozenset({_D.SHELVED}),
        target=_D.WRITING,
        roles=_AUTHOR,
        label=_("Take off the shelf"),
        sentence=_("The draft was taken off the shelf."),
        done=_("It is off the shelf."),
        undo="shelve",
        place=ButtonPlace.FIRST,
        main=True,
    ),
    "approve": Move(
        sources=frozenset({_D.IN_REVIEW}),
        target=_D.APPROVED,
        roles=_REVIEWER,
        label=_("Read it as second reader"),
        sentence=_("The draft was approved."),
        done=_("Approved. The author can publish it."),
        undo="edit",
        page="desk:review",
        place=ButtonPlace.FIRST,
    ),
    "ask_changes": Move(
        sources=frozenset({_D.IN_REVIEW}),
        target=_D.WRITING,
        roles=_REVIEWER,
        label=_("Read it as second reader"),
        sentence=_("The second reader asked for changes."),
        done=_("It is back with the author."),
        undo="send",
        page="desk:review",
        place=ButtonPlace.FIRST,
    ),
    "publish": Move(
        sources=frozenset({_D.APPROVED}),
        target=_D.PUBLISHED,
        roles=_AUTHOR,
        label=_("Publish"),
        sentence=_("The article went out."),
        done=_("The article is out: %(address)s"),
        undo="take_down",
        page="desk:publish",
        place=ButtonPlace.FIRST,
        main=True,
    ),
    "schedule": Move(
        sources=frozenset({_D.APPROVED}),
        target=_D.SCHEDULED,
        roles=_AUTHOR,
        label=_("Publish"),
        sentence=_("The article was scheduled."),
        done=_("The article goes out on %(day)s at %(time)s: %(address)s"),
        undo="unschedule",
        page="desk:publish",
        place=ButtonPlace.FIRST,
        main=True,
    ),
    "unschedule": Move(
        sources=frozenset({_D.SCHEDULED}),
        target=_D.APPROVED,
        roles=_AUTHOR,
        label=_("Do not publish"),
        sentence=_("The article was taken off its date. The approval stays."),
        done=_("It does not go out. It is still approved, and can get another date."),
        undo="schedule",
        place=ButtonPlace.FIRST,
    ),
    "go_live": Move(
        sources=frozenset({_D.SCHEDULED}), target=_D.PUBLISHED, sentence=_("The time of the article has come.")
    ),
    "not_live": Move(
        sources=frozenset({_D.PUBLISHED}),
        target=_D.SCHEDULED,
        sentence=_("The time of the article has not come: the clock was ahead."),
    ),
    "take_down": Move(
        sources=frozenset({_D.SCHEDULED, _D.PUBLISHED}),
        target=_D.TAKEN_DOWN,
        roles=frozenset({_R.AUTHOR, _R.OWNER}),
        label=_("Take down"),
        unoffered=frozenset({_D.SCHEDULED}),  # what is not out yet is not published instead
        sentence=_("The article was taken down."),
        done=_("The article is down. Its address answers with a kind sentence."),
        page="desk:take_down",
        place=ButtonPlace.FIRST,
    ),
}

#: What is said of those for an article that is out, where it is not.
_NOT_OUT = dict.fromkeys(frozenset(_D) - {_D.PUBLISHED}, _("There is no article of this draft in the column now."))

#: Verbs that do not change the status of a draft.
DRAFT_ACTS: dict[str, Verb[DraftStatus]] = {
    "correct": Verb(
        sources=frozenset({_D.PUBLISHED}),
        roles=_AUTHOR,
        label=_("Correct"),
        sentence=_("A correction was sent to the second reader."),
        done=_("The correction is with the second reader. The article stays as it is until then."),
        refused=_NOT_OUT,
        page="desk:correct",
        place=ButtonPlace.FIRST,
    ),
    "approve_correction": Verb(
        sources=frozenset({_D.PUBLISHED}),
        roles=_REVIEWER,
        label=_("Read the correction, or review"),
        sentence=_("A correction was approved, and is in the article."),
        done=_("Approved. The correction is in the article."),
        refused=_NOT_OUT,
        page="desk:correction",
        place=ButtonPlace.FIRST,
    ),
    "ask_correction": Verb(
        sources=frozenset({_D.PUBLISHED}),
        roles=_REVIEWER,
        label=_("Read the correction, or review"),
        sentence=_("The second reader asked for changes of a correction."),
        done=_("The correction is back with the author."),
        refused=_NOT_OUT,
        page="desk:correction",
        place=ButtonPlace.FIRST,
    ),
    "confirm": Verb(
        sources=frozenset({_D.PUBLISHED}),
        roles=_REVIEWER,
        label=_("Read the correction, or review"),
        sentence=_("The article was reviewed, and nothing was to be changed."),
        done=_("The article says that you reviewed it today."),
        refused=_NOT_OUT,
        page="desk:correction",
        place=ButtonPlace.FIRST,
    ),
    "reschedule": Verb(
        sources=frozenset({_D.SCHEDULED}),
        roles=_AUTHOR,
        label=_("Change the date"),
        sentence=_("The article got another date. The approval stays."),
        done=_("The article goes out on %(day)s at %(time)s. Its approval stays."),
        refused=dict.fromkeys(
            frozenset(_D) - {_D.SCHEDULED}, _("Only an article with a date that has not come yet can get another one.")
        ),
        page="desk:reschedule",
        place=ButtonPlace.FIRST,
    ),
    "erase": Verb(sources=frozenset(_D), sentence=_("The words of the draft were erased.")),
}
DRAFT_VERBS: Mapping[str, Verb[DraftStatus]] = ChainMap(DRAFT_ACTS, DRAFT_MOVES)  # type: ignore[arg-type]
