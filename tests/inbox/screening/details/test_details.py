"""Phrases that could identify somebody."""

from __future__ import annotations

import sys
import time
from itertools import pairwise
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from inbox.screening import lexicons
from inbox.screening.details import dictionary, find_details


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
        ("Our daughter Anna-Lena is 16.", "age", "16"),
        ("My son Tom is 7 and goes to school.", "age", "7"),
        ("He lives on Fulton Street, near the station.", "place", "Fulton Street"),
        ("I live on Briggate with my mum.", "place", "Briggate"),
        ("Our flat on Kirkgate is cold.", "place", "Kirkgate"),
        ("He lives in Cowgate now.", "place", "Cowgate"),
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


@pytest.mark.parametrize("before", ["", "😀", "👩‍👩‍👧 e\u0301 ", "𝒳\n", "\u202e", "İ"])
def test_offsets_are_those_of_the_text_as_given(before: str) -> None:
    text = f"{before} My husband Zoe\u0308 😀 and I (34F) live in Leeds."
    assert found(text) == {("name", "Zoe\u0308"), ("age", "(34F)"), ("place", "Leeds")}


def test_the_owner_of_a_site_adds_words(tmp_path: Path) -> None:
    text = "well, little haven is nice, and so is quagbert there"
    assert found(text) == set()
    (tmp_path / "details.toml").write_text('places = "little-haven"\nnames = "quagbert"', "utf-8")
    lexicons.extend_from(tmp_path)
    dictionary.forget()
    try:
        assert found(text) == {("place", "little haven"), ("name", "quagbert")}
    finally:
        lexicons.extend_from(None)
        dictionary.forget()


PIECES = [
    "a", "A", "1", "1-", "a.", "A'", "Aa-", "Aa ", "A1", "_", " ", "\n", "12.", "my name is ", "GB12 ", "😀", "Aa de ",
    "i am ", "my son zyx ", "in Xyz, ", "(12 ", "1:", "@a.", "Mr. ", "A. ", "zyx zyxy ", "and Xyz ", "new ", "xyzq\n",
    "is 12 ",
]  # fmt: skip


@pytest.mark.parametrize("piece", PIECES)
def test_time_grows_with_the_length_and_no_faster(piece: str) -> None:
    def steps(length: int) -> int:
        """Lines of the product that are executed for a text of this length; a count, so no clock can fail it."""
        count = 0

        def trace(frame: FrameType, event: str, _: Any) -> Any:
            nonlocal count
            if "screening" not in frame.f_code.co_filename:
                return None
            count += event == "line"
            return trace

        text = (piece * length)[:length]
        find_details(text)
        before = sys.gettrace()
        sys.settrace(trace)
        try:
            find_details(text)
        finally:
            sys.settrace(before)
        return count

    assert steps(2_000) <= 4.5 * steps(500) + 2_000


@pytest.mark.parametrize("piece", PIECES)
def test_no_rule_is_slow_on_a_long_text_of_one_piece(piece: str) -> None:
    """What happens inside the regular expressions no count shows: four times the text, about four times the time."""

    def seconds(length: int) -> float:
        text = (piece * length)[:length]
        return min(timed(text) for _ in range(3))

    def timed(text: str) -> float:
        began = time.process_time()
        find_details(text)
        return time.process_time() - began

    assert seconds(16_000) <= 12 * max(seconds(4_000), 0.02)


def test_no_word_of_a_letter_stays_in_memory() -> None:
    find_details("My name is Quuxandra Zweibelfisch and I live in Blorbington with Grzegorz.")
    assert dictionary.known.cache_info().currsize == dictionary.misspelt.cache_info().currsize == 0


@pytest.mark.parametrize(
    "text",
    ["We met on Tinder.", "I lived on Sertraline for a year.", "I live on benefits.", "My house on Monday was a mess."],
)
def test_what_else_people_live_on_is_no_street(text: str) -> None:
    assert [one for one in find_details(text) if one.kind == "place"] == []
