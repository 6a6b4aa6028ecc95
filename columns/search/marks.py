"""The passage of an article in which the words of a search stand, in pieces that are marked or not."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from columns.search import words

#: Characters of a passage, and of what stands before its first word.
_LONG, _BEFORE = 240, 60

#: A piece of text, and whether it is one of the words.
Piece = tuple[str, bool]


def marked(text: str, stems: Collection[str], language: str) -> list[Piece]:
    """The whole text in pieces."""
    return _pieces(text, _places(text, stems, language))


def passage(text: str, stems: Collection[str], language: str) -> list[Piece]:
    """The passage with the most different words of ``stems``, in pieces; empty where the text has none."""
    places = _places(text, stems, language)
    if not places:
        return []
    best = max(range(len(places)), key=lambda at: (_different(places, at), -at))
    begin = _edge(text, max(0, places[best][0] - _BEFORE))
    end = min(len(text), begin + _LONG)
    if end < len(text):
        end = max(text.rfind(" ", begin + _BEFORE, end), places[best][1])
    inside = [(start - begin, stop - begin, stem) for start, stop, stem in places if start >= begin and stop <= end]
    found = _pieces(text[begin:end], inside)
    return [*([("… ", False)] if begin else []), *found, *([(" …", False)] if end < len(text) else [])]


def _places(text: str, stems: Collection[str], language: str) -> list[tuple[int, int, str]]:
    found = (
        (token, next((stem for stem in token.stems if stem in stems), None)) for token in words.tokens(text, language)
    )
    return [(token.start, token.end, stem) for token, stem in found if stem is not None]


def _different(places: Sequence[tuple[int, int, str]], at: int) -> int:
    begin = places[at][0]
    return len({stem for start, stop, stem in places[at : at + 40] if stop <= begin + _LONG - _BEFORE})


def _edge(text: str, at: int) -> int:
    """The beginning of the word at the place."""
    return 0 if not at else max(text.rfind(" ", 0, at) + 1, at - 30)


def _pieces(text: str, places: Sequence[tuple[int, int, str]]) -> list[Piece]:
    found: list[Piece] = []
    done = 0
    for start, stop, _stem in places:
        if start < done:  # pairs of signs overlap
            if stop > done and found:
                found[-1] = (found[-1][0] + text[done:stop], True)
                done = stop
            continue
        found += [(text[done:start], False), (text[start:stop], True)]
        done = stop
    return [piece for piece in [*found, (text[done:], False)] if piece[0]]
