"""Database triggers round approvals and articles. They refuse, whoever asks and by whatever statement,

- an article whose words differ from its approval;
- any change of an approval, and its removal while an article has it;
- that an article which was taken down comes back: its row stays as it is, without words, and is never deleted;
- on SQLite, a row that would take the place of another (``REPLACE``, ``INSERT OR REPLACE``, ``UPDATE OR REPLACE``):
  such a removal fires no trigger of its own. PostgreSQL's ``ON CONFLICT DO UPDATE`` is an update like any other.

On SQLite the hash is computed by the function that Django registers on each of its connections: a foreign client that
lacks it is refused too. Rebuilding a table (which SQLite migrations do) drops its triggers and stumbles over those of
other tables that name it, so each migration that alters ``Article`` or ``Approval`` must begin with ``remove`` and end
with ``install``; a test checks the end.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

#: The sentence with which a wrong text is refused.
REFUSED = "the words of an article must be the words of its approval"
_UNCHANGED = "an approval is never changed"
_IN_USE = "the approval of an article is never removed"
_STAYS_DOWN = "an article that was taken down stays down"
_IN_PLACE = "no row takes the place of another"

#: Where PostgreSQL's functions find tables: never among the temporary ones of whoever asks, which are otherwise first.
_TABLES = "pg_catalog, public, pg_temp"

#: The triggers by vendor and table: what a database has to have.
INSTALLED: dict[str, dict[str, tuple[str, ...]]] = {
    "sqlite": {
        "columns_article": (
            *("article_text_is_approved_on_insert", "article_text_is_approved_on_update"),
            *("article_stays_down_on_update", "article_stays_down_on_delete"),
            *("article_replaces_no_other_on_insert", "article_replaces_no_other_on_update"),
        ),
        "columns_approval": (
            *("approval_is_never_changed", "approval_is_not_removed_in_use", "approval_replaces_no_other"),
        ),
    },
    "postgresql": {
        "columns_article": ("article_text_is_approved", "article_stays_down"),
        "columns_approval": ("approval_is_never_changed", "approval_is_not_removed_in_use"),
    },
}


def install(schema_editor: BaseDatabaseSchemaEditor, text: Sequence[str], beside: Sequence[str] = ()) -> None:
    """Create or replace the triggers, on PostgreSQL and SQLite. To be called by migrations.

    ``text``: the hashed columns of the article, in order, with their names after the calling migration; ``beside``:
    those that are hashed after them, where they are not empty.
    """
    for statement in statements(schema_editor.connection.vendor, text, beside):
        schema_editor.execute(statement)


def remove(schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Drop the triggers on SQLite, where no table can be rebuilt beside them. To be called by migrations that rebuild
    one, before they do; PostgreSQL rebuilds none, and keeps its triggers."""
    if schema_editor.connection.vendor == "sqlite":
        for name in chain.from_iterable(INSTALLED["sqlite"].values()):
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}")


def statements(vendor: str, text: Sequence[str], beside: Sequence[str] = ()) -> Iterator[str]:
    """The statements of ``install``: each trigger is dropped, where it is there, and created."""
    return {"sqlite": _sqlite, "postgresql": _postgresql}[vendor](text, beside)


def _canonical(text: Sequence[str], beside: Sequence[str]) -> str:
    """The SQL expression of what is hashed, the same as in ``columns.models.text_sha256``."""
    always = [f"length(NEW.{name}) || ':' || NEW.{name}" for name in text]
    set_ = [f"CASE NEW.{name} WHEN '' THEN '' ELSE length(NEW.{name}) || ':' || NEW.{name} END" for name in beside]
    return " || ".join([*always, *set_])


def _taken_down(text: Sequence[str]) -> str:
    """The SQL condition of an article that is taken down: it has no words and needs no approval."""
    return f"(NEW.taken_down_at IS NOT NULL AND {' AND '.join(f'NEW.{name} = {chr(39) * 2}' for name in text)})"


def _altered(text: Sequence[str], differs: str) -> str:
    """The SQL condition that a row which was taken down would become another: its place and its day stay as they are.
    ``differs``: the operator of the database for values that may be empty."""
    names = ("id", "column_id", "slug", "approval_id", "publish_at", "taken_down_at", *text)
    return f"OLD.taken_down_at IS NOT NULL AND ({' OR '.join(f'OLD.{name} {differs} NEW.{name}' for name in names)})"


