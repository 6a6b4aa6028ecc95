"""The texts of ``details.py``: letters, sentences and messages with their true details marked.

Sets: ``letters`` (marks filled, as written), ``lower`` (the same, all lower case), ``signed`` (letters without a mark,
with a signature at the end), ``advice`` and ``advice-lower`` (sentences of advice columns, written here), ``peoples``
and ``peoples-lower`` (one name in a sentence that gives nothing away), ``synth``, ``wnut``. Parts: each text and each
person is in one of them by a hash of itself, two thirds in ``development`` and one third in ``judged``.
"""

from __future__ import annotations

import csv
import hashlib
import json
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

MARKED = ("name", "place", "contact")
PARTS = ("development", "judged", "all")
Span = tuple[int, int, str]
Person = dict[str, str]

#: Sentences of advice columns. Each name in braces is a detail: its kind, and of whom where two are meant.
ADVICE = (
    "I ({age}) have been with my boyfriend {name} for {n} years and last week his ex {name2} wrote to me.",
    "My husband {name} and I moved to {place} when our daughter {name2} was born. Now he barely talks.",
    "So my best friend {name} told everybody at school that I like {name2}, and I could die of shame.",
    "Since we live in {place} there is nobody to talk to. {name} says I should get over it.",
    "I work at {organisation} and my boss, {name}, keeps touching my arm. What would you do?",
    "Hi, I'm {name}, {years}, from {place}. I think I am in love with my roommate {name2}.",
    "me and {name} broke up after {n} years. {name} is already seeing somebody else from {place}!",
    "I'm a {years}-year-old student in {place} and I never had a relationship. My sister {name} laughs at me.",
    "You can reach me at {email} if you want to hear more about {name} and our wedding.",
    "Please don't print my name. If you must, call me {name}. My number is {phone}.",
    "My mother-in-law {name} insists that we spend every Christmas in {place}. {name2} never says a word against it.",
    "{name} and {name2} are both my friends and they hate each other. I turned {years} and neither came.",
    "I asked {name}'s brother whether she still loves me. He says that {name} has met somebody in {place}.",
    "Two months ago I caught my wife {name} texting {name2}, a colleague of hers at {organisation}.",
    "Dear Aunt, my son {name} ({age}) has stopped eating. Dr {last} tells me to wait. Should I?",
    "When {name} proposed to me on {date} I said yes, but I keep thinking of {name2}.",
    "My ex {name} still follows me on instagram, my handle is {handle}. We met in {place}.",
    "My flatmate is called {name} and leaves hair everywhere. How do I tell her? Regards, {name2}",
    "I was born on {date} in {place} and grew up with my aunt {name}. Do I owe her a visit every week?",
    "I love {name}. I really do. But ever since we met {name2} at a party in {place} something is wrong.\n\n{name3}",
    "Is it normal that {name} wants an open relationship after {n} years of marriage?\n\nThank you\n{name2}, {place}",
    "Will it get better? May I hope? {name} gave me a rose and said that grace is a gift. I'd mark that day.",
    "My teacher Mr {last} gave me his number and said I look mature. I'm {years}. Is that weird?",
    "I cheated on {name} with her cousin {name2}, we were drunk. Now {name2} wants to tell her.",
)

#: Names of all peoples, each with little around it that would give it away.
PEOPLES = (
    "I do not know what {full} wants from me.",
    "Yesterday it was {given} again, and I went home.",
    "Is {given} right? I wonder about that every day.",
    "Since then I have not been alone with {given}.",
)

KINDS = {
    "PERSON": "name", "GPE": "place", "LOCATION": "place", "STREET_ADDRESS": "place", "ZIP_CODE": "place",
    "ORGANIZATION": "organisation", "EMAIL_ADDRESS": "contact", "PHONE_NUMBER": "contact", "IP_ADDRESS": "contact",
    "DOMAIN_NAME": "contact", "URL": "contact", "CREDIT_CARD": "id", "IBAN_CODE": "id", "US_SSN": "id",
    "US_DRIVER_LICENSE": "id", "AGE": "age", "DATE_TIME": "date", "US_PASSPORT": "id", "UK_NHS": "id",
    "US_BANK_NUMBER": "id", "US_ITIN": "id",
}  # fmt: skip


