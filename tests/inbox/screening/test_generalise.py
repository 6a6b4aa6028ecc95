"""Wider words for details: pure text, no database."""

from __future__ import annotations

import itertools
import re
import time

import pytest

from inbox.screening import concerns, details, generalise
from tests import hostile

COUNTRIES = frozenset(["peru", "united kingdom"])


@pytest.mark.parametrize(
    ("before", "words", "kind", "after", "first"),
    [
        ("I live in ", "Leeds", "place", ".", "a town"),
        ("We moved to ", "Leeds", "place", ".", "a town"),
        ("Everybody in ", "Leeds", "place", " knows.", "a town nearby"),
        ("I come from ", "Peru", "place", ".", "my country"),
        ("I live at ", "12 Mill Lane", "place", ".", "[removed]"),
        ("", "LS1 4AB", "place", "", "[removed]"),
        ("My name is ", "Anna Bell", "name", ".", "A."),
        ("Thanks,\n", "Anna", "name", "", "A."),
        ("my husband ", "Tom", "name", " left", "my husband"),
        ("my older sister, ", "Mia", "name", ", said", "my older sister"),
        ("her brother ", "Tom", "name", " left", "her brother"),
        ("my ex-husband ", "Tom", "name", " left", "my ex-husband"),
        ("my husband is called ", "Tom", "name", ".", "T."),
        ("Dr ", "Smith", "name", " said", "S."),
        ("I told ", "Kemal", "name", ".", "K."),
        ("I told ", "émile", "name", ".", "É."),
        ("I am ", "34", "age", " and", "in my thirties"),
        ("I’m only ", "22", "age", ",", "in my twenties"),
        ("He is ", "41 years old", "age", ".", "in his forties"),
        ("My wife is ", "58", "age", ".", "in her fifties"),
        ("a friend who is ", "63", "age", ".", "in their sixties"),
        ("my husband ", "(36M)", "age", " left", "(M, thirties)"),
        ("I ", "(15F)", "age", " am", "(F, under 16)"),
        ("", "34F", "age", " here", "F, thirties"),
        ("a ", "34-year-old woman", "age", ".", "thirty-something woman"),
        ("my ", "34-year-old", "age", " daughter", "thirty-something"),
        ("I have just turned ", "16", "age", ".", "[under 18]"),
        ("aged ", "101", "age", ".", "[nineties]"),
        ("I am ", "15", "age", ".", "a teenager"),
        ("I am ", "seventeen", "age", ".", "a teenager"),
        ("I am ", "twenty-three", "age", ".", "in my twenties"),
        ("She is ", "9", "age", ".", "a child"),
        ("I am ", "18", "age", ".", "about twenty"),
        ("my ", "15-year-old", "age", " is scared", "teenager"),
        ("my ", "15-year-old", "age", " daughter", "teenage"),
        ("my ", "8-year-old", "age", " son", "young"),
        ("my ", "8-year-old", "age", " cries", "child"),
        ("my ", "6 week old", "age", " cries", "baby"),
        ("my ", "16 year old", "age", " son", "teenage"),
        ("My son is ", "9 weeks old", "age", ".", "a baby"),
        ("a man of ", "29 years", "age", ".", "twenty-something"),
        ("I ", "(33, she/her)", "age", " got", "(thirties, she/her)"),
        ("I ", "(38M, gay, Columbus Ohio)", "age", " was", "(M, thirties)"),
        ("write to ", "anna@example.org", "contact", "", "[removed]"),
        ("NHS number ", "943 476 5919", "id", "", "[removed]"),
        ("On ", "12 March 2024", "date", " he", "in March"),
        ("since ", "3rd May", "date", " I", "May"),
        ("on ", "2024-11-30", "date", ",", "in November"),
        ("on ", "12/03/24", "date", ",", "some time ago"),
        ("born in ", "1987", "date", ",", "the 1980s"),
        ("I work at ", "Harrow Mills", "organisation", ".", "a company"),
        ("I work at the ", "Royal Hospital", "organisation", ".", "a hospital"),
        ("the boys of ", "Harrow Mills School", "organisation", ".", "my school"),
        ("she studies at ", "Harrow Mills", "organisation", ".", "my school"),
        ("people at ", "Harrow Mills", "organisation", ".", "where I work"),
        ("my ", "mother-in-law", "relation", " said", "relative"),
        ("my ", "stepfather", "relation", " said", "parent"),
        ("my ", "twin sister", "relation", " said", "brother or sister"),
        ("our ", "parish priest", "relation", " said", "faith leader"),
    ],
)
def test_the_first_offer(before: str, words: str, kind: str, after: str, first: str) -> None:
    offered = generalise.offer(words, kind, before=before, after=after, countries=COUNTRIES)
    assert offered[0] == first
    assert len(offered) <= 2


