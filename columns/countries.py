"""Names of countries, for help lines that serve one country only."""

import functools
import tomllib
from pathlib import Path

from django.utils.translation import gettext


@functools.cache
def names() -> dict[str, str]:
    """English names by two-letter code (ISO 3166-1), in the order of the names."""
    found = tomllib.loads((Path(__file__).parent / "data" / "countries.toml").read_text("utf-8"))
    return dict(sorted(found.items(), key=lambda one: one[1]))


def name(code: str) -> str:
    """The country's name in the active language; the code itself where it is not in the list."""
    return gettext(names()[code]) if code in names() else code
