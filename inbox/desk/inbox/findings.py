"""What screening found in a letter and in the messages of its writer, as the letter's page shows it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from inbox.letters import screened
from inbox.models import Need
from inbox.screening.concerns import TITLES
from inbox.screening.details import Detail
from inbox.screening.highlight import around, marked


@dataclass(frozen=True)
class FindingLine:
    """One finding in words. ``mark``: the number of the mark in the text that shows it, 0 where none does. ``name``: of
    the finding, for the form that says that it is wrong."""

    mark: int
    name: str
    kind: str
    because: str
    level: str
    words: str
    not_so: bool


@dataclass(frozen=True)
class Block:
    """A run of the text. ``said``: what screening said of it, "" where it found nothing there; ``mark``: the number of
    its mark on the page; ``parts``: as ``highlight.marked`` returns them."""

    said: str
    mark: int
    parts: list[tuple[str, str]]


@dataclass(frozen=True)
class Shown:
    """A text with what was found in it. ``titles``: of the kinds, also of one that no words of it show."""

    titles: list[str]
    lines: list[FindingLine]
    blocks: list[Block]

    @property
    def open(self) -> bool:
        """Whether there is a finding of which nobody has said that it is wrong."""
        return any(not line.not_so for line in self.lines)


class Shelf:
    """The findings of all texts of a page, numbered as they are shown."""

    def __init__(self, payloads: Mapping[uuid.UUID, Mapping[str, Any]]) -> None:
        self._payloads = payloads
        self._found = screened.findings(payloads)
        self._count = 0

    def of(self, item: uuid.UUID, details: Sequence[Detail] = ()) -> Shown:
        """The text of the letter or message with this id. ``details``: found in it, in order."""
        payload = self._payloads.get(item, {})
        text, found = str(payload.get("text", "")), self._found.get(item, [])
        titles = [gettext(TITLES[kind]) for kind in payload.get("concerns", ()) if kind in TITLES]
        standing = [one for one in found if not one.not_so]
        blocks, marks = [], dict[str, int]()
        for indices, parts in around(marked(text, list(details)), [(one.start, one.end) for one in standing]):
            some = [standing[index] for index in indices]
            self._count += bool(some)
            marks |= dict.fromkeys((one.name for one in some), self._count)
            said = ", ".join(dict.fromkeys(_title(one) for one in some))
            blocks.append(Block(said, self._count, parts))
        return Shown(titles, [_line(one, text, marks.get(one.name, 0)) for one in found], blocks)


#: The most characters of a finding's words in the list above the text.
_QUOTED = 80


def _title(one: screened.Noticed) -> str:
    return gettext(TITLES[one.kind]) if one.kind in TITLES else one.kind


def _line(one: screened.Noticed, text: str, mark: int) -> FindingLine:
    words = " ".join(text[one.start : one.end].split())
    return FindingLine(
        mark=mark,
        name=one.name,
        kind=_title(one),
        because=_because(one),
        level=str(Need(one.level).label) if one.level in Need.values else "",
        words=words if len(words) <= _QUOTED else f"{words[: _QUOTED - 2]} …",
        not_so=one.not_so,
    )


def _because(one: screened.Noticed) -> str:
    """The rule that found it, or how sure the classifier is."""
    if one.rule == screened.CLASSIFIER:
        return gettext("by the whole of the words: %(percent)d %% sure") % {"percent": round(100 * one.certainty)}
    return screened.rule_title(one.rule, one.kind)
