"""What a regular expression cannot match without.

``needles`` reads the part of the notation that lists of phrases use: letters, groups, alternatives, lists of
characters, how often, and looking ahead or back. Of anything else it only knows that it cannot tell.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass

#: A needle shorter than this is found in too many texts to be of use.
_SHORTEST = 2
#: More strings than these are not spelled out.
_MOST = 40
_FEW_SIGNS = 6


def needles(pattern: str) -> frozenset[str] | None:
    """Strings in small letters without spaces, one of which stands in every match once its spaces are taken out;
    ``None`` where there are none of use."""
    try:
        return _read(pattern).best()
    except _CannotTell:
        return None


def closing(pattern: str) -> dict[int, int]:
    """Where each bracket that opens a group is closed."""
    found: dict[int, int] = {}
    opened: list[int] = []
    at = 0
    while at < len(pattern):
        if pattern[at] == "\\":
            at += 1
        elif pattern[at] == "[":
            at = pattern.find("]", at + 2)
            if at < 0:
                break
        elif pattern[at] == "(":
            opened.append(at)
        elif pattern[at] == ")" and opened:
            found[opened.pop()] = at
        at += 1
    return found


class _CannotTell(Exception):
    pass


@dataclass(frozen=True)
class _Found:
    """What is known of a part of a pattern. ``exact``: every string that it matches, or ``None`` where they are too
    many; ``needed``: strings one of which every match contains, or ``None``."""

    exact: frozenset[str] | None
    needed: frozenset[str] | None = None

    def best(self) -> frozenset[str] | None:
        return _better(self.needed, self.exact)


_NOTHING = _Found(frozenset({""}))
_ANYTHING = _Found(None)


def _worth(some: frozenset[str]) -> tuple[int, int]:
    return min(map(len, some)), -len(some)


def _better(one: frozenset[str] | None, other: frozenset[str] | None) -> frozenset[str] | None:
    usable = [some for some in (one, other) if some and _worth(some)[0] >= _SHORTEST]
    return max(usable, key=_worth, default=None)


@functools.lru_cache(maxsize=4096)
def _read(pattern: str) -> _Found:
    """What is known of a pattern, or of what stands in a group: the same forms stand in many phrases."""
    return _Reader(pattern).alternatives()


#: Letters that stand for themselves, the last of which no sign follows that says how often.
_LETTERS = re.compile(r"[^\\()\[\]{}.*+?|^$]+(?![*+?{])")


class _Reader:
    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._closing = closing(pattern)
        self._at = 0

    def alternatives(self) -> _Found:
        """Read up to the end."""
        found = [self._one_after_another()]
        while self._peek() == "|":
            self._at += 1
            found.append(self._one_after_another())
        exact: set[str] | None = set()
        needed: set[str] | None = set()
        for part in found:
            exact = None if exact is None or part.exact is None else exact | part.exact
            best = part.best()
            needed = None if needed is None or best is None else needed | best
        return _Found(
            frozenset(exact) if exact is not None and len(exact) <= _MOST else None,
            frozenset(needed) if needed else None,
        )

    def _one_after_another(self) -> _Found:
        run: frozenset[str] = frozenset({""})
        whole, best = True, None
        for part in self._parts():
            if part.exact is not None and len(run) * len(part.exact) <= _MOST:
                run = frozenset(before + after for before in run for after in part.exact)
                best = _better(best, part.needed)
                continue
            best = _better(_better(best, run), part.best())
            whole = False
            run = part.exact if part.exact is not None else frozenset({""})
        return _Found(run if whole else None, _better(best, run))

    def _parts(self) -> Iterator[_Found]:
        while self._peek() not in ("", "|"):
            part = self._part()
            least, most = self._how_often()
            if (least, most) == (1, 1):
                yield part
            elif (least, most) == (0, 1) and part.exact is not None:
                yield _Found(part.exact | {""})
            elif least:
                yield part if part.exact is None else _Found(None, part.exact)
                if part.exact is None:
                    yield _ANYTHING
            else:
                yield _ANYTHING

    def _part(self) -> _Found:
        sign = self._take()
        if sign == "(":
            return self._group()
        if sign == "[":
            return self._list()
        if sign == "\\":
            return self._escaped()
        if sign == ".":
            return _ANYTHING
        if sign in "^$":
            return _NOTHING
        # as many letters as stand for themselves
        if match := _LETTERS.match(self._pattern, self._at):
            self._at = match.end()
            sign += match[0]
        return _Found(frozenset({sign.replace(" ", "").lower()}))

    def _group(self) -> _Found:
        end = self._closing.get(self._at - 1)
        if end is None:
            raise _CannotTell
        inside = self._pattern[self._at : end]
        self._at = end + 1
        if inside.startswith(("?=", "?!", "?<=", "?<!")):
            return _NOTHING
        if inside.startswith("?") and not inside.startswith("?:"):
            raise _CannotTell
        return _read(inside.removeprefix("?:"))

    def _list(self) -> _Found:
        signs: list[str] = []
        tells = self._peek() != "^"
        while (sign := self._take()) != "]" or not signs:
            if sign == "\\":
                sign = self._take()
                tells = tells and not sign.isalnum()
            elif sign == "-" and signs and self._peek() != "]":
                tells = False
            signs.append("" if sign == " " else sign.lower())
        return _Found(frozenset(signs)) if tells and len(signs) <= _FEW_SIGNS else _ANYTHING

    def _escaped(self) -> _Found:
        sign = self._take()
        if sign in "bBAZ":
            return _NOTHING
        if sign.isalnum():
            return _ANYTHING
        return _Found(frozenset({sign}))

    def _how_often(self) -> tuple[int, int]:
        sign = self._peek()
        least, most = {"?": (0, 1), "*": (0, 2), "+": (1, 2)}.get(sign, (1, 1))
        if sign and sign in "?*+":
            self._at += 1
        elif sign == "{":
            end = self._pattern.find("}", self._at)
            first, _, last = self._pattern[self._at + 1 : end].partition(",")
            if end < 0 or not (first or "0").isdigit():
                raise _CannotTell
            self._at = end + 1
            least = int(first or 0)
            most = 2 if last or least != 1 or self._pattern[end - 1] == "," else 1
        else:
            return 1, 1
        if self._peek() and self._peek() in "?+":
            self._at += 1
        return least, most

    def _peek(self) -> str:
        return self._pattern[self._at : self._at + 1]

    def _take(self) -> str:
        sign = self._peek()
        if not sign:
            raise _CannotTell
        self._at += 1
        return sign
