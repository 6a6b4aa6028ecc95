"""The order of rows, which is not to tell when a letter came.

SQLite: a row has a hidden number that counts up. A trigger on each table with random ids gives every new row a random
one. Rebuilding a table, as migrations do there, drops its triggers, so such a migration ends with ``install``; a test
looks for a table without.

PostgreSQL: a row names the transaction that wrote it, and lies where there was room. A function of the owner of the
tables writes the rows of letters that came to their end anew, with what lies beside the table, in one transaction: so
they tell of no earlier day than that. A sweep calls it (``operations/row_order.py``). It changes no value, so the
worker needs no right to change these rows. It has the rights of its owner, so it looks at temporary tables last: with
tables of the same names, and triggers on them, whoever calls it would act with these rights.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence

from django.apps import apps
from django.db import connection, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

FUNCTION = "write_ended_letters_anew"
SEARCH_PATH = "pg_catalog, public, pg_temp"


def scattered_tables() -> list[str]:
    """The tables of ``inbox`` whose ids are random."""
    found = [model._meta for model in apps.get_app_config("inbox").get_models(include_auto_created=True)]
    return sorted(meta.db_table for meta in found if isinstance(meta.pk, models.UUIDField))


def trigger_name(table: str) -> str:
    return f"{table}_in_no_order"


def install(schema_editor: BaseDatabaseSchemaEditor, tables: Sequence[str], beside: Sequence[str]) -> None:
    """Create or replace what the database needs; rows that are there are scattered. To be called by migrations, which
    name the tables as they are then. ``beside``: those with a ``letter_id``, whose rows may be sealed.
    """
    statements = _sqlite(tables) if schema_editor.connection.vendor == "sqlite" else _postgresql(beside)
    for statement in statements:
        schema_editor.execute(statement)


def _sqlite(tables: Sequence[str]) -> Iterator[str]:
    number = "(random() & 4611686018427387903)"  # 62 bits: no two rows of a table meet
    for table in tables:
        yield f"DROP TRIGGER IF EXISTS {trigger_name(table)}"
        anew = f"UPDATE {table} SET rowid = {number} WHERE rowid"  # noqa: S608 - names that stand in a migration
        yield f"CREATE TRIGGER {trigger_name(table)} AFTER INSERT ON {table} BEGIN {anew} = NEW.rowid; END"
        yield f"{anew} < 4294967296"


def _postgresql(beside: Sequence[str]) -> Iterator[str]:
    anew = "sealed = sealed || ''::bytea"  # another value of the same bytes: what lies beside the table is new, too
    items = " UNION ALL ".join(f"SELECT id FROM {table} WHERE letter_id = ANY(ended)" for table in beside)  # noqa: S608
    updates = "".join(f"UPDATE {table} SET {anew} WHERE letter_id = ANY(ended);\n" for table in beside)  # noqa: S608
    yield f"""
    CREATE OR REPLACE FUNCTION {FUNCTION}(wanted uuid[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = {SEARCH_PATH} AS $$
    DECLARE ended uuid[];
    BEGIN
        ended := ARRAY(
            SELECT id FROM inbox_letter WHERE id = ANY(wanted)
            AND status IN ('published', 'declined', 'replied', 'withdrawn', 'erased') FOR UPDATE
        );
        UPDATE inbox_keystore SET {anew} WHERE item = ANY(ended) OR item IN ({items});
        UPDATE inbox_letter SET {anew}, in_no_order = true WHERE id = ANY(ended);
        {updates}
    END $$
    """  # noqa: S608 - names of tables that stand in a migration


def write_anew(letters: Iterable[uuid.UUID]) -> None:
    """Write every row of these letters anew, those that came to their end, on PostgreSQL."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {FUNCTION}(%s::uuid[])", [list(letters)])