def test_what_somebody_else_is_to_the_writer_can_be_left_out() -> None:
    assert generalise.offer("Tom", "name", before="my husband ") == ["my husband", "my partner"]
    assert generalise.offer("Zoe", "name", before="my best friend ") == ["my best friend", "a friend"]


@pytest.mark.parametrize(
    "kind", ["name", "place", "age", "contact", "date", "organisation", "id", "relation", "new one"]
)
@pytest.mark.parametrize("words", ["", " ", "\n", "1", "٣٤", "0", "-", "(", "…", "٣٤-year-old", *hostile.STRINGS])
def test_something_is_offered_for_whatever_is_marked(kind: str, words: str) -> None:
    offered = generalise.offer(words, kind, before=words, after=words)
    assert offered
    assert all(offered)


# --- somebody who is under age stays so ------------------------------------------------------------------------------

SENTENCES = [
    "I am {age} and it hurts.",
    "I'm {age} years old and it hurts.",
    "I am only {age}, and it hurts.",
    "I ({age}F) have a question.",
    "I am a {age}-year-old girl and it hurts.",
    "I am {age} y/o and it hurts.",
    "As a {age}-year-old I have nobody to ask.",
    "I have just turned {age} and it hurts.",
    "My daughter is {age}. She told me.",
    "My {age}-year-old told me.",
    "My {age} year old sister told me.",
]
_YOUNG = re.compile(r"(?i)teen|child|young|baby|under 1[68]")


def _all_changed(text: str) -> str:
    found = [(one.start, one.end, one.kind) for one in details.find_details(text)]
    groups = generalise.groups(text, found)
    return generalise.apply(text, [(group.spans, group.choices[0].new) for group in groups])[0]


@pytest.mark.parametrize(("sentence", "age"), list(itertools.product(SENTENCES, [*range(10, 18), 18, 19, 24, 47])))
def test_who_is_under_age_says_so_afterwards_and_nobody_else_does(sentence: str, age: int) -> None:
    text = sentence.format(age=age)
    changed = _all_changed(text)
    if changed == text:
        return  # nothing was marked
    assert str(age) not in changed or str(age) in ("16", "18")
    assert bool(_YOUNG.search(changed)) is (age < 18)


def test_the_plainest_way_to_say_it_stays_a_concern() -> None:
    for age in range(10, 18):
        text = f"I am {age} and I do not know whom to ask."
        assert "minor" in concerns.kinds(text)
        assert "minor" in concerns.kinds(_all_changed(text))


# --- the change itself -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words", "new", "changed"),
    [
        ("Leeds is small. I like Leeds.", "Leeds", "a town", "A town is small. I like a town."),
        ("Leedsman, Leeds's, (Leeds)", "Leeds", "a town", "Leedsman, a town's, (a town)"),
        ("anna and Anna", "Anna", "A.", "anna and A."),
        ("I told Tom. He left.", "Tom", "T.", "I told T. He left."),
        ("my husband Tom left", "Tom", "my husband", "my husband left"),
        ("My husband, Tom, left", "Tom", "my husband", "My husband left"),
        ("My husband, Tom. He left", "Tom", "my husband", "My husband. He left"),
        ("my husband Tom left", "Tom", "my partner", "my partner left"),
        ("My husband Tom left", "Tom", "my partner", "My partner left"),
        ("my husband (Tom) left", "Tom", "my husband", "my husband (my husband) left"),
        ("at the Royal Hospital", "Royal Hospital", "a hospital", "at a hospital"),
        ("On 3 May it began", "3 May", "in May", "In May it began"),
        ("It began on 3 May.", "3 May", "some time ago", "It began some time ago."),
        ("Dr. Smith knows", "Smith", "S.", "Dr. S. knows"),
        ("“Leeds”, he said", "Leeds", "a town", "“A town”, he said"),
        ("a\nLeeds", "Leeds", "a town", "a\nA town"),
        ("Straße in straße", "straße", "x", "Straße in x"),
        ("no such word", "Leeds", "a town", "no such word"),
        ("nothing", "", "a town", "nothing"),
        ("a.b", "a.b", "[removed]", "[removed]"),
        (r"\1 and \g<0>", r"\1", r"\g<0>", r"\g<0> and \g<0>"),
    ],
)
def test_words_are_replaced_wherever_they_stand_alike(text: str, words: str, new: str, changed: str) -> None:
    assert generalise.replace(text, words, new) == changed


