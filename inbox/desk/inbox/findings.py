"""What screening found in a letter and in the messages of its writer, as the letter's page shows it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from columns.templatetags.lists import listed
from inbox.letters import screened
from inbox.models import Need
from inbox.screening.concerns import TITLES
from inbox.screening.details import Detail
from inbox.screening.highlight import MOST, around, beyond, marked


@dataclass(frozen=True)
class FindingLine:
    """What screening found of one kind in one run of the text, in words. ``mark``: the number of the mark in the text
    that shows it, 0 where none does. ``names``: of the findings, for the form that says that they are wrong.
    ``because``: the rules that found it; ``level``: the highest."""

    mark: int
    names: list[str]
    words: str
    kind: str
    because: list[str]
    level: str
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
    """A text with what was found in it. ``titles``: of the kinds, also of one that no words of it show. ``beyond``: the
    number of details and findings that are neither marked nor listed."""

    titles: list[str]
    lines: list[FindingLine]
    blocks: list[Block]
    beyond: int

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
        parts, blocks, lines = marked(text, details), [], list[FindingLine]()
        accepted = _weightiest([one for one in found if not one.not_so])
        denied = _weightiest([one for one in found if one.not_so])
        for indices, some in _runs(parts, accepted[:MOST]):
            here = [accepted[index] for index in indices]
            self._count += bool(here)
            blocks.append(Block(listed(dict.fromkeys(_title(one) for one in here)), self._count, some))
            lines += _lines(here, text, self._count)
        for indices, _some in _runs(parts, denied[:MOST]):
            lines += _lines([denied[index] for index in indices], text, 0)
        return Shown(titles, lines, blocks, sum(map(beyond, (details, accepted, denied))))


def _weightiest(found: list[screened.Noticed]) -> list[screened.Noticed]:
    """The same, in an order in which those that are beyond what is shown weigh least."""
    return sorted(found, key=lambda one: (-one.level, -one.certainty))


def _runs(parts: list[tuple[str, str]], found: Sequence[screened.Noticed]) -> list[Any]:
    return around(parts, [(one.start, one.end) for one in found])


#: The most characters of a finding's words in the list above the text.
_QUOTED = 80


def _title(one: screened.Noticed) -> str:
    return gettext(TITLES[one.kind]) if one.kind in TITLES else one.kind


def _lines(found: Sequence[screened.Noticed], text: str, mark: int) -> list[FindingLine]:
    """A line for each kind in one run of the text."""
    lines = []
    for kind in dict.fromkeys(one.kind for one in found):
        some = [one for one in found if one.kind == kind]
        words = " ".join(text[min(one.start for one in some) : max(one.end for one in some)].split())
        level = max(one.level for one in some)
        because = dict.fromkeys(_because(one) for one in sorted(some, key=lambda one: -one.certainty) if one.rule)
        lines.append(
            FindingLine(
                mark=mark,
                names=[one.name for one in some],
                words=words if len(words) <= _QUOTED else f"{words[: _QUOTED - 2]} …",
                kind=_title(some[0]),
                because=list(because),
                level=str(Need(level).label) if level in Need.values else "",
                not_so=some[0].not_so,
            )
        )
    return lines


def _because(one: screened.Noticed) -> str:
    """The rule that found it, or how sure the classifier is."""
    if one.rule == screened.CLASSIFIER:
        return gettext("by the whole of the words: %(percent)d %% sure") % {"percent": round(100 * one.certainty)}
    return screened.rule_name(one.rule)
