"""Ages, contacts, dates, numbers of papers, workplaces, relations and places in letters."""

from __future__ import annotations

import pytest

from inbox.screening.details import find_details


def found(text: str, kind: str) -> list[str]:
    return [text[detail.start : detail.end] for detail in find_details(text) if detail.kind == kind]


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("I (34F) am married.", "(34F)"),
        ("I (f, 27) am married.", "(f, 27)"),
        ("My ex [28M] wrote.", "[28M]"),
        ("Me (22) and him (25) fight.", "(25)"),
        ("F24 here, and tired.", "F24"),
        ("I'm a 24f and tired.", "24f"),
        ("im 17 and tired", "17"),
        ("I'm 17 years old", "17 years old"),
        ("My 16-year-old knows.", "16-year-old"),
        ("my 10year old boy knows", "10year old"),
        ("I just turned 40 and feel old.", "40"),
        ("I am thirty-four and tired.", "thirty-four"),
        ("We are in our 30s now.", "30s"),
        ("I'm in my mid-twenties.", "twenties"),
        ("he is 25 yo and rude", "25 yo"),
        ("Age: 45, married.", "45"),
        ("my son is 12 and shy", "12"),
        ("Hi, I'm Jana, 33, from Brno.", "33"),
        ("I am 63 yr old female", "63 yr old"),
    ],
)
def test_an_age(text: str, age: str) -> None:
    assert age in found(text, "age")


@pytest.mark.parametrize(
    "text",
    [
        "We do it 20 times a month, for 30 minutes, and it costs £45.",
        "I am 12 weeks pregnant and weigh 70 kg. I take 50 mg.",
        "I'm 5 feet tall, it was 30% off, I am 2 hours away, he is 20 minutes late.",
        "I am 10 years into this marriage. I was 3 months late.",
        "She is 100% right.",
        "My friends, 12 of them, came, and my mum, 3 hours late.",
    ],
)
def test_a_measure_is_no_age(text: str) -> None:
    assert found(text, "age") == []


@pytest.mark.parametrize(
    ("text", "contact"),
    [
        ("Write to a.bell+x@mail.example.org please.", "a.bell+x@mail.example.org"),
        ("Write to anna (at) example (dot) org please.", "anna (at) example (dot) org"),
        ("Find me at @anna_b on there.", "@anna_b"),
        ("my insta is anna.bell.77 if you want", "anna.bell.77"),
        ("My handle is Wolkenkind on there.", "Wolkenkind"),
        ("My blog is at https://anna.example/about me.", "https://anna.example/about"),
        ("Look at annabell.com for it.", "annabell.com"),
        ("Call 07700 900123 after six.", "07700 900123"),
        ("Call +44 7700 900123 after six.", "+44 7700 900123"),
        ("Call (206) 555-0142 after six.", "(206) 555-0142"),
        ("My cell:046 555 0596.", "046 555 0596"),
        ("My number is 27-37-49-46.", "27-37-49-46"),
        ("reach me at 555 0142 any time", "555 0142"),
    ],
)
def test_a_contact(text: str, contact: str) -> None:
    assert found(text, "contact") == [contact]


@pytest.mark.parametrize(
    "text",
    [
        "It hurts.it really does, e.g. at night.",
        "From 2010-2015 it was 120/80, with version 2.0.5072 of the app.",
        "It went from 100-200 to 3,000,000 in 2019.",
        "My handle on things is slipping.",
    ],
)
def test_no_contact(text: str) -> None:
    assert found(text, "contact") == []


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("It began on 3 March 2021 at night.", "3 March 2021"),
        ("It began on 03/04/2021 at night.", "03/04/2021"),
        ("It began on 2021-04-03 at night.", "2021-04-03"),
        ("We met on June 7th at night.", "June 7th"),
        ("My birthday is in October.", "October"),
        ("I was born in 1987 there.", "1987"),
    ],
)
def test_a_date(text: str, date: str) -> None:
    assert found(text, "date") == [date]