def test_where_the_new_words_stand_is_told() -> None:
    text, spans = generalise.apply("Tom of Leeds. Leeds!", [([(7, 12), (14, 19)], "a town"), ([(0, 3)], "T.")])
    assert text == "T. of a town. A town!"
    assert [text[start:end] for start, end in spans] == ["T.", "a town", "A town"]


def test_a_place_inside_a_longer_detail_goes_with_that() -> None:
    text = "I live in Leeds. I was at Leeds General Infirmary. Leeds is small."
    found = [(one.start, one.end, one.kind) for one in details.find_details(text)]
    groups = {group.words: group for group in generalise.groups(text, found)}
    assert len(groups["Leeds"].spans) == 2
    changed, _ = generalise.apply(text, [(groups["Leeds"].spans, "a town")])
    assert changed == "I live in a town. I was at Leeds General Infirmary. A town is small."


def test_a_number_is_an_age_in_one_place_and_no_age_in_another() -> None:
    changed = _all_changed("I am 34. It was in week 34 that it began.")
    assert changed == "I am in my thirties. It was in week 34 that it began."


def test_the_same_age_in_two_sentences_has_words_that_fit_each() -> None:
    text = "I'm 17 now. I turned 17 in June, and on 3 May he left. It is bad since 3 May."
    found = [(one.start, one.end, one.kind) for one in details.find_details(text)]
    groups = generalise.groups(text, found)
    assert [group.words for group in groups] == ["17", "17", "3 May", "3 May"]
    assert len({choice.key for group in groups for choice in group.choices}) == 6
    changed, _ = generalise.apply(text, [(group.spans, group.choices[0].new) for group in groups])
    assert changed == "I'm a teenager now. I turned [under 18] in June, and in May he left. It is bad since May."


def test_a_key_fits_one_change_alone() -> None:
    keys = {
        generalise.key(words, kind, new, offered)
        for words, kind, new, offered in itertools.product(
            ["Leeds", "York"], ["place", "name"], ["a town", "my town"], [["a town", "my town"], ["my town", "a town"]]
        )
    }
    assert len(keys) == 16


@pytest.mark.parametrize("string", hostile.STRINGS)
def test_hostile_strings_around_a_detail_stay_as_they_are(string: str) -> None:
    for words in ("Leeds", string.strip() or "Leeds"):
        text = f"{string} {words} {string}"
        changed = generalise.replace(text, words, "X")
        assert words in changed or "X" in changed
    assert generalise.replace(f"{string} | Zzyx | {string}", "Zzyx", "Q") == f"{string} | Q | {string}"


def test_what_is_offered_is_not_marked_again() -> None:
    text = (
        "My name is Anna Bell, I am 34 and I live in Leeds. My husband Tom (36M) works at the Royal Hospital. On 12 "
        "March 2024 he left for Bristol, and since 3 May I sleep at my sister Mia's. My 15-year-old daughter knows. "
        "Dr Smith said so, and my mother-in-law. Write to anna@example.org. He was born in 1980.\n\nThanks, Anna"
    )
    changed = _all_changed(text)
    wide = generalise.wide(changed)
    left = [
        changed[one.start : one.end]
        for one in details.find_details(changed)
        if not any(start <= one.start and one.end <= end for start, end in wide)
    ]
    assert left == []


def test_long_texts_take_little_time() -> None:
    """Far from any measure: this only notices a search that grows with the square of the letter."""
    begun = time.process_time()
    for text in ("my best " * 2_000, "(" * 16_000, "in my " * 2_600, "a" * 16_000, "husband " * 2_000):
        generalise.wide(text)
        generalise.groups(text + "Leeds", [(len(text), len(text) + 5, kind) for kind in ("name",)])
        generalise.replace(text + " Leeds", "Leeds", "my best friend")
    assert time.process_time() - begun < 60
