"""Names that everybody who writes to the column knows: its title, its author, its reviewers. Nothing is stored."""

from __future__ import annotations

from collections.abc import Iterable

from inbox.screening.details.dictionary import ENGLISH, LAST, NAMES, PLACE, TOWN, cue, fold
from inbox.screening.details.tokens import TokenList, words_of

_KIN = cue("kin")
_TITLES = cue("titles")


def leave_out(words: TokenList, known: Iterable[str]) -> None:
    """Set the words of the names apart, so that no reader marks them: a whole name anywhere, and a part of it that is a
    name by itself. "My sister Ines" is somebody else than the author of that name."""
    phrases = {tuple(map(fold, words_of(name))) for name in known} - {()}
    heads = {phrase[0] for phrase in phrases}
    parts = {word for phrase in phrases for word in phrase}
    for at in range(words.count):
        word = words.folded[at]
        if word in parts and _a_name(words, at) and words.word(at - 1) not in _KIN:
            words.leave_out(at, at + 1)
        for phrase in phrases if word in heads else ():
            end = at + len(phrase)
            if tuple(words.folded[at:end]) == phrase and words.word(at - 1) not in _KIN:
                words.leave_out(at, end)


def _a_name(words: TokenList, at: int) -> bool:
    flags, word = words.flags[at], words.folded[at]
    if len(word) < 3 or word in _TITLES:
        return False
    return bool(flags & (NAMES | LAST)) or not flags & (ENGLISH | PLACE | TOWN)
