"""One way of writing for everything that reads a letter, with a map back to the text as written.

Rules look for words in one spelling. People, programs and keyboards write them in many: with a line end or a no-break
space between two words, a soft hyphen or a zero-width character within one, full-width letters, four kinds of
apostrophe, asterisks around a word, spaces between its letters. ``normalise`` undoes these and nothing else: case and
accents stay, since some rules need them.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from array import array
from collections.abc import Callable
from dataclasses import dataclass, field

Span = tuple[int, int]


@dataclass(frozen=True)
class Normalised:
    """A text in one way of writing.

    ``text``: the result. ``starts``, ``ends``: for each of its characters, where the characters of ``original`` that it
    stands for begin and end.
    """

    original: str = field(repr=False)
    text: str = field(repr=False)
    starts: array[int] = field(repr=False)
    ends: array[int] = field(repr=False)

    def span(self, start: int, end: int) -> Span:
        """The span of the original for ``start`` to ``end`` of ``text``. An empty span stays empty."""
        if start >= end:
            at = self.starts[start] if start < len(self.starts) else len(self.original)
            return at, at
        return self.starts[start], self.ends[end - 1]

    def written(self, start: int, end: int) -> str:
        """The words of the original that stand for ``start`` to ``end`` of ``text``."""
        begin, stop = self.span(start, end)
        return self.original[begin:stop]


def normalise(text: str, *, lines: bool = False) -> Normalised:
    """The text in one way of writing.

    - Unicode's NFKC, each character with its combining marks, but for the few that stand for a whole word; the ways of
      writing apostrophes, quotation marks and dashes become ``'``, ``"`` and ``-``.
    - What nobody sees is dropped: control and format characters, variation selectors, fillers.
    - Marks of emphasis at the edge of a word (``*``, ``_``, ``~``) are dropped.
    - Three or more single letters with one and the same sign between them are joined.
    - Each run of white space is one space, or ``\\n`` at the end of a paragraph. ``lines``: ``\\n`` at every line end.
    """
    numbers = array("I", range(len(text) + 1))
    normal = Normalised(text, text, numbers[:-1], numbers[1:])
    normal = _replace(normal, _ODD, _fold)
    normal = _replace(normal, _EMPHASIS, _nothing)
    normal = _replace(normal, _SPACED, _joined)
    return _replace(normal, _WHITE, _line_end if lines else _space)


#: Each piece of a replacement: its text, and which span of the match it stands for.
Pieces = list[tuple[str, int, int]]


def _replace(normal: Normalised, pattern: re.Pattern[str], pieces_of: Callable[[re.Match[str]], Pieces]) -> Normalised:
    """Replace each match by its pieces."""
    text, starts, ends = [], array("I"), array("I")
    done = 0
    for match in pattern.finditer(normal.text):
        begin, end = match.span()
        text.append(normal.text[done:begin])
        starts += normal.starts[done:begin]
        ends += normal.ends[done:begin]
        for piece, first, last in pieces_of(match):
            text.append(piece)
            starts.extend([normal.starts[begin + first]] * len(piece))
            ends.extend([normal.ends[begin + last - 1]] * len(piece))
        done = end
    if not done:
        return normal
    text.append(normal.text[done:])
    starts += normal.starts[done:]
    ends += normal.ends[done:]
    return Normalised(normal.original, "".join(text), starts, ends)


# --- characters -----------------------------------------------------------------------------------------------------

#: Letters beyond ASCII that are written in one way already, unless marks follow: most of what people write in most
#: languages, so that their letters cost no more than English ones.
_STABLE = (
    "\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u0131\u0134-\u013e\u0141-\u0148\u014a-\u017e\u0391-\u03a1\u03a3-\u03ce"
    "\u0400-\u0482\u048a-\u0523\u05d0-\u05ea\u0621-\u063a\u0641-\u064a\u0905-\u0939\u0e01-\u0e30"
    "\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fa5\uac00-\ud7a3"
)
#: A character that may carry marks, and all else beyond ASCII that follows; or what ASCII has to drop or to fold.
_ODD = re.compile(rf"[\x20-\x7e{_STABLE}]?[^\x00-\x7f{_STABLE}]+|[\x00-\x08\x0e-\x1b\x7f`]")
_SIGNS = {
    **dict.fromkeys("`´‘’‚‛ʹʻʼʽˈ′‵＇｀ꞌ՚׳", "'"),
    **dict.fromkeys("“”„‟«»″‶〃＂❝❞״", '"'),
    **dict.fromkeys("‐‑‒–—―−﹘﹣－⸺⸻⁃", "-"),
    "\u2028": "\n",
    "\u2029": "\n\n",
    "\u2800": " ",  # the empty Braille pattern looks like a space
}
#: What says nothing and is neither a control nor a format character: variation selectors, fillers, joiners, and the
#: stroke that draws an Arabic word out.
_UNSEEN = re.compile(
    "[\u034f\u0640\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
#: The most characters that one is folded into: no letter is longer, a sign for a word or for a whole sentence is.
_MOST = 3
#: Vowels and finals that Unicode puts together with a Korean consonant before them.
_JAMO = re.compile("[\u1161-\u11ff]")


def _fold(match: re.Match[str]) -> Pieces:
    found = match[0]
    pieces: Pieces = []
    begin = 0
    for at in range(1, len(found) + 1):
        if at < len(found) and _continues(found[at]):
            continue
        if folded := _folded(found[begin:at]):
            pieces.append((folded, begin, at))
        begin = at
    return pieces


def _continues(sign: str) -> bool:
    return bool(unicodedata.combining(sign)) or _JAMO.match(sign) is not None


@functools.lru_cache(maxsize=4096)
def _folded(cluster: str) -> str:
    """A character with its combining marks in its one way of writing; "" for what nobody sees."""
    signs = [_SIGNS.get(sign, sign) for sign in cluster if not _is_unseen(sign)]
    # the apostrophes go first: NFKC makes a space and a mark of some of them
    if signs and len(unicodedata.normalize("NFKC", signs[0])) > _MOST:
        return "".join(signs)
    return "".join(_SIGNS.get(sign, sign) for sign in unicodedata.normalize("NFKC", "".join(signs)))


def _is_unseen(sign: str) -> bool:
    if sign.isspace():
        return False
    return unicodedata.category(sign) in ("Cc", "Cf", "Cs") or _UNSEEN.match(sign) is not None


# --- marks, letters, spaces -----------------------------------------------------------------------------------------

#: At the edge of a word, or between two letters of a script that has no edges. A sign within an English word ("k*ll")
#: is part of the spelling.
_EMPHASIS = re.compile(
    r"(?<![^\W_])(?<![*_~])[*_~]++(?=[^\s*_~])|(?<=[^\s*_~])[*_~]++(?![^\W_])|(?<=[^\x00-\x7f])[*_~]++(?=[^\x00-\x7f])"
)
_SPACED = re.compile(r"(?<![^\W_])[^\W\d_](?:([\s.\-*_·])[^\W\d_](?![^\W_]))(?:\1[^\W\d_](?![^\W_]))+")
_WHITE = re.compile(r"\s{2,}|[^\S ]")
_LINE_END = re.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85]")


def _nothing(match: re.Match[str]) -> Pieces:
    return []


def _joined(match: re.Match[str]) -> Pieces:
    return [(match[0][at], at, at + 1) for at in range(0, len(match[0]), 2)]


def _space(match: re.Match[str]) -> Pieces:
    return [("\n" if _line_ends(match) > 1 else " ", 0, len(match[0]))]


def _line_end(match: re.Match[str]) -> Pieces:
    return [("\n" if _line_ends(match) else " ", 0, len(match[0]))]


def _line_ends(match: re.Match[str]) -> int:
    return len(_LINE_END.findall(match[0]))