def test_a_vague_time_points_to_nobody() -> None:
    assert find_details("Last Tuesday, two years ago, on a Monday in December, at 12:30, it may have been 2019.") == []


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("My SSN is 460-89-9847 there.", "460-89-9847"),
        ("My passport number is 533380006 there.", "533380006"),
        ("The card was 4111 1111 1111 1111 then.", "4111 1111 1111 1111"),
        ("My NI is QQ 12 34 56 C there.".replace("QQ", "AB"), "AB 12 34 56 C"),
        ("Case no. 2019-4471 is closed.".replace("2019-", "2019 "), "2019 4471"),
    ],
)
def test_a_number_of_a_paper(text: str, number: str) -> None:
    assert found(text, "id") == [number]


@pytest.mark.parametrize(
    ("text", "organisation"),
    [
        ("My boss at tesco is a creep.", "tesco"),
        ("I work at Deloitte and hate it.", "Deloitte"),
        ("i work for deloitte and hate it", "deloitte"),
        ("I work at Marks and Spencer on Fridays.", "Marks and Spencer"),
        ("A colleague of mine at Brightwater Foods knows.", "Brightwater Foods"),
        ("I go to Saint Mary Hospital on Fridays.", "Saint Mary Hospital"),
        ("She studies at the University of Leeds now.", "University of Leeds"),
    ],
)
def test_a_workplace_or_a_school(text: str, organisation: str) -> None:
    assert found(text, "organisation") == [organisation]


@pytest.mark.parametrize("text", ["I work at home.", "I work at night for a big company.", "My boss at work is rude."])
def test_no_workplace(text: str) -> None:
    assert found(text, "organisation") == []


@pytest.mark.parametrize(
    ("text", "relation"),
    [
        ("My mother-in-law found out.", "mother-in-law"),
        ("My twin sister has it too.", "twin sister"),
        ("My stepson hates me.", "stepson"),
        ("My husband's brother kissed me.", "husband's brother"),
        ("My boss kissed me.", "boss"),
        ("Our landlord kissed me.", "landlord"),
    ],
)
def test_a_relation(text: str, relation: str) -> None:
    assert found(text, "relation") == [relation]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("We live in Leeds with his mother.", "Leeds"),
        ("i live in leeds with his mother", "leeds"),
        ("We moved to Ramskapelle last year.", "Ramskapelle"),
        ("we moved to ramskapelle last year", "ramskapelle"),
        ("we moved to south carolina in spring", "south carolina"),
        ("I'm from Bottle Lake and lonely.", "Bottle Lake"),
        ("She lives in Austin, TX with him.", "Austin, TX"),
        ("We met in Reguengos de Monsaraz at a party.", "Reguengos de Monsaraz"),
        ("I went from York to Bath that day.", "Bath"),
        ("He lives at 14 Acacia Avenue.", "14 Acacia Avenue"),
        ("The postcode is LS6 2AB here.", "LS6 2AB"),
        ("I grew up in a village called Thornwick.", "Thornwick"),
        ("City: Valparaíso", "Valparaíso"),
        ("i grew up in mill village and left", "mill village"),
        ("she moved here from otter creek last year", "otter creek"),
        ("my father died in hasle of a stroke", "hasle"),
        ("my doctor is in nijmegen.", "nijmegen"),
        ("thank you for your attention.\nmarta nowak\nkruunupyy\n051-721-395", "kruunupyy"),
        ("my name is henry, from germany, kostelec nad orlici, and i am sad", "germany, kostelec nad orlici"),
    ],
)
def test_a_place(text: str, place: str) -> None:
    assert place in found(text, "place")


@pytest.mark.parametrize(
    "text",
    [
        "I am in Pain, in love, and in trouble with Mum.",
        "I take part in Zumba on Mondays in summer.".replace("Zumba", "sports"),
        "i am in pain from endometriosis and in treatment",
        "we live in a small town near the river and swim in the cold lake",
        "i live in another city and come from a poor village",
        "my test for nijmegen breakage syndrome was in may",
        "He is suffering from Crohn's and I from Alzheimer's.",
    ],
)
def test_no_place(text: str) -> None:
    assert found(text, "place") == []
