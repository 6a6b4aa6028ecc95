"""Keyed chains over the audit trail: one for the events of each letter, draft and column, in order of their numbers.

Each link is an HMAC over the link before it and the fields of the event, under a key that is not in the database
(``AUDIT_SECRET``). So an event that is changed, left out or put elsewhere later changes every head after it, and
whoever can write to the database alone makes no head that holds. A *root*, a sum over all heads, is kept beside them: a
chain that was deleted and joined anew does not fit it. No key of the desk is needed and no word of a letter is read: of
what is sealed a link covers the bytes, and of a time the day or month that stays readable.

What chains cannot show by themselves is a whole database that was set back to an earlier state: for that the root of
some day is kept where nobody who can write to the database can (``kept_heads``), and compared with later.
"""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
import hmac
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import Max

from columns.models import Column
from inbox.models import Chain, ColumnEvent, ColumnHistory, Draft, DraftEvent, Letter, LetterEvent
from inbox.models.event import CHANGED, LATER
from inbox.models.keystore import first_of_month

_PURPOSE = b"steady hands: chain of events, version 3"
_COMMON = ("id", "number", "verb", "actor")
#: Chains of so many letters, drafts or columns are prolonged in one transaction.
_BATCH = 200
_MODULUS = 1 << 256


class NoAuditKey(Exception):
    """This process was not given ``AUDIT_SECRET``."""


@dataclass(frozen=True)
class _Trail:
    """The table of one kind of events. ``fields``: the fields that a link covers, in a fixed order. ``later``: those
    that were added when there were chains already, which are covered where they are set. ``coarse``: how a time is
    covered: as the day or the month that is readable for ever."""

    events: type[models.Model]
    subject: str
    fields: tuple[str, ...]
    counted: type[models.Model]
    later: tuple[str, ...] = ()
    coarse: Mapping[str, Callable[[Any], dt.date]] = field(default_factory=dict)


def _day(at: dt.datetime) -> dt.date:
    # of UTC: another time zone of the site breaks no chain
    return at.astimezone(dt.UTC).date()


#: What stands in a letter's event only where a version before this one sealed nothing.
_UNSEALED = ("held_until_before", "held_until_after")

TRAILS: dict[str, _Trail] = {
    Chain.Kind.LETTER: _Trail(
        LetterEvent,
        "letter_id",
        (*_COMMON, "letter_id", "on", *(name for name in CHANGED if name not in _UNSEALED)),
        Letter,
        (*LATER, "sealed"),
        {"on": first_of_month},
    ),
    Chain.Kind.DRAFT: _Trail(
        DraftEvent,
        "draft_id",
        (*_COMMON, "by_id", "draft_id", "at", "status_before", "status_after"),
        Draft,
        coarse={"at": _day},
    ),
    Chain.Kind.COLUMN: _Trail(
        ColumnEvent, "column_id", (*_COMMON, "by_id", "column_id", "at", "about"), ColumnHistory, coarse={"at": _day}
    ),
}


@dataclass(frozen=True, order=True)
class Head:
    """The head of a chain as it stood when the event with the number ``upto`` was its last."""

    kind: str
    subject: str
    upto: int
    head: str


@dataclass(frozen=True)
class Kept:
    """What was written down elsewhere: the root over all heads of that moment, and for each chain, by a name that says
    nothing without the key, its last number then and the beginning of its head."""

    root: str
    chains: Mapping[str, tuple[int, str]]


@dataclass(frozen=True, order=True)
class Broken:
    """A chain that fails verification. ``why``: a sentence without any content of the event."""

    kind: str
    subject: str
    why: str


# --- keyed hashes ----------------------------------------------------------------------------------------------------


def _key(label: bytes) -> bytes:
    if not settings.AUDIT_SECRET:
        raise NoAuditKey("AUDIT_SECRET is not set; .env.example says who needs it")
    return _derived(settings.AUDIT_SECRET, label)


@functools.cache
def _derived(secret: str, label: bytes) -> bytes:
    return HKDF(SHA256(), 32, None, _PURPOSE + b", " + label).derive(secret.encode())


def _hash(label: bytes, *values: object) -> str:
    return hmac.new(_key(label), b"".join(map(_measured, values)), hashlib.sha256).hexdigest()


def link(head: str, row: Mapping[str, Any], trail: _Trail) -> str:
    """The head after one more event: HMAC-SHA256 of the head before it and of each field with its length, in hex.

    A field of ``trail.later`` is covered with its name, and only where it is set: so the links of events from before it
    are what they were.
    """
    values: list[object] = [head]
    for name in trail.fields:
        value = row[name]
        values.append(trail.coarse[name](value) if name in trail.coarse and value is not None else value)
    for name in trail.later:
        if row[name] not in (None, b""):
            values += [name, row[name]]
    return _hash(b"link", *values)


def _root(kind: str, subject: object) -> str:
    """The value before the first link, different for each chain, so that chains cannot be exchanged."""
    return _hash(b"first", str(kind), str(subject))


