"""A text in parts, so that a page can mark the details and the concerns that were found in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from inbox.screening.details import Detail

#: The most places of one sort that are marked in a text; a contrived one has thousands.
MOST = 300


def marked(text: str, found: Sequence[Detail]) -> list[tuple[str, str]]:
    """The text in non-empty parts, each with its kind of detail, or "" where the part is no detail. Of the details, the
    first ``MOST`` are marked; ``beyond`` counts the rest."""
    parts, end = [], 0
    for detail in found[:MOST]:
        parts += [(text[end : detail.start], ""), (text[detail.start : detail.end], detail.kind)]
        end = detail.end
    return [part for part in [*parts, (text[end:], "")] if part[0]]


def beyond(found: Sequence[object]) -> int:
    """The number of places that are not marked."""
    return len(found[MOST:])


def around(
    parts: list[tuple[str, str]], spans: Iterable[tuple[int, int]]
) -> list[tuple[tuple[int, ...], list[tuple[str, str]]]]:
    """The parts of ``marked`` in blocks, each with the indices of the ``spans`` (offsets in the text) that it shows.

    Spans that overlap are one block. A detail is never cut: a block that begins or ends within one has all of it.
    """
    blocks: list[tuple[list[int], int, int]] = []
    edges = _edges(parts)
    for index, (start, end) in sorted(enumerate(spans), key=lambda one: one[1]):
        begin = next((left for left, right in edges if left < start < right), start)
        stop = next((right for left, right in edges if left < end < right), end)
        if begin >= stop:
            continue
        if blocks and begin < blocks[-1][2]:
            indices, left, right = blocks.pop()
            blocks.append(([*indices, index], left, max(right, stop)))
        else:
            blocks.append(([index], begin, stop))
    length = sum(len(text) for text, _ in parts)
    found: list[tuple[tuple[int, ...], list[tuple[str, str]]]] = []
    at = 0
    for indices, begin, stop in [*blocks, ([], length, length)]:
        found += [((), _between(parts, at, begin)), (tuple(indices), _between(parts, begin, stop))]
        at = stop
    return [block for block in found if block[1]]


def _edges(parts: list[tuple[str, str]]) -> list[tuple[int, int]]:
    """Where each detail begins and ends."""
    edges, at = [], 0
    for text, kind in parts:
        edges += [(at, at + len(text))] if kind else []
        at += len(text)
    return edges


def _between(parts: list[tuple[str, str]], begin: int, end: int) -> list[tuple[str, str]]:
    """The parts from one offset to another; only parts that are no detail are cut."""
    found, at = [], 0
    for text, kind in parts:
        piece = text[max(0, begin - at) : max(0, end - at)]
        found += [(piece, kind)] if piece else []
        at += len(text)
    return found
