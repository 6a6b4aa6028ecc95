"""What letters score that have none of the words which a list would have. All of them are invented."""

from __future__ import annotations

import pytest

from inbox.screening import classifier, encoder
from inbox.screening.classifier import NOW, SOON, WEAK, Classification, classify

GARDEN = "The garden is lovely this year and my neighbours bring me plums for jam on Sundays. "
DESPAIR = (
    "I sit on the edge of the bed every night and I cannot see why I should get up again. I am a weight on all who "
    "love me, and I have stopped believing that it will ever be different. "
)


def scored(text: str) -> Classification:
    found = classify(text)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (
            "self_harm",
            (
                "I have given my things away and written to my brother. I am so tired of being here. Everybody "
                "will manage without me, they will be relieved, and I do not see a reason to wait any longer. I "
                "just wanted to tell somebody before it is over."
            ),
        ),
        (
            "abuse",
            (
                "He checks my phone every evening and counts the minutes I need for the shopping. When I am late "
                "he shouts and throws things, and last week he pushed me down the stairs. Afterwards he cries and"
                " says I made him do it. I am scared of him and I have nobody to tell."
            ),
        ),
        (
            "assault",
            (
                "I was asleep at a party and when I woke up he was on top of me. I told him to stop and he did "
                "not. I have told nobody. I feel dirty and I keep washing. Was it my fault because I had been "
                "drinking?"
            ),
        ),
    ],
)
def test_somebody_in_need_is_above_the_threshold_whatever_the_kind(kind: str, text: str) -> None:
    found = scored(text)
    assert found.score > SOON
    assert found.kind == kind


@pytest.mark.parametrize(
    "text",
    [
        GARDEN * 3,
        (
            "My boyfriend wants to move in together and I am not sure. We have been together for two years, and I"
            " like my own flat and my own mornings. How do I tell him without hurting him?"
        ),
        (
            "Since I take the pill my periods have become very light. My doctor said that can happen, but I "
            "forgot to ask whether it means that it does not work as well. Is that something to worry about?"
        ),
        (
            "My mother in law comes every Sunday and rearranges my kitchen. My wife says I should let her. I am "
            "at the end of my tether with it, and I would like a kind way to say no."
        ),
        "Is it normal to want it less after forty?",
    ],
)
def test_ordinary_letters_are_below_it(text: str) -> None:
    assert scored(text).score < SOON


def test_thresholds_rise() -> None:
    assert WEAK < SOON < NOW
    learned = classifier._model()
    weak, soon, now = learned["thresholds"].T
    assert (weak < soon).all()
    assert (soon < now).all()
    for limits, level in ((weak, WEAK), (soon, SOON), (now, NOW)):
        assert classifier.scaled(learned, limits) == pytest.approx(level)


def test_letters_are_compared_with_ordinary_ones_of_their_length() -> None:
    learned = classifier._model()
    middle, high = learned["norms"]
    assert (middle < high).all()
    for place, length in enumerate(learned["lengths"]):
        alike = classifier.likely(learned, middle[:, place], int(length))
        assert alike == pytest.approx([0.0] * len(middle), abs=1e-6)
        assert classifier.likely(learned, high[:, place], int(length)) == pytest.approx([1.0] * len(middle), abs=1e-6)
        assert (classifier.scaled(learned, alike) < WEAK).all()


def test_of_more_sentences_the_highest_must_be_higher() -> None:
    highest = classifier._model()["norms"][1][-1]
    assert highest[0] == min(highest)
    assert highest[0] < highest[-1]


def test_the_sentence_that_weighs_most_is_told_by_its_place() -> None:
    text = GARDEN * 2 + DESPAIR * 2 + GARDEN * 2
    found = scored(text)
    assert text[found.start : found.end] in DESPAIR
    assert len(GARDEN) * 2 <= found.start < found.end <= len(text) - len(GARDEN) * 2
    assert found.words == len(text.split())


def test_a_paragraph_counts_in_a_long_letter() -> None:
    assert scored(GARDEN * 20 + DESPAIR + GARDEN * 20).score > scored(GARDEN * 42).score


def test_the_shares_of_the_sentences_add_up_to_the_score_of_the_whole() -> None:
    vectors = encoder.vectors(GARDEN + DESPAIR)
    assert vectors is not None
    weights = classifier._model()["letter"][1]
    assert classifier._shares(vectors, weights).sum() == pytest.approx(weights @ classifier.pooled(vectors), abs=1e-4)


@pytest.mark.parametrize("text", ["", "…", "💔💔💔"])
def test_no_words_no_score(text: str) -> None:
    assert classify(text) is None


def test_no_encoder_no_score(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoder, "available", lambda: False)
    assert classify(DESPAIR) is None
