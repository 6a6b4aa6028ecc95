"""What reads like a sentence for people, and what does not."""

from __future__ import annotations

import re
from dataclasses import dataclass

#: The same in every language: the product's name, its commands, and names of keys.
NOT_WORDS = re.compile(
    r"Steady Hands|manage\.py [^<]*"
    r"|Enter|Esc|Shift|Ctrl|Alt|Tab|Mod|J|K|L-|https?:\S*|/[\w/-]+/|[a-z-]+\.(?:txt|toml|md|jsonl)|--[a-z-]+"
    r"|Django|Python|SQLite|PostgreSQL"
)
_LETTERS = re.compile(r"[^\W\d_]{2}")
_ENTITY = re.compile(r"&[a-z]+;|&#\d+;")
#: Elements, and gaps that the program fills.
_NOT_SAID = re.compile(r"</?[a-z][^<>]*>|\{[^{}]*\}|%\(\w+\)[a-z]")
#: What no sentence holds: groups, classes and repetitions of a regular expression, or alternatives in one.
_PATTERN = re.compile(r"\(\?[:=!<iPms]|\\[bBdDsSwW.?]|\[\^|\][*+?{]|\.[*+]| \?|[\w?]\|\w|\) ?\$|^\(.*\)\{\d")
_SQL = re.compile(r"^\W*(?:SELECT|INSERT|UPDATE|DELETE|CREATE|PRAGMA|SET) ")
#: The value of a header, a query of a stylesheet about the screen, or a selector.
_OF_A_MACHINE = re.compile(r"^[a-z]+(?:/[a-z.+-]+)?; ?[a-z]+=|^\([a-z-]+: ?[\w.]+\)$|^[.#][\w-]+[ ,>:]")

#: Named texts: date formats of the language (``config/formats``), and forms for machines.
DATE_FORMATS = frozenset(
    f"{name}_FORMAT" for name in ("DATE", "TIME", "DATETIME", "YEAR_MONTH", "MONTH_DAY", "SHORT_DATE", "SHORT_DATETIME")
) | {"Y-m-d", "Y-m", "c", "l", "F"}


@dataclass(frozen=True, order=True)
class Finding:
    """One finding. ``text``: the beginning of the unmarked text, or the fault of its mark."""

    path: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.text}"


#: What a finding says of a list whose separator no catalogue can change.
JOINED_BY_HAND = "a list joined by hand, not by the filter listed"
#: What a finding says of a number with a noun and one form for all numbers.
NO_PLURAL = "a number without a plural form"
_SEPARATOR = re.compile(r"\s*[,;،、]\s*|\s+(?:and|or)\s+")
_COUNTED = re.compile(
    r"(?:%\(\w+\)s|\{\{ ?[\w.]+ ?\}\}) "
    r"(?:articles|characters|codes|colleagues|days|drafts|hours|keys|letters|lines|mails|messages|minutes|months|parts"
    r"|people|places|questions|remarks|reviews|rows|seats|seconds|texts|times|topics|versions|weeks|words|writers|years"
    r"|of them\b|in \d+ of\b)"
    r"|%\(\w+\)d(?! ?%%)"
)


def is_separator(text: str) -> bool:
    """Whether it stands between the items of a list in a sentence."""
    return bool(_SEPARATOR.fullmatch(text)) and text != ","


def counts(sentence: str) -> bool:
    """Whether it has a gap for a number that its noun or verb agrees with. Which gaps are numbers cannot be seen: a gap
    for whole numbers (``%(name)d``) is, and one before a noun in the plural."""
    return bool(_COUNTED.search(sentence))


def has_words(text: str) -> bool:
    return bool(_LETTERS.search(NOT_WORDS.sub("", _ENTITY.sub("", text))))


def words(text: str) -> list[str]:
    """The words that people would read, without names that are the same in every language."""
    return re.findall(r"[^\W\d_][\w’'-]*", NOT_WORDS.sub("", _NOT_SAID.sub(" ", text)))


def is_for_machines(text: str) -> bool:
    """Whether it is a regular expression, a statement of SQL, a header's value or a selector."""
    return bool(_PATTERN.search(text) or _SQL.match(text) or _OF_A_MACHINE.match(text))


def reads_like_a_sentence(text: str, *, small: bool = True) -> bool:
    """Two words and more, elements and gaps left out.

    ``small``: words in small letters too; without it two or three words need a capital in front or a full stop.
    """
    said = _NOT_SAID.sub(" ", text).strip()
    if not has_words(said) or is_for_machines(text):
        return False
    many = len(words(text))
    first = re.match(r"[“(\"']?[A-Z]", said)
    ends = said.endswith((".", "?", "!"))
    return many >= 2 and " " in said and (small or bool(first) or ends or many >= 4)
