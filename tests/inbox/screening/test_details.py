"""Phrases that could identify somebody."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest

from inbox.screening.details import find_details


def found(text: str) -> set[tuple[str, str]]:
    return {(detail.kind, text[detail.start : detail.end]) for detail in find_details(text)}


@pytest.mark.parametrize(
    ("text", "kind", "phrase"),
    [
        ("My name is Anna Bell and I need help.", "name", "Anna Bell"),
        ("my husband tom does not know.", "name", "tom"),
        ("Then Wiktor said it was my fault, and Wiktor left.", "name", "Wiktor"),
        ("I spoke to Dr Okonkwo about it.", "name", "Okonkwo"),
        ("I do not know.\n\nThank you,\nMarguerite", "name", "Marguerite"),
        ("We live in Leeds with his mother.", "place", "Leeds"),
        ("we moved to south carolina in spring", "place", "south carolina"),
        ("He lives at 14 Acacia Avenue.", "place", "14 Acacia Avenue"),
        ("The postcode is LS6 2AB here.", "place", "LS6 2AB"),
        ("I (34F) am married.", "age", "(34F)"),
        ("My 16-year-old knows.", "age", "16-year-old"),
        ("I am thirty-four and tired.", "age", "thirty-four"),
        ("Write to a.bell+x@mail.example.org please.", "contact", "a.bell+x@mail.example.org"),
        ("Call 07700 900123 after six.", "contact", "07700 900123"),
        ("Find me at @anna_b on there.", "contact", "@anna_b"),
        ("It began on 3 March 2021 at night.", "date", "3 March 2021"),
        ("It began on 03/04/2021 at night.", "date", "03/04/2021"),
        ("I work at Saint Mary Hospital as a cook.", "organisation", "Saint Mary Hospital"),
        ("My SSN is 460-89-9847 there.", "id", "460-89-9847"),
        ("My passport number is 533380006 there.", "id", "533380006"),
        ("My mother-in-law found out.", "relation", "mother-in-law"),
        ("My twin sister has it too.", "relation", "twin sister"),
    ],
)
def test_finds(text: str, kind: str, phrase: str) -> None:
    assert (kind, phrase) in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "I have wondered about this for years and never dared to ask anybody until tonight.",
        "We do it 20 times a month, for 30 minutes, and it costs £45.",
        "I am 12 weeks pregnant. In December I start again, on a Monday.",
        "My wife said that it hurts. Will it pass? May I hope so?",
        "I take Sertraline 50 mg and have Endometriosis, says my doctor.",
    ],
)
def test_leaves_alone_what_points_to_nobody(text: str) -> None:
    assert found(text) == set()


def test_details_do_not_overlap_and_are_in_order() -> None:
    text = "My husband Tom Bell of Leeds, 41, works at Leeds General Infirmary; tom.bell@example.org, 0113 496 0000."
    details = find_details(text)
    assert len(details) >= 5
    assert all(first.end <= second.start for first, second in pairwise(details))


@pytest.mark.parametrize(
    "piece", ["a", "A", "1", "1-", "a.", "A'", "Aa-", "Aa ", "A1", "_", " ", "\n", "12.", "my name is ", "GB12 ", "😀"]
)
def test_the_longest_letter_of_one_piece_is_quickly_read(piece: str) -> None:
    text = (piece * 16_000)[:16_000]
    began = time.perf_counter()
    find_details(text)
    assert time.perf_counter() - began < 2
