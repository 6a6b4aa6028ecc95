"""The sweep by which SQLite's write-ahead log holds nothing for long: there earlier pages stay, with keys that were
destroyed since, as long as the site keeps the database open."""

from __future__ import annotations

from django.db import connection

#: Milliseconds that it waits for readers; another run comes soon.
_PATIENCE = 500


def empty() -> bool:
    """Write the log's pages into the database and cut its file to nothing; returns whether that was done. Nothing is to
    be done on PostgreSQL, whose log is its server's, nor in the midst of a transaction."""
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        return False
    with connection.cursor() as cursor:
        before = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
        cursor.execute(f"PRAGMA busy_timeout = {_PATIENCE}")
        try:
            busy: int = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {before}")
    return busy == 0
