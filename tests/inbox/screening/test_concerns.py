"""What a person should see first. A concern may only raise a letter."""

from __future__ import annotations

import pytest

from inbox.screening.classifier import WEAK, classify
from inbox.screening.concerns import find_concerns, kinds


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("self_harm", "I keep thinking everybody would be better off without me."),
        ("self_harm", "Some nights I think about ending it all and I do not want to wake up."),
        ("self_harm", "I cut my arms when it gets bad."),
        ("abuse", "My boyfriend slapped me on Sunday and I am scared to go home."),
        ("abuse", "He tracks my phone and threatens to post my photos."),
        ("assault", "I said no but he did not stop."),
        ("assault", "I woke up and he was inside me."),
        ("coercion", "I feel I have to have sex or he sulks for days."),
        ("coercion", "He took the condom off without asking."),
        ("emergency", "I soak through two pads an hour and I feel faint."),
        ("emergency", "I have had an erection for five hours now."),
        ("minor", "I’m 15 and my boyfriend is 22."),
        ("minor", "I am in year 9 and nobody knows."),
    ],
)
def test_raises_what_cannot_wait(kind: str, text: str) -> None:
    assert kind in kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        "I am 17 weeks pregnant and we wonder whether sex is safe.",
        "I want to die of embarrassment each time she brings it up.",
        "I hurt myself at the gym and now it aches when we have sex.",
        "The passion is dead and the silence is killing us.",
        "I cannot cope with the itching, which cream should I try?",
        "I am 34 and wonder whether it is normal to want it less.",
    ],
)
def test_leaves_ordinary_letters_alone(text: str) -> None:
    assert kinds(text) == set()


@pytest.mark.parametrize(
    "text",
    [
        "Everyone in my year has done it except me and they laugh.",
        "My form tutor says I should tell somebody but I cannot.",
        "I have to revise for my GCSEs and I can't think of anything else.",
        "I’m in sixth form and there is a boy I like.",
        "I just started year 10 and everybody talks about it.",
        "my homeroom teacher found my diary",
        "I am a girl in 8th grade and I have a question about my period.",
        "Nobody in my grade has hair there.",
    ],
)
def test_a_life_at_school_tells_that_somebody_may_be_a_minor_and_less_surely_than_an_age(text: str) -> None:
    (found,) = [one for one in find_concerns(text) if one.kind == "minor"]
    assert found.certainty == 0.5 or "8th grade" in text


@pytest.mark.parametrize(
    "text",
    [
        "My son is in year 10 and his form tutor rang me.",
        "I teach year 9, and everyone in my form talks about it.",
        "I am a teacher, and a girl in my year group told me something.",
        "My daughter is sad about her GCSEs, and my form tutor friend says they all are.",
        "When I did my GCSEs I met the man I live with.",
        "I failed my GCSEs, went to work at sixteen, and I am 45 now.",
        "Everyone in my year at university has somebody.",
        "My form tutor back then was kind.",
        "I started high school in 1985.",
        "We have been together since year 10, and I am 27.",
        "I work as a school nurse, and the kids in my form ask me about it.",
        "We are in year 10 of our marriage, and I'm in year 3 of this job.",
    ],
)
def test_whoever_teaches_has_children_or_looks_back_is_no_minor(text: str) -> None:
    assert "minor" not in kinds(text)


def test_a_score_takes_from_weak_phrases_alone() -> None:
    """Both letters read like those of somebody who is well: that silences "our abusive uncle", and no plain words."""
    well = (
        "We are well, the garden is lovely, the children are at school and we laugh a lot. On Sunday we cook with the "
        "neighbours and in the summer we go to the sea. "
    )
    cases = {
        "We have been together for four years and mostly it is good, he cooks and we walk the dog. Last night it was "
        "the hands round my neck again, and then he was fine. Is this normal?": {"abuse"},
        well * 3 + "My sister is nothing like our abusive uncle, thank goodness.": set(),
    }
    for text, found in cases.items():
        classification = classify(text)
        assert classification is not None
        assert classification.score < WEAK
        assert kinds(text) - {"minor"} == found


def test_places_are_offsets_into_the_text_as_given() -> None:
    text = "It’s bad. I don’t want to live any more."
    concern = next(concern for concern in find_concerns(text) if concern.kind == "self_harm")
    assert text[concern.start : concern.end].startswith("don’t want to live")
    assert 0 < concern.certainty <= 1


@pytest.mark.parametrize(
    ("age_band", "found"), [("Under 16", {"minor"}), ("16 or 17", {"minor"}), ("18 to 24", set()), ("", set())]
)
def test_an_age_that_was_chosen_counts_too(age_band: str, found: set[str]) -> None:
    assert kinds("Is this normal?", age_band=age_band) == found


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("self_harm", "Ich möchte nicht mehr leben und weiß nicht, wem ich das sagen soll."),
        ("self_harm", "Ya no quiero vivir, nadie me escucha."),
        ("abuse", "Mein Mann schlägt mich, wenn er getrunken hat."),
        ("assault", "J'ai été violée l'année dernière."),
    ],
)
def test_the_plainest_words_of_other_languages_raise_a_letter(kind: str, text: str) -> None:
    assert kind in {one.kind for one in find_concerns(text)}