#: The SQL condition of another article with a value that is there once.
_ANOTHER = "(column_id = NEW.column_id AND slug = NEW.slug) OR approval_id = NEW.approval_id"


def _sqlite(text: Sequence[str], beside: Sequence[str]) -> Iterator[str]:
    differs = f"""NOT {_taken_down(text)} AND NOT EXISTS (
        SELECT 1 FROM columns_approval WHERE id = NEW.approval_id
        AND text_sha256 = SHA256({_canonical(text, beside)}))"""  # noqa: S608 - names of columns that stand in a migration
    article, approval = "columns_article", "columns_approval"
    covered = f"UPDATE OF {', '.join([*text, *beside])}, approval_id, taken_down_at"
    there = f"EXISTS (SELECT 1 FROM columns_article WHERE id = NEW.id OR {_ANOTHER})"  # noqa: S608
    another = f"EXISTS (SELECT 1 FROM columns_article WHERE id <> OLD.id AND (id = NEW.id OR {_ANOTHER}))"  # noqa: S608
    # a row goes without a word for another one in its place, too; rowid is -1 where a statement names none
    twin = "EXISTS (SELECT 1 FROM columns_approval WHERE id = NEW.id OR rowid = NEW.rowid)"
    used = "EXISTS (SELECT 1 FROM columns_article WHERE approval_id = OLD.id)"
    for name, statement, table, condition, said in (
        ("article_text_is_approved_on_insert", "INSERT", article, differs, REFUSED),
        ("article_text_is_approved_on_update", covered, article, differs, REFUSED),
        ("article_stays_down_on_update", "UPDATE", article, _altered([*text, *beside], "IS NOT"), _STAYS_DOWN),
        ("article_stays_down_on_delete", "DELETE", article, "OLD.taken_down_at IS NOT NULL", _STAYS_DOWN),
        ("article_replaces_no_other_on_insert", "INSERT", article, there, _IN_PLACE),
        ("article_replaces_no_other_on_update", "UPDATE", article, another, _IN_PLACE),
        ("approval_is_never_changed", "UPDATE", approval, "1", _UNCHANGED),
        ("approval_is_not_removed_in_use", "DELETE", approval, used, _IN_USE),
        ("approval_replaces_no_other", "INSERT", approval, twin, _UNCHANGED),
    ):
        yield f"DROP TRIGGER IF EXISTS {name}"
        yield f"""
        CREATE TRIGGER {name} BEFORE {statement} ON {table} WHEN {condition}
        BEGIN SELECT RAISE(ABORT, '{said}'); END
        """


def _postgresql(text: Sequence[str], beside: Sequence[str]) -> Iterator[str]:
    differs = f"""NOT {_taken_down(text)} AND NOT EXISTS (
        SELECT 1 FROM columns_approval WHERE id = NEW.approval_id
        AND text_sha256 = encode(sha256(convert_to({_canonical(text, beside)}, 'UTF8')), 'hex'))"""  # noqa: S608 - as above
    used = "EXISTS (SELECT 1 FROM columns_article WHERE approval_id = OLD.id)"
    covered = f"INSERT OR UPDATE OF {', '.join([*text, *beside])}, approval_id, taken_down_at"
    altered = _altered([*text, *beside], "IS DISTINCT FROM")
    stays = f"(TG_OP = 'DELETE' AND OLD.taken_down_at IS NOT NULL) OR (TG_OP = 'UPDATE' AND {altered})"
    for name, statement, table, condition, said in (
        ("article_text_is_approved", covered, "columns_article", differs, REFUSED),
        ("article_stays_down", "UPDATE OR DELETE", "columns_article", stays, _STAYS_DOWN),
        ("approval_is_never_changed", "UPDATE", "columns_approval", "true", _UNCHANGED),
        ("approval_is_not_removed_in_use", "DELETE", "columns_approval", used, _IN_USE),
    ):
        yield f"""
        CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SET search_path = {_TABLES} AS $$
        BEGIN
            IF {condition}
            THEN RAISE EXCEPTION '{said}' USING ERRCODE = 'integrity_constraint_violation'; END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
        END $$
        """
        yield f"DROP TRIGGER IF EXISTS {name} ON {table}"
        yield f"CREATE TRIGGER {name} BEFORE {statement} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