@dataclass
class Text:
    """A text and its true details. ``judged``: the kinds that are marked in it completely."""

    words: str
    true: list[Span]
    judged: tuple[str, ...] = MARKED
    people: str = ""


class Filler:
    """Made-up people, one after the other, for the marks."""

    def __init__(self, people: list[Person], chance: random.Random) -> None:
        self.people, self.chance = people, chance

    def person(self) -> Person:
        return self.chance.choice(self.people)

    def name(self, before: str = "") -> str:
        who = self.person()
        if re.search(r"\b(?:Dr|Mr|Mrs|Ms)\.? ?$", before):
            return who["Surname"]
        return who["GivenName"] if self.chance.random() < 0.5 else f"{who['GivenName']} {who['Surname']}"

    def place(self) -> str:
        who = self.person()
        while "[" in who["City"] or not who["StateFull"].strip():
            who = self.person()
        return who["City"] if self.chance.random() < 0.75 else f"{who['City']}, {who['StateFull']}"

    def contact(self) -> str:
        who = self.person()
        return who["EmailAddress"] if self.chance.random() < 0.5 else who["TelephoneNumber"]

    def date(self) -> str:
        month, day, year = self.person()["Birthday"].split("/")
        name = [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ]
        forms = (
            f"{month}/{day}/{year}",
            f"{day} {name[int(month) - 1]} {year}",
            f"{name[int(month) - 1]} {day}, {year}",
        )
        return self.chance.choice(forms)

    def age(self) -> str:
        years, sex = self.years(), self.chance.choice("MF")
        return self.chance.choice(
            (f"{years}{sex}", f"{sex}{years}", f"{years}{sex.lower()}", f"{sex.lower()}, {years}")
        )

    def years(self) -> str:
        return str(self.chance.randint(14, 71))


def filled(template: str, pattern: str, fill: Callable[[re.Match[str], str], tuple[str, str | None]]) -> Text:
    """The template with each mark replaced by what ``fill`` gives: the words, and the kind or None."""
    out, spans, end, length = [], [], 0, 0
    for match in re.finditer(pattern, template):
        out.append(template[end : match.start()])
        length += match.start() - end
        words, kind = fill(match, "".join(out))
        if kind:
            spans.append((length, length + len(words), kind))
        out.append(words)
        length, end = length + len(words), match.end()
    out.append(template[end:])
    return Text("".join(out), spans)


def of_letters(rows: list[str], filler: Filler) -> list[Text]:
    def fill(match: re.Match[str], before: str) -> tuple[str, str | None]:
        kind = match[1]
        if kind == "NAME":
            return filler.name(before), "name"
        made = {"LOCATION": filler.place, "CONTACT": filler.contact, "DATE": filler.date}.get(kind)
        named = {"LOCATION": "place", "CONTACT": "contact", "DATE": "date"}.get(kind)
        return (made() if made else "engineer"), named

    return [filled(row, r"\[([A-Z]+)\]", fill) for row in rows]


def signed(rows: list[str], filler: Filler) -> list[Text]:
    closings = ("\n\nThank you,\n", "\nThanks, ", "\n\n", " Please help. ", "\n-", "\n\nBest regards\n", "\nLove, ")
    texts = []
    for row in rows:
        words, name = row.rstrip() + filler.chance.choice(closings), filler.name()
        texts.append(Text(words + name, [(len(words), len(words) + len(name), "name")]))
    return texts


def advice(filler: Filler, rounds: int) -> list[Text]:
    texts = []
    for template in ADVICE * rounds:
        who = filler.person()
        known = {
            "name": filler.person()["GivenName"], "name2": filler.name(), "name3": filler.person()["GivenName"],
            "place": who["City"], "last": who["Surname"], "email": who["EmailAddress"], "age": filler.age(),
            "phone": who["TelephoneNumber"], "handle": who["Username"], "date": filler.date(),
            "organisation": who["Company"], "years": filler.years(), "n": str(filler.chance.randint(2, 9)),
        }  # fmt: skip
        kinds = {"name2": "name", "name3": "name", "last": "name", "email": "contact", "phone": "contact"}
        kinds |= {"handle": "contact", "years": "age"}

        def fill(match: re.Match[str], _: str, known: Person = known, kinds: Person = kinds) -> tuple[str, str | None]:
            key = match[1]
            return known[key], None if key == "n" else kinds.get(key, key)

        text = filled(template, r"\{(\w+)\}", fill)
        text.judged = (*MARKED, "age", "date", "organisation")
        texts.append(text)
    return texts


