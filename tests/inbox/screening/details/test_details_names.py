"""Names in letters: of many peoples, in small letters, signed at the end, and words that are no names."""

from __future__ import annotations

import pytest

from inbox.screening.details import find_details


def names(text: str) -> list[str]:
    return [text[detail.start : detail.end] for detail in find_details(text) if detail.kind == "name"]


@pytest.mark.parametrize(
    "name",
    [
        "Wiktor", "Agnieszka", "Bohumil", "Jarmila", "László", "Zsófia", "Dragan", "Matjaž", "Ruslan", "Zelimkhan",
        "Malika", "Pipaluk", "Sigríður", "Þorsteinn", "Søren", "Åse", "Päivi", "Veikko", "Ingrid", "Joost", "Wouter",
        "Giulia", "Ximena", "Otávio", "Clémence", "Heike", "Haruka", "Takumi", "Callum", "Nkechi", "Ngozi", "Priya",
        "Rahul", "Fatima", "Yusuf", "Linh", "Meiling", "Oksana", "Dimitris", "Ayşe",
    ],
)  # fmt: skip
@pytest.mark.parametrize("letter", ["My husband {} never listens.", "Last week {} said that it was my fault."])
def test_a_name_of_any_people_with_its_capital(name: str, letter: str) -> None:
    assert names(letter.format(name)) == [name]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("my husband tom does not know about it.", "tom"),
        ("hi im emma and i think my boyfriend jake is cheating", "jake"),
        ("i told sarah everything and she laughed.", "sarah"),
        ("my best friend wiktor keeps texting my ex", "wiktor"),
        ("i love agnieszka but she does not love me", "agnieszka"),
        ("my name is zbyszka and i am sad", "zbyszka"),
        ("so my ex, brunhild, wrote to me again", "brunhild"),
        ("then priya's brother came in", "priya"),
        ("my teacher mr brown gave me his number", "brown"),
        ("my boyfriend max and i fight every day", "max"),
        ("please call me dorota. nobody else does", "dorota"),
        ("i can not stop thinking of him.\n\nthank you\nbronwen", "bronwen"),
        ("what should i do? thanks, marta kowalczyk", "marta kowalczyk"),
        ("what should i do? thank you. rosie kennedy", "rosie kennedy"),
        ("it is for a paper that i write. vasilka drobney", "vasilka drobney"),
        ("is it one in four? ~tomke ogawa", "tomke ogawa"),
        ("i need advice. regards friederike sorensen father 051-721-395", "friederike sorensen"),
        ("thank you for your attention.\nilo\nfarsund", "ilo"),
        ("thank you for your time. mael", "mael"),
        ("she is going to see bratko, a surgeon, in may", "bratko"),
        ("MY HUSBAND TOM DOES NOT KNOW ABOUT IT AND I AM AFRAID", "TOM"),
    ],
)
def test_a_name_without_capitals(text: str, name: str) -> None:
    assert name in names(text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("What would you do?\n\nThank you,\nMarguerite", "Marguerite"),
        ("What would you do? Thanks, Aslaug", "Aslaug"),
        ("What would you do?\n\nYours sincerely\n\nThorvald Ekelund", "Thorvald Ekelund"),
        ("Please help me. Love, Rose xx", "Rose"),
        ("Please help me.\n- Kasimir", "Kasimir"),
        ("Please help me.\nBest regards\nMaria del Carmen Ruiz", "Maria del Carmen Ruiz"),
        ("Please help me. Jana Nováková", "Jana Nováková"),
        ("Please help me. Sincerely, Even", "Even"),
        ("Please help me.\nThank you,\nInnocent Lindqvist", "Innocent Lindqvist"),
        ("It should stand in the article. Avtorkhan", "Avtorkhan"),
        ("I write on behalf of Stipo, who is very ill.", "Stipo"),
    ],
)
def test_who_signed(text: str, name: str) -> None:
    assert name in names(text)


def test_a_signature_with_a_place() -> None:
    text = "Is that normal?\n\nThank you\nAnnika, Uppsala"
    found = {(detail.kind, text[detail.start : detail.end]) for detail in find_details(text)}
    assert found == {("name", "Annika"), ("place", "Uppsala")}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("I met Anna Bell there.", "Anna Bell"),
        ("I spoke to Dr. Okonkwo-Bell there.", "Okonkwo-Bell"),
        ("We saw Jan van der Berg there.", "Jan van der Berg"),
        ("We saw John Q. Miller there.", "John Q. Miller"),
        ("We saw Gudrun Bárðardóttir there.", "Gudrun Bárðardóttir"),
        ("It was Mrs Young who told him.", "Young"),
    ],
)
def test_the_whole_name_is_marked(text: str, name: str) -> None:
    assert names(text) == [name]


def test_a_name_that_was_announced_once_is_one_everywhere() -> None:
    text = "My flatmate is called Vlastibor. I like cooking. After dinner Vlastibor washes up, but never the pots."
    assert names(text) == ["Vlastibor", "Vlastibor"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Since then I have not been alone with Qasbulat, and it hurts.", ["Qasbulat"]),
        ("Since then I take my medication with Qasbulat, and it hurts.", []),
        ("We drove to the party in his Qasbulat, and we play Qasbulam.", []),
    ],
)
def test_an_unknown_capital_is_somebody_but_in_a_letter_about_health(text: str, expected: list[str]) -> None:
    assert names(text) == expected


def test_another_language_is_not_a_text_full_of_names() -> None:
    text = "hola me llamo triste y mi novio ya no quiere hablar conmigo porque dice que siempre estoy llorando por todo"
    assert len(names(text)) <= 1


def test_a_code_is_no_name() -> None:
    assert names("the file is anna_01 and the key is Emma77x or 7Jake") == []


def test_who_stands_beside_a_name() -> None:
    assert names("Emma and Zdislava are both my friends.") == ["Emma", "Zdislava"]


@pytest.mark.parametrize(
    "text",
    [
        "May I hope so? Will it pass? Mark my words, grace is a gift and I gave him a rose.",
        "I will hope for the best in may, or june.",
        "In June and August I was well. On Sunday it came back, and in September too.",
        "I take Zoloft, Lipitor and Metformin for Diabetes. Then Gabapentin was added.",
        "She has Huntington's disease and he has Parkinson's.",
        "He was told that it is Leigh syndrome or Charcot Marie Tooth disease.",
        "We met on Tinder, then moved to WhatsApp, and now he only sends TikTok links.",
        "My Doctor says it is the Heart. The Nurse agrees.",
        "I watched Netflix with my Mum and Dad at Christmas.",
        "Sadly he left. Honestly I don't care. Luckily I'm fine. They've gone and I'd rather they'd stayed.",
        "He is Catholic, I am Muslim, and her parents are Polish.",
        "SUBJECT: WHERE CAN I FIND HELP\nMESSAGE: I AM LOOKING FOR HELP WITH MY WEIGHT AND I DO NOT KNOW WHERE TO GO.",
        "my husband realy loves me but my daughter allways cries and my son recieved nothing",
        "my wife said no. my boss is rude. my mother was ill. my friend will come.",
        "im so confused and im scared, my partner wont talk, and thats it",
        "Is it Albinism, Endometriosis or Erythema Nodosum?",
        "what is this? thank you verry much. pleasee",
        "i asked for help and nobody came. thank you. heeelp",
        "What is this?\nThank you,\nPlease",
        "I do not sleep. Sincerely, thank you.",
    ],
)
def test_no_name_where_there_is_none(text: str) -> None:
    assert names(text) == []
