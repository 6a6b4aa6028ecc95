"""Does the likest letter come first? Ours beside plain TF-IDF over the same words, in one run.

    python bench/similar.py CORPORA [--pad 10000]

CORPORA: a folder with ``letters/health_letters_500.csv`` (letters with a summary each) and
``pairs/RQE_Train_8588_AMIA2016.xml`` (questions). Asked for is the summary of each letter, among all summaries and all
questions: it stands for the letter of somebody else who asks the same in other words. Letters are parted by a hash; the
first half was looked at while this was written, the second was not. Then letters of 2 KiB each, up to ``--pad``, are
made of the same texts, for the time alone.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import math
import random
import re
import resource
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from inbox.screening import similarity

_WORDS = re.compile(r"\w\w+")


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
    parser.add_argument("corpora", type=Path)
    parser.add_argument("--pad", type=int, default=10_000)
    options = parser.parse_args()
    with (options.corpora / "letters" / "health_letters_500.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    pairs = (options.corpora / "pairs" / "RQE_Train_8588_AMIA2016.xml").read_text("utf-8", errors="replace")
    questions = sorted({" ".join(one.split()) for one in re.findall(r"<faq>(.*?)</faq>", pairs, re.DOTALL)})
    candidates = [row["summary"] for row in rows] + questions
    prepared, plain = similarity.Prepared(candidates), Plain(candidates)
    rankers: dict[str, Callable[[str], list[int]]] = {
        "ours": lambda text: [place for place, _ in prepared.rank(text)],
        "plain TF-IDF": plain.rank,
    }
    print(f"the right one among {len(candidates)}: in the top five, first")
    for half in (0, 1):
        asked = [
            place
            for place, row in enumerate(rows)
            if hashlib.sha256(row["letter"].encode()).digest()[0] % 2 == half
        ]  # fmt: skip
        for name, rank in rankers.items():
            found = [rank(rows[place]["letter"]) for place in asked]
            five = sum(place in top for place, top in zip(asked, found, strict=True)) / len(asked)
            first = sum(top[:1] == [place] for place, top in zip(asked, found, strict=True)) / len(asked)
            print(f"  {'held out' if half else 'developed'} ({len(asked)} letters)  {name:13} {five:.3f}  {first:.3f}")
    timed([row["letter"] for row in rows], options.pad)
    return 0


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
