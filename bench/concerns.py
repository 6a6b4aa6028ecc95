"""How many letters of people in need screening raises, how many ordinary ones, and what it costs.

    python bench/concerns.py --need FILE ... --ordinary FILE ... [--more FILE --less FILE] [--sentences FILE ...]
        [--languages FILE] [--made] [--cost]

A FILE is a CSV (its column ``text`` or ``letter``), or JSON lines (``text``); ``FILE:subreddit=lonely`` takes the rows
in which a column has that value, ``FILE:kind=a,b`` those in which it has one of these, ``FILE:kind!=a,b`` the others. A
column ``kind`` parts the rows by kind.

Measured are phrases and score together, as they are used. Printed for each set: the share that is raised at all (a
phrase, the score, or a language that nobody screened), and at once, with Wilson's interval of 95 %. Then:

- what is raised of those in need where a fixed share of each set of ordinary letters is raised: explicit phrases raise
  whatever the score; the thresholds of the score, alone and with a weak phrase, move together;
- ``--more``, ``--less``: two parts of one forum, of whom the first are in need and the others comfort them; the
  difference shows whether need is seen or the forum;
- ``--sentences``: each sentence put into ``LETTERS`` ordinary letters of 150 to 350 words, which nothing raises without
  it; beside that the share of all such letters that is raised without any;
- ``--languages``: lines of language, ``need`` or ``fine``, and a sentence, with tabs between;
- ``--made``: the posts of ``bench/posts/held_out.jsonl`` and its ``sentences_held_out.jsonl`` too.

No text is printed. The files may hold words of real people in distress, and so belong into no report.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import os
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from unittest import mock

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # processor time of one thread, as in a web server
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from inbox.screening import concerns, details, encoder, language, spam
from inbox.screening.classifier import SOON, WEAK, classify

POSTS = Path(__file__).parent / "posts"
SHARES = (0.03, 0.05, 0.07, 0.10, 0.12, 0.15)
#: Ordinary letters that one sentence is put into: how many for each, and their words.
LETTERS, FEWEST, MOST = 3, 150, 350
_ROUNDS = 5


@dataclass
class Read:
    """What screening says of one text. ``strength``: what a threshold of the score is compared with; infinite where an
    explicit phrase stands."""

    kind: str
    level: concerns.Level
    unread: bool
    strength: float

    @property
    def raised(self) -> bool:
        return self.unread or self.level > concerns.Level.NONE


@dataclass
class Part:
    """A set of texts."""

    name: str
    texts: list[tuple[str, str]] = field(repr=False)

    def read(self) -> list[Read]:
        return [read(kind, text) for kind, text in self.texts]


def read(kind: str, text: str) -> Read:
    found = [one for one in concerns.find_concerns(text) if one.kind != "minor"]
    with mock.patch.object(concerns, "classify", return_value=None):
        said = [one for one in concerns.find_concerns(text) if one.kind != "minor"]
    scored = classify(text)
    strength = scored.score if scored else -math.inf
    if any(one.explicit for one in said):
        strength = math.inf
    elif said:
        strength += SOON - WEAK
    return Read(kind, concerns.need(found), bool(language.unread(language.code(text))), strength)


def main() -> int:
    parser = argparse.ArgumentParser(description="What screening raises.")
    for several in ("--need", "--ordinary", "--sentences"):
        parser.add_argument(several, nargs="*", default=[])
    parser.add_argument("--more")
    parser.add_argument("--less")
    parser.add_argument("--languages", type=Path)
    parser.add_argument("--made", action="store_true")
    parser.add_argument("--cost", action="store_true")
    options = parser.parse_args()
    need, ordinary = [loaded(one) for one in options.need], [loaded(one) for one in options.ordinary]
    put = [loaded(one) for one in options.sentences]
    if options.made:
        need.append(Part("made up, in need", loaded(f"{POSTS / 'held_out.jsonl'}:kind=need").texts))
        ordinary.append(Part("made up, ordinary", loaded(f"{POSTS / 'held_out.jsonl'}:kind=fine").texts))
        quiet = POSTS / "sentences_held_out.jsonl"
        put += [loaded(f"{quiet}:kind!=fine"), loaded(f"{quiet}:kind=fine")]
    needed, others = {part.name: part.read() for part in need}, {part.name: part.read() for part in ordinary}
    for title, parts in (("in need", needed), ("ordinary", others)):
        for name, found in parts.items():
            print(f"{title:9} {name:42} {len(found):5}  {levels(found)}")
            kinds = Counter(one.kind for one in found if one.kind)
            for kind, number in sorted(kinds.items()) if len(kinds) > 1 else ():
                some = [one for one in found if one.kind == kind]
                print(f"{'':9}   {kind:40} {number:5}  {levels(some)}")
    curve(needed, others)
    if options.more and options.less:
        within_a_forum(loaded(options.more), loaded(options.less))
    if put:
        sentences(put, ordinary, others)
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
    chosen = [row for row in rows if not column or chosen_by(row, column, value.split(","))]
    texts = [(row.get("kind", ""), row["text"] if "text" in row else row["letter"]) for row in chosen]
    return Part(f"{path.stem} {'not ' * column.endswith('!')}{value}".strip()[:42], texts)


def chosen_by(row: dict[str, str], column: str, values: Sequence[str]) -> bool:
    return (row[column.removesuffix("!")] in values) != column.endswith("!")


def wilson(raised: int, number: int) -> str:
    """The share with its interval."""
    if not number:
        return "none"
    share, (low, high) = raised / number, interval(raised, number)
    return f"{share:.3f} [{low:.2f}-{high:.2f}]"


def interval(raised: int, number: int) -> tuple[float, float]:
    share, z = raised / number, 1.96
    middle = (share + z * z / (2 * number)) / (1 + z * z / number)
    half = z / (1 + z * z / number) * math.sqrt(share * (1 - share) / number + z * z / (4 * number * number))
    return max(0.0, middle - half), min(1.0, middle + half)


def levels(found: Sequence[Read]) -> str:
    raised = sum(one.raised for one in found)
    now = sum(one.level == concerns.Level.NOW for one in found)
    return f"raised {wilson(raised, len(found))}   at once {wilson(now, len(found))}"


def curve(needed: dict[str, list[Read]], others: dict[str, list[Read]]) -> None:
    """What is raised of those in need, at fixed false alarms on each set of ordinary letters."""
    for ordinary, found in others.items():
        print(f"\nraised, at false alarms of {ordinary} of {'  '.join(f'{share:15.2f}' for share in SHARES)}")
        falling = sorted((one.strength for one in found), reverse=True)
        limits = [falling[min(int(share * len(falling)), len(falling) - 1)] for share in SHARES] if found else []
        for name, some in needed.items():
            # where explicit phrases alone raise more than the share, no threshold reaches it
            shares = [
                "-" if limit == math.inf else wilson(sum(one.strength > limit for one in some), len(some))
                for limit in limits
            ]
            print(f"  {name:42} {'  '.join(f'{share:>17}' for share in shares)}")


def within_a_forum(more: Part, less: Part) -> None:
    """The difference of two shares, with Newcombe's interval."""
    counts = [(sum(one.raised for one in part.read()), len(part.texts)) for part in (more, less)]
    (first, low, high), (second, least, most) = [(one / of, *interval(one, of)) for one, of in counts]
    found = first - second
    below, above = math.hypot(first - low, most - second), math.hypot(high - first, second - least)
    print(f"\nwithin one forum: {more.name} {wilson(*counts[0])}, {less.name} {wilson(*counts[1])}:")
    print(f"  the difference is {found:.3f} [{found - below:.2f} to {found + above:.2f}]")