def peoples(people: list[Person]) -> list[Text]:
    texts = []
    for number, who in enumerate(people):
        full = f"{who['GivenName']} {who['Surname']}"
        template = PEOPLES[number % len(PEOPLES)]
        name = full if "{full}" in template else who["GivenName"]
        words = template.format(full=full, given=who["GivenName"])
        start = words.index(name)
        texts.append(Text(words, [(start, start + len(name), "name")], people=who["NameSet"]))
    return texts


def lowered(texts: list[Text]) -> list[Text]:
    """All lower case; letter by letter, so that every span stays where it is."""
    return [
        Text("".join(c.lower() if len(c.lower()) == 1 else c for c in text.words), text.true, text.judged, text.people)
        for text in texts
    ]


def synth(path: Path) -> list[Text]:
    texts = []
    for row in json.loads(path.read_text("utf-8")):
        spans = [
            (one["start_position"], one["end_position"], KINDS[one["entity_type"]])
            for one in row["spans"]
            if one["entity_type"] in KINDS
        ]
        texts.append(Text(row["full_text"], spans, (*MARKED, "organisation", "age", "id")))
    return texts


def wnut(path: Path) -> list[Text]:
    texts = []
    for message in path.read_text("utf-8").split("\n\n"):
        words = ""
        spans: list[Span] = []
        for line in message.splitlines():
            token, _, tag = line.partition("\t")
            kind = {"person": "name", "location": "place"}.get(tag[2:])
            if kind and tag.startswith("I-") and spans and spans[-1][2] == kind:
                spans[-1] = (spans[-1][0], len(words) + len(token), kind)
            elif kind:
                spans.append((len(words), len(words) + len(token), kind))
            words += token + " "
        texts.append(Text(words, spans, ("name", "place")))
    return texts


Row = TypeVar("Row")


def parted(rows: list[Row], part: str, text_of: Callable[[Row], str]) -> list[Row]:
    """The rows of a part."""
    if part == "all":
        return rows
    return [row for row in rows if (_hashed(text_of(row)) % 3 == 0) == (part == "judged")]


def _hashed(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8])


def sets(corpora: Path, part: str, seed: int) -> Iterator[tuple[str, list[Text]]]:
    with (corpora / "letters/health_letters_500.csv").open(encoding="utf-8") as file:
        letters = [row["letter"] for row in csv.DictReader(file)]
    with (corpora / "details/FakeNameGenerator.com_3000.csv").open(encoding="utf-8-sig") as file:
        people = list(csv.DictReader(file))
    people = parted(people, part, lambda who: f"{who['GivenName']} {who['Surname']}")
    letters = parted(letters, part, str)
    filler = Filler(people, random.Random(seed))  # noqa: S311 - made-up people in an order that can be repeated
    marked = [letter for letter in letters if re.search(r"\[(?:NAME|LOCATION|CONTACT|DATE)\]", letter)]
    plain = [letter for letter in letters if "[" not in letter]
    as_written = of_letters(marked * 3, filler)
    bare = [Text(letter, []) for letter in plain]
    yield "letters", as_written + bare
    yield "lower", lowered(as_written + bare)
    yield "signed", signed(plain, filler)
    told = advice(filler, 12)
    yield "advice", told
    yield "advice-lower", lowered(told)
    yield "peoples", peoples(people)
    yield "peoples-lower", lowered(peoples(people))
    for name, read, file_name in (("synth", synth, "synth_dataset_v2.json"), ("wnut", wnut, "emerging.dev.conll")):
        texts = read(corpora / "details" / file_name)
        yield name, parted(texts, part, lambda text: text.words)
