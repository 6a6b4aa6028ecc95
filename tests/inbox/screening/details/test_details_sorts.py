"""Classes, posts held, events, nicknames and ways of being the only one; the gazetteer; what a letter names already."""

from __future__ import annotations

import pytest

from inbox.screening.details import find_details
from inbox.screening.generalise import offer


def found(text: str) -> set[tuple[str, str]]:
    return {(detail.kind, text[detail.start : detail.end]) for detail in find_details(text)}


@pytest.mark.parametrize(
    ("text", "kind", "phrase"),
    [
        ("I'm in Year 9 and nobody sits with me.", "organisation", "Year 9"),
        ("im in 7th grade and i hate it", "organisation", "7th grade"),
        ("He goes to hollins middle school like me.", "organisation", "hollins middle school"),
        ("She is in the lower sixth now.", "organisation", "the lower sixth"),
        (
            "I'm a third-year law student at Keele and lost.",
            "organisation",
            "third-year law student at Keele",
        ),
        ("I am a paramedic at the Whitmore and tired.", "organisation", "a paramedic at the Whitmore"),
        ("He was the priest of our little island.", "organisation", "the priest of our little island"),
        ("My husband is a corporal in the Royal Signals.", "organisation", "a corporal in the Royal Signals"),
        ("My brother drives the 17 bus.", "organisation", "the 17 bus"),
        ("We sing at Holy Trinity on Sundays.", "organisation", "Holy Trinity"),
        ("We met at the Fox and Hounds.", "organisation", "Fox and Hounds"),
        ("He is in Ashdown Prison for it.", "organisation", "Ashdown Prison"),
        ("I gave evidence in the Marlow trial.", "event", "Marlow trial"),
        ("My case was R v Penhallow.", "event", "R v Penhallow"),
        ("Our picture was in the Wharfedale Gazette.", "event", "Wharfedale Gazette"),
        ("She was hurt in the coach crash at Holt Green.", "event", "the coach crash at Holt Green"),
        ("I was a contestant on Masterchef once.", "event", "Masterchef"),
        ("He is known as Brick at work.", "name", "Brick"),
        ("She is known as Little Mim round here.", "name", "Little Mim"),
        ("It was Ludo who told them.", "name", "Ludo"),
        ("my best mate shaz has been with my ex", "name", "shaz"),
        ("I go by Wren with friends.", "name", "Wren"),
        ("They call her Duchess behind her back.", "name", "Duchess"),
        ("I post as velvetotter on tumblr.", "contact", "velvetotter"),
        ("her insta is the.knitting.nun and she tags me", "contact", "the.knitting.nun"),
        ("Write to finn dot w at gmail please.", "contact", "finn dot w at gmail"),
        (
            "Ring zero seven double nine, one two three four five.",
            "contact",
            "zero seven double nine, one two three four five",
        ),
        ("It was on Friday the 3rd of July.", "date", "Friday the 3rd of July"),
        ("We met on the sixth of June.", "date", "sixth of June"),
        ("She has three girls aged 2, 4 and 7.", "age", "2, 4 and 7"),
        ("The flat is in Marchmont Terrace.", "place", "Marchmont Terrace"),
        ("We live on the Isle of Mull.", "place", "Isle of Mull"),
        ("He serves in the 3rd battalion the mercians.", "organisation", "3rd battalion the mercians"),
        ("I work nights at the amazon depot.", "organisation", "amazon"),
        ("I was on the ferry that capsized off Stornoway.", "event", "ferry that capsized off Stornoway"),
        ("My cousin was on Strictly Baking in 2020.", "event", "Strictly Baking"),
        ("It happened on New Year's Eve 2017.", "date", "New Year's Eve 2017"),
        ("We met at christmas 2016.", "date", "christmas 2016"),
        ("Our flat is 4c, Rowan Court.", "place", "4c, Rowan Court"),
        ("We live at 9 Linnet Mews.", "place", "9 Linnet Mews"),
        ("My sister, 19, found out.", "age", "19"),
        ("My eldest is nearly 12 and sulks.", "age", "12"),
        ("The case number is 2021-AB-0087.", "id", "2021-AB-0087"),
        ("Mine is NI number AB 12 34 56 C", "id", "AB 12 34 56 C"),
    ],
)
def test_finds(text: str, kind: str, phrase: str) -> None:
    assert (kind, phrase) in found(text)


