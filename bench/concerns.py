"""How many letters of people in need screening raises, how many ordinary ones, and what it costs.

    python bench/concerns.py --need FILE ... --ordinary FILE ... [--languages FILE] [--made] [--cost]

A FILE is a CSV (its column ``text`` or ``letter``), or JSON lines (``text``); ``FILE:subreddit=lonely`` takes the rows
in which a column has that value. A column ``kind`` parts the rows by kind. ``--languages``: lines of language, ``need``
or ``fine``, and a sentence, with tabs between. ``--made``: the posts of ``bench/posts/held_out.jsonl`` too.

Printed for each set: the share that is raised at all (a phrase, the score, or a language that nobody screened), and at
once, with Wilson's interval of 95 %; then what the score alone raises of those in need where it raises a fixed share of
each set of ordinary letters. No text is printed. The files may hold words of real people in distress, and so belong
into no report.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # processor time of one thread, as in a web server
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from inbox.screening import concerns, details, encoder, language, spam
from inbox.screening.classifier import classify

POSTS = Path(__file__).parent / "posts"
SHARES = (0.01, 0.02, 0.03, 0.05, 0.07, 0.10)
_ROUNDS = 5


@dataclass
class Read:
    """What screening says of one text."""

    kind: str
    level: concerns.Level
    unread: bool
    score: float


@dataclass
class Part:
    """A set of texts."""

    name: str
    texts: list[tuple[str, str]] = field(repr=False)

    def read(self) -> list[Read]:
        return [read(kind, text) for kind, text in self.texts]


def read(kind: str, text: str) -> Read:
    found = [one for one in concerns.find_concerns(text) if one.kind != "minor"]
    scored = classify(text)
    unread = bool(language.unread(language.code(text)))
    return Read(kind, concerns.need(found), unread, scored.score if scored else -math.inf)


def main() -> int:
    parser = argparse.ArgumentParser(description="What screening raises.")
    parser.add_argument("--need", nargs="*", default=[])
    parser.add_argument("--ordinary", nargs="*", default=[])
    parser.add_argument("--languages", type=Path)
    parser.add_argument("--made", action="store_true")
    parser.add_argument("--cost", action="store_true")
    options = parser.parse_args()
    need, ordinary = [loaded(one) for one in options.need], [loaded(one) for one in options.ordinary]
    if options.made:
        posts = list(map(json.loads, (POSTS / "held_out.jsonl").read_text("utf-8").splitlines()))
        need.append(Part("made up, in need", [("", post["text"]) for post in posts if post["kind"] == "need"]))
        ordinary.append(Part("made up, ordinary", [("", post["text"]) for post in posts if post["kind"] == "fine"]))
    needed, others = {part.name: part.read() for part in need}, {part.name: part.read() for part in ordinary}
    for title, parts in (("in need", needed), ("ordinary", others)):
        for name, found in parts.items():
            print(f"{title:9} {name:32} {len(found):5}  {levels(found)}")
            for kind, number in sorted(Counter(one.kind for one in found if one.kind).items()):
                some = [one for one in found if one.kind == kind]
                print(f"{'':9}   {kind:30} {number:5}  {levels(some)}")
    curve(needed, others)
    if options.languages:
        languages(options.languages)
    if options.cost:
        cost()
    return 0


def loaded(named: str) -> Part:
    file, _, wanted = named.partition(":")
    path = Path(file)
    if path.suffix == ".csv":
        with path.open(encoding="utf-8") as lines:
            rows = list(csv.DictReader(lines))
    else:
        rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    column, _, value = wanted.partition("=")
    chosen = [row for row in rows if not column or row[column] == value]
    texts = [(row.get("kind", ""), row["text"] if "text" in row else row["letter"]) for row in chosen]
    return Part(f"{path.stem}{' ' * bool(value)}{value}", texts)


def wilson(raised: int, number: int) -> str:
    """The share with its interval."""
    if not number:
        return "none"
    share, z = raised / number, 1.96
    middle = (share + z * z / (2 * number)) / (1 + z * z / number)
    half = z / (1 + z * z / number) * math.sqrt(share * (1 - share) / number + z * z / (4 * number * number))
    return f"{share:.3f} [{max(0.0, middle - half):.2f}-{min(1.0, middle + half):.2f}]"


def levels(found: Sequence[Read]) -> str:
    raised = sum(one.level > concerns.Level.NONE or one.unread for one in found)
    now = sum(one.level == concerns.Level.NOW for one in found)
    return f"raised {wilson(raised, len(found))}   at once {wilson(now, len(found))}"


def curve(needed: dict[str, list[Read]], others: dict[str, list[Read]]) -> None:
    """What the score alone raises of those in need, at fixed false alarms on each set of ordinary letters."""
    for ordinary, found in others.items():
        print(f"\nscore alone, at false alarms of {ordinary} of {'  '.join(f'{share:.2f}' for share in SHARES)}")
        falling = sorted((one.score for one in found), reverse=True)
        limits = [falling[min(int(share * len(falling)), len(falling) - 1)] for share in SHARES]
        for name, some in needed.items():
            shares = [sum(one.score > limit for one in some) / max(1, len(some)) for limit in limits]
            print(f"  {name:50} {'  '.join(f'{share:.2f}' for share in shares)}")


def languages(path: Path) -> None:
    rows = [line.split("\t") for line in path.read_text("utf-8").splitlines() if line.count("\t") == 2]
    held = Counter[str]()
    for code, _, sentence in rows:
        found = read("", sentence)
        held[code] += found.unread or found.level > concerns.Level.NONE
    print(f"\nother languages, raised or held: {wilson(held.total(), len(rows))} of {len(rows)} sentences")
    missed = {code for code, _, _ in rows if held[code] < sum(row[0] == code for row in rows)}
    print("  not all of:", ", ".join(sorted(missed)) or "none")


def cost() -> None:
    """Processor time of one text, the median of some rounds, each with another text: what was read last is kept."""
    lines = (POSTS / "training_1.jsonl").read_text("utf-8").splitlines()
    posts = " ".join(json.loads(line)["text"] for line in lines)
    signs = "".join(chr(0x4E00 + at * 7919 % 9000) for at in range(16_000))
    encoder.warm()
    screened: dict[str, Callable[[str], object]] = {
        "encoder": encoder.sentences,
        "concerns": concerns.find_concerns,
        "all": lambda text: (concerns.find_concerns(text), language.code(text), details.find_details(text),
                             spam.judge(text)),
    }  # fmt: skip
    texts = {
        "2,000 characters": posts[:2000],
        "16,000 characters": posts[:16_000],
        "16,000, no spaces": "x" * 16_000,
        "16,000 signs": signs,
        "16,000 emoji": "💔" * 15_000 + "help",
        "16,000, digits": " ".join(str(at * 7919) for at in range(3000))[:16_000],
    }
    print("\nmilliseconds of processor time")
    for name, text in texts.items():
        spent = []
        for work in screened.values():
            work(text)
            rounds = []
            for number in range(_ROUNDS):
                fresh = varied(text, number)
                begin = time.process_time()
                work(fresh)
                rounds.append(1000 * (time.process_time() - begin))
            spent.append(sorted(rounds)[_ROUNDS // 2])
        print(f"  {name:20}", "   ".join(f"{what} {ms:.0f}" for what, ms in zip(screened, spent, strict=True)))


def varied(text: str, number: int) -> str:
    """The text with other sentences, so that none is encoded once for all."""
    words = text.split(" ")
    return " ".join(f"{word}{chr(97 + number)}" if at % 9 == at // 9 % 9 else word for at, word in enumerate(words))


if __name__ == "__main__":
    raise SystemExit(main())
