"""Backups: two files that are kept apart, and what a restore makes of them.

The *site* dump holds every table but the keystore (and sessions); it opens nothing, so it may be kept for long. The
*keys* dump holds the keystore alone; it is deleted after ``KEYS_KEPT``. So a letter that is erased today dies in every
site dump at once, and in every keys dump within a week. A restore takes any site dump and the newest keys dump: what
was erased in between stays erased.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import gzip
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core import serializers
from django.core.management.color import no_style
from django.db import connection, models, transaction

from columns.models import Column
from inbox.models import Bundle, ColumnEvent, DraftVersion, Letter, Message, Note, Review, SealedKey, WriterAddress
from inbox.models.letter import GONE

#: A keys dump as old as this is deleted by the next backup; with one backup a day none is older than seven days.
KEYS_KEPT = dt.timedelta(days=6)
_STAMP = "%Y-%m-%dT%H%M%S"
#: Whose tables are dumped; Django's own (sessions, content types) are made anew.
_OURS = ("columns", "inbox", "account", "mfa")
#: Sealed rows that a restore may find without their keys; letters themselves are moved to their end.
_SEALED: tuple[type[models.Model], ...] = (Message, Note, WriterAddress, Bundle, DraftVersion, Review)


class CannotRestore(Exception):
    """``str()`` is a sentence for the operator."""


@dataclass(frozen=True)
class Dumped:
    """Both files, and how many older keys dumps were deleted."""

    site: Path
    keys: Path
    deleted: int


@dataclass(frozen=True)
class Restored:
    """``dead``: letters of the dump whose keys had been destroyed by the time of the newest keys dump."""

    rows: int
    letters: int
    dead: int


# --- backup ----------------------------------------------------------------------------------------------------------


def backup(folder: Path, *, at: dt.datetime) -> Dumped:
    """Write both dumps into ``folder`` (files of 0600, whole or not at all) and delete keys dumps that are too old.

    One transaction reads both, so they are of one moment. Each column's history says that there was a backup.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for left in folder.glob("*.unfinished"):  # of a backup that was killed; it would outlive what is erased
        left.unlink()
    stamp = at.astimezone(dt.UTC).strftime(_STAMP)
    site, keys = folder / f"site-{stamp}.jsonl.gz", folder / f"keys-{stamp}.jsonl.gz"
    with _one_moment():
        _write(site, _rows(dumped_models()))
        _write(keys, _rows([SealedKey]))
    with transaction.atomic():
        for column in Column.objects.for_readers():
            ColumnEvent.write(column, "back_up", by=None, at=at)
    old = [path for path in keys_dumps(folder) if _moment(path) <= at - KEYS_KEPT]
    for path in old:
        path.unlink()
    return Dumped(site, keys, len(old))


@contextlib.contextmanager
def _one_moment() -> Iterator[None]:
    """A transaction that sees one state of the database and keeps nobody from writing."""
    if connection.vendor == "sqlite":
        sqlite: Any = connection
        usual, sqlite.transaction_mode = sqlite.transaction_mode, "DEFERRED"
        try:
            with transaction.atomic():
                yield
        finally:
            sqlite.transaction_mode = usual
        return
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def site_dumps(folder: Path) -> list[Path]:
    """The site dumps of a folder, the newest last."""
    return sorted(folder.glob("site-*.jsonl.gz"))


def keys_dumps(folder: Path) -> list[Path]:
    """The keys dumps of a folder, the newest last."""
    return sorted(folder.glob("keys-*.jsonl.gz"))


def _moment(path: Path) -> dt.datetime:
    return dt.datetime.strptime(path.name.partition("-")[2].partition(".")[0], _STAMP).replace(tzinfo=dt.UTC)


def dumped_models() -> list[type[models.Model]]:
    """Every table of the site dump, each after those it points to: approvals come before their articles."""
    found = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in _OURS and model is not SealedKey
    ]
    ordered: list[type[models.Model]] = []

    def add(model: type[models.Model]) -> None:
        for field in model._meta.concrete_fields:
            target = field.related_model
            if isinstance(target, type) and target in found and target not in (*ordered, model):
                add(target)
        if model not in ordered:
            ordered.append(model)

    for model in found:
        add(model)
    return ordered


def _rows(dumped: Iterable[type[models.Model]]) -> Iterator[models.Model]:
    for model in dumped:
        yield from model._base_manager.order_by("pk").iterator(chunk_size=500)


def _write(path: Path, rows: Iterator[models.Model]) -> None:
    unfinished = path.with_suffix(".unfinished")
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as raw:
        with gzip.open(raw, "wt", encoding="utf-8") as out:
            serializers.serialize("jsonl", rows, stream=out)
        raw.flush()
        os.fsync(raw.fileno())
    unfinished.replace(path)


# --- restore ---------------------------------------------------------------------------------------------------------


def restore(folder: Path, *, at: dt.datetime, site: Path | None = None) -> Restored:
    """Fill an empty, migrated database from a site dump (the newest unless one is named) and the newest keys dump.

    All of it or nothing. ``CannotRestore`` where the database is not empty or a dump is missing or damaged.
    """
    sites, keys = site_dumps(folder), keys_dumps(folder)
    if not (site or sites) or not keys:
        raise CannotRestore(f"There is no pair of dumps in {folder}.")
    if Column.objects.exists():
        raise CannotRestore("The database is not empty. Restore into a new one, after manage.py migrate.")
    try:
        with transaction.atomic():
            rows = _read(site or sites[-1]) + _read(keys[-1])
            with connection.cursor() as cursor:
                for statement in connection.ops.sequence_reset_sql(no_style(), dumped_models()):
                    cursor.execute(statement)
            dead = _bury(at)
    except (EOFError, gzip.BadGzipFile, serializers.base.DeserializationError) as error:
        raise CannotRestore("A dump is damaged. Nothing was restored.") from error
    return Restored(rows, Letter.objects.count(), dead)


def _read(path: Path) -> int:
    count = 0
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for row in serializers.deserialize("jsonl", lines):
            row.save()
            count += 1
    return count


def _bury(at: dt.datetime) -> int:
    """What has no key any more was erased after the site dump was made: it becomes what it was then."""
    opens = SealedKey.objects.values("item")
    dead = list(Letter.objects.exclude(status__in=GONE).exclude(pk__in=opens))
    for letter in dead:
        letter.lose(at=at)
    for model in _SEALED:
        model._base_manager.exclude(pk__in=opens).update(sealed=b"")
    return len(dead)
