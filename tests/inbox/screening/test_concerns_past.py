"""What a phrase says where it is a turn of phrase, somebody else's past, or the writer's own long ago."""

from __future__ import annotations

from unittest import mock

import pytest

from inbox.screening import classifier, concerns
from inbox.screening.classifier import Classification
from inbox.screening.phrases import EXPLICIT, candidates


def rules(text: str, *, score: float | None = None) -> dict[str, float]:
    """What is found, by phrases alone where no score is given."""
    found = None if score is None else Classification("self_harm", 0, 1, score, 200)
    with mock.patch.object(concerns, "classify", return_value=found):
        return {one.rule: one.certainty for one in concerns.find_concerns(text)}


def explicit(text: str) -> bool:
    return max(rules(text).values(), default=0.0) >= EXPLICIT


TURNS_OF_PHRASE = (
    "When I came home he smothered me with kisses",
    "Then he hit me with the news that his mother was moving in",
    "We want to make marriage work after all these years",
    "They want to cut me off from the will",
    "It took me years to have a quiet evening with my husband",
    "I lock him out of the bedroom when he snores",
    "He held me when I cried at the funeral",
    "She felt me slipping away from her",
    "She went on after I asked her not to mention it",
    "He is always doing things for her",
    "I dreamt of being eaten by a monster and could not catch my breath",
    "My daughter-in-law fits in so well",
    "The toddler is throwing a fit",
    "My daughter screamed when she dropped her phone",
    "He stood there with his mouth hanging open",
    "I don't want to hurt my daughter",
    "My children cut themselves on the fence",
    "He fell off the ladder and injured himself",
    "His death was a relief to all of us",
    "I want to get over this man",
    "It would be better if I were taller",
    "I'd be happier when I'm closer to my sister",
    "Our privacy has been violated by the neighbours",
)


@pytest.mark.parametrize("text", TURNS_OF_PHRASE)
def test_a_turn_of_phrase_is_not_explicit(text: str) -> None:
    assert not explicit(text)


PLAIN = (
    "I would be better off if I were dead",
    "They would be happier if I wasn't here",
    "Everybody would be fine once I'm gone for good and dead",
    "My husband hit me again last night",
    "He grabbed my breasts in the lift",
    "My uncle touched me when I was in bed",
    "He tried to hold me down and did things to me",
    "They want to take me abroad to marry my cousin",
    "My family want to cut me this summer",
    "He locks us in the house",
    "I injured myself on purpose",
    "I cut myself again",
    "My brother wants to hurt himself",
    "I want to hurt my baby",
    "My son is having a fit and won't wake",
    "I should have committed suicide years ago",
    "I nearly committed suicide last spring",
    "My son attempted suicide",
    "My sister talks of suicide",
    "I was violated by my teacher",
    "I am ready to leave this world",
)


@pytest.mark.parametrize("text", PLAIN)
def test_plain_words_stay_explicit(text: str) -> None:
    assert explicit(text)


@pytest.mark.parametrize(
    "text",
    [
        "My husband committed suicide",
        "My father died by suicide",
        "We lost our neighbour to suicide",
        "He had committed suicide",
    ],
)
def test_a_suicide_of_another_is_read_soon_and_not_at_once(text: str) -> None:
    found = rules(text, score=classifier.WEAK - 2)
    assert found.keys() == {"self_harm.suicide_of_another"}
    assert not explicit(text)


def test_of_a_suicide_long_past_the_score_decides() -> None:
    text = "My husband committed suicide twenty years ago"
    assert not rules(text, score=classifier.WEAK - 2)
    assert rules(text, score=classifier.WEAK + 0.5)


LONG_AGO = {
    "What my uncle did to me when I was little never leaves me": "assault.long_ago",
    "What my brother did to me when I was little": "assault.long_ago",
    "I was molested as a child": "assault.long_ago",
    "When I was nine a neighbour made me touch him": "assault.long_ago",
    "Something bad happened to me when I was seven": "assault.long_ago",
    "My stepfather abused us for years when I was a kid": "abuse.long_ago",
    "I had an abusive childhood": "abuse.long_ago",
    "I have a history of abuse": "abuse.long_ago",
    "I keep having flashbacks": "abuse.what_is_left",
    "I was told that I have PTSD": "abuse.what_is_left",
    "I have nightmares about what he did": "abuse.what_is_left",
    "I keep reliving that night": "abuse.what_is_left",
    "I have repressed memories of my childhood": "abuse.what_is_left",
    "The memories are coming back": "abuse.what_is_left",
    "I flinch whenever somebody raises a hand": "abuse.what_is_left",
    "I saw my brother get shot": "abuse.what_is_left",
    "Since the accident I can't sleep": "abuse.what_is_left",
    "I never told anyone about the abuse because I was ashamed": "abuse.what_is_left",
}


@pytest.mark.parametrize(("text", "rule"), LONG_AGO.items())
def test_what_is_long_ago_is_read_soon_whatever_the_score(text: str, rule: str) -> None:
    with mock.patch.object(concerns, "EXPLICIT", 2):  # the surest of a kind alone is kept
        found = {
            phrase.rule
            for phrase in candidates(text.lower())
            if phrase.pattern.search(text.lower()) and phrase.certainty >= concerns.FIRM
        }
    assert rule in found
    assert rules(text, score=classifier.WEAK - 2)


ORDINARY = (
    "I was in a trauma ward as a nurse",
    "My memory foam mattress is old",
    "He left me a note saying dinner is in the oven",
    "My boyfriend read my messages and did not answer",
    "She calls me every day about the wedding",
    "I had a happy childhood and still see my friends",
)


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_sentences_count_for_nothing_where_the_score_is_low(text: str) -> None:
    assert not rules(text, score=classifier.WEAK - 2)


def test_several_weak_phrases_of_a_kind_count_at_a_lower_score() -> None:
    between = (classifier.WEAK + classifier.WEAK_OF_SEVERAL) / 2
    one, another = "I always walk on eggshells.", "It is an abusive habit."
    weak = rules(one)
    assert weak
    assert max(weak.values()) < concerns.FIRM
    assert not rules(one, score=between)
    assert rules(f"{one} {another}", score=between)
    assert not rules(f"{one} {another}", score=classifier.WEAK_OF_SEVERAL - 0.1)
