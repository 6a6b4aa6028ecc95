"""What is noticed of the details that could identify somebody, and how often it is a false alarm.

    python bench/details.py CORPORA [--half dev|held|all] [--only SET] [--presidio PYTHON] [--misses N] [--seed 1]

CORPORA: a folder with ``letters/health_letters_500.csv`` (letters with the marks [NAME], [LOCATION], [CONTACT] and
[DATE]), ``details/FakeNameGenerator.com_3000.csv`` (made-up people to fill the marks with),
``details/synth_dataset_v2.json`` and ``details/emerging.dev.conll``. PYTHON: an interpreter that has
``presidio-analyzer`` and an English model of spaCy; it reads the same texts.

A true detail is **found** where a finding of the same kind overlaps it by a character. A finding is **right** where it
overlaps a true detail of its kind. A **false alarm** is a name, place or contact that overlaps no true detail of any
kind; ages, dates and relations of the letters are not marked, so they are no false alarms there. A letter is
**untouched in part** where one of its true names, places or contacts is overlapped by no finding of any kind. Countries
that the letters name themselves are not marked either, so every finder's precision of places is below what it earns.

Speed: texts a second of processor time, so that it is the same beside other work.

Sets: ``letters`` (marks filled, as written), ``lower`` (the same, all lower case), ``signed`` (letters without a mark,
with a signature at the end), ``advice`` and ``advice-lower`` (sentences of advice columns, written here), ``peoples``
and ``peoples-lower`` (one name in a sentence that gives nothing away), ``synth``, ``wnut``. Halves: people and texts by
their number, odd or even; what is developed on one is looked at on the other.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MARKED = ("name", "place", "contact")
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

#: Read by the other interpreter: texts in, spans and seconds out.
PRESIDIO = """
import json, logging, sys, time
logging.disable(logging.CRITICAL)
from presidio_analyzer import AnalyzerEngine
from presidio_analyzer.nlp_engine import NlpEngineProvider
import spacy.util
model = sorted(m for m in spacy.util.get_installed_models() if m.startswith("en"))[0]
engine = NlpEngineProvider(nlp_configuration={
    "nlp_engine_name": "spacy", "models": [{"lang_code": "en", "model_name": model}]}).create_engine()
