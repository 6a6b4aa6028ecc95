"""Number plates, bank accounts, account names, ways of being the only one, known names, and other languages."""

from __future__ import annotations

import time

import pytest

from inbox.screening.details import find_details, speaks


def found(text: str, *known: str) -> list[tuple[str, str]]:
    return [(one.kind, text[one.start : one.end]) for one in find_details(text, known)]


@pytest.mark.parametrize(
    "plate",
    [
        "AB12 CDE", "B-MK 4711", "AB-123-CD", "AB 123 CD", "1234 BCD", "12-ABC-3", "1-ABC-234", "WA 12345", "ABC 12D",
        "AB 12345", "AB 12 345", "ABC-123", "191-D-1234", "1A2 3456", "B 123 ABC", "ABC-1234", "7ABC123", "1AB 2CD",
        "MH 12 AB 1234", "34 ABC 123", "ABC1D23", "ZG 1234-AB", "ZH 123456", "А123ВС77",
    ],
)  # fmt: skip
def test_a_number_plate_of_many_countries(plate: str) -> None:
    assert ("id", plate) in found(f"The car with the plate {plate} was there.")


@pytest.mark.parametrize(
    "text",
    [
        "I had MMR 123 and 500 mg of it in room B12.",
        "My ford broke in 2019 and 300 people saw it.",
        "He has a BMW 320 and drove it 100 miles.",
        "I work at Yahoo and she looked at Gmail.",
        "It was the only thing in the world that helped.",
        "That's the only time in my life, and one of two things.",
    ],
)
def test_ordinary_codes_and_phrases_are_none(text: str) -> None:
    assert [one for one in found(text) if one[0] in ("id", "contact", "only")] == []


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("Pay to gb82 west 1234 5698 7654 32 please.", "id", "gb82 west 1234 5698 7654 32"),
        ("I am u/sad_fish on there.", "contact", "u/sad_fish"),
        ("Add me: wolf#1234.", "contact", "wolf#1234"),
        ("Write to jo at gmail.", "contact", "jo at gmail"),
        ("Write to jo (at) gmail dot com.", "contact", "jo (at) gmail dot com"),
        ("電話は090-1234-5678です", "contact", "090-1234-5678"),
        ("请打13812345678联系我", "contact", "13812345678"),
        ("I am the only vet in Thornwick.", "only", "the only vet in Thornwick"),
        ("I am one of two black girls in my year.", "only", "one of two black girls in my year"),
        ("She is the first woman imam in Leeds.", "only", "the first woman imam in Leeds"),
    ],
)
def test_what_points_to_one_person(text: str, kind: str, words: str) -> None:
    assert (kind, words) in found(text)


def test_the_people_of_the_column_are_no_details_and_their_namesakes_are() -> None:
    text = "Dear Ines, and dear Ines Maro of Steady Hands: my sister Ines and my husband Tom read you."
    assert found(text, "Ines Maro", "Steady Hands") == [("name", "Ines"), ("name", "Tom")]


@pytest.mark.parametrize("name", ["Sertraline", "Zoloft", "Endometriosis", "Pirtobrutinib", "Psoriasis"])
def test_medicines_and_illnesses_are_no_names(name: str) -> None:
    assert found(f"Last year {name} came into my life and said nothing. I told {name} to go.") == []


def test_in_a_language_without_word_lists_only_contacts_are_looked_for() -> None:
    text = "Ich habe meinen Mann am Montag in der Küche gesehen, und die Kinder waren im Garten. Ruf mich an: "
    text += "0151 23456789."
    assert found(text) == [("contact", "0151 23456789")]
    assert [speaks(code) for code in ("en", "", "de", "und")] == [True, True, False, False]


@pytest.mark.parametrize(
    "piece", ["plate ", "AB 12 ", "the only ", "one of two a ", "DE89 ", "jo at ", "a#1", "u/", "ＡＢ"]
)
def test_no_new_rule_is_slow(piece: str) -> None:
    def seconds(length: int) -> float:
        text = (piece * length)[:length]
        began = time.process_time()
        find_details(text)
        return time.process_time() - began

    assert min(seconds(16_000) for _ in range(2)) <= 12 * max(min(seconds(4_000) for _ in range(2)), 0.02)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (("Ich bin 34 Jahre alt und weiß nicht, was ich mit meiner Schwiegermutter machen soll, denn sie ist immer bei "
         "uns und ich kann nicht mehr."), [("age", "34 Jahre alt"), ("relation", "Schwiegermutter")]),
        (("Tengo 17 años y no sé qué hacer con mi padrastro, porque siempre está en casa y yo no quiero estar con él "
         "nunca más."), [("age", "17 años"), ("relation", "padrastro")]),
    ],
)  # fmt: skip
def test_ages_and_relations_in_other_languages(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected
