"""Which cards somebody sees, in which order, and with which help lines."""

from __future__ import annotations

import pytest
from django.utils import translation

from columns.models import CareCard, Column, HelpLine
from inbox.letters.care import cards, needs
from inbox.letters.care.needs import CareNeed
from inbox.letters.care.texts import CARDS, GENERAL
from inbox.screening.concerns import Concern, Level
from tests import pseudo

NOW, SOON = Level.NOW, Level.SOON


def need(kind: str, level: Level = NOW) -> CareNeed:
    return CareNeed(kind, level, named=level == NOW)


def shown(column: Column, *wanted: CareNeed, country: str = "") -> tuple[list[str], list[str]]:
    found = cards.cards(column, wanted, country=country)
    return [card.kind for card in found.opened], [card.kind for card in found.folded]


def lines(card: cards.ShownCard) -> list[str]:
    return [line.name for _place, few in card.lines.first for line in few]


def test_without_a_need_there_is_no_card(column: Column, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert not cards.cards(column, [])


def test_at_most_two_stand_open_and_the_one_that_cannot_wait_is_first(column: Column) -> None:
    wanted = [need(kind) for kind in ("minor", "abuse", "self_harm", "emergency")]
    assert shown(column, *wanted) == (["emergency", "self_harm"], ["abuse", "minor"])
    assert shown(column, *wanted, *wanted) == (["emergency", "self_harm"], ["abuse", "minor"])


@pytest.mark.parametrize("kind", [kind for kind in CARDS if kind not in (GENERAL, "emergency")])
def test_what_is_not_sure_claims_nothing(column: Column, kind: str) -> None:
    found = cards.cards(column, [need(kind, SOON)])
    assert shown(column, need(kind, SOON)) == ([GENERAL], [kind])
    assert not found.opened[0].now
    (folded,) = found.folded
    assert folded.heading == CARDS[kind].when
    assert folded.named == ""


def test_what_may_be_an_emergency_stands_open_without_a_claim(column: Column) -> None:
    found = cards.cards(column, [need("emergency", SOON), need("abuse", SOON)])
    assert [card.kind for card in found.opened] == ["emergency", GENERAL]
    assert found.opened[0].heading == "If somebody is very ill or bleeding"
    assert not any(card.named or card.now for card in [*found.opened, *found.folded])


def test_explicit_words_are_named_and_a_score_is_not(column: Column) -> None:
    (named,) = cards.cards(column, [CareNeed("self_harm", NOW, named=True)]).opened
    assert named.named == "Your letter has words about dying or self-harm."
    (scored,) = cards.cards(column, [CareNeed("self_harm", NOW)]).opened
    assert (scored.kind, scored.named) == ("self_harm", "")


def test_a_language_that_is_not_screened_has_the_general_card_first(column: Column) -> None:
    general = need(GENERAL, SOON)
    assert shown(column, general) == ([GENERAL], [])
    assert shown(column, general, need("self_harm")) == ([GENERAL, "self_harm"], [])
    assert shown(column, general, need("self_harm"), need("abuse")) == ([GENERAL, "self_harm"], ["abuse"])


def test_where_a_card_has_no_words_the_general_one_stands_for_it(column: Column) -> None:
    with translation.override("de"):
        assert shown(column, need("self_harm")) == ([GENERAL], [])
        CareCard.objects.create(column=column, kind="self_harm", heading="Bitte ruf an", text="Du bist nicht allein.")
        (own,) = cards.cards(column, [need("self_harm")]).opened
        assert (own.kind, own.heading, own.text) == ("self_harm", "Bitte ruf an", "Du bist nicht allein.")


@pytest.mark.parametrize("pseudo_language", [pseudo.LEFT], indirect=True)
def test_a_translated_card_is_shown(column: Column, pseudo_language: str) -> None:
    with translation.override(pseudo_language):
        (card,) = cards.cards(column, [need("minor")]).opened
        assert card.heading == pseudo.pseudo(CARDS["minor"].heading)


def test_the_lines_for_it_come_first_and_then_the_country(column: Column) -> None:
    for name, concerns, country in (
        ("Safe Door", "abuse coercion", ""),
        ("Refugio", "abuse", "ES"),
        ("Refuge", "abuse", "GB"),
        ("Talk", "self_harm", "GB"),
        ("Nine", "emergency", "GB"),
    ):
        HelpLine.objects.create(column=column, name=name, number="555 01", concerns=concerns, country=country)
    (abuse,) = cards.cards(column, [need("abuse")], country="the UK").opened
    assert lines(abuse) == ["Refuge", "Safe Door"]
    assert [line.name for line in abuse.emergency] == ["Nine"]
    assert [place for place, _ in abuse.lines.others] == ["Spain"]
    # without a country no number of one is offered as the emergency number
    (abuse,) = cards.cards(column, [need("abuse")]).opened
    assert abuse.emergency == []
    assert set(lines(abuse)) == {"Safe Door", "Refugio", "Refuge"}
    # nobody in Norway has a line for it: what is for everybody
    (self_harm,) = cards.cards(column, [need("self_harm")], country="Norway").opened
    assert lines(self_harm) == ["Night Line"]
    # the general card has those for everything that was found, and all of them where nothing was
    (general,) = cards.cards(column, [need("coercion", SOON), need("self_harm", SOON)], country="the UK").opened
    assert lines(general) == ["Talk", "Safe Door"]
    (general,) = cards.cards(column, [need(GENERAL, SOON)]).opened
    assert set(lines(general)) == {"Safe Door", "Refugio", "Refuge", "Talk", "Nine", "Night Line"}


def test_a_column_without_help_lines_still_has_the_emergency_number(column: Column) -> None:
    column.help_lines.all().delete()
    (card,) = cards.cards(column, [need("self_harm")]).opened
    assert (card.life, card.emergency, lines(card)) == (True, [], [])


# --- what a letter needs ---------------------------------------------------------------------------------------------


def test_words_just_screened() -> None:
    found = [
        Concern("abuse", 0, 5, 0.5, "hits"),
        Concern("abuse", 9, 12, 0.9, "hits"),
        Concern("minor", 20, 22, 0.5, "age"),
    ]
    assert needs.of_text(found) == [CareNeed("abuse", NOW, named=True), CareNeed("minor", SOON)]
    assert needs.of_text([], age_band="16 or 17") == [CareNeed("minor", NOW, named=True)]
    assert needs.of_text([], unread=True) == [CareNeed(GENERAL, SOON)]


def test_findings_that_were_sealed() -> None:
    finding = {"start": 0, "end": 4}
    payload = {
        "text": "…",
        "concerns": ["abuse", "coercion", "self_harm"],
        "findings": [
            {**finding, "kind": "self_harm", "rule": "classifier", "level": 2},
            {**finding, "kind": "abuse", "rule": "hits", "level": 2},
        ],
    }
    assert needs.of_sealed(payload) == [
        CareNeed("self_harm", NOW),
        CareNeed("abuse", NOW, named=True),
        CareNeed("coercion", SOON),
    ]


def test_a_letter_from_before_findings_were_sealed_is_screened_again() -> None:
    payload = {"text": "I want to kill myself tonight.", "concerns": ["self_harm"], "about": {"age_band": "Under 16"}}
    assert needs.of_sealed(payload) == [CareNeed("self_harm", NOW, named=True), CareNeed("minor", NOW, named=True)]
    assert needs.of_sealed({}) == []
    unread = {"text": "Nie wiem, co robić.", "language": "pl", "concerns": []}
    assert needs.of_sealed(unread) == [CareNeed(GENERAL, SOON)]


def test_the_needs_between_two_pages_have_one_length() -> None:
    some = [CareNeed("self_harm", NOW, named=True), CareNeed("abuse", NOW), CareNeed("minor", SOON)]
    assert needs.unpacked(needs.packed(some)) == some
    assert len(needs.packed(some)) == len(needs.packed([]))
    assert needs.unpacked("") == []
