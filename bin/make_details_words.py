"""Writes ``details_words.toml``: the long word lists behind the short, hand-written ``details.toml``.

    python make_details_words.py SCOWL_FOLDER

``SCOWL_FOLDER`` holds the files of the SCOWL word lists (``english-words.10`` and so on); the interpreter has the
packages ``faker``, ``names`` and ``airportsdata``. Nothing of this runs in the product. Licences of the sources:
``details_words.licences.txt``.
"""

from __future__ import annotations

import csv
import importlib
import pkgutil
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LISTS = ROOT / "inbox/screening/lexicons"
sys.path.insert(0, str(ROOT))
#: Sizes of SCOWL: how rare a word may be to count as English, and to count so only for words that are also names.
ORDINARY = (10, 20, 35, 40, 50, 55)
SELDOM, SELDOM_LETTERS = (60, 70), 6
SPELLINGS = ("english", "american", "british")
WIDELY, WIDELY_LOCALES = 900, 3
SURNAMES_OF_CENSUS = 9000
LETTERS = {"ø": "o", "ł": "l", "ß": "ss", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "đ": "d", "ı": "i", "ə": "a"}
CYRILLIC = dict(
    zip(
        "абвгдежзийклмнопрстуфхцчшщъыьэюяёіїєґѓќјљњџѕ",
        [
            "a",
            "b",
            "v",
            "g",
            "d",
            "e",
            "zh",
            "z",
            "i",
            "y",
            "k",
            "l",
            "m",
            "n",
            "o",
            "p",
            "r",
            "s",
            "t",
            "u",
            "f",
            "kh",
            "ts",
            "ch",
            "sh",
            "shch",
            "_",
            "y",
            "_",
            "e",
            "yu",
            "ya",
            "yo",
            "i",
            "yi",
            "ye",
            "g",
            "gj",
            "kj",
            "j",
            "lj",
            "nj",
            "dz",
            "dz",
        ],
        strict=True,
    )
)
GREEK = dict(
    zip(
        "αβγδεζηθικλμνξοπρσςτυφχψω",
        [
            "a",
            "v",
            "g",
            "d",
            "e",
            "z",
            "i",
            "th",
            "i",
            "k",
            "l",
            "m",
            "n",
            "x",
            "o",
            "p",
            "r",
            "s",
            "s",
            "t",
            "y",
            "f",
            "ch",
            "ps",
            "o",
        ],
        strict=True,
    )
)


def folded(word: str) -> str:
    """Small letters without accents; Cyrillic and Greek as they are written in Latin letters."""
    latin = "".join(c for c in unicodedata.normalize("NFKD", word.lower()) if not unicodedata.combining(c))
    for table in (LETTERS, CYRILLIC, GREEK):
        latin = "".join(table.get(c, c) for c in latin)
    return latin.replace("_", "")


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from _strings(list(value))
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from _strings(one)


def _parts(names: set[str]) -> set[str]:
    """The single words of names that could be read here: Latin letters, three at least."""
    parts = {part for name in names for part in folded(name).replace("-", " ").replace("’", "'").split()}
    return {part for part in parts if len(part) >= 3 and part.isascii() and part.isalpha()}


def of_faker() -> tuple[Counter[str], Counter[str]]:
    """In how many locales a word is a first name, and a surname."""
    persons = importlib.import_module("faker.providers.person")
    firsts: Counter[str] = Counter()
    lasts: Counter[str] = Counter()
    for module in pkgutil.iter_modules(persons.__path__):
        provider = importlib.import_module(f"faker.providers.person.{module.name}").Provider
        first: set[str] = set()
        last: set[str] = set()
        for key, value in vars(provider).items():
            if not key.startswith("_") and not callable(value) and "language" not in key:
                wanted = last if "last" in key else first if "first" in key else set()
                wanted.update(_strings(value))
        firsts.update(_parts(first))
        lasts.update(_parts(last))
    return firsts, lasts


def of_the_census() -> tuple[list[str], list[str]]:
    """First names and surnames of the census of the United States in 1990, the frequent ones first."""
    folder = Path(importlib.import_module("names").__file__ or "").parent
    read = {
        sex: [line.split()[0].lower() for line in (folder / f"dist.{sex}").read_text().splitlines() if line.strip()]
        for sex in ("female.first", "male.first", "all.last")
    }
    return read["female.first"][:WIDELY] + read["male.first"][:WIDELY], read["all.last"][:SURNAMES_OF_CENSUS]


def of_scowl(folder: Path, sizes: tuple[int, ...], kinds: tuple[str, ...]) -> set[str]:
    words: set[str] = set()
    for spelling in SPELLINGS:
        for kind in kinds:
            for size in sizes:
                file = folder / f"{spelling}-{kind}.{size}"
                if file.exists():
                    words.update(file.read_text("latin-1").split())
    return {folded(word) for word in words if "'" not in word and len(word) >= 2}


def towns() -> set[str]:
    file = Path(importlib.import_module("airportsdata").__file__ or "").parent / "airports.csv"
    found: set[str] = set()
    for row in csv.DictReader(file.open(encoding="utf-8")):
        city = folded(row["city"]).replace("-", " ")
        if (
            row["iata"]
            and len(city) >= 4
            and city.replace(" ", "").isalpha()
            and city.isascii()
            and city.count(" ") < 3
        ):
            found.add(city.replace(" ", "-"))
    return found


def stem_known(word: str, words: set[str]) -> bool:
    """Whether the word follows from another one as ``inbox.screening.details.dictionary`` forms words."""
    forms: list[str] = importlib.import_module("inbox.screening.details.dictionary").stems(word)
    return any(stem in words for stem in forms)


def written(name: str, words: set[str]) -> str:
    lines, line = [], ""
    for word in sorted(words):
        if len(line) + len(word) >= 118:
            lines.append(line)
            line = ""
        line = f"{line} {word}".strip()
    return f"{name} = '''\n" + "\n".join([*lines, line]) + "\n'''\n"


def main() -> None:
    scowl = Path(sys.argv[1])
    english = of_scowl(scowl, ORDINARY, ("words",))
    firsts, lasts = of_faker()
    census_firsts, census_lasts = of_the_census()
    widely = {word for word, locales in firsts.items() if locales >= WIDELY_LOCALES} | set(census_firsts)
    rarely = set(firsts) - widely
    surnames = (set(lasts) | set(census_lasts)) - english
    base: set[str] = set()
    for word in sorted(english, key=lambda one: (len(one), one)):
        if not stem_known(word, base):
            base.add(word)
    named = set(firsts) | set(lasts) | set(census_firsts) | set(census_lasts)
    seldom: set[str] = set()
    for word in sorted(of_scowl(scowl, SELDOM, ("words",)) - english - named, key=lambda one: (len(one), one)):
        if len(word) >= SELDOM_LETTERS and word.isalpha() and not stem_known(word, base | seldom):
            seldom.add(word)
    places = {town for town in towns() if town not in english and town not in firsts and town not in widely}
    lists = {
        "english": base,
        "english_seldom": seldom,
        "first_names": {word for word in widely if len(word) >= 3},
        "first_names_rare": rarely - english,
        "surnames": {word for word in surnames if len(word) >= 3} - widely - rarely,
        "towns": places,
    }
    head = (
        "# Made by make_details_words.py; licences in details_words.licences.txt. Folded: small letters, no accents.\n"
    )
    text = head + "".join("\n" + written(name, words) for name, words in lists.items())
    (LISTS / "details_words.toml").write_text(text, "utf-8")
    for name, words in lists.items():
        print(f"{name}: {len(words)} words")


if __name__ == "__main__":
    main()
