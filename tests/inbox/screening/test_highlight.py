"""A text in parts: details are never cut, and what was found around them is one run of them."""

from __future__ import annotations

import random

import pytest

from inbox.screening.details import Detail
from inbox.screening.highlight import MOST, around, beyond, marked

TEXT = "one two three four"


def detail(words: str) -> Detail:
    start = TEXT.index(words)
    return Detail(start, start + len(words), "name")


@pytest.mark.parametrize(
    ("spans", "blocks"),
    [
        ([], [((), [(TEXT, "")])]),
        ([(0, 3)], [((0,), [("one", "")]), ((), [(" two three four", "")])]),
        ([(4, 7), (0, 5)], [((1, 0), [("one two", "")]), ((), [(" three four", "")])]),
        ([(14, 18)], [((), [("one two three ", "")]), ((0,), [("four", "")])]),
        ([(3, 3), (9, 4)], [((), [(TEXT, "")])]),
        ([(14, 99)], [((), [("one two three ", "")]), ((0,), [("four", "")])]),
    ],
)
def test_runs_without_details(spans: list[tuple[int, int]], blocks: object) -> None:
    assert around(marked(TEXT, []), spans) == blocks


def test_a_detail_is_whole_inside_the_run_that_touches_it() -> None:
    parts = marked(TEXT, [detail("two three")])
    for span in ((0, 6), (2, 9)):
        block = next(parts for indices, parts in around(parts, [span]) if indices)
        assert ("two three", "name") in block
    assert around(parts, [(5, 6)])[1] == ((0,), [("two three", "name")])


def test_no_character_is_lost_and_no_run_is_twice() -> None:
    chance = random.Random(20261130)
    for _ in range(300):
        parts = marked(TEXT, [detail("two"), detail("four")][: chance.randrange(3)])
        spans = [(chance.randrange(20), chance.randrange(20)) for _ in range(chance.randrange(5))]
        found = around(parts, spans)
        assert "".join(text for _, some in found for text, _ in some) == TEXT
        assert [text for _, some in found for text, kind in some if kind] == [text for text, kind in parts if kind]
        indices = [index for some, _ in found for index in some]
        assert len(indices) == len(set(indices))


@pytest.mark.parametrize("count", [MOST - 1, MOST, MOST + 1, 8_000])
def test_a_contrived_text_has_no_more_marks_than_can_be_read(count: int) -> None:
    found = [Detail(place, place + 1, "name") for place in range(0, 2 * count, 2)]
    parts = marked("a " * count, found)
    assert "".join(text for text, _ in parts) == "a " * count
    assert sum(bool(kind) for _, kind in parts) == min(count, MOST)
    assert beyond(found) == max(0, count - MOST)
