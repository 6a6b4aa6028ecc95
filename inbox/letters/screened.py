"""What screening finds in the words of a writer, as it is sealed with them, and what follows for the letter: how soon
it is to be read, and the minute at which it was raised. Screening only raises; only people lower."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from inbox.keys.vault import Vault
from inbox.models import (
    Arrival,
    EyeCount,
    Letter,
    LetterEvent,
    Message,
    Need,
    RuleCount,
    SealedKey,
    User,
    desk_recipient,
)
from inbox.screening import concerns, language, rule_titles
from inbox.workflow import AlreadyMoved

#: The most findings that are sealed with a text, those of the highest level first: the longest text has to fit into the
#: largest size of what is sealed.
MOST = 60
#: The rule of what no phrase, but the score of the whole text shows.
CLASSIFIER = "classifier"


@dataclass(frozen=True)
class Screened:
    """What was found. ``kinds``: sorted. ``rules``: of the findings. ``language``: its code; of a letter alone."""

    need: Need
    kinds: list[str] = field(default_factory=list)
    found: list[concerns.Concern] = field(default_factory=list, repr=False)
    language: str = ""

    @property
    def rules(self) -> list[str]:
        return sorted({rule_of(concern.kind, concern.rule) for concern in self.found})

    def sealed(self) -> dict[str, Any]:
        """What is sealed with the words. ``concerns`` has the kinds alone, also one that stands in no words of the
        text; ``findings`` has the places in the text (character offsets), by position."""
        if not self.kinds:
            # said all the same, so that nobody screens the text anew to know
            return {"findings": []}
        kept = sorted(self.found, key=lambda concern: (-concern.level, -concern.certainty, concern.start))[:MOST]
        kept.sort(key=lambda concern: (concern.start, concern.end))
        return {"concerns": self.kinds, "findings": [_as_sealed(concern) for concern in kept]}


def screen(text: str, about: Mapping[str, str] | None = None) -> Screened:
    """Screen the words of a writer. ``about``: what the form asked about them; a young age is a kind of its own."""
    found = concerns.find_concerns(text)
    kinds = {concern.kind for concern in found} | concerns.kinds("", age_band=(about or {}).get("age_band", ""))
    level = max(int(concerns.need(found)), int(Need.TODAY if kinds else Need.NONE))
    return Screened(Need(level), sorted(kinds), found)


def screen_letter(text: str, about: Mapping[str, str], *, column_language: str) -> Screened:
    """Screen a letter, with its language: screening cannot tell whether one in an unknown language can wait."""
    found, code = screen(text, about), language.code(text)
    unread = bool(language.unread(code, column_language))
    return replace(found, need=max(found.need, Need.TODAY) if unread else found.need, language=code)


def rule_of(kind: str, rule: str) -> str:
    """The name under which a rule is counted: its own, or that of its kind where it has none."""
    return rule or kind


def rule_name(rule: str) -> str:
    """The name of a rule as people read it, without its kind: its title, or of a rule that an owner added its code."""
    if rule == CLASSIFIER:
        return _("the classifier")
    title = rule_titles.TITLES.get(rule)
    return _(title) if title else rule.rpartition(".")[2].replace("_", " ")


def rule_title(rule: str) -> str:
    """The name of a rule with the title of its kind; of a rule without a name, which is counted by its kind, that."""
    kind = rule.partition(".")[0]
    if kind not in concerns.TITLES:
        return rule_name(rule)
    title = _(concerns.TITLES[kind])
    return title if rule == kind else _("%(kind)s: %(rule)s") % {"kind": title, "rule": rule_name(rule)}


def note_arrival(letter: Letter, rules: list[str], *, at: dt.datetime) -> None:
    """Keep the minute at which the letter was raised, sealed to the desk, until somebody opens the letter."""
    minute = at.replace(second=0, microsecond=0)
    arrival = Arrival(letter=letter)
    arrival.seal({"at": minute.isoformat(), "rules": rules}, to=[desk_recipient(letter.column)])


def opened(letter: Letter, keys: Vault, *, at: dt.datetime) -> None:
    """Count how long the letter has waited since it was raised, and its rules, where somebody opens it for the first
    time since; the minute is then gone, also from dumps. Does nothing where it was counted, or no key opens it."""
    arrivals = list(letter.arrivals.all()) if letter.need else []
    for arrival_id, words in keys.open_many(arrivals).items():
        with transaction.atomic():
            SealedKey.objects.filter(item=arrival_id).delete()
            gone = Arrival.objects.filter(pk=arrival_id).delete()[0]
            if gone and not letter.column.practice:  # of two who open it at once, one counts
                waited = at - dt.datetime.fromisoformat(words["at"])
                EyeCount.add(letter.column, waited, on=timezone.localdate(at))
                RuleCount.add(letter.column, words["rules"], on=timezone.localdate(at), raised=1)


# --- what the desk says of findings -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Noticed:
    """A place in a letter, or in a message of its writer, that screening found. ``item``: the id of the letter or
    message; ``start``, ``end``: character offsets in its text. ``not_so``: the desk said that it is wrong."""

    item: uuid.UUID
    kind: str
    start: int
    end: int
    rule: str
    level: int
    certainty: float
    not_so: bool = False

    @property
    def name(self) -> str:
        """A name of the finding within its letter, for forms."""
        return f"{self.item.hex}.{self.kind}.{self.start}.{self.end}.{self.rule}"


def findings(payloads: Mapping[uuid.UUID, Mapping[str, Any]]) -> dict[uuid.UUID, list[Noticed]]:
    """The findings of each text, by position. ``payloads``: the opened content of the letter, its messages and notes,
    by id; what the desk said of findings is sealed in notes."""
    said = {name for payload in payloads.values() for name in payload.get("not_so", ())}
    found = {
        item: [Noticed(item, **{name: one[name] for name in _FIELDS}) for one in payload.get("findings", ())]
        for item, payload in payloads.items()
    }
    return {item: [replace(one, not_so=one.name in said) for one in some] for item, some in found.items() if some}


_FIELDS = ("kind", "start", "end", "rule", "level", "certainty")


def not_so(letter: Letter, names: Collection[str], *, by: User, at: dt.datetime, keys: Vault) -> LetterEvent:
    """Say that findings are wrong: those of ``names``, or without names all of the letter and its messages. It is
    sealed to the desk, counted by rule, and changes nothing else; whoever wants to lower the letter does that too."""
    with transaction.atomic():
        event = letter.record("not_so", by=by, at=at)
        items = [letter, *letter.messages.exclude(kind=Message.Kind.ADDRESS), *letter.notes.all()]
        some = chain.from_iterable(findings(keys.open_many(items)).values())
        wrong = [one for one in some if not one.not_so and (not names or one.name in names)]
        if not wrong:
            raise AlreadyMoved(_("Somebody has said that already, or there is nothing that screening noticed."))
        rules = sorted({rule_of(one.kind, one.rule) for one in wrong})
        letter.keep(event, "", not_so=[one.name for one in wrong], rules=rules)
        _count_not_so(letter, rules, on=event.on, many=1)
    return event


def rules_not_so(letter: Letter, event: LetterEvent, keys: Vault) -> list[str]:
    """The rules that the desk said to be wrong by this event."""
    note = letter.notes.filter(pk=event.pk).first() if event.verb == "not_so" else None
    return list(keys.open_many([note])[note.pk]["rules"]) if note else []


def take_back(letter: Letter, event: LetterEvent, rules: list[str]) -> None:
    """Take back the counts of an event that is undone. ``rules``: as ``rules_not_so`` returned before."""
    _count_not_so(letter, rules, on=event.on, many=-1)


def _count_not_so(letter: Letter, rules: list[str], *, on: dt.date, many: int) -> None:
    if not letter.column.practice:
        RuleCount.add(letter.column, rules, on=on, not_so=many)


def _as_sealed(concern: concerns.Concern) -> dict[str, Any]:
    return {
        "kind": concern.kind,
        "start": concern.start,
        "end": concern.end,
        "rule": concern.rule,
        "level": int(concern.level),
        "certainty": round(concern.certainty, 3),
    }
