"""Hash chains over the audit trail: one for the events of each letter, draft and column, in order of their numbers.

Each link is SHA-256 over the link before it and every field of the event, so an event that is changed, left out or put
elsewhere later changes every head after it. No key is needed and no word of a letter is read. What a chain cannot show
by itself is a rewriting of rows and heads together: for that the heads of some day are kept where nobody who can write
to the database can (``write_heads``), and compared with later.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import IO, Any

from django.db import IntegrityError, models, transaction
from django.db.models import Max

from inbox.models import Chain, ColumnEvent, ColumnHistory, Draft, DraftEvent, Letter, LetterEvent
from inbox.models.event import CHANGED, LATER

_PURPOSE = b"steady hands: chain of events, version 2"
_COMMON = ("id", "number", "verb", "actor", "by_id")


@dataclass(frozen=True)
class _Trail:
    """The table of one kind of events. ``fields``: the fields that a link covers, in a fixed order. ``later``: those
    that were added when there were chains already."""

    events: type[models.Model]
    subject: str
    fields: tuple[str, ...]
    counted: type[models.Model]
    later: tuple[str, ...] = ()


TRAILS: dict[str, _Trail] = {
    Chain.Kind.LETTER: _Trail(LetterEvent, "letter_id", (*_COMMON, "letter_id", "on", *CHANGED), Letter, LATER),
    Chain.Kind.DRAFT: _Trail(
        DraftEvent, "draft_id", (*_COMMON, "draft_id", "at", "status_before", "status_after"), Draft
    ),
    Chain.Kind.COLUMN: _Trail(ColumnEvent, "column_id", (*_COMMON, "column_id", "at", "about"), ColumnHistory),
}


@dataclass(frozen=True, order=True)
class Head:
    """The head of a chain as it stood when the event with the number ``upto`` was its last."""

    kind: str
    subject: str
    upto: int
    head: str


@dataclass(frozen=True, order=True)
class Broken:
    """A chain that fails verification. ``why``: a sentence without any content of the event."""

    kind: str
    subject: str
    why: str


def join() -> int:
    """Add every new event to its chain; returns the number. Safe to run concurrently.

    The chain stops before a gap in the numbers, which ``broken`` reports.
    """
    return sum(_join(kind, trail) for kind, trail in TRAILS.items())


def _join(kind: str, trail: _Trail) -> int:
    chains = {chain.subject: chain for chain in Chain.objects.filter(kind=kind)}
    joined = 0
    for subject, last in _objects(trail).values_list(trail.subject).annotate(last=Max("number")).order_by():
        chain = chains.get(str(subject)) or Chain(kind=kind, subject=str(subject), upto=0, head=_root(kind, subject))
        if last > chain.upto:
            joined += _prolong(chain, trail, subject)
    return joined


def _prolong(chain: Chain, trail: _Trail, subject: object) -> int:
    upto, head = chain.upto, chain.head
    rows = _objects(trail).filter(**{trail.subject: subject}, number__gt=upto).order_by("number")
    for row in rows.values(*trail.fields, *trail.later):
        if row["number"] != upto + 1:
            break
        upto, head = upto + 1, link(head, row, trail.fields, trail.later)
    if upto == chain.upto or not _keep(chain, upto=upto, head=head):
        return 0
    return upto - chain.upto


def _keep(chain: Chain, *, upto: int, head: str) -> bool:
    """Write the new head, unless another sweep has written one."""
    if chain.pk:
        known = Chain.objects.filter(pk=chain.pk, upto=chain.upto, head=chain.head)
        return bool(known.update(upto=upto, head=head))
    try:
        with transaction.atomic():
            Chain.objects.create(kind=chain.kind, subject=chain.subject, upto=upto, head=head)
    except IntegrityError:
        return False
    return True


def link(head: str, row: Mapping[str, Any], fields: tuple[str, ...], later: tuple[str, ...] = ()) -> str:
    """The head after one more event: SHA-256 of the head before it and of each field with its length, in hex.

    A field of ``later`` is covered with its name, and only where it is set: so the links of events from before it are
    what they were.
    """
    digest = hashlib.sha256(bytes.fromhex(head))
    for name in fields:
        digest.update(_measured(row[name]))
    for name in later:
        if row[name] is not None:
            digest.update(_measured(name))
            digest.update(_measured(row[name]))
    return digest.hexdigest()


def _root(kind: str, subject: object) -> str:
    """The value before the first link, different for each chain, so that chains cannot be exchanged."""
    digest = hashlib.sha256(_measured(_PURPOSE.decode()))
    digest.update(_measured(str(kind)))
    digest.update(_measured(str(subject)))
    return digest.hexdigest()


def _measured(value: object) -> bytes:
    """A value preceded by its length plus one, in four bytes; ``None`` has length zero."""
    if value is None:
        return bytes(4)
    if isinstance(value, dt.datetime):
        value = value.astimezone(dt.UTC).isoformat(timespec="microseconds")
    elif isinstance(value, dt.date):
        value = value.isoformat()
    raw = str(value).encode("utf-8", "surrogatepass")
    return (len(raw) + 1).to_bytes(4, "big") + raw


# --- verification ---------------------------------------------------------------------------------------------------


def heads() -> list[Head]:
    """Every stored head, in order."""
    found = Chain.objects.values_list("kind", "subject", "upto", "head")
    return sorted(Head(*row) for row in found)


def broken(earlier: Iterable[Head] = ()) -> list[Broken]:
    """Every chain that fails when computed anew from the first event on.

    ``earlier``: heads written by ``write_heads`` before; the chain must pass through them too.
    """
    expected: dict[str, dict[str, list[Head]]] = {kind: {} for kind in TRAILS}
    found: set[Broken] = set()
    for head in [*heads(), *earlier]:
        if head.kind in TRAILS:
            expected[head.kind].setdefault(head.subject, []).append(head)
        else:
            found.add(Broken(head.kind, head.subject, "there is no such kind of chain"))
    for kind, trail in TRAILS.items():
        found.update(_broken(kind, trail, expected[kind]))
    return sorted(found)


def _broken(kind: str, trail: _Trail, expected: Mapping[str, list[Head]]) -> Iterator[Broken]:
    # events are written meanwhile: the count before and after bounds their number
    before, seen = _counts(trail), {}
    for subject, rows in groupby(_rows(trail), key=lambda row: str(row[trail.subject])):
        numbers, sound = _walked(kind, subject, rows, trail, expected.get(subject, []))
        seen[subject] = numbers
        if not sound:
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
    kind: str, subject: str, rows: Iterable[Mapping[str, Any]], trail: _Trail, expected: list[Head]
) -> tuple[list[int], bool]:
    """The numbers of a subject's events, and whether the chain passes through every expected head."""
    head, numbers, passed = _root(kind, subject), [], set()
    for row in rows:
        numbers.append(row["number"])
        head = link(head, row, trail.fields, trail.later)
        passed.add((row["number"], head))
    return numbers, all((one.upto, one.head) in passed for one in expected)


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


# --- heads that are kept elsewhere -----------------------------------------------------------------------------------


def write_heads(file: IO[str]) -> int:
    """Write every stored head, one JSON object a line; returns how many. Ids, numbers and hashes, nothing else."""
    found = heads()
    file.writelines(json.dumps(asdict(head)) + "\n" for head in found)
    return len(found)


def read_heads(file: Iterable[str]) -> list[Head]:
    """The heads that ``write_heads`` wrote. Raises ``ValueError`` where a line is not one of its lines."""
    found = []
    for number, line in enumerate(file, start=1):
        try:
            head = Head(**json.loads(line))
        except TypeError as error:
            raise ValueError(f"line {number} is no head of a chain") from error
        if head.kind not in TRAILS or type(head.upto) is not int:
            raise ValueError(f"line {number} is no head of a chain")
        found.append(head)
    return found
