"""What changed between two texts, word by word."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox import diff

LETTER = "My husband Tom and I have been married for nine years, and since the birth we have not been close at all."


def before(parts: list[tuple[diff.Kind, str]]) -> str:
    return "".join(part for kind, part in parts if kind != "new")


def after(parts: list[tuple[diff.Kind, str]]) -> str:
    return "".join(part for kind, part in parts if kind != "gone")


def test_says_what_went_what_came_and_what_stayed() -> None:
    assert diff.words("My husband Tom left.", "My partner left.") == [
        ("same", "My "),
        ("gone", "husband Tom "),
        ("new", "partner "),
        ("same", "left."),
    ]


def test_equal_texts_have_one_part() -> None:
    assert diff.words(LETTER, LETTER) == [("same", LETTER)]
    assert diff.words("", "") == []


@given(st.text(alphabet="ab \n.", max_size=60), st.text(alphabet="ab \n.", max_size=60))
def test_both_texts_can_be_read_back(old: str, new: str) -> None:
    parts = diff.words(old, new)
    assert before(parts) == old
    assert after(parts) == new


def test_the_longest_letter_is_compared_at_once() -> None:
    """Ordinary prose, one word over and over, and a few words in many orders."""
    some = random.Random(1)
    prose = " ".join(some.choice(LETTER.split()) for _ in range(3000))
    edited = " ".join(word for word in prose.split() if some.random() > 0.2)
    few = " ".join(some.choice("ab") for _ in range(8000))
    for old, new in [(prose, edited), ("a " * 8000, "a " * 7000), (few, few[::-1]), (few, "b a " * 4000)]:
        start = time.perf_counter()
        parts = diff.words(old, new)
        assert time.perf_counter() - start < 2
        assert after(parts) == new


def test_finds_phrases_that_stand_as_in_the_letter() -> None:
    question = "A reader says: married for nine years, and since the birth we are strangers. Tom and I have been quiet."
    assert diff.verbatim(LETTER, question) == ["married for nine years, and since the birth we"]


def test_signs_and_capitals_do_not_hide_a_phrase() -> None:
    assert diff.verbatim("we have not been close at all, ever since", "WE have not been *close* at all ever") == [
        "WE have not been *close* at all ever"
    ]


def test_a_phrase_is_found_wherever_it_stands_in_the_letter() -> None:
    first, second = "one two three four five six seven eight", "alpha beta gamma delta epsilon zeta eta theta"
    assert diff.verbatim(f"{first}. {second}.", f"{second} – {first}") == [second, first]


@pytest.mark.parametrize(
    "published", ["", "one two three four five six seven", "a quite different text of more than eight words"]
)
def test_fewer_words_in_a_row_are_no_phrase(published: str) -> None:
    assert diff.verbatim("one two three four five six seven eight", published) == []
