"""Which care cards a letter needs: by kind, how soon, and whether the writer said it plainly."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from inbox.letters.care.texts import CARDS, GENERAL
from inbox.screening import concerns, language
from inbox.screening.concerns import Concern, Level

#: The rule of a concern that only a score has shown: nothing was said that could be named.
_SCORED = "classifier"
_MINOR = "minor"


@dataclass(frozen=True)
class CareNeed:
    """A kind of concern in what somebody wrote. ``named``: explicit words say it, so that the card may name it."""

    kind: str
    level: Level
    named: bool = False


def joined(needs: Iterable[CareNeed]) -> list[CareNeed]:
    """Each kind once, with its highest level, in the order of the cards: the one that cannot wait first."""
    found: dict[str, CareNeed] = {}
    for one in needs:
        had = found.get(one.kind, one)
        found[one.kind] = CareNeed(one.kind, max(had.level, one.level), named=had.named or one.named)
    return [found[kind] for kind in CARDS if kind in found]


def of_text(found: Iterable[Concern], *, age_band: str = "", unread: bool = False) -> list[CareNeed]:
    """The needs of words just screened. ``unread``: they are in a language that screening does not read."""
    needs = [CareNeed(one.kind, one.level, named=one.explicit and one.level == Level.NOW) for one in found]
    return joined([*needs, *_by_age(age_band), *_if_unread(unread=unread)])


def of_sealed(payload: Mapping[str, Any], *, column_language: str = "en") -> list[CareNeed]:
    """The needs of an opened letter or message: from the findings sealed with it, otherwise from its words."""
    text = str(payload.get("text", ""))
    if "findings" in payload:
        needs = [_of_finding(one) for one in payload["findings"]]
    else:
        needs = of_text(concerns.find_concerns(text)) if text else []
    # a kind that no finding names comes from a score, or from what the writer ticked
    needs += [CareNeed(kind, Level.SOON) for kind in payload.get("concerns", ())]
    about = payload.get("about", {})
    tongue = payload.get("language", "en")
    unread = bool(text and "language" in payload and language.unread(tongue, column_language))
    return joined([*needs, *_by_age(str(about.get("age_band", ""))), *_if_unread(unread=unread)])


def _of_finding(finding: Mapping[str, Any]) -> CareNeed:
    level = Level(int(finding.get("level", Level.SOON)))
    said = bool(finding.get("rule")) and finding["rule"] != _SCORED
    return CareNeed(str(finding["kind"]), level, named=said and level == Level.NOW)


def _by_age(age_band: str) -> list[CareNeed]:
    """What the form's question about age adds. Nobody is in danger by being young: the card is beside the point of
    ``Level``, but it was said plainly."""
    return [CareNeed(_MINOR, Level.NOW, named=True)] if _MINOR in concerns.kinds("", age_band=age_band) else []


def _if_unread(*, unread: bool) -> list[CareNeed]:
    return [CareNeed(GENERAL, Level.SOON)] if unread else []


def packed(needs: Iterable[CareNeed]) -> str:
    """The needs as one digit for each card, so that their number does not show in the length."""
    by_kind = {one.kind: int(one.level) + one.named for one in needs}
    return "".join(str(by_kind.get(kind, 0)) for kind in CARDS)


def unpacked(digits: Sequence[str]) -> list[CareNeed]:
    """The needs that ``packed`` wrote."""
    return [
        CareNeed(kind, Level(min(int(digit), Level.NOW)), named=int(digit) > Level.NOW)
        for kind, digit in zip(CARDS, digits, strict=False)
        if digit != "0"
    ]