def sentences(put: Sequence[Part], ordinary: Sequence[Part], others: dict[str, list[Read]]) -> None:
    """What one sentence in an ordinary letter does."""
    every = [
        (text, one.raised)
        for part in ordinary
        for (_, text), one in zip(part.texts, others[part.name], strict=True)
        if FEWEST <= len(text.split()) <= MOST
    ]
    letters = [text for text, raised in every if not raised]
    without = wilson(len(every) - len(letters), len(every))
    print(
        f"\none sentence in {LETTERS} ordinary letters each; of {len(every)} such letters are raised without: {without}"
    )
    chance = random.Random(0)  # noqa: S311 - the same letters each time
    for part in put if letters else ():
        by_kind = defaultdict[str, list[bool]](list)
        for kind, sentence in part.texts:
            for letter in chance.sample(letters, min(LETTERS, len(letters))):
                by_kind[kind].append(read(kind, within(letter, sentence, chance)).raised)
        every_one = [one for found in by_kind.values() for one in found]
        print(f"  {part.name:42} {len(every_one):5}  raised {wilson(sum(every_one), len(every_one))}")
        for kind, found in sorted(by_kind.items()) if len(by_kind) > 1 else ():
            print(f"    {kind:40} {len(found):5}  raised {wilson(sum(found), len(found))}")


def within(letter: str, sentence: str, chance: random.Random) -> str:
    """The letter with the sentence between two of its own, neither at its beginning nor at its end."""
    ends = list(_ends(letter)) or [len(letter)]
    at = chance.choice(ends)
    stop = "" if sentence.rstrip()[-1:] in ".!?" else "."
    return f"{letter[:at].rstrip()} {sentence.strip()}{stop} {letter[at:].lstrip()}"


def _ends(letter: str) -> Iterator[int]:
    for at in range(len(letter) // 5, 4 * len(letter) // 5):
        if letter[at] in ".!?" and letter[at + 1 : at + 2].isspace():
            yield at + 1


def languages(path: Path) -> None:
    """Raised, or held since nobody screens the language: of those in need, and of the harmless."""
    rows = [line.split("\t") for line in path.read_text("utf-8").splitlines() if line.count("\t") == 2]
    print("\nother languages, raised or held")
    for kind in ("need", "fine"):
        held = [(code, read("", sentence).raised) for code, what, sentence in rows if what == kind]
        some = sorted({code for code, raised in held if raised == (kind == "fine")})
        named = "missed" if kind == "need" else "raised"
        print(f"  {kind}: {wilson(sum(raised for _, raised in held), len(held))} of {len(held)}; "
              f"{named}: {', '.join(some) or 'none'}")  # fmt: skip


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
