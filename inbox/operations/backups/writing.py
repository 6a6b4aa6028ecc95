"""``backup``: both files, of one moment."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core import serializers
from django.db import connection, transaction

from columns.models import Column
from inbox.models import ColumnEvent, SealedKey
from inbox.models.times import clock
from inbox.operations.backups import dump_file, earlier, folder, standing
from inbox.operations.backups.contents import Exact, dumped_models, rows

#: A keys file as old as this is deleted by the next backup; with one backup a day none is older than seven days.
KEYS_KEPT = dt.timedelta(days=6)


@dataclass(frozen=True)
class Dumped:
    """The paths of both files, and the number of deleted older keys files."""

    site: Path
    keys: Path
    deleted: int


def backup(where: Path, *, at: dt.datetime) -> Dumped:
    """Write both files into the folder and delete keys files that are too old.

    One transaction reads both, so they are of one moment. Each column gets an event.
    """
    where.mkdir(parents=True, exist_ok=True, mode=0o700)
    for left in where.glob("*.unfinished"):  # of a backup that was killed; it would keep erased words
        left.unlink()
    pair, schema = uuid.uuid4().hex, earlier.schema_of_today()

    def header(file: str) -> dump_file.Header:
        return dump_file.Header(file, pair, at, dump_file.this_site(), schema)

    def keystore(out: io.TextIOBase) -> None:
        serializers.serialize("jsonl", rows([SealedKey]), stream=out, cls=Exact)
        out.writelines(json.dumps(line) + "\n" for line in standing.state())

    site, keys = (folder.path(where, file, at) for file in ("site", "keys"))
    with _one_moment():
        dump_file.write(
            site,
            header("site"),
            lambda out: serializers.serialize("jsonl", rows(dumped_models()), stream=out, cls=Exact),
        )
        dump_file.write(keys, header("keys"), keystore)
    with transaction.atomic():
        for column in Column.objects.for_readers():
            ColumnEvent.write(column, "back_up", by=None, at=at)
    # a file with a future date was made while the clock was ahead: it would not expire
    right = clock.doubt(at) is None
    old = [path for path in folder.keys_dumps(where) if right and not at - KEYS_KEPT < folder.moment(path) <= at]
    for path in old:
        path.unlink()
    return Dumped(site, keys, len(old))


@contextlib.contextmanager
def _one_moment() -> Iterator[None]:
    """A transaction that reads one snapshot of the database and blocks no writer."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()  # before it there is no mode to set aside
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
