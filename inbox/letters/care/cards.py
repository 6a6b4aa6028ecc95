"""The care cards that a writer sees: which, in what order, with which words and which help lines."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils.translation import get_language, gettext

from columns import help_lines
from columns.models import CareCard, Column, HelpLine
from inbox.letters.care.needs import CareNeed, joined
from inbox.letters.care.texts import CARDS, GENERAL, CareText
from inbox.screening.concerns import Level

#: The most cards that stand open; the others are folded.
_OPEN = 2
#: The kind of concern of the lines that are an emergency number.
_EMERGENCY = "emergency"


@dataclass(frozen=True)
class CareWords:
    """The words of a card as a column shows them. ``named``: what is said of explicit words."""

    kind: str
    heading: str
    text: str
    named: str

    @property
    def sha256(self) -> str:
        """The hash of the words, each after its length."""
        parts = "".join(f"{len(part)}:{part}" for part in (self.kind, self.heading, self.text, self.named))
        return hashlib.sha256(parts.encode()).hexdigest()


@dataclass(frozen=True)
class ShownCard:
    """One card on a page. ``lines``: the help lines for it; ``emergency``: those that are an emergency number, where
    ``life`` can be at risk. ``named`` is empty where nothing may be claimed."""

    kind: str
    heading: str
    text: str
    named: str
    lines: help_lines.Help
    emergency: list[HelpLine]
    life: bool
    now: bool

    @property
    def general(self) -> bool:
        return self.kind == GENERAL

    @property
    def first(self) -> str:
        """The first paragraph, which stands above the help lines."""
        return self.text.split("\n\n", maxsplit=1)[0]

    @property
    def rest(self) -> str:
        """The other paragraphs."""
        return "".join(self.text.split("\n\n", maxsplit=1)[1:])


@dataclass(frozen=True)
class ShownCards:
    """The cards of a page: at most two open, the others folded. ``all_lines``: an open card has every help line that
    the writer can reach."""

    opened: list[ShownCard] = field(default_factory=list)
    folded: list[ShownCard] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.opened)

    all_lines: bool = False


def ships(text: CareText) -> CareWords:
    """The card as it ships, in the active language."""
    paragraphs = "\n\n".join(gettext(one) for one in text.paragraphs)
    return CareWords(text.kind, gettext(text.heading), paragraphs, gettext(text.named) if text.named else "")


def words(row: CareCard | None, text: CareText) -> CareWords:
    """The card as the column shows it, in the active language: the owner's words, or those that ship."""
    shipped = ships(text)
    if row is None or not row.text:
        return shipped
    return CareWords(text.kind, row.heading, row.text, shipped.named)


def cards(column: Column, needs: Iterable[CareNeed], *, country: str = "") -> ShownCards:
    """The cards for these needs, in the active language. ``country``: as the writer gave it.

    What was said plainly or is sure has its own card. What is less sure, and a letter in a language that nobody has
    screened, has the general card, which claims nothing; the cards of its kinds are folded below it, but for that of an
    emergency, which stands open under a heading that claims nothing. Where a card has no words in the active language,
    the general card stands for it.
    """
    wanted = joined(needs)
    if not wanted:
        return ShownCards()
    rows = {row.kind: row for row in column.care_cards.all()}
    kinds = [one for one in wanted if one.kind != GENERAL]
    said = [one for one in kinds if _has_words(rows, one.kind)]
    unread, sure = len(kinds) < len(wanted), any(one.level == Level.NOW for one in said)
    own = [one for one in said if one.level == Level.NOW or one.kind == _EMERGENCY]
    own = own[: _OPEN if sure and not unread else _OPEN - 1]
    opened = [_opened(column, rows, one, country) for one in own]
    if unread or not sure:
        opened.insert(0 if unread else len(own), _general(column, rows, [one.kind for one in kinds], country))
    folded = [_folded(column, rows, one.kind, country) for one in said if one not in own]
    return ShownCards(opened, folded, all_lines=not kinds)


def _has_words(rows: dict[str, CareCard], kind: str) -> bool:
    """Whether the card has words in the active language: its owner's, or a translation."""
    row, heading = rows.get(kind), CARDS[kind].heading
    english = (get_language() or "en").split("-", maxsplit=1)[0] == "en"
    return bool(row and row.text) or english or gettext(heading) != heading


def _opened(column: Column, rows: dict[str, CareCard], need: CareNeed, country: str) -> ShownCard:
    if need.level != Level.NOW:
        return _folded(column, rows, need.kind, country)
    said = words(rows.get(need.kind), CARDS[need.kind])
    return _card(column, said.heading, said, said.named if need.named else "", country, now=True)


def _folded(column: Column, rows: dict[str, CareCard], kind: str, country: str) -> ShownCard:
    said = words(rows.get(kind), CARDS[kind])
    return _card(column, gettext(CARDS[kind].when), said, "", country, now=False)


def _card(column: Column, heading: str, said: CareWords, named: str, country: str, *, now: bool) -> ShownCard:
    lines, life = help_lines.for_kinds(column, [said.kind], country), CARDS[said.kind].life
    emergency = help_lines.near(column, _EMERGENCY, country) if life else []
    return ShownCard(said.kind, heading, said.text, named, _without(lines, emergency), emergency, life, now)


def _general(column: Column, rows: dict[str, CareCard], kinds: Sequence[str], country: str) -> ShownCard:
    """The general card, with the help lines for these kinds of concern; without a kind, with all of them."""
    said, emergency = words(rows.get(GENERAL), CARDS[GENERAL]), help_lines.near(column, _EMERGENCY, country)
    lines = help_lines.for_kinds(column, kinds, country) if kinds else help_lines.lines(column, country)
    lines = _without(lines, emergency)
    return ShownCard(GENERAL, said.heading, said.text, "", lines, emergency, CARDS[GENERAL].life, now=False)


def _without(lines: help_lines.Help, some: Sequence[HelpLine]) -> help_lines.Help:
    first = [(place, left) for place, few in lines.first if (left := [line for line in few if line not in some])]
    return help_lines.Help(first, lines.others)
