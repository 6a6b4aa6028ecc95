"""The sentences of a letter, and their vectors."""

from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.screening import encoder
from inbox.screening.concerns import find_concerns
from inbox.screening.normalise import normalise
from tests.hostile import STRINGS


def said(text: str) -> list[str]:
    return [text[start:end] for start, end in encoder.windows(text)]


def test_sentences_are_read_one_by_one_and_short_ones_with_the_one_before() -> None:
    text = (
        "My sister and I have not spoken since March. Why? She says I took her ring.\nI did not take it, and I never"
        " would.I miss her so very much. Every single day of the week!"
    )
    assert said(text) == [
        "My sister and I have not spoken since March. Why?",
        "She says I took her ring.",
        "I did not take it, and I never would.",
        "I miss her so very much.",
        "Every single day of the week!",
    ]
    assert said("Help. Me. Now.") == ["Help. Me. Now."]


@pytest.mark.parametrize("text", ["word " * 500, "x" * 16_000, "no. " * 1000, "我不想活了" * 500, "a\n" * 900])
def test_no_sentence_is_too_long_and_no_word_is_left_out(text: str) -> None:
    spans = encoder.windows(text)
    assert all(end - start <= encoder.LONGEST for start, end in spans)
    assert all(len(text[start:end].split()) <= encoder.MOST + encoder.FEWEST for start, end in spans)
    assert "".join("".join(text[start:end].split()) for start, end in spans) == "".join(text.split())


@given(st.one_of(st.text(max_size=300), st.sampled_from(STRINGS)))
def test_sentences_follow_each_other(text: str) -> None:
    spans = encoder.windows(normalise(text).text)
    assert all(start < end for start, end in spans)
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(spans))


def test_places_are_those_of_the_text_as_written() -> None:
    text = "We  went\r\nto the sea\u200b with all of them. I “cannot” sleep since we came back home."
    found = encoder.sentences(text)
    assert found is not None
    assert [text[start:end] for start, end in found.spans] == [text[: text.index(" I “")], text[text.index("I “") :]]
    assert found.vectors.shape == (2, encoder.SIZE)
    assert found.words == 17


def test_the_way_of_typing_is_no_difference() -> None:
    one, other = (
        encoder.vectors("I CANT sleep and I DON’T know why"),
        encoder.vectors("i can't sleep and i dont know why"),
    )
    assert one is not None
    assert other is not None
    assert float((one * other).sum()) == pytest.approx(1, abs=1e-5)


def test_what_means_the_same_is_near_also_in_another_language() -> None:
    texts = ["I am afraid to go home.", "Ich habe Angst, nach Hause zu gehen.", "The bread needs an hour in the oven."]
    fear, angst, bread = (vectors[0] for vectors in map(encoder.vectors, texts) if vectors is not None)
    assert fear @ angst > 0.6 > 0.3 > fear @ bread


def test_texts_without_words_have_none() -> None:
    assert [encoder.sentences(text) for text in ("", "  \n", "?!", "💔" * 50)] == [None] * 4


def test_a_plea_is_read_in_a_letter_of_signs() -> None:
    plea = "I cannot go on like this and nobody knows it."
    odd = " ".join(chr(0x4E00 + at * 7919 % 9000) + "#%&" * 20 for at in range(250))
    text = odd[:8000] + "\n\n" + plea + "\n\n" + odd[8000:]
    found = encoder.sentences(text)
    assert found is not None
    assert any(plea in text[start:end] for start, end in found.spans)
    assert len(found.spans) < len(encoder.windows(normalise(text).text))


def test_of_a_very_long_letter_the_beginning_and_the_end_are_read() -> None:
    sentences = [
        f"On day {at} we went to the {at * 7919 % 997} bus stop and waited for it together." for at in range(400)
    ]
    text = " ".join(sentences)
    found = encoder.sentences(text)
    assert found is not None
    read = [text[start:end] for start, end in found.spans]
    assert sentences[0] in read
    assert sentences[-1] in read
    assert sentences[200] not in read
    assert list(found.spans) == sorted(found.spans)


def test_asked_twice_a_text_is_encoded_once_and_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def encoded(text: str) -> encoder.Sentences | None:
        asked.append(text)
        return encoder.Sentences([], np.zeros((0, encoder.SIZE), "f4"), 0) if text else None

    monkeypatch.setattr(encoder, "_encoded", encoded)
    last = encoder._Last()
    one, two = "Zweibelfisch one", "Zweibelfisch two"
    for text in (one, one, "", one, two, one):
        last.get(text)
    assert asked == [one, "", two, one]
    with ThreadPoolExecutor(1) as beside:
        beside.submit(last.get, "Zweibelfisch three").result()
    last.get(one)
    assert asked[4:] == ["Zweibelfisch three"]
    assert "Zweibelfisch" not in repr(vars(last))


def test_without_the_encoder_the_phrases_still_speak(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoder, "available", lambda: False)
    encoder.warm()
    assert encoder.vectors("I want to kill myself.") is None
    assert {one.kind for one in find_concerns("I want to kill myself.")} == {"self_harm"}
