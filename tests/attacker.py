"""An attacker with a copy of the database, or with a dump that was kept for long, and without any key.

Nothing here knows what the tables mean, but which are those of letters and of articles. Tables, columns and orders are
read from the catalogue, and every value that looks like a time is one. What the attacker learns of a letter:

- *by value*: each time in its row and in every row that names one of its rows, however far;
- *by order*: the rows of a table have an order (``rowid``, ``ctid``, a number that counts, the place in a dump), and on
  PostgreSQL the transactions (``xmin``) one over all tables. Where times along an order only rise, it is a clock: rows
  of the letter lie between two readings of it;
- *attributes*: what else can be read in these rows.
"""

from __future__ import annotations

import bisect
import datetime as dt
import gzip
import json
import re
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from django.db import connection

LETTERS, ARTICLES = "inbox_letter", "columns_article"
DAY, MONTH = dt.timedelta(days=1), dt.timedelta(days=28)
#: From here on a number can be a time, in seconds or milliseconds; texts and dates before are no time of this site.
_FIRST = dt.datetime(2015, 1, 1, tzinfo=dt.UTC)
_LAST = dt.datetime(2100, 1, 1, tzinfo=dt.UTC)
_ISO = re.compile(r"\d{4}-\d\d(-\d\d)?([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?")
_UUID = re.compile(r"[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}")
#: How much of an order may run against a clock that is still believed, and how many readings it needs.
_FAITH, _READINGS = 0.95, 5


@dataclass(frozen=True)
class Span:
    """A time that is known to lie from ``since`` to ``until``."""

    since: dt.datetime
    until: dt.datetime

    @property
    def width(self) -> dt.timedelta:
        return self.until - self.since


