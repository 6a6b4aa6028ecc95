"""What changed between two texts, word by word."""

from __future__ import annotations

import random
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.screening import diff

#: CPU seconds that only a search meets which grows with the square of the text.
MINUTE = 60

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
        start = time.process_time()
        parts = diff.words(old, new)
        assert time.process_time() - start < MINUTE
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


_WORDS = st.lists(st.sampled_from(["So", "so", "it", "it,", "hurts", "– hurts"]), max_size=14).map(" ".join)


@given(_WORDS, _WORDS, st.integers(min_value=1, max_value=4))
def test_each_run_stands_in_both_texts_and_none_is_missed(letter: str, question: str, least: int) -> None:
    def plain(text: str) -> list[str]:
        return re.findall(r"\w+", text.lower())

    old, new = plain(letter), plain(question)
    stands = {tuple(old[start : start + least]) for start in range(len(old) - least + 1)}
    windows = [tuple(new[start : start + least]) for start in range(len(new) - least + 1)]
    runs = diff.verbatim(letter, question, least=least)
    for run in runs:
        assert run in question
        assert len(plain(run)) >= least
        assert tuple(plain(run)[:least]) in stands
        assert tuple(plain(run)[-least:]) in stands
    assert bool(runs) == any(window in stands for window in windows)


@pytest.mark.parametrize("after_all", ["", "the same", "nothing shared"])
def test_a_letter_that_shares_nothing_or_everything_is_compared_at_once(after_all: str) -> None:
    letter = " ".join(f"w{number}" for number in range(2900))
    other = {"": "", "the same": letter, "nothing shared": letter.replace("w", "v")}[after_all]
    start = time.process_time()
    parts = diff.words(letter, other)
    assert bool(diff.verbatim(letter, other)) == (after_all == "the same")
    assert time.process_time() - start < MINUTE
    assert (before(parts), after(parts)) == (letter, other)
