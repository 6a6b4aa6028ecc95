"""What an event of a letter says, in words."""

from __future__ import annotations

#: What an event of a letter says in its history: "it …".
VERBS = {
    "receive": "arrived",
    "hold": "was held",
    "release": "was released",
    "shortlist": "was put on the shortlist",
    "put_back": "was put back",
    "decline": "was declined",
    "reopen": "was taken up again",
    "reply": "was answered privately",
    "point": "was answered with an article that was there already",
    "answer": "went into a draft",
    "unanswer": "came back from a draft",
    "publish": "got its article",
    "unpublish": "lost its article again",
    "withdraw": "was withdrawn",
    "erase": "was erased",
    "note": "got a note",
    "ask": "was asked something",
    "proof": "had its edited question shown to its writer",
    "approve_text": "got a yes to its question from its writer",
    "correct_text": "got a wish for a change of its question from its writer",
    "write_back": "got a message from its writer",
    "allow": "may be used otherwise: its writer changed what they allow",
    "change_code": "got a new receipt",
    "mark_urgent": "was marked urgent",
    "unmark_urgent": "is no longer urgent",
    "topic": "got another topic",
    "give": "was given to somebody, or back to everybody",
    "wait": "waits for a day, or for none any more",
    "limit": "may be written about less often, or as often as usual",
    "left_out": "was left out of a draft: its writer allows a private answer only",
    "join": "was put together with others",
    "split": "was taken out of its bundle",
    "lead": "leads its bundle",
    "agree": "was looked at a second time",
    "forget": "was erased from the drafts too",
}


def said_of(verb: str) -> str:
    """What an event says; one that takes another back says so."""
    if verb.startswith("undo_"):
        return f"was put back as before it {VERBS.get(verb[5:], verb[5:])}"
    return VERBS.get(verb, verb.replace("_", " "))