analyzer = AnalyzerEngine(nlp_engine=engine, supported_languages=["en"])
texts = json.load(sys.stdin)
analyzer.analyze("My name is Anna.", language="en")
began = time.process_time()
found = [[(r.start, r.end, r.entity_type) for r in analyzer.analyze(t, language="en")] for t in texts]
json.dump({"model": model, "seconds": time.process_time() - began, "found": found}, sys.stdout)
"""
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


@dataclass
class Score:
    """Counts over a set, by kind."""

    true: Counter[str] = field(default_factory=Counter)
    hit: Counter[str] = field(default_factory=Counter)
    said: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    alarms: int = 0
    with_item: int = 0
    untouched: int = 0
    by_people: dict[str, list[int]] = field(default_factory=dict)
    missed: list[str] = field(default_factory=list)
    false: list[str] = field(default_factory=list)


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


def overlaps(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


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


def halved(rows: list[str], half: str) -> list[str]:
    return rows if half == "all" else rows[half == "held" :: 2]


def sets(corpora: Path, half: str, seed: int) -> Iterator[tuple[str, list[Text]]]:
    with (corpora / "letters/health_letters_500.csv").open(encoding="utf-8") as file:
        letters = [row["letter"] for row in csv.DictReader(file)]
    with (corpora / "details/FakeNameGenerator.com_3000.csv").open(encoding="utf-8-sig") as file:
        people = list(csv.DictReader(file))
    people = people if half == "all" else people[half == "held" :: 2]
    filler = Filler(people, random.Random(seed))  # noqa: S311 - made-up people in an order that can be repeated
    marked = [letter for letter in letters if re.search(r"\[(?:NAME|LOCATION|CONTACT|DATE)\]", letter)]
    plain = [letter for letter in letters if "[" not in letter]
    as_written = of_letters(halved(marked, half) * 3, filler)
    bare = [Text(letter, []) for letter in halved(plain, half)]
    yield "letters", as_written + bare
    yield "lower", lowered(as_written + bare)
    yield "signed", signed(halved(plain, half), filler)
    told = advice(filler, 12)
    yield "advice", told
    yield "advice-lower", lowered(told)
    yield "peoples", peoples(people)
    yield "peoples-lower", lowered(peoples(people))
    for name, read, file_name in (("synth", synth, "synth_dataset_v2.json"), ("wnut", wnut, "emerging.dev.conll")):
        texts = read(corpora / "details" / file_name)
        yield name, texts if half == "all" else texts[half == "held" :: 2]


def count(texts: list[Text], found: list[list[Span]]) -> Score:
    score = Score()
    for text, spans in zip(texts, found, strict=True):
        for one in text.true:
            score.true[one[2]] += 1
            if any(overlaps(one, other) and one[2] == other[2] for other in spans):
                score.hit[one[2]] += 1
            else:
                score.missed.append(shown(text, one))
        for one in spans:
            score.said[one[2]] += 1
            score.right[one[2]] += any(overlaps(one, other) and one[2] == other[2] for other in text.true)
            if one[2] in text.judged and not any(overlaps(one, other) for other in text.true):
                score.alarms += one[2] in MARKED
                score.false.append(shown(text, one))
        if text.people:
            known = score.by_people.setdefault(text.people, [0, 0])
            known[0] += any(overlaps(text.true[0], other) and other[2] == "name" for other in spans)
            known[1] += 1
        items = [one for one in text.true if one[2] in MARKED]
        score.with_item += bool(items)
        score.untouched += any(not any(overlaps(one, other) for other in spans) for one in items)
    return score


def shown(text: Text, span: Span) -> str:
    before, after = text.words[max(0, span[0] - 45) : span[0]], text.words[span[1] : span[1] + 30]
    return f"{span[2]}: {before}⟦{text.words[span[0] : span[1]]}⟧{after}".replace("\n", "⏎")


def ours(texts: list[Text]) -> tuple[list[list[Span]], float]:
    sys.path.insert(0, str(ROOT))
    from inbox.screening.details import find_details  # noqa: PLC0415 - the other interpreter has no need of it

    find_details("My name is Anna.")
    began = time.process_time()
    found = [[(one.start, one.end, one.kind) for one in find_details(text.words)] for text in texts]
    return found, time.process_time() - began


def presidios(python: str, texts: list[Text]) -> tuple[list[list[Span]], float, str]:
    asked = json.dumps([text.words for text in texts])
    answer = subprocess.run([python, "-c", PRESIDIO], input=asked, capture_output=True, text=True, check=True)
    said = json.loads(answer.stdout)
    spans = [[(start, end, KINDS[kind]) for start, end, kind in one if kind in KINDS] for one in said["found"]]
    return [unique(one) for one in spans], said["seconds"], said["model"]


def unique(spans: list[Span]) -> list[Span]:
    """One of several findings of one kind that overlap: Presidio names an address and the domain inside it."""
    kept: list[Span] = []
    for one in sorted(spans, key=lambda span: span[0] - span[1]):
        if not any(overlaps(one, other) and one[2] == other[2] for other in kept):
            kept.append(one)
    return kept


def report(name: str, who: str, texts: list[Text], score: Score, seconds: float) -> None:
    cells = []
    for kind in ("name", "place", "contact", "age", "date", "organisation"):
        if score.true[kind] >= 5:
            recall = score.hit[kind] / score.true[kind]
            precision = score.right[kind] / max(1, score.said[kind]) if kind in texts[0].judged else None
            cells.append(f"{kind} {recall:.2f}/{precision:.2f}" if precision is not None else f"{kind} {recall:.2f}/-")
    if score.by_people:
        worst = sorted((hit / true, people) for people, (hit, true) in score.by_people.items())[:3]
        cells.append(
            f"of {len(score.by_people)} peoples the worst: {', '.join(f'{p} {share:.2f}' for share, p in worst)}"
        )
    print(
        f"{name:15}{who:34}{' · '.join(cells)} · false alarms {score.alarms / len(texts):.2f} a text"
        f" · untouched in part {score.untouched} of {score.with_item} · {len(texts) / seconds:,.0f} texts/s"
    )


def main() -> None:
    asked = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    asked.add_argument("corpora", type=Path)
    asked.add_argument("--half", choices=("dev", "held", "all"), default="all")
    asked.add_argument("--only", action="append")
    asked.add_argument("--presidio")
    asked.add_argument("--misses", type=int, default=0)
    asked.add_argument("--seed", type=int, default=1)
    options = asked.parse_args()
    print("recall/precision by kind")
    for name, texts in sets(options.corpora, options.half, options.seed):
        if options.only and name not in options.only:
            continue
        found, seconds = ours(texts)
        score = count(texts, found)
        report(name, "this project", texts, score, seconds)
        chance = random.Random(options.seed)  # noqa: S311 - which examples are shown
        for word, examples in (("missed", score.missed), ("false", score.false)):
            for example in chance.sample(examples, min(options.misses, len(examples))):
                print(f"    {word} {example}")
        if options.presidio:
            found, seconds, model = presidios(options.presidio, texts)
            report(name, f"presidio {model}", texts, count(texts, found), seconds)


if __name__ == "__main__":
    main()
