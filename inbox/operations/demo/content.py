"""The files of the demonstration, read and checked.

A folder of a column has ``column.toml`` and ``articles/*.md``; the demonstration's first column also has
``letters.toml``, and its further ones lie in ``columns/<address>/``. An article is front matter in TOML between two
lines of ``+++``, then the answer in Markdown. Its front matter has the short answer (``short``), when to see somebody
(``[[see]]``: the beginning of a sentence and the list that ends it, the most urgent first) and the sources
(``[[source]]``: a name for the mark in the text, title, publisher, year, address). Of these the whole answer is made.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from inbox.models import Consent
from inbox.screening.concerns import TITLES
from inbox.workflow import DraftStatus

#: Statuses of letters in ``letters.toml``. Those in ``WRITING`` have a draft with the given status.
WRITING = {
    "answering": DraftStatus.WRITING,
    "in_review": DraftStatus.IN_REVIEW,
    "approved": DraftStatus.APPROVED,
    "scheduled": DraftStatus.APPROVED,
}
ENDS = {"declined", "erased", "replied", "withdrawn"}
_STATES = {"received", "held", "shortlisted", *WRITING, *ENDS}
_MARK = re.compile(r"\[\^([^\[\]]+)\]")


class BadContent(ValueError):
    """A file of the demonstration is not as it should be. ``str()`` says which one, and what."""


@dataclass(frozen=True)
class Content:
    """The checked content of a column's folder: tables of TOML. ``articles``: those that answer a letter of their own;
    ``archive``: those that were out before there were letters here; ``others``: further columns."""

    column: dict[str, Any]
    articles: list[dict[str, Any]]
    letters: list[dict[str, Any]]
    archive: list[dict[str, Any]] = field(default_factory=list)
    others: list[Content] = field(default_factory=list)


def read(folder: Path) -> Content:
    """Read and check the files of the demonstration. Articles come with the oldest first."""
    first = _column(folder)
    letters = _toml(folder / "letters.toml", (folder / "letters.toml").read_text("utf-8"))["letter"]
    topics = {topic["slug"] for topic in first.column["topic"]}
    for number, entry in enumerate(letters, start=1):
        where = f"letters.toml, letter {number}"
        _check(entry, where, topics, ["state", "text", "days_ago"])
        if entry["state"] not in _STATES:
            raise BadContent(f"{where}: no letter can be {entry['state']}")
        needed = {"declined": "reason", "erased": "reason", "replied": "reply", **dict.fromkeys(WRITING, "draft")}.get(
            entry["state"]
        )
        if needed and not entry.get(needed):
            raise BadContent(f"{where}: a letter that is {entry['state']} needs {needed}")
    others = [_column(one) for one in sorted((folder / "columns").glob("*/"))]
    return Content(first.column, first.articles, letters, first.archive, others)


def _column(folder: Path) -> Content:
    column = _toml(folder / "column.toml", (folder / "column.toml").read_text("utf-8"))
    articles = [_article(path) for path in sorted((folder / "articles").glob("*.md"))]
    topics = {topic["slug"] for topic in column["topic"]}
    for entry in articles:
        needs = ["headline", "slug", "standfirst", "topic", "days_ago", "question", "answer"]
        _check(entry, entry["file"], topics, needs)
        if unknown := set(entry.get("help_kinds", [])) - set(TITLES):
            raise BadContent(f"{entry['file']}: there is no concern {', '.join(sorted(unknown))}")
    articles.sort(key=lambda entry: -entry["days_ago"])
    with_letter = [entry for entry in articles if entry.get("letter")]
    return Content(column, with_letter, [], [entry for entry in articles if not entry.get("letter")])


def _toml(path: Path, text: str) -> dict[str, Any]:
    try:
        return _stripped(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise BadContent(f"{path.name}: {error}") from error


def _stripped(table: Mapping[str, Any]) -> dict[str, Any]:
    """The table with the surrounding line ends of TOML's multi-line strings removed."""

    def strip(value: Any) -> Any:
        if isinstance(value, str):
            return value.strip()
        if isinstance(value, list):
            return [strip(one) for one in value]
        return _stripped(value) if isinstance(value, dict) else value

    return {name: strip(value) for name, value in table.items()}


def _article(path: Path) -> dict[str, Any]:
    match path.read_text("utf-8").split("+++\n", 2):
        case ["", front, text] if text.strip():
            entry = _toml(path, front)
            try:
                return {**entry, "answer": _answer(entry, text.strip()), "file": path.name}
            except KeyError as error:
                raise BadContent(f"{path.name}: a care card or a source without {error}") from error
            except BadContent as error:
                raise BadContent(f"{path.name}: {error}") from error
    raise BadContent(f"{path.name}: it needs front matter between two lines of +++, and an answer")


def _answer(entry: Mapping[str, Any], text: str) -> str:
    """The whole answer: the short one, when to see somebody, the text, and the sources as footnotes."""
    parts = []
    if entry.get("short"):
        parts.append(f"## The short answer\n\n{entry['short']}")
    if entry.get("see"):
        cards = [f"### {card['head']}\n\n" + "\n".join(f"- {line}" for line in card["list"]) for card in entry["see"]]
        parts.append("\n\n".join(["## When to see somebody", *cards]))
    parts.append(f"## The long answer\n\n{text}" if parts else text)
    sources = entry.get("source", [])
    _all_named(_MARK.findall(entry.get("short", "") + text), [one["key"] for one in sources])
    notes = "\n".join(_note(one) for one in sources)
    return "\n\n".join([*parts, *filter(None, [notes])])


def _note(one: Mapping[str, Any]) -> str:
    year = f", {one['year']}" if one.get("year") else ""
    return f"[^{one['key']}]: {one['publisher']}: [{one['title']}]({one['url']}){year}."


def _all_named(marks: Iterable[str], keys: Iterable[str]) -> None:
    if wrong := sorted(set(marks) ^ set(keys)):
        raise BadContent(f"each source has its mark in the text, and each mark its source: {', '.join(wrong)}")


def _check(entry: Mapping[str, Any], where: str, topics: set[str], needed: list[str]) -> None:
    missing = [name for name in needed if entry.get(name) in (None, "")]
    if missing:
        raise BadContent(f"{where}: {', '.join(missing)} is missing")
    if entry.get("topic", "") not in {"", *topics}:
        raise BadContent(f"{where}: the column has no topic {entry['topic']}")
    if entry.get("consent", Consent.PRIVATE) not in Consent.values:
        raise BadContent(f"{where}: there is no consent {entry['consent']}")