def name(kind: str, subject: str) -> str:
    """The name of a chain in a file that is kept elsewhere."""
    return _hash(b"name", str(kind), subject)[:24]


def _part(head: Head) -> int:
    """The part of a head in the root over all: parts are added up, so a head changes without reading the others."""
    return int(_hash(b"part", str(head.kind), head.subject, head.upto, head.head), 16)


def _ground(root: Chain) -> int:
    """What the root is above the sum of the parts: another number with each event. So nobody without the key makes a
    root for a table that was emptied, or finds by how much a head has changed it, which would let them set one back."""
    return int(_hash(b"ground", str(root.pk), root.upto), 16)


def over(heads: Iterable[Head]) -> str:
    """The root over these heads alone."""
    return f"{_sum(map(_part, heads)):x}"


def _sum(parts: Iterable[int], since: int = 0) -> int:
    return (since + sum(parts)) % _MODULUS


def _measured(value: object) -> bytes:
    """A value preceded by its length plus one, in four bytes; ``None`` has length zero."""
    if value is None:
        return bytes(4)
    if isinstance(value, bytes | memoryview):
        value = hashlib.sha256(value).hexdigest()
    elif isinstance(value, dt.date):
        value = value.isoformat()
    raw = str(value).encode("utf-8", "surrogatepass")
    return (len(raw) + 1).to_bytes(4, "big") + raw


# --- joining ---------------------------------------------------------------------------------------------------------


def join(*, at: dt.datetime | None = None) -> int:
    """Add every new event to its chain; returns the number. Safe to run concurrently.

    The chain stops before a gap in the numbers, which ``broken`` reports. Where there are no chains at all, they begin,
    and each column's history says so: of a new site, and where somebody has deleted all of them.
    """
    if not Chain.objects.exists():
        _begin(at or dt.datetime.now(dt.UTC), "")
    if not Chain.objects.filter(kind=Chain.Kind.ROOT).exists():
        return 0  # it was deleted, and ``broken`` says so
    return sum(_join(kind, trail) for kind, trail in TRAILS.items())


def begin(*, at: dt.datetime, why: str) -> None:
    """Throw every chain away and begin new ones, for an operator; each column's history says why."""
    with transaction.atomic():
        Chain.objects.all().delete()
        _begin(at, why)
    join(at=at)


def _begin(at: dt.datetime, why: str) -> None:
    root = Chain(kind=Chain.Kind.ROOT, subject="", upto=0)
    root.head = f"{_ground(root):x}"
    with transaction.atomic():
        root.save(force_insert=True)
        for column in Column.objects.for_readers().order_by("pk"):
            ColumnEvent.write(column, "begin_chains", by=None, at=at, about=why)


def _join(kind: str, trail: _Trail) -> int:
    chains = {chain.subject: chain for chain in Chain.objects.filter(kind=kind)}
    newest = _objects(trail).values_list(trail.subject).annotate(last=Max("number")).order_by()
    behind = [
        (chain, subject)
        for subject, last in newest
        if last > (chain := chains.get(str(subject)) or Chain(kind=kind, subject=str(subject), upto=0)).upto
    ]
    return sum(_prolong_some(behind[start : start + _BATCH], trail) for start in range(0, len(behind), _BATCH))


def _prolong_some(some: Iterable[tuple[Chain, object]], trail: _Trail) -> int:
    """Prolong these chains, and the root with them, in one transaction; returns the number of events."""
    with transaction.atomic():
        # one sweep after the other: what another has written meanwhile is left to the next
        root = Chain.objects.select_for_update().get(kind=Chain.Kind.ROOT)
        joined, difference = 0, 0
        for chain, subject in some:
            before = None if chain._state.adding else _head_of(chain)
            joined += (more := _prolong(chain, trail, subject))
            if more:
                difference += _part(_head_of(chain)) - (_part(before) if before else 0)
        if joined:
            below = int(root.head, 16) - _ground(root)
            root.upto += joined
            root.head = f"{_sum([difference, _ground(root)], below):x}"
            root.save(update_fields=["head", "upto"])
    return joined


def _prolong(chain: Chain, trail: _Trail, subject: object) -> int:
    upto, head = chain.upto, chain.head or _root(chain.kind, subject)
    rows = _objects(trail).filter(**{trail.subject: subject}, number__gt=upto).order_by("number")
    for row in rows.values(*trail.fields, *trail.later):
        if row["number"] != upto + 1:
            break
        upto, head = upto + 1, link(head, row, trail)
    more = upto - chain.upto
    if not more or not _keep(chain, upto=upto, head=head):
        return 0
    chain.upto, chain.head = upto, head
    return more


