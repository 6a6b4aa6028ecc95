"""Database triggers that refuse an article whose words differ from its approval.

On SQLite the hash is computed by the function that Django registers on each of its connections: a foreign client that
lacks it is refused too. Rebuilding a table (which SQLite migrations do) drops its triggers, so each migration that
alters ``Article`` or ``Approval`` must end with ``install``; a test checks this.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

#: The sentence with which a wrong text is refused.
REFUSED = "the words of an article must be the words of its approval"
_UNCHANGED = "an approval is never changed"


def install(schema_editor: BaseDatabaseSchemaEditor, text: Sequence[str]) -> None:
    """Create or replace the triggers, on PostgreSQL and SQLite. To be called by migrations.

    ``text``: the hashed columns of the article, in order, with their names after the calling migration.
    """
    statements = {"sqlite": _sqlite, "postgresql": _postgresql}[schema_editor.connection.vendor]
    for statement in statements(text):
        schema_editor.execute(statement)


def _canonical(text: Sequence[str]) -> str:
    """The SQL expression of the hashed text, the same as in ``columns.models.text_sha256``."""
    return " || ".join(f"length(NEW.{name}) || ':' || NEW.{name}" for name in text)


def _taken_down(text: Sequence[str]) -> str:
    """The SQL condition of an article that is taken down: it has no words and needs no approval."""
    return f"(NEW.taken_down_at IS NOT NULL AND {' AND '.join(f'NEW.{name} = {chr(39) * 2}' for name in text)})"


def _sqlite(text: Sequence[str]) -> Iterator[str]:
    for event, statement in (
        ("insert", "INSERT"),
        ("update", f"UPDATE OF {', '.join(text)}, approval_id, taken_down_at"),
    ):
        yield f"DROP TRIGGER IF EXISTS article_text_is_approved_on_{event}"
        yield f"""
        CREATE TRIGGER article_text_is_approved_on_{event} BEFORE {statement} ON columns_article
        WHEN NOT {_taken_down(text)} AND NOT EXISTS (
            SELECT 1 FROM columns_approval WHERE id = NEW.approval_id AND text_sha256 = SHA256({_canonical(text)}))
        BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END
        """  # noqa: S608 - names of columns that stand in a migration
    yield "DROP TRIGGER IF EXISTS approval_is_never_changed"
    yield f"""
    CREATE TRIGGER approval_is_never_changed BEFORE UPDATE ON columns_approval
    BEGIN SELECT RAISE(ABORT, '{_UNCHANGED}'); END
    """


def _postgresql(text: Sequence[str]) -> Iterator[str]:
    yield f"""
    CREATE OR REPLACE FUNCTION article_text_is_approved() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NOT {_taken_down(text)} AND NOT EXISTS (
            SELECT 1 FROM columns_approval WHERE id = NEW.approval_id
            AND text_sha256 = encode(sha256(convert_to({_canonical(text)}, 'UTF8')), 'hex'))
        THEN RAISE EXCEPTION '{REFUSED}' USING ERRCODE = 'integrity_constraint_violation'; END IF;
        RETURN NEW;
    END $$
    """  # noqa: S608 - names of columns that stand in a migration
    yield "DROP TRIGGER IF EXISTS article_text_is_approved ON columns_article"
    yield f"""
    CREATE TRIGGER article_text_is_approved BEFORE INSERT OR UPDATE OF {", ".join(text)}, approval_id, taken_down_at
    ON columns_article FOR EACH ROW EXECUTE FUNCTION article_text_is_approved()
    """
    yield f"""
    CREATE OR REPLACE FUNCTION approval_is_never_changed() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '{_UNCHANGED}' USING ERRCODE = 'integrity_constraint_violation'; END $$
    """
    yield "DROP TRIGGER IF EXISTS approval_is_never_changed ON columns_approval"
    yield """
    CREATE TRIGGER approval_is_never_changed BEFORE UPDATE ON columns_approval
    FOR EACH ROW EXECUTE FUNCTION approval_is_never_changed()
    """
