"""What a person should see first. A concern may only raise a letter."""

from __future__ import annotations

import pytest

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
