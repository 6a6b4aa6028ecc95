"""How phrases are written out and found quickly."""

from __future__ import annotations

import re
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from inbox.screening import lexicons, phrases, rule_titles
from inbox.screening.concerns import TITLES, find_concerns
from inbox.screening.needles import closing, needles


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("hit me", {"hitme"}),
        ("(?:hit|kick)s? (?:me|us)", {"hitme", "hitus", "hitsme", "hitsus", "kickme", "kickus", "kicksme", "kicksus"}),
        ("(?:very )*afraid of .{0,20}him", {"afraidof"}),
        ("[ab]bc(?! de)", {"abc", "bbc"}),
        (r"\w+ pills(?=.{0,9}x)", {"pills"}),
        ("a+bcd", {"bcd"}),
        ("abc?d e", {"abde", "abcde"}),
        ("(?:ab){2,}", {"ab"}),
        (r"killed\.", {"killed."}),
        ("[^a]*", None),
        ("a|bc", None),
        ("(?i:x)yz", None),
        ("x{,3}", None),
    ],
)
def test_needles_are_what_no_match_is_without(pattern: str, found: set[str] | None) -> None:
    assert needles(pattern) == found


def test_brackets_are_closed_where_they_close() -> None:
    assert closing(r"(a[)](b\)))") == {0: 10, 5: 9}


def test_a_repeated_group_is_atomic_and_spaces_are_optional() -> None:
    assert phrases.atomic(r"(?:a|b(?:c)*)+ (?:d)? (?:e)") == r"(?>a|b(?>c)*)+ (?:d)? (?:e)"
    assert phrases.loose("(?<!a b)c d [e f] (?:g )*h ?i") == "(?<!a b)c ?d ?[e f] ?(?:g ?)*h ?i"


def test_a_form_that_there_is_not_is_said() -> None:
    assert re.fullmatch(lexicons.expanded("{kill} {myself}"), "killing ourselves")
    assert lexicons.expanded(r"a{2,3} \{kill}") == r"a{2,3} \{kill}"
    with pytest.raises(lexicons.UnknownForm, match="mispelled"):
        lexicons.expanded("{mispelled}")


def test_threads_that_begin_together_have_the_same_phrases() -> None:
    """A web server loads the lists beside its first letters."""
    barrier = Barrier(4)

    def ask(first: bool) -> set[int]:
        barrier.wait()
        return {id(one) for one in phrases.phrases()} if first else {id(one) for one in phrases._index().always}

    phrases.forget()
    with ThreadPoolExecutor(4) as threads:
        every, again, index, index_again = threads.map(ask, (True, True, False, False))
    assert every == again
    assert index == index_again
    assert index < every


def test_every_phrase_of_every_kind_compiles_needs_words_and_has_a_name() -> None:
    for phrase in phrases.phrases():
        assert phrase.kind in TITLES
        assert re.fullmatch(rf"{phrase.kind}\.[a-z_]+", phrase.rule)
        assert not phrase.pattern.fullmatch("")
        assert 0 < phrase.certainty <= 1


def test_every_rule_has_a_title_of_its_own_and_no_title_is_left_over() -> None:
    assert set(rule_titles.TITLES) == {phrase.rule for phrase in phrases.phrases()}
    assert len(set(rule_titles.TITLES.values())) == len(rule_titles.TITLES)


@pytest.mark.parametrize(
    "text",
    [
        "would " * 2700,
        "he would just really only " * 620,
        "I " * 8000,
        "a" * 16000,
        "私は" * 8000,
        "when i told him to stop and he still went on because " * 300,
        "took all of the my pills and " * 550,
    ],
)
def test_no_text_takes_long(text: str) -> None:
    """Compiled beforehand. A pattern whose work doubles with each word would take years."""
    find_concerns(text[:2000])
    start = time.process_time()
    find_concerns(text[:16000])
    assert time.process_time() - start < 2
