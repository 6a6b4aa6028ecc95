"""What is noticed of the details that could identify somebody, and how often it is a false alarm.

    python bench/details.py CORPORA [--part development|judged|all] [--only SET] [--presidio PYTHON] [--misses N]
        [--seed 1]

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

The texts and their parts: ``details_texts.py``. What is developed on one part is looked at on the other.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from details_texts import KINDS, MARKED, PARTS, Span, Text, sets

ROOT = Path(__file__).resolve().parent.parent

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


def overlaps(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


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
    asked.add_argument("--part", choices=PARTS, default="all")
    asked.add_argument("--only", action="append")
    asked.add_argument("--presidio")
    asked.add_argument("--misses", type=int, default=0)
    asked.add_argument("--seed", type=int, default=1)
    options = asked.parse_args()
    print("recall/precision by kind")
    for name, texts in sets(options.corpora, options.part, options.seed):
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
