"""A text as a list of tokens: offsets, flags, how reliable its capitals are, and the kind of detail of each word."""

from __future__ import annotations

import re

from inbox.screening.details.dictionary import ENGLISH, MEDICAL, NOT, cue, fold, known

_WORD = re.compile(r"[^\W\d_][̀-ͯ]*(?:[^\W\d_][̀-ͯ]*|[’'-](?=[^\W\d_]))*")
_SENTENCE = re.compile(r"[.!?:;\n\r…*•)]|^$|--|[–—]")
LOWER, CAPITAL, SHOUTED = 0, 1, 2
#: Words of this length or longer are not looked up; they are no names.
_LONGEST = 40
#: The number of capitalised ordinary words that make a line a headline.
_HEADLINE = 3
#: Words of letters about health, where an unknown capitalised word is more often a medicine than a person.
_MEDICAL = cue("medical")
_I = frozenset(("i", "i'", "i’"))


def words_of(text: str) -> list[str]:
    """The words of a text, as they are written."""
    return _WORD.findall(text)


class TokenList:
    """The words of a text, as parallel lists.

    ``folded``: small, without accents; ``start`` and ``end`` in the text (without a possessive); ``gap``: the
    characters between the previous word and this one; ``flags``: of ``dictionary``; ``case``: ``LOWER``, ``CAPITAL`` or
    ``SHOUTED``, corrected where capitals are unreliable; ``first``: whether the word begins a sentence; ``line``:
    whether it begins a line; ``owns``: whether a possessive follows; ``kind``: the kind of detail, "" for none.
    ``careless``: the writer uses almost no capitals; ``medical``: the letter is about health.
    """

    def __init__(self, text: str, lines: str) -> None:
        """``lines``: the same text, with every line end in its place."""
        self.text = text
        self.folded: list[str] = []
        self.start: list[int] = []
        self.end: list[int] = []
        self.gap: list[str] = []
        self.flags: list[int] = []
        self.case: list[int] = []
        self.first: list[bool] = []
        self.line: list[bool] = []
        self.owns: list[bool] = []
        self.kind: list[str] = []
        self.found: list[tuple[int, int, str]] = []
        self._read(lines)
        self.count = len(self.folded)
        self.medical = not _MEDICAL.isdisjoint(self.folded) or any(flags & MEDICAL for flags in self.flags)
        self._doubt_capitals()

    def _read(self, lines: str) -> None:
        before = 0
        for match in _WORD.finditer(self.text):
            start, end = match.span()
            word, gap = match[0], self.text[before:start]
            self.line.append("\n" in lines[before:start])
            before = end
            owns = len(word) > 3 and word[-2] in "'’" and word[-1] in "sS"
            if owns:
                word, end = word[:-2], end - 2
            folded = fold(word) if len(word) < _LONGEST else ""
            capital = word[0].isupper()
            self.folded.append(folded)
            self.start.append(start)
            self.end.append(end)
            self.gap.append(gap)
            self.flags.append(known(folded))
            self.owns.append(owns)
            self.first.append(not self.first or (gap != " " and bool(_SENTENCE.search(gap))))
            self.case.append(LOWER if not capital else SHOUTED if len(word) > 1 and word.isupper() else CAPITAL)
            self.kind.append("other" if self._coded(match.span()) else "")

    def _coded(self, span: tuple[int, int]) -> bool:
        """Whether a digit or an underscore touches the word: part of a code, a file name or an account name."""
        start, end = span
        around = self.text[start - 1 : start] + self.text[end : end + 1]
        return "_" in around or any(character.isdigit() for character in around)

    def _doubt_capitals(self) -> None:
        """Correct ``case`` in lines of capitals, and set ``careless`` in a text almost without capitals."""
        begun, sentences, capitals = 0, 0, 0
        for at in range(self.count + 1):
            if at == self.count or (at > begun and self.line[at]):
                self._doubt_line(begun, at)
                begun = at
            if at < self.count:
                sentences += self.first[at]
                capitals += self.case[at] == CAPITAL and self.folded[at] != "i"
        # in a text in another language every capitalised word would look like a name
        strange = sum(1 for flags in self.flags if not flags)
        self.careless = capitals <= 0.6 * sentences and strange <= max(4, 0.2 * self.count)

    def _doubt_line(self, begin: int, end: int) -> None:
        """Correct ``case`` in a line whose ordinary words are capitalised too, as in a headline or with caps lock."""
        ordinary = raised = 0
        for at in range(begin, end):
            if self.flags[at] & ENGLISH and not self.first[at] and self.folded[at][:2] not in _I:
                ordinary += 1
                raised += self.case[at] != LOWER
        if raised >= _HEADLINE and raised > 0.6 * ordinary:
            shouts = self.case[begin:end].count(SHOUTED) > 0.6 * (end - begin)
            for at in range(begin, end):
                # "MY SON Connor HAS": a name that is not shouted in a line that is
                stays = shouts and self.case[at] == CAPITAL and not self.flags[at] & (ENGLISH | NOT)
                self.case[at] = CAPITAL if stays and len(self.folded[at]) > 1 else LOWER

    def mark(self, begin: int, end: int, kind: str) -> bool:
        """Mark the words from ``begin`` to before ``end`` as one detail; ``False`` where one of them is marked
        already."""
        if any(self.kind[begin:end]):
            return False
        self.kind[begin:end] = [kind] * (end - begin)
        self.found.append((self.start[begin], self.end[end - 1], kind))
        return True

    def are_english(self) -> bool:
        """Whether a text without function words is English: most words have capitals, as in an address, or most of the
        others are English ones."""
        plain = [flags for flags, case in zip(self.flags, self.case, strict=True) if case == LOWER]
        return len(plain) < 0.5 * self.count or sum(bool(flags & ENGLISH) for flags in plain) > 0.5 * len(plain)

    def leave_out_taken(self, taken: bytearray) -> None:
        """Let no reader mark a word that begins or ends within ``taken``."""
        for at, (start, end) in enumerate(zip(self.start, self.end, strict=True)):
            if taken[start] or taken[end - 1]:
                self.kind[at] = "other"

    def leave_out(self, begin: int, end: int) -> None:
        """Let no reader mark the words from ``begin`` to before ``end``."""
        self.kind[begin:end] = ["other"] * (end - begin)

    def word(self, at: int) -> str:
        """The folded word at a position; "" outside the list."""
        return self.folded[at] if 0 <= at < self.count else ""

    def near(self, at: int) -> bool:
        """Whether only a space, or an initial's dot, is between the previous word and this one."""
        if not 0 < at < self.count:
            return False
        gap = self.gap[at]
        return gap in (" ", "  ") or (gap in (". ", ".") and len(self.folded[at - 1]) == 1)
