"""Concerns in whole posts, and what makes a phrase none."""

from __future__ import annotations

import functools
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from inbox.screening import concerns, phrases
from inbox.screening.concerns import find_concerns, kinds
from inbox.screening.normalise import normalise
from tests.inbox.screening.crisis_posts import CRISIS, CRISIS_HELD_OUT, FINE, FINE_HELD_OUT

POSTS = Path(__file__).resolve().parents[3] / "bench" / "posts"


@functools.cache
def found_in(post: str) -> tuple[concerns.Concern, ...]:
    """What is found in a post, which several questions are asked about."""
    return tuple(find_concerns(post))


def share(posts: Sequence[str]) -> float:
    """The share of posts that are raised, not counting ages."""
    return sum(any(concern.kind != "minor" for concern in found_in(post)) for post in posts) / len(posts)


def now(posts: Sequence[str]) -> float:
    """The share of posts that a person is asked to read at once."""
    return sum(concerns.need(found_in(post)) == concerns.Level.NOW for post in posts) / len(posts)


def test_most_people_in_need_are_found_and_few_others_raised() -> None:
    """The posts of those who are well are figures of speech, made to mislead: some are read the same day."""
    assert sum(bool(kinds(post)) for post in CRISIS) / len(CRISIS) >= 0.94
    assert share(CRISIS_HELD_OUT) >= 0.8
    assert share([*FINE, *FINE_HELD_OUT]) <= 0.2
    assert now([*FINE, *FINE_HELD_OUT]) <= 0.03


def test_people_are_found_whose_words_no_score_was_learned_from() -> None:
    """Made-up posts in quiet words, on which a score that was learned from real posts is weakest (docs/classifier.md):
    these are the shares that it reached, so that they do not fall. Every fourth post of each kind is
    read here, all of them by ``bench/concerns.py``."""
    held_out = [json.loads(line) for line in (POSTS / "held_out.jsonl").read_text("utf-8").splitlines()]
    for part, least in (("", 0.65), ("short", 0.7)):
        posts = [post for post in held_out if post.get("part", "") == part]
        needy = [post["text"] for post in posts if post["kind"] != "fine"][::4]
        assert len(needy) >= 20
        assert share(needy) >= least
        fine = [post["text"] for post in posts if post["kind"] == "fine"][::4]
        assert share(fine) <= 0.07
        assert now(fine) <= 0.03


def test_no_phrase_is_passed_over_for_its_letters() -> None:
    """What is asked first, of the needles in small letters, never differs from what the phrases say of the text."""
    held_out = [json.loads(line)["text"] for line in (POSTS / "held_out.jsonl").read_text("utf-8").splitlines()]
    texts = [
        *CRISIS[::2],
        *held_out[::20],
        "I think of SUİCIDE",
        "suıcide",
        "ſuicide",
        "\u212aILL MYſELF",
        "ẞ overdose İ",
        "",
    ]
    for text in (shown for one in texts for shown in (one, one.upper(), one.title())):
        small = concerns._small(normalise(text).text)
        there = {one for one in phrases.phrases() if one.pattern.search(small)}
        assert there <= set(phrases.standing(small)), text


@pytest.mark.parametrize(
    "text",
    [
        "I am not suicidal, just low in winter.",
        "He has never hit me, he just does not talk.",
        "I want to die my hair red while pregnant.",
        "I was dying of embarrassment when she came in.",
        "I am so tired of living out of a suitcase.",
        "My baby hits me when he is cross.",
    ],
)
def test_what_is_denied_or_a_figure_of_speech_is_none(text: str) -> None:
    """No phrase finds it. The score, which is blind to denial, may have it read the same day."""
    found = find_concerns(text)
    assert {concern.rule for concern in found} <= {concerns.CLASSIFIER}
    assert concerns.need(found) <= concerns.Level.SOON


@pytest.mark.parametrize(
    ("surely", "less"),
    [
        ("I feel hopeless.", "Years ago I felt worthless, feeling hopeless too."),
        ("No way out.", "My best friend says there is no way out."),
        ("A hand up my skirt, I feel numb inside.", "When I was little I was numb inside."),
    ],
)
def test_what_is_weak_and_past_or_about_somebody_else_is_raised_and_less_certain(surely: str, less: str) -> None:
    certain, fewer = (max((one.certainty for one in find_concerns(text)), default=0) for text in (surely, less))
    assert certain > fewer > 0


def test_places_are_those_of_the_text_as_given() -> None:
    text = "💔 I’ve had enough: he put his hands round my neck. Ça va."
    (found,) = [one for one in find_concerns(text) if one.kind == "abuse"]
    assert text[found.start : found.end] == "put his hands round my neck"


def test_the_work_grows_with_the_length_and_with_nothing_else() -> None:
    """Counted in what is found: four times the text finds four times as much, and nothing is found twice."""
    part = "He hits me. I said no and he carried on. The rest is the weather of that day. "
    few, many = find_concerns(part * 10), find_concerns(part * 40)
    assert len(many) == 4 * len(few)
    assert len({(one.kind, one.start, one.end) for one in many}) <= len(many)
