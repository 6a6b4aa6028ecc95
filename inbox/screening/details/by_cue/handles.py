"""Account names: "my handle is ...", "I post as ...". Nothing is stored."""

from __future__ import annotations

from inbox.screening.details.dictionary import ENGLISH, NOT, cue
from inbox.screening.details.tokens import LOWER, TokenList

_HANDLED = cue("handled")
_IS = frozenset(("is", "was", "it's"))
#: Words before "as" with an account name after it.
_POSTS = cue("posts")


def find(words: TokenList) -> None:
    """Mark a word that a cue says is an account name; one with a digit is found by ``formats`` already."""
    for at in range(1, words.count):
        if words.kind[at] or words.flags[at] & NOT:
            continue
        before, gap = words.folded[at - 1], words.gap[at]
        told = before in _IS and words.near(at) and words.word(at - 2) in _HANDLED
        told = told or (before == "as" and words.near(at) and words.word(at - 2) in _POSTS and not words.flags[at])
        if told or (before in _HANDLED and gap.strip() in (":", "=", "-", "@") and gap.strip()):
            plain = words.flags[at] & ENGLISH and words.case[at] == LOWER
            if not plain and len(words.folded[at]) > 3:
                words.mark(at, at + 1, "contact")
