"""What can be checked of a draft without judgement."""

from __future__ import annotations

from typing import Any

import pytest

from inbox.editorial import checklist
from inbox.editorial.checklist import Check, HelpLines, Source

LETTER = "My husband and I have been married for nine years and since the birth it has hurt every single time."
PHRASE = "married for nine years and since the birth"
WORDS = {
    "headline": "Is it normal that it hurts: a nurse's view",
    "standfirst": "A short answer first.",
    "content_note": "",
    "pen_name": "Awake",
    "question": "A reader asks whether it has to hurt.",
    "answer": "It need not.[^1]\n\n## When to be concerned\n\n" + "word " * 1000 + "\n\n[^1]: A guideline.",
}


def source(**facts: Any) -> Source:
    return Source(**{"label": "L-1234", "text": LETTER, "private": False, "withdrawn": False, "urgent": False, **facts})


def checks(*sources: Source, care: bool = False, sign_off: str = "With care", **words: Any) -> list[Check]:
    help_lines = HelpLines(care, words.pop("help_kinds", ()), words.pop("noticed", ()))
    return checklist.checks(WORDS | words, sources or (source(),), help_lines=help_lines, sign_off=sign_off)


def looks(found: list[Check]) -> list[str]:
    return [f"{check.sentence} {' '.join(check.found)}".strip() for check in found if not check.well]


def test_a_good_text_needs_no_look() -> None:
    assert looks(checks()) == []
    assert len(checks()) == 10


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            {"question": "I live in Bristol."},
            "These words of headline, standfirst or question could point to somebody: Bristol",
        ),
        (
            {"standfirst": "She wrote from Bristol."},
            "These words of headline, standfirst or question could point to somebody: Bristol",
        ),
        (
            {"answer": f"My name is Wilhelmina, says your sister. {WORDS['answer']}"},
            "These words of the answer could point to somebody: Wilhelmina",
        ),
        (
            {"question": f"We are *{PHRASE}* we are strangers."},
            "These words stand as they did in the letter, so whoever has read it would know them: " + PHRASE,
        ),
        (
            {"answer": WORDS["answer"].replace("## When to be concerned", "When to be concerned")},
            "No heading says when to be concerned, and where to go.",
        ),
        ({"answer": WORDS["answer"].replace("[^1]", "")}, "No source is named: no footnote and no link."),
        ({"answer": "## When to see a doctor\n\nSoon.[^1]"}, "The answer has 7 words; 900 to 1500 are usual."),
    ],
)
def test_says_what_to_look_at(words: dict[str, str], said: str) -> None:
    assert looks(checks(**dict[str, Any](words))) == [said]


def test_a_place_in_the_answer_matters_where_the_letter_has_it_too() -> None:
    answer = f"In England and in Wales there are clinics. {WORDS['answer']}"
    assert looks(checks(answer=answer)) == []
    found = looks(checks(source(text="I live in Wales."), answer=answer))
    assert found == ["These words of the answer could point to somebody: Wales"]


def test_whoever_the_letter_names_is_found_again_where_nothing_says_that_it_is_a_name() -> None:
    letter = source(text="my boyfriend jake and his friend Hope Quennell work at Brambleway. I am from Ottery.")
    question = "Jake forgets it; with Hope it is no better, and brambleway is far. Hope is what I have. Ottery sleeps."
    found = looks(checks(letter, question=question))
    assert found == [
        "These words of headline, standfirst or question could point to somebody: Jake Hope brambleway Ottery"
    ]
    assert "brambleway" not in " ".join(looks(checks(question=question)))


def test_the_columns_own_names_are_no_details() -> None:
    words = WORDS | {"headline": "Dear Ines, is it normal?", "question": "Dear Ines, you wrote in Steady Hands that."}
    shown = HelpLines(care=False)
    names = ["Steady Hands", "Ines Reyhan"]
    assert looks(checklist.checks(words, [source()], help_lines=shown, sign_off="x", known=names)) == []
    assert looks(checklist.checks(words, [source()], help_lines=shown, sign_off="x")) != []


def test_a_link_is_a_source_too() -> None:
    answer = WORDS["answer"].replace("[^1]", "[a guideline](https://example.org/)")
    assert "example.org" in answer
    assert looks(checks(answer=answer)) == []


def test_a_column_without_sign_off_is_said_to_be() -> None:
    assert looks(checks(sign_off="")) == ["The column has no sign-off, so the answer ends without one."]


def test_each_letter_is_looked_at() -> None:
    found = looks(
        checks(source(), source(label="L-5678", private=True), source(label="L-9ABC", withdrawn=True, text=""))
    )
    assert found == ["The writer allows a private answer only: L-5678", "Withdrawn by the writer: L-9ABC"]


def test_an_urgent_letter_needs_help_lines() -> None:
    assert looks(checks(source(urgent=True))) == ["A letter is urgent, but the article shows no help lines."]
    assert looks(checks(source(urgent=True), care=True)) == []


def test_what_needs_a_look_comes_first() -> None:
    well = [check.well for check in checks(question="I live in Bristol.", sign_off="")]
    assert well == sorted(well)
    assert well[:2] == [False, False]


def test_the_kinds_of_help_lines_are_named_and_what_was_noticed_beside() -> None:
    found = checks(help_kinds=["self_harm", "abuse"], noticed=["abuse", "minor"])
    assert ("self-harm", "abuse") in [check.found for check in found if check.well]
    said = "Noticed in the letter, but the article names no help lines for it:"
    assert looks(found) == [f"{said} somebody under 18"]
    assert looks(checks(help_kinds=["abuse"], noticed=["abuse"])) == []
