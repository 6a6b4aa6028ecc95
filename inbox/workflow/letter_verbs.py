"""Every verb of a letter: moves first, then the verbs that do not change the status. Pure data."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping

from inbox.i18n import gettext_noop as _
from inbox.workflow.rows import ButtonPlace, LetterStatus, Move, Role, Shortcut, Undo, Verb, Wait

_L, _R = LetterStatus, Role
_DESK = frozenset({_R.MODERATOR, _R.AUTHOR})
_AUTHOR = frozenset({_R.AUTHOR})

#: Statuses that look the same to writers, who are not told that a letter is held.
ALIKE_TO_WRITERS = frozenset({_L.RECEIVED, _L.HELD})

#: Final statuses.
LETTER_ENDS = frozenset({_L.PUBLISHED, _L.DECLINED, _L.REPLIED, _L.WITHDRAWN})

#: Statuses in which a letter has its words.
WITH_WORDS = frozenset(_L) - {_L.WITHDRAWN, _L.ERASED}
_IN_WORK = WITH_WORDS - LETTER_ENDS
_UNDECIDED = frozenset({_L.RECEIVED, _L.HELD, _L.SHORTLISTED})
_GONE = frozenset(_L) - WITH_WORDS

#: Why a writer cannot answer any more when they are shown their edited question.
_NO_ANSWER = {
    **dict.fromkeys(_GONE, _("You took this letter back. There is nothing left that could go out.")),
    _L.PUBLISHED: _(
        "It is too late to change the text here: the answer to your letter is done. You can still take your letter "
        "back, and the answer with it."
    ),
}

#: Moves, in the order of their buttons.
LETTER_MOVES: dict[str, Move[LetterStatus]] = {
    "shortlist": Move(
        sources=frozenset({_L.RECEIVED, _L.HELD}),
        target=_L.SHORTLISTED,
        roles=_DESK,
        label=_("Shortlist"),
        sentence=_("%(letter)s was put on the shortlist."),
        done=_("%(letter)s is on the shortlist."),
        undo=Undo.MOVE,
        shortcut=Shortcut("s"),
        place=ButtonPlace.FIRST,
        main=True,
    ),
    "hold": Move(
        sources=frozenset({_L.RECEIVED}),
        target=_L.HELD,
        roles=_DESK,
        label=_("Hold"),
        sentence=_("%(letter)s was held."),
        done=_("%(letter)s is held."),
        detailed=_("%(letter)s was held until %(day)s."),
        done_detailed=_("%(letter)s is held until %(day)s."),
        undo=Undo.MOVE,
        shortcut=Shortcut("h", title=_("Hold until a day")),
        place=ButtonPlace.FIRST,
        panel=True,
    ),
    "release": Move(
        sources=frozenset({_L.HELD}),
        target=_L.RECEIVED,
        roles=_DESK,
        label=_("Release"),
        sentence=_("%(letter)s was released."),
        done=_("%(letter)s is released."),
        undo=Undo.MOVE,
        shortcut=Shortcut(name="hold"),
        place=ButtonPlace.FIRST,
    ),
    "put_back": Move(
        sources=frozenset({_L.SHORTLISTED}),
        target=_L.RECEIVED,
        roles=_DESK,
        label=_("Put back"),
        sentence=_("%(letter)s was put back."),
        done=_("%(letter)s is back among the new ones."),
        undo=Undo.MOVE,
        shortcut=Shortcut("b", title=_("Put back among the new ones")),
        place=ButtonPlace.MORE,
    ),
    "decline": Move(
        sources=_UNDECIDED,
        target=_L.DECLINED,
        roles=_DESK,
        label=_("Decline kindly"),
        sentence=_("%(letter)s was declined."),
        done=_("%(letter)s is declined."),
        undo=Undo.SAID,
        shortcut=Shortcut("d"),
        page="desk:decline",
        place=ButtonPlace.FIRST,
        panel=True,
    ),
    "reply": Move(
        sources=_UNDECIDED | {_L.ANSWERING},
        target=_L.REPLIED,
        roles=_AUTHOR,
        label=_("Answer privately"),
        sentence=_("%(letter)s was answered privately."),
        done=_("%(letter)s is answered."),
        undo=Undo.SAID,
        shortcut=Shortcut("r"),
        page="desk:reply",
        place=ButtonPlace.MORE,
    ),
    "point": Move(
        sources=_UNDECIDED,
        target=_L.REPLIED,
        roles=_DESK,
        label=_("Already answered"),
        sentence=_("%(letter)s was answered with an article that was there already."),
        done=_("%(letter)s is answered with an article."),
        undo=Undo.SAID,
        shortcut=Shortcut("a", name="answered", title=_("Already answered: send the article")),
        page="desk:point",
        place=ButtonPlace.FIRST,
        panel=True,
    ),
    "reopen": Move(
        sources=frozenset({_L.DECLINED}),
        target=_L.RECEIVED,
        roles=_DESK,
        label=_("Take it up again"),
        sentence=_("%(letter)s was taken up again."),
        done=_("%(letter)s is among the new ones again."),
        undo=Undo.MOVE,
        second_look=True,
        place=ButtonPlace.FIRST,
    ),
    "answer": Move(
        sources=frozenset({_L.SHORTLISTED}),
        target=_L.ANSWERING,
        roles=_AUTHOR,
        label=_("Write an answer"),
        sentence=_("%(letter)s went into a draft."),
        label_for_all=_("Write one answer for all of them"),
        wait=Wait.DAY,
        needs_consent=True,
        takes_letters=True,
        shortcut=Shortcut("w", name="write"),
        post="desk:draft_start",
        place=ButtonPlace.FIRST,
        main=True,
    ),
    "unanswer": Move(
        sources=frozenset({_L.ANSWERING}),
        target=_L.SHORTLISTED,
        sentence=_("%(letter)s came back from a draft."),
        wait=Wait.DAY,
    ),
    "publish": Move(
        sources=frozenset({_L.ANSWERING}),
        target=_L.PUBLISHED,
        sentence=_("%(letter)s got its article."),
        wait=Wait.NONE,
    ),
    "unpublish": Move(
        sources=frozenset({_L.PUBLISHED}),
        target=_L.ANSWERING,
        sentence=_("%(letter)s lost its article again."),
        wait=Wait.NONE,
    ),
    "withdraw": Move(sources=WITH_WORDS, target=_L.WITHDRAWN, sentence=_("%(letter)s was withdrawn.")),
    "erase": Move(sources=LETTER_ENDS, target=_L.ERASED, sentence=_("%(letter)s was erased.")),
}

#: Verbs that do not change the status, in the order of their buttons.
LETTER_ACTS: dict[str, Verb[LetterStatus]] = {
    "mark_urgent": Verb(
        sources=WITH_WORDS,
        roles=_DESK,
        label=_("Urgent"),
        sentence=_("%(letter)s was marked urgent."),
        done=_("%(letter)s is urgent."),
        undo="unmark_urgent",
        shortcut=Shortcut("u", name="urgent", title=_("Mark as urgent, or not")),
        post="desk:mark",
        fields=(("act", "urgent"), ("urgent", "1")),
        need=2,
        place=ButtonPlace.MORE,
    ),
    "unmark_urgent": Verb(
        sources=WITH_WORDS,
        roles=_DESK,
        label=_("Not urgent"),
        sentence=_("%(letter)s is no longer urgent."),
        done=_("%(letter)s is not urgent any more."),
        undo="mark_urgent",
        shortcut=Shortcut(name="urgent"),
        post="desk:mark",
        fields=(("act", "urgent"), ("urgent", "")),
        need=0,
        place=ButtonPlace.MORE,
    ),
    "ask": Verb(
        sources=_IN_WORK,
        roles=_DESK,
        label=_("Ask the writer"),
        sentence=_("%(letter)s was asked something."),
        done=_("%(letter)s was asked; its writer finds it in ten minutes."),
        refused=dict.fromkeys(
            frozenset(_L) - _IN_WORK, _("This letter has come to its end, so nothing can be asked any more.")
        ),
        undo=Undo.ASKED,
        shortcut=Shortcut("q"),
        page="desk:ask",
        place=ButtonPlace.BESIDE,
    ),
    "topic": Verb(
        sources=WITH_WORDS,
        roles=_DESK,
        label=_("Topic"),
        sentence=_("%(letter)s got another topic."),
        detailed=_("%(letter)s has the topic “%(name)s”."),
        cleared=_("%(letter)s has no topic now."),
        undo=Undo.MARK,
        shortcut=Shortcut("t", title=_("Choose the topic")),
        page="desk:mark",
        place=ButtonPlace.MORE,
        panel=True,
    ),
    "join": Verb(
        sources=_UNDECIDED | {_L.ANSWERING},
        roles=_DESK,
        label=_("Put with…"),
        sentence=_("%(letter)s was put together with others."),
        done=_("%(letter)s lies together with them; each writer keeps an own receipt and hears of the one answer."),
        undo=Undo.BUNDLE,
        shortcut=Shortcut("m", name="together", title=_("Put together with other letters")),
        page="desk:together",
        place=ButtonPlace.MORE,
    ),
    "split": Verb(
        sources=_UNDECIDED,
        roles=_DESK,
        label=_("Take out"),
        sentence=_("%(letter)s was taken out of its bundle."),
        done=_("%(letter)s stands alone again."),
        undo=Undo.BUNDLE,
        post="desk:bundle_out",
        place=ButtonPlace.BESIDE,
    ),
    "lead": Verb(
        sources=_UNDECIDED,
        roles=_DESK,
        label=_("Make it lead"),
        sentence=_("%(letter)s leads its bundle."),
        done=_("%(letter)s leads now."),
        undo=Undo.BUNDLE,
        post="desk:bundle_lead",
        place=ButtonPlace.BESIDE,
    ),
    "give": Verb(
        sources=WITH_WORDS,
        roles=_DESK,
        label=_("Give to"),
        sentence=_("%(letter)s was given to somebody, or back to everybody."),
        detailed=_("%(letter)s was given to %(name)s."),
        done_detailed=_("%(letter)s is given to %(name)s."),
        cleared=_("%(letter)s is everybody’s again."),
        undo=Undo.MARK,
        shortcut=Shortcut("g", title=_("Give to a colleague")),
        page="desk:mark",
        place=ButtonPlace.MORE,
        panel=True,
    ),
    "note": Verb(
        sources=WITH_WORDS,
        roles=_DESK,
        label=_("Keep the note"),
        sentence=_("%(letter)s got a note."),
        done=_("%(letter)s has your note."),
        undo=Undo.NOTE,
        shortcut=Shortcut("n", title=_("Write a note")),
        page="desk:note",
        place=ButtonPlace.BESIDE,
    ),
    "not_so": Verb(
        sources=WITH_WORDS,
        roles=_DESK,
        label=_("Not so"),
        sentence=_("%(letter)s: screening was said to be wrong."),
        done=_("%(letter)s: noted that screening was wrong."),
        undo=Undo.NOTE,
        shortcut=Shortcut("o", title=_("Say that screening is wrong about the letter")),
        post="desk:not_so",
        place=ButtonPlace.BESIDE,
    ),
    "limit": Verb(
        sources=WITH_WORDS,
        roles=_DESK,
        label=_("How often its writer may write"),
        sentence=_("%(letter)s may be written about less often, or as often as usual."),
        undo=Undo.MARK,
        post="desk:limit",
        place=ButtonPlace.BESIDE,
    ),
    "wait": Verb(
        sources=WITH_WORDS,
        sentence=_("%(letter)s waits for a day, or for none any more."),
        detailed=_("%(letter)s waits until %(day)s."),
        cleared=_("%(letter)s waits for no day any more."),
        undo=Undo.MARK,
    ),
    "agree": Verb(
        sources=frozenset({_L.DECLINED}),
        roles=_DESK,
        label=_("It stays declined"),
        sentence=_("%(letter)s was looked at a second time."),
        done=_("%(letter)s stays declined."),
        undo=Undo.LOOK,
        second_look=True,
        post="desk:look",
        place=ButtonPlace.FIRST,
        main=True,
    ),
    # writer approval; the name of the verb is older, and stored with each event
    "proof": Verb(
        sources=frozenset({_L.ANSWERING}),
        roles=_AUTHOR,
        label=_("Show the question to its writer"),
        sentence=_("%(letter)s had its edited question shown to its writer."),
        done=_("The writer of %(letter)s gets the question when the day is over."),
        refused=dict.fromkeys(
            frozenset(_L) - {_L.ANSWERING}, _("%(letter)s is not being answered now, so its writer is not asked.")
        ),
        wait=Wait.DAY,
        undo=Undo.ASKED,
        post="desk:writer_approval",
        place=ButtonPlace.BESIDE,
    ),
    # before the writer saw the end: by “Undo”, or by taking the letter up again
    "undo_decline": Verb(
        sources=frozenset({_L.DECLINED}),
        sentence=_("%(letter)s is not declined any more; its writer never hears of it."),
        undo=Undo.STOPPED,
    ),
    "left_out": Verb(
        sources=_UNDECIDED,
        sentence=_("%(letter)s was left out of a draft: its writer allows a private answer only."),
    ),
    "receive": Verb(sources=frozenset({_L.RECEIVED}), sentence=_("%(letter)s arrived.")),
    "write_back": Verb(
        sources=WITH_WORDS,
        sentence=_("%(letter)s got a message from its writer."),
        refused=dict.fromkeys(_GONE, _("This letter was withdrawn, so nothing can be added to it.")),
    ),
    "approve_text": Verb(
        sources=WITH_WORDS - {_L.PUBLISHED},
        sentence=_("%(letter)s got a yes to its question from its writer."),
        refused=_NO_ANSWER,
    ),
    "correct_text": Verb(
        sources=WITH_WORDS - {_L.PUBLISHED},
        sentence=_("%(letter)s got a wish for a change of its question from its writer."),
        refused=_NO_ANSWER,
    ),
    "allow": Verb(
        sources=WITH_WORDS - {_L.PUBLISHED},
        sentence=_("%(letter)s may be used otherwise: its writer changed what they allow."),
        refused={
            _L.PUBLISHED: _(
                "The answer to your letter is written for the column, so this cannot be changed any more."
                " You can take your letter back, and the answer with it."
            )
        },
    ),
    "change_code": Verb(sources=WITH_WORDS, sentence=_("%(letter)s got a new receipt.")),
    "forget": Verb(
        sources=frozenset({_L.WITHDRAWN, _L.ERASED}), sentence=_("%(letter)s was erased from the drafts too.")
    ),
}

#: Every verb of a letter: the moves, then the others. A view of both tables, no copy.
LETTER_VERBS: Mapping[str, Verb[LetterStatus]] = ChainMap(LETTER_ACTS, LETTER_MOVES)  # type: ignore[arg-type]

#: The sentence of the history for an event that undoes another one.
TAKEN_BACK = _("This was taken back: %(sentence)s")
#: The row of what takes another event back, where it has none of its own.
UNDONE = Verb(sources=WITH_WORDS, sentence=TAKEN_BACK)
#: The message after an undo.
BACK_AS_BEFORE = _("%(letter)s is as it was before.")
