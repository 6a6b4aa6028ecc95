"""The full-text index of each database: FTS5 on SQLite, a GIN index of ``tsvector`` on PostgreSQL.

PostgreSQL indexes the expression, so its index follows the rows; on SQLite triggers write into the FTS5 table, which
keeps no text of its own. Only lexemes of ASCII letters and digits ever stand in a query of the index.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from django.db import connection

from columns.search.tables import SearchWord

#: The letters at the end of a lexeme, and what a word of that letter adds to an article's sum.
WEIGHTS = {"a": 2, "b": 4, "c": 6, "d": 9}
#: The table and the column that are indexed, and the name of the index.
_INDEXED = (
    ("columns_searchentry", "lexemes", "columns_search"),
    ("columns_searchword", "slips", "columns_search_slips"),
)


def install(vendor: str) -> Iterator[str]:
    """The statements that make the indexes. To be called by migrations."""
    for table, text, name in _INDEXED:
        if vendor == "postgresql":
            yield f"CREATE INDEX {name} ON {table} USING gin (({text}::tsvector)) WITH (fastupdate = off)"
            continue
        yield (
            f"CREATE VIRTUAL TABLE {name} USING fts5"
            f"({text}, content='{table}', content_rowid='id', detail=none, columnsize=0, tokenize='ascii')"
        )
        removed = f"INSERT INTO {name} ({name}, rowid, {text}) VALUES ('delete', OLD.id, OLD.{text});"  # noqa: S608
        added = f"INSERT INTO {name} (rowid, {text}) VALUES (NEW.id, NEW.{text});"  # noqa: S608 - names of this file
        yield f"CREATE TRIGGER {name}_added AFTER INSERT ON {table} BEGIN {added} END"
        yield f"CREATE TRIGGER {name}_removed AFTER DELETE ON {table} BEGIN {removed} END"
        yield f"CREATE TRIGGER {name}_changed AFTER UPDATE ON {table} BEGIN {removed} {added} END"


def remove(vendor: str) -> Iterator[str]:
    """The statements that undo ``install``."""
    for _table, _text, name in _INDEXED:
        if vendor == "postgresql":
            yield f"DROP INDEX {name}"
        else:
            yield from (f"DROP TRIGGER {name}_{act}" for act in ("added", "removed", "changed"))
            yield f"DROP TABLE {name}"


def _matching(name: str, select: str) -> str:
    """The SQL of rows of one index that match; the lexemes are its parameter."""
    table, text = next((table, text) for table, text, index in _INDEXED if index == name)
    if connection.vendor == "postgresql":
        return f"SELECT {select} FROM {table} WHERE {text}::tsvector @@ %s::tsquery"  # noqa: S608 - names of this file
    return f"SELECT {select} FROM {name} WHERE {name} MATCH %s"  # noqa: S608 - names of this file


def _any_of(lexemes: Sequence[str]) -> str:
    return (" | " if connection.vendor == "postgresql" else " OR ").join(lexemes)


def counts(lexemes: Sequence[str]) -> list[int]:
    """How many entries have each of the lexemes, whatever its letter; in one query."""
    if not lexemes:
        return []
    one = f"({_matching('columns_search', 'count(*)')})"
    asked = [_any_of([lexeme + letter for letter in WEIGHTS]) for lexeme in lexemes]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join([one] * len(asked))}", asked)
        return list(cursor.fetchone())


def sums(worth: Mapping[str, int], *, topic: int | None, limit: int) -> list[tuple[int, int]]:
    """The entries with the greatest sums, and the sums: each lexeme that an entry has adds its worth times the weight
    of its letter. Of equal ones the later entry comes first."""
    if not worth:
        return []
    number = "id" if connection.vendor == "postgresql" else "rowid"
    arms = " UNION ALL ".join(
        _matching("columns_search", f"{number} AS entry, {value * weight} AS part")
        for value in worth.values()
        for weight in WEIGHTS.values()
    )
    asked: list[str | int] = [lexeme + letter for lexeme in worth for letter in WEIGHTS]
    within = ""
    if topic is not None:
        within = (
            " WHERE entry IN (SELECT e.id FROM columns_searchentry e"
            " JOIN columns_article a ON a.id = e.article_id WHERE a.topic_id = %s)"
        )
        asked.append(topic)
    statement = (
        f"SELECT entry, sum(part) FROM ({arms}) AS found{within} GROUP BY entry ORDER BY 2 DESC, 1 DESC LIMIT %s"  # noqa: S608
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*asked, limit])
        return [(int(entry), int(total)) for entry, total in cursor.fetchall()]


def near_words(slips: Sequence[str]) -> list[tuple[str, str]]:
    """Words that have one of the keys in common, with the lexemes of their stems."""
    found = _matching("columns_search_slips", "id" if connection.vendor == "postgresql" else "rowid")
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT word, lexeme FROM {SearchWord._meta.db_table} WHERE id IN ({found}) ORDER BY word",  # noqa: S608
            [_any_of([f"{key}" for key in slips])],
        )
        return [(str(word), str(lexeme)) for word, lexeme in cursor.fetchall()]


def forget_removed() -> None:
    """Write the index of SQLite anew without what was removed; PostgreSQL does so by itself (``VACUUM``)."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for _table, _text, name in _INDEXED:
                cursor.execute(f"INSERT INTO {name} ({name}) VALUES ('optimize')")  # noqa: S608 - names of this file
