"""Letters that are alike."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.screening import similarity
from tests.hostile import STRINGS

LETTERS = [
    "My boyfriend leaves the room whenever I want to speak about moving in together. I feel unheard.",
    "Since I take the pill my periods have become very light. Is that something to worry about?",
    "After the birth of our second child we have not had sex for a year. I miss my wife.",
    "My daughter (16) asked me for contraception. How do I speak with her about it without a fight?",
    "It burns when I pee and I am too embarrassed to see a doctor. Could it be a UTI?",
    "I cheated on my husband once, years ago, and the guilt is eating me up. Should I tell him?",
]


@pytest.mark.parametrize(
    ("text", "likest"),
    [
        ("hi, my bf never listens when i talk about us living together", 0),
        ("Could contraceptives be why my menstruation nearly stopped?", 1),
        ("We stopped having intercourse when the baby was born. I miss my husband.", 2),
        ("my teenage daughter wants contraceptives and we only fight", 3),
        ("urinating hurts, its burning, im ashamed to show it to my gp", 4),
        ("An affair long ago still makes me feel guilty towards my hubby.", 5),
    ],
)
def test_finds_who_asks_the_same_in_other_words(text: str, likest: int) -> None:
    assert similarity.rank(text, LETTERS)[0][0] == likest


def test_the_same_letter_is_the_likest_and_says_so() -> None:
    for place, letter in enumerate(LETTERS):
        (found, score), *others = similarity.rank(letter, LETTERS)
        assert (found, round(score, 6)) == (place, 1.0)
        assert all(other < 0.5 for _, other in others)


def test_says_why_in_the_words_of_the_letter() -> None:
    prepared = similarity.Prepared(LETTERS)
    why = prepared.why("Could Contraceptives be why my menstruation nearly stopped?", LETTERS[1])
    assert set(why) == {"Contraceptives", "menstruation"}
    assert prepared.why("Thank you for reading this.", LETTERS[1]) == []


def test_nothing_to_compare_is_compared_calmly() -> None:
    assert similarity.rank("marmalade", []) == []
    assert similarity.rank("", LETTERS) == [(place, 0.0) for place in range(len(LETTERS))]
    assert similarity.rank("marmalade", ["", "marmalade"]) == [(1, 1.0), (0, 0.0)]


texts = st.one_of(st.text(max_size=200), st.sampled_from([*LETTERS, *STRINGS]))


@given(texts, st.lists(texts, max_size=12))
def test_each_candidate_once_with_falling_scores(text: str, candidates: list[str]) -> None:
    ranked = similarity.rank(text, candidates)
    assert sorted(place for place, _ in ranked) == list(range(len(candidates)))
    scores = [score for _, score in ranked]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)
    assert ranked == similarity.rank(text, candidates)


@given(st.lists(texts, min_size=1, max_size=8), texts)
def test_adding_one_by_one_is_the_same_as_all_at_once(candidates: list[str], text: str) -> None:
    grown = similarity.Prepared()
    assert [grown.add(one) for one in candidates] == list(range(len(candidates)))
    assert grown.rank(text, limit=20) == similarity.Prepared(candidates).rank(text, limit=20)
    assert len(grown) == len(candidates)


def test_words_of_one_kind_have_one_form() -> None:
    for words in (
        ("worried", "worrying", "anxiety"),
        ("pregnant", "Pregnancy"),
        ("cafés", "cafe"),
        ("stopped", "stops"),
    ):
        assert len({similarity.normal(word) for word in words}) == 1, words


def test_what_was_asked_about_leaves_nothing_behind() -> None:
    prepared = similarity.Prepared(LETTERS)
    prepared.rank("Quuxandra asks about her zweibelfisch.")
    assert "Quuxandra" not in prepared._forms
    assert not [term for term in prepared._postings if "quux" in term or "zwei" in term]


def test_meaning_is_a_kibibyte_and_near_for_the_same_in_other_words() -> None:
    vectors = [similarity.vector(letter) for letter in LETTERS]
    assert {len(one) for one in vectors} == {1024}
    asked = similarity.vector("urinating hurts, its burning, im ashamed to show it to my gp")
    scores = [similarity.likeness(asked, one) for one in vectors]
    assert scores.index(max(scores)) == 4
    assert similarity.likeness(asked, asked) == pytest.approx(1, abs=0.01)
    assert similarity.likeness(asked, b"") == similarity.likeness(b"", b"") == similarity.likeness(asked, b"xx") == 0
    assert similarity.vector("?!") == b""


@pytest.mark.parametrize("odd", [None, 5, "", "no base64!", "ä", b"xx"])
def test_a_vector_is_stored_as_text_and_nothing_else_is_one(odd: object) -> None:
    vector = similarity.vector(LETTERS[0])
    assert similarity.unpacked(similarity.packed(vector)) == vector
    assert similarity.unpacked(odd) == b""


def test_neither_one_word_nor_meaning_alone_makes_texts_alike() -> None:
    assert similarity.alike(0.3, 0.6, shared=3)
    assert not similarity.alike(0.9, 0.6, shared=1)
    assert not similarity.alike(0.9, 0.3, shared=5)
    assert not similarity.alike(0.02, 0.8, shared=5)
    assert similarity.alike(0.11, 0.65, shared=2)
    assert not similarity.alike(0.11, 0.55, shared=2)
    assert similarity.alike(0.3, None, shared=3)
    assert not similarity.alike(0.3, None, shared=2)


def test_shared_words_are_those_that_say_what_a_text_is_about() -> None:
    prepared = similarity.Prepared(LETTERS)
    assert prepared.shared("Could contraceptives be why my menstruation nearly stopped?", 1) == 2
    assert prepared.shared("I want to know and to feel and to say it all the time.", 0) == 0
    assert similarity.together(1.0, 1.0) == 1.0
