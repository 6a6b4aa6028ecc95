"""Does the likest letter come first? Ours beside BM25 alone and plain TF-IDF, in one run.

    python bench/similar.py CORPORA [--pad 10000]
    python bench/similar.py --answers [--judge] [CORPORA]

CORPORA: a folder with ``letters/health_letters_500.csv`` (letters with a summary each) and
``pairs/RQE_Train_8588_AMIA2016.xml`` (questions). Asked for is the summary of each letter, among all summaries and all
questions: it stands for the letter of somebody else who asks the same in other words. So are the questions that another
question of the pairs entails. Both are parted by a hash; two thirds were looked at while this was written, the last one
was not. All candidates are encoded first, which takes minutes. Then letters of 2 KiB each, up to ``--pad``, are made of
the same texts, for the time alone.

``--answers``: which published answers are shown to the made-up letters of ``answers.toml``, and to how many letters
that none of them fits something is shown all the same. With CORPORA, also which headlines are shown to its 500 real
letters, a line for each letter that sees any, to be judged by eye: few of them have an answer that fits.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import math
import os
import random
import re
import resource
import statistics
import sys
import time
import tomllib
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from inbox.screening import similarity

ROOT = Path(__file__).resolve().parent.parent
_WORDS = re.compile(r"\w\w+")
_PAIR = re.compile(r'<pair [^>]*value="(\w+)"\s*>\s*<chq>(.*?)</chq>\s*<faq>(.*?)</faq>', re.DOTALL)
#: As many as the desk compares by meaning (``related_letters``).
_COMPARED = 60
#: The third of texts that was not looked at, and the most texts of a part.
_HELD_OUT, _MOST = 2, 400


class Plain:
    """TF-IDF with cosine, as a textbook has it: the measure."""

    def __init__(self, candidates: Sequence[str]) -> None:
        counted = [Counter(_WORDS.findall(one.lower())) for one in candidates]
        have = Counter(word for words in counted for word in words)
        self._idf = {word: math.log((1 + len(counted)) / (1 + number)) + 1 for word, number in have.items()}
        self._count, self._postings = len(counted), dict[str, list[tuple[int, float]]]()
        for place, words in enumerate(counted):
            weighed = {word: times * self._idf[word] for word, times in words.items()}
            length = math.sqrt(sum(one * one for one in weighed.values())) or 1.0
            for word, weight in weighed.items():
                self._postings.setdefault(word, []).append((place, weight / length))

    def rank(self, text: str) -> list[int]:
        scores = [0.0] * self._count
        for word, times in Counter(_WORDS.findall(text.lower())).items():
            for place, weight in self._postings.get(word, ()):
                scores[place] += times * self._idf[word] * weight
        return sorted(range(self._count), key=lambda place: -scores[place])[:5]


def main() -> int:
    parser = argparse.ArgumentParser(description="Similar letters.")
    parser.add_argument("corpora", type=Path, nargs="?")
    parser.add_argument("--answers", action="store_true")
    parser.add_argument("--judge", action="store_true", help="the letters that were not looked at, too")
    parser.add_argument("--pad", type=int, default=10_000)
    options = parser.parse_args()
    if options.answers:
        answers(judge=options.judge, corpora=options.corpora)
    elif options.corpora:
        letters(options.corpora, options.pad)
    return 0


def _real(corpora: Path) -> list[dict[str, str]]:
    with (corpora / "letters" / "health_letters_500.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def letters(corpora: Path, pad: int) -> None:
    rows = _real(corpora)
    pairs = (corpora / "pairs" / "RQE_Train_8588_AMIA2016.xml").read_text("utf-8", errors="replace")
    entailed: dict[str, set[str]] = {}
    questions = set()
    for value, asked, question in _PAIR.findall(pairs):
        one, other = " ".join(asked.split()), " ".join(question.split())
        questions.add(other)
        if value == "true" and one != other:
            entailed.setdefault(one, set()).add(other)
    candidates = [row["summary"] for row in rows] + sorted(questions)
    places: dict[str, set[int]] = {}
    for place, candidate in enumerate(candidates):
        places.setdefault(candidate, set()).add(place)
    prepared, plain = similarity.Prepared(candidates), Plain(candidates)
    vectors = [similarity.vector(candidate) for candidate in candidates]

    def ours(text: str) -> list[int]:
        meant = similarity.vector(text)
        scores = {
            place: similarity.together(
                words, similarity.likeness(meant, vectors[place]), similarity.nearest(text, vectors[place])
            )
            for place, words in prepared.rank(text, limit=_COMPARED)
        }
        return sorted(scores, key=lambda place: -scores[place])[:5]

    rankers: dict[str, Callable[[str], list[int]]] = {
        "ours": ours,
        "BM25 alone": lambda text: [place for place, _ in prepared.rank(text)],
        "plain TF-IDF": plain.rank,
    }
    asked_for = {
        "letters": {row["letter"]: places[row["summary"]] for row in rows},
        "questions": {one: set().union(*(places[other] for other in others)) for one, others in entailed.items()},
    }
    print(f"the right one among {len(candidates)}: in the top five, first")
    for what, rights in asked_for.items():
        for held_out in (False, True):
            texts = [text for text in sorted(rights) if (_third(text) == _HELD_OUT) is held_out][:_MOST]
            for name, rank in rankers.items():
                found = [(rank(text), rights[text]) for text in texts]
                five = sum(bool(right & set(top)) for top, right in found) / len(found)
                first = sum(top[0] in right for top, right in found) / len(found)
                part = "held out" if held_out else "developed"
                print(f"  {what:9} {part:9} ({len(texts)})  {name:13} {five:.3f}  {first:.3f}", flush=True)
    timed([row["letter"] for row in rows], pad)


def _third(text: str) -> int:
    return int(hashlib.sha256(text.encode()).hexdigest()[:8], 16) % 3


def answers(*, judge: bool, corpora: Path | None) -> None:
    """The letters of ``answers.toml`` and what ``related_answers`` shows for them."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django  # noqa: PLC0415 - after the environment is set

    django.setup()
    from inbox.letters import related_answers  # noqa: PLC0415

    content = tomllib.loads((Path(__file__).parent / "answers.toml").read_text("utf-8"))
    every: list[dict[str, Any]] = [_demo_article(path) for path in sorted((ROOT / "demo" / "articles").glob("*.md"))]
    every += [{"standfirst": "", **one} for one in content["article"]]
    pool = [
        related_answers.Answer(
            pk=number,
            headline=one["headline"],
            url="",
            topic=None,
            about="\n".join([one["headline"], one["standfirst"], one["question"], one["answer"]]),
        )
        for number, one in enumerate(every)
    ]
    for part in ("developed", "later", "held out") if judge else ("developed", "later"):
        held_out = part == "held out"
        published = [a for a, one in zip(pool, every, strict=True) if not (held_out and one.get("develop"))]
        some = [one for one in content["letter"] if _part(one) == part]
        shown = [(one, related_answers.alike(one["text"], published, topic=None)) for one in some]
        fitting = [any(a.headline.startswith(one["fits"]) for a in found) for one, found in shown if "fits" in one]
        beside = sum(not a.headline.startswith(one["fits"]) for one, found in shown if "fits" in one for a in found)
        without = [bool(found) for one, found in shown if "fits" not in one]
        print(
            f"{part}: the right answer is shown to {sum(fitting)} of {len(fitting)}, {beside} others beside; something "
            f"is shown to {sum(without)} of {len(without)} whom nothing fits"
        )
    if corpora:
        rows = _real(corpora)
        seen = [(row["summary"], related_answers.alike(row["letter"], pool, topic=None)) for row in rows]
        print(f"real letters: something is shown to {sum(bool(found) for _, found in seen)} of {len(seen)}")
        for summary, found in seen:
            if found:
                print(f"  {summary}: {'; '.join(a.headline for a in found)}")