@dataclass(eq=False)
class Row:
    """``orders``: its place in each order of its table, and in ``xmin``, which is one of all tables."""

    table: str
    values: dict[str, Any]
    orders: dict[str, Any]
    ids: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    times: dict[str, list[Span]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, value in self.values.items():
            found = set(_uuids(value))
            (self.ids if name == "id" else self.names).update(found)
            if spans := list(times_in(value)):
                self.times[name] = spans


def _uuids(value: Any) -> Iterator[str]:
    if isinstance(value, uuid.UUID):
        yield value.hex
    elif isinstance(value, str) and len(value) < 100_000:
        for match in _UUID.finditer(value):
            yield match[0].replace("-", "")
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _uuids(one)
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _uuids(one)


def times_in(value: Any) -> Iterator[Span]:
    """Every time in a value, as exactly as it stands there: a moment, a day, or a month (its first day)."""
    for kind, read in _READ:
        if isinstance(value, kind):
            yield from read(value)
            return


def _of_moment(at: dt.datetime) -> Iterator[Span]:
    yield _span(at if at.tzinfo else at.replace(tzinfo=dt.UTC))


def _of_day(day: dt.date) -> Iterator[Span]:
    yield _span(dt.datetime.combine(day, dt.time(), tzinfo=dt.UTC))


def _of_uuid(one: uuid.UUID) -> Iterator[Span]:
    if one.version == 1:
        yield from _number((one.time - 0x01B21DD213814000) / 1e7)
    elif one.version in (6, 7):
        yield from _number((one.int >> 80) / 1000)


def _of_number(number: float) -> Iterator[Span]:
    yield from _number(float(number))
    yield from _number(number / 1000)


def _of_text(text: str) -> Iterator[Span]:
    if re.fullmatch(_UUID, text):
        yield from _of_uuid(uuid.UUID(text))
        return
    for match in _ISO.finditer(text[:10_000]):
        try:
            yield from _of_moment(dt.datetime.fromisoformat(match[0] if match[1] else f"{match[0]}-01"))
        except ValueError:
            continue


def _of_many(values: Iterable[Any]) -> Iterator[Span]:
    for one in values:
        yield from times_in(one)


#: The first kind that fits is read.
_READ: tuple[tuple[Any, Callable[[Any], Iterator[Span]]], ...] = (
    (dt.datetime, _of_moment),
    (dt.date, _of_day),
    (uuid.UUID, _of_uuid),
    (bool, lambda _: iter(())),
    (int | float, _of_number),
    (str, _of_text),
    (Mapping, lambda value: _of_many(value.values())),
    (list | tuple, _of_many),
)


def _number(seconds: float) -> Iterator[Span]:
    if _FIRST.timestamp() < seconds < _LAST.timestamp():
        at = dt.datetime.fromtimestamp(seconds, dt.UTC)
        yield Span(at, at)


def _span(at: dt.datetime) -> Span:
    at = at.astimezone(dt.UTC)
    if at.time() != dt.time():
        return Span(at, at)
    return Span(at, at + (DAY if at.day != 1 else MONTH))


# --- what there is to read --------------------------------------------------------------------------------------------


def of_the_database() -> list[Row]:
    """Every row of every table of this database, with every order that the engine gives it."""
    return list(_sqlite() if connection.vendor == "sqlite" else _postgresql())


def _sqlite() -> Iterator[Row]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table' ORDER BY name")
        for table, sql in cursor.fetchall():
            order = "NULL" if "WITHOUT ROWID" in (sql or "").upper() else "rowid"
            cursor.execute(f'SELECT {order} AS "?order", * FROM "{table}"')
            names = [column[0] for column in cursor.description]
            for place, *values in cursor.fetchall():
                row = dict(zip(names[1:], values, strict=True))
                yield Row(table, row, _counting(row) | ({} if place is None else {"rowid": place}))


def _postgresql() -> Iterator[Row]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables"
            " WHERE table_schema NOT IN ('pg_catalog', 'information_schema') AND table_type = 'BASE TABLE'"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT xmin::text::bigint, ctid::text, * FROM "{table}"')
            names = [column[0] for column in cursor.description]
            for xmin, ctid, *values in cursor.fetchall():
                row = dict(zip(names[2:], values, strict=True))
                place = tuple(int(part) for part in ctid.strip("()").split(","))
                yield Row(table, row, _counting(row) | {"xmin": xmin, "ctid": place})


def of_a_dump(path: Path) -> list[Row]:
    """Every row of a site dump, with its place in the file, between its header and its trailer."""
    rows = []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for place, line in enumerate(lines):
            said = json.loads(line)
            if "model" not in said:
                continue
            values = {"id": said["pk"], **said["fields"]}
            rows.append(Row(said["model"].replace(".", "_"), values, _counting(values) | {"line": place}))
    return rows


def _counting(row: Mapping[str, Any]) -> dict[str, Any]:
    key = row.get("id")
    return {"sequence": key} if isinstance(key, int) else {}


# --- what it says of letters ------------------------------------------------------------------------------------------


@dataclass
class Learned:
    """What was learned of a letter. ``values``, ``orders``: where each time was found, and the time."""

    letter: str
    status: str
    values: dict[str, list[Span]]
    orders: dict[str, list[Span]]
    attributes: dict[str, set[str]]
    reached: set[str]

    def finer_than(self, allowed: dt.timedelta, truth: Iterable[dt.datetime]) -> dict[str, Span]:
        """The places that tell more finely than that: each time in a row, and of the spans between two readings those
        that hold a time that has to stay hidden. An attacker cannot tell which these are; they are all looked at."""
        hidden = list(truth)
        found = {place: min(spans, key=lambda one: one.width) for place, spans in self.values.items()}
        found = {place: span for place, span in found.items() if span.width < allowed}
        for place, spans in self.orders.items():
            hit = [one for one in spans if one.width < allowed and any(one.since <= at <= one.until for at in hidden)]
            if hit:
                found[place] = min(hit, key=lambda one: one.width)
        return found


class Attack:
    """All that a copy says. ``passed_over(table, column, row)``: a time that the site says to be there."""

    def __init__(self, rows: list[Row], passed_over: Callable[[str, str, Mapping[str, Any]], bool]) -> None:
        self.rows = rows
        for row in rows:
            for name in [name for name in row.times if passed_over(row.table, name, row.values)]:
                del row.times[name]
        self._by_name: dict[str, list[Row]] = defaultdict(list)
        self._by_id: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            for one in row.names:
                self._by_name[one].append(row)
            for one in row.ids:
                self._by_id[one].append(row)
        self.letters = [row for row in rows if row.table == LETTERS]
        self.families = {next(iter(row.ids)): self.family(row) for row in self.letters}
        self.clocks = dict(self._clocks())

    def family(self, letter: Row) -> list[Row]:
        """The letter's row, and every row that names one of its rows. What many letters name belongs to none."""
        found, ids = [letter], set(letter.ids)
        waiting = list(letter.ids)
        while waiting:
            for row in self._by_name[waiting.pop()]:
                if row not in found and row.table != LETTERS:
                    found.append(row)
                    waiting += row.ids - ids
                    ids |= row.ids
        return found

    def _readings(self, row: Row) -> Iterator[tuple[str, Span]]:
        """The times of a row, and of the rows that it names or that name it."""
        for name, spans in row.times.items():
            yield name, spans[0]
        beside = [one for name in row.names for one in self._by_id[name]]
        beside += [one for own in row.ids for one in self._by_name[own]]
        for one in beside:
            for name, spans in one.times.items():
                yield f"{one.table}.{name}", spans[0]

    def _clocks(self) -> Iterator[tuple[tuple[str, str, str], list[tuple[Any, Span, Row]]]]:
        """Every order along which times rise, with its readings."""
        read: dict[tuple[str, str, str], list[tuple[Any, Span, Row]]] = defaultdict(list)
        for row in self.rows:
            for name, span in self._readings(row):
                for order, place in row.orders.items():
                    # transactions are one order of all tables
                    table = "" if order == "xmin" else row.table
                    read[order, table, f"{row.table} {name}"].append((place, span, row))
        for key, readings in read.items():
            readings.sort(key=lambda one: one[0])
            pairs = list(pairwise(readings))
            rising = sum(one[1].since <= two[1].since for one, two in pairs)
            steps = len({one[1].since for one in readings})
            if steps >= _READINGS and rising >= _FAITH * len(pairs):
                yield key, readings

    def brackets(self, row: Row, own: Iterable[Row]) -> Iterator[tuple[str, Span]]:
        """Between which times the row was written, by each clock of one of its orders."""
        ours = set(map(id, own))
        for (order, table, name), readings in self.clocks.items():
            if order not in row.orders or table not in ("", row.table):
                continue
            place = row.orders[order]
            others = [one for one in readings if id(one[2]) not in ours]
            left = bisect.bisect_left(others, place, key=lambda one: one[0])
            right = bisect.bisect_right(others, place, key=lambda one: one[0])
            same = [one[1] for one in others[left:right]]
            if left and right < len(others):
                yield f"{row.table} by {order} of {name}", Span(others[left - 1][1].since, others[right][1].until)
            for span in same:  # of one transaction
                yield f"{row.table} by {order} with {name}", span

    def learned(self) -> Iterator[Learned]:
        for letter in self.letters:
            key = next(iter(letter.ids))
            values: dict[str, list[Span]] = defaultdict(list)
            orders: dict[str, list[Span]] = defaultdict(list)
            attributes: dict[str, set[str]] = defaultdict(set)
            family = self.families[key]
            for row in family:
                for name, spans in row.times.items():
                    values[f"{row.table}.{name}"] += spans
                for place, span in self.brackets(row, family):
                    orders[place].append(span)
                for name, value in row.values.items():
                    if value not in (None, "", b"") and name not in row.times:
                        attributes[row.table].add(name)
            reached = {row.table for row in family}
            yield Learned(key, str(letter.values["status"]), values, orders, attributes, reached)