def _keep(chain: Chain, *, upto: int, head: str) -> bool:
    """Write the new head, unless another sweep has written one."""
    if not chain._state.adding:
        known = Chain.objects.filter(pk=chain.pk, upto=chain.upto, head=chain.head)
        return bool(known.update(upto=upto, head=head))
    try:
        with transaction.atomic():
            Chain(pk=chain.pk, kind=chain.kind, subject=chain.subject, upto=upto, head=head).save(force_insert=True)
    except IntegrityError:
        return False
    return True


def _head_of(chain: Chain) -> Head:
    return Head(chain.kind, chain.subject, chain.upto, chain.head)


# --- verification ---------------------------------------------------------------------------------------------------


def heads() -> list[Head]:
    """Every stored head, in order, without the root over them."""
    found = Chain.objects.exclude(kind=Chain.Kind.ROOT).values_list("kind", "subject", "upto", "head")
    return sorted(Head(*row) for row in found)


def broken(earlier: Kept | None = None) -> list[Broken]:
    """Every chain that fails when computed anew from the first event on.

    ``earlier``: as ``kept_heads`` read it; the chains must pass through what they were then.
    """
    expected: dict[str, dict[str, Head]] = {kind: {} for kind in TRAILS}
    found: set[Broken] = set()
    with transaction.atomic():  # of one moment where the database can
        stored = heads()
        root = Chain.objects.filter(kind=Chain.Kind.ROOT).first()
    if (stored or root) and (root is None or _sum(map(_part, stored), _ground(root)) != int(root.head, 16)):
        found.add(Broken(Chain.Kind.ROOT, "", "the heads are not those that were written: one was deleted or set back"))
    for head in stored:
        if head.kind in TRAILS:
            expected[head.kind][head.subject] = head
        else:
            found.add(Broken(head.kind, head.subject, "there is no such kind of chain"))
    walk = _Walk(earlier)
    for kind, trail in TRAILS.items():
        found.update(_broken(kind, trail, expected[kind], walk))
    return sorted(found | set(walk.missing()))


class _Walk:
    """Compares the chains, while they are computed, with what was kept elsewhere."""

    def __init__(self, earlier: Kept | None) -> None:
        self._left = dict(earlier.chains) if earlier else {}
        self._root = earlier.root if earlier else None
        self._sum = 0

    def passes(self, kind: str, subject: str, by_number: Mapping[int, str]) -> bool:
        """Whether a chain is at its earlier number what it was. ``by_number``: its heads."""
        upto, begins = self._left.pop(name(kind, subject), (0, ""))
        if not upto:
            return True
        head = by_number.get(upto, "")
        self._sum = _sum([_part(Head(kind, subject, upto, head))], self._sum)
        return bool(head) and head.startswith(begins)

    def missing(self) -> Iterator[Broken]:
        for name in self._left:
            yield Broken("kept", name, "its events are gone")
        if self._root is not None and self._sum != int(self._root, 16):
            yield Broken(Chain.Kind.ROOT, "", "the heads of then are not those that were kept")


def _broken(kind: str, trail: _Trail, expected: Mapping[str, Head], walk: _Walk) -> Iterator[Broken]:
    # events are written meanwhile: the count before and after bounds their number
    before, seen = _counts(trail), {}
    for subject, rows in groupby(_rows(trail), key=lambda row: str(row[trail.subject])):
        numbers, by_number = _walked(kind, subject, rows, trail)
        seen[subject] = numbers
        known = expected.get(subject)
        passed = walk.passes(kind, subject, by_number)
        if not passed or (known is not None and by_number.get(known.upto) != known.head):
            yield Broken(kind, subject, "its events are not those that were joined")
    for subject in expected.keys() - seen.keys():
        yield Broken(kind, subject, "its events are gone")
    after = _counts(trail)
    for subject in before.keys() | seen.keys():
        numbers = seen.get(subject, [])
        if numbers != list(range(1, len(numbers) + 1)):
            yield Broken(kind, subject, "the numbers of its events have a gap")
        elif not before.get(subject, 0) <= len(numbers) <= after.get(subject, 0):
            yield Broken(kind, subject, "it has another number of events than it counted")


def _walked(
    kind: str, subject: str, rows: Iterable[Mapping[str, Any]], trail: _Trail
) -> tuple[list[int], dict[int, str]]:
    """The numbers of a subject's events, and the head at each of them."""
    head, numbers, by_number = _root(kind, subject), [], {}
    for row in rows:
        numbers.append(row["number"])
        head = by_number[row["number"]] = link(head, row, trail)
    return numbers, by_number


def _rows(trail: _Trail) -> Iterator[dict[str, Any]]:
    return (
        _objects(trail).order_by(trail.subject, "number").values(*trail.fields, *trail.later).iterator(chunk_size=2000)
    )


def _counts(trail: _Trail) -> dict[str, int]:
    return {str(pk): count for pk, count in _all(trail.counted).values_list("pk", "events_count")}


def _objects(trail: _Trail) -> models.QuerySet[Any]:
    return _all(trail.events)


def _all(model: type[models.Model]) -> models.QuerySet[Any]:
    return model._default_manager.all()
