"""The database itself refuses an article whose words are not the words that were approved.

On SQLite the hash is computed by the function that Django registers on each of its connections: a foreign client that
lacks it is refused too. Rebuilding the table (which SQLite migrations do) drops its triggers; a migration that alters
``Article`` must end with ``install`` again, and a test sees to it.
"""

from django.db import migrations

TEXT = ("headline", "standfirst", "content_note", "pen_name", "question", "answer", "correction")
CANONICAL = " || ".join(f"length(NEW.{name}) || ':' || NEW.{name}" for name in TEXT)
EMPTY = " AND ".join(f"NEW.{name} = ''" for name in TEXT)
REFUSED = "the words of an article must be the words of its approval"

SQLITE = [
    *(
        f"""
        CREATE TRIGGER article_text_is_approved_on_{event} BEFORE {statement} ON columns_article
        WHEN NOT (NEW.taken_down_at IS NOT NULL AND {EMPTY}) AND NOT EXISTS (
            SELECT 1 FROM columns_approval WHERE id = NEW.approval_id AND text_sha256 = SHA256({CANONICAL}))
        BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END
        """
        for event, statement in (
            ("insert", "INSERT"),
            ("update", f"UPDATE OF {', '.join(TEXT)}, approval_id, taken_down_at"),
        )
    ),
    """
    CREATE TRIGGER approval_is_never_changed BEFORE UPDATE ON columns_approval
    BEGIN SELECT RAISE(ABORT, 'an approval is never changed'); END
    """,
]
POSTGRESQL = [
    f"""
    CREATE FUNCTION article_text_is_approved() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NOT (NEW.taken_down_at IS NOT NULL AND {EMPTY}) AND NOT EXISTS (
            SELECT 1 FROM columns_approval WHERE id = NEW.approval_id
            AND text_sha256 = encode(sha256(convert_to({CANONICAL}, 'UTF8')), 'hex'))
        THEN RAISE EXCEPTION '{REFUSED}' USING ERRCODE = 'integrity_constraint_violation'; END IF;
        RETURN NEW;
    END $$
    """,
    f"""
    CREATE TRIGGER article_text_is_approved BEFORE INSERT OR UPDATE OF {", ".join(TEXT)}, approval_id, taken_down_at
    ON columns_article FOR EACH ROW EXECUTE FUNCTION article_text_is_approved()
    """,
    """
    CREATE FUNCTION approval_is_never_changed() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'an approval is never changed' USING ERRCODE = 'integrity_constraint_violation'; END $$
    """,
    """
    CREATE TRIGGER approval_is_never_changed BEFORE UPDATE ON columns_approval
    FOR EACH ROW EXECUTE FUNCTION approval_is_never_changed()
    """,
]


def install(apps, schema_editor):
    for statement in {"sqlite": SQLITE, "postgresql": POSTGRESQL}[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("columns", "0001_initial")]
    operations = [migrations.RunPython(install, migrations.RunPython.noop, elidable=False)]
