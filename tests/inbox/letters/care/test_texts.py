"""The texts that ship: short, with a source for every limit, and for every kind of concern."""

from __future__ import annotations

import re

import pytest

from inbox.letters.care import sources
from inbox.letters.care.texts import CARDS, GENERAL, CareText
from inbox.operations.opening.care_cards import MOST_WORDS
from inbox.screening.concerns import TITLES

LIMIT = re.compile(r"\d+(?: to \d+)? (?:minutes?|hours?|days?|weeks?)")
#: Words that blame, promise, or mean nothing to somebody in distress.
NEVER = re.compile(
    r"(?i)\b(?:should have|why did you|you let|your mistake|we promise|we guarantee|will be fine|everything will"
    r"|don't worry|perpetrator|victim|prophylaxis|ideation|disclose|commit)\b"
)
EVERY = pytest.mark.parametrize("card", CARDS.values(), ids=CARDS)


def words(card: CareText) -> str:
    return " ".join([card.heading, card.named, *card.paragraphs])


def test_every_kind_of_concern_has_a_card_and_the_one_that_cannot_wait_is_first() -> None:
    assert set(CARDS) >= {*TITLES, GENERAL, "time_critical"}
    assert list(CARDS)[:2] == ["emergency", "self_harm"]
    assert list(CARDS)[-1] == GENERAL


@EVERY
def test_it_is_short_enough_to_be_read_in_distress(card: CareText) -> None:
    assert len(f"{card.named} {' '.join(card.paragraphs)}".split()) <= MOST_WORDS
    assert len(card.heading.split()) <= 10
    assert all(len(sentence.split()) <= 32 for sentence in re.split(r"(?<=[.!?:]) ", words(card)))


@EVERY
def test_it_blames_nobody_and_promises_nothing(card: CareText) -> None:
    assert NEVER.findall(words(card)) == []


@EVERY
def test_every_time_limit_has_a_source_that_states_it(card: CareText) -> None:
    stated = {limit for source in sources.of_card(card.kind) for limit in source.limits}
    assert {*LIMIT.findall(words(card))} <= stated


def test_the_limits_are_found() -> None:
    assert LIMIT.findall(words(CARDS["assault"])) == ["72 hours", "24 hours", "3 to 5 days"]
    assert "3 to 5 days" in words(CARDS["coercion"])


@EVERY
def test_it_has_a_source_with_an_address_and_a_day(card: CareText) -> None:
    found = sources.of_card(card.kind)
    assert found
    for source in found:
        assert source.url.startswith("https://")
        assert source.title
        assert source.publisher
        assert source.dated.year >= 2023
        assert set(source.cards) <= set(CARDS)


@EVERY
def test_nothing_is_claimed_where_nothing_was_said(card: CareText) -> None:
    """The general card, and the heading of each other one where words were not explicit, are conditions."""
    assert card.when.startswith("If ")
    assert "You wrote" not in " ".join(card.paragraphs)
    assert bool(card.named) == (card.kind != GENERAL)


def test_life_at_risk_names_the_emergency_number() -> None:
    assert {kind for kind, card in CARDS.items() if card.life} == {
        *("emergency", "self_harm", "abuse", "assault", GENERAL)
    }