def _part(letter: dict[str, Any]) -> str:
    return "held out" if letter.get("judge") else "later" if letter.get("later") else "developed"


def _demo_article(path: Path) -> dict[str, str]:
    _, head, body = path.read_text("utf-8").split("+++", 2)
    return {**tomllib.loads(head), "answer": body}


def timed(letters: list[str], count: int) -> None:
    """Letters of 2 KiB, made of the real ones' sentences in any order."""
    chance = random.Random(7)  # noqa: S311 - the same texts each time
    sentences = [one for letter in letters for one in re.split(r"(?<=[.?!])\s+", letter)]
    texts = []
    for _ in range(count):
        text = ""
        while len(text) < 2048:
            text += chance.choice(sentences) + " "
        texts.append(text)
    start = time.perf_counter()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    prepared = similarity.Prepared(texts)
    more = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024
    print(f"{count} letters of 2 KiB: prepared in {time.perf_counter() - start:.1f} s, about {more} MiB")
    seconds = []
    for text in texts[:40]:
        start = time.perf_counter()
        prepared.rank(text)
        seconds.append(time.perf_counter() - start)
    print(f"  one is ranked in {statistics.median(seconds) * 1000:.0f} ms (slowest {max(seconds) * 1000:.0f} ms)")


if __name__ == "__main__":
    raise SystemExit(main())