@pytest.mark.parametrize(
    "phrase",
    [
        "the only vet in the valley",
        "the one female surgeon here",
        "our village's single midwife",
        "nobody else in town has a wooden leg",
        "no other family here has quintuplets",
        "the last shepherd on this island",
        "only one wheelchair user at our school",
        "the school's only Deaf teacher",
        "the youngest judge in the county",
        "one in a million",
        "fewer than ten people in the country",
    ],
)
def test_is_the_only_one(phrase: str) -> None:
    text = f"They say that I know {phrase}, so they would know me."
    assert ("only", phrase) in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "You are the only person in my life who listens.",
        "The last time at school he hit me.",
        "It is the one good thing in town.",
        "He was in year 3 of his contract and she of the marriage.",
        "My mother was a nurse at heart.",
        "He goes by the book and so do I.",
        "He calls me Baby and I call him Daddy.",
        "Good evening, mr and mrs, he said.",
        "Since last Jan it hurts, and on Christmas Eve it was worse.",
        "Where in America is it most common?",
        "We swam at a lake near a new town.",
        "I read it in the Daily Mail.",
        "It was Mum who told me.",
        "I was on Sertraline in 2021, and on the pill.",
        "The bus that I take was late, and the plane crashed in the film.",
        "Our second division match was at Christmas.",
        "We came at new year and left.",
    ],
)
def test_is_no_detail(text: str) -> None:
    assert [one for one in found(text) if one[0] not in ("age", "date")] == []


@pytest.mark.parametrize("town", ["Wokingham", "Chattanooga", "Thessaloniki", "Santa Clarita", "Kota Kinabalu"])
def test_a_town_of_the_gazetteer_is_a_place(town: str) -> None:
    assert ("place", town) in found(f"Nobody in {town} knows that I write.")
    assert ("place", town) in found(f"There is nothing like {town} when it rains.")
    small = f"i moved to {town.lower()} last year and i hate it"
    assert ("place", town.lower()) in found(small)


@pytest.mark.parametrize(
    "plate",
    [
        "LN19 KXR", "ln19 kxr", "B-MK 4471", "AB-123-CD", "AB 123 CD", "1234 BCD", "12-ABC-3", "1-ABC-234",
        "191-D-20458", "AA-12-BB", "WX 4829K", "1A2 3456", "B 123 ABC", "ABC-1234", "8KLM921",
        "ABCD 123", "1AB 2CD", "CA 123-456",
        "12-345-67", "ZH 123456", "W-12345 X", "ABC 123", "MH 12 AB 1234", "34 ABC 123", "ABC1D23", "ZG 1234-AB",
    ],
)  # fmt: skip
def test_a_number_plate_is_a_number(plate: str) -> None:
    text = f"His car has the plate {plate}, it stood there."
    covered = [detail for detail in find_details(text) if detail.kind == "id"]
    assert [text[one.start : one.end] for one in covered] == [plate]


def test_what_a_letter_names_is_found_where_nothing_says_that_it_is_a_name() -> None:
    letter = "my boyfriend jake left me for Hope Quennell. he works at Brambleway."
    text = "It was jake again, and with Hope it is no better. Hope is all we have at brambleway."
    seen = [(one.kind, text[one.start : one.end]) for one in find_details(text, letters=[letter])]
    assert seen == [("name", "jake"), ("name", "Hope"), ("organisation", "brambleway")]
    assert ("name", "Hope") not in [(one.kind, text[one.start : one.end]) for one in find_details("Hope is all.")]


@pytest.mark.parametrize(
    ("words", "kind", "wider"),
    [
        ("the vicar of a small parish", "organisation", "a vicar"),
        ("a midwife at the Rosie", "organisation", "a midwife"),
        ("Year 10", "organisation", "school"),
        ("the 42 bus", "organisation", "a bus"),
        ("a PhD in marine biology at St Andrews", "organisation", "a PhD in marine biology"),
        ("University of Leeds", "organisation", "my university"),
        ("nobody else in town has a glass eye", "only", "[removed]"),
        ("the only vet in the valley", "only", "one of few"),
        ("Wharfedale Gazette", "event", "[removed]"),
    ],
)
def test_what_stands_instead(words: str, kind: str, wider: str) -> None:
    assert offer(words, kind)[0] == wider
