"""What each process may do in PostgreSQL. The process that strangers reach sees no draft, no session and no account,
and nobody but the owner of the tables can change or delete a line of the audit trail."""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps

#: The database roles of the processes; ``deploy/postgres/roles.sh`` makes them.
ROLES = {"public": "steady_public", "desk": "steady_desk", "worker": "steady_worker"}

_READ = "SELECT"
_ADD = "SELECT, INSERT"
_CHANGE = "SELECT, UPDATE"
_CLEAR = "SELECT, DELETE"
_KEEP = "SELECT, INSERT, UPDATE"
_ALL = "SELECT, INSERT, UPDATE, DELETE"
#: Taking an article down is the one act on articles that a receipt allows.
_TAKE_DOWN = (
    "SELECT, UPDATE (headline, standfirst, content_note, pen_name, question, answer, correction, care, taken_down_at)"
)

#: Privileges by process, then by model (or by app: all models that are not named).
GRANTS: dict[str, dict[str, str]] = {
    "public": {
        "columns": _READ,
        "columns.Article": _TAKE_DOWN,
        "inbox.PublicKey": _READ,
        "inbox.Period": _READ,
        "inbox.SealedKey": "SELECT, INSERT, DELETE",
        "inbox.Letter": _KEEP,
        "inbox.LetterEvent": "INSERT",
        "inbox.Message": _KEEP,
        # withdrawing a letter erases what was noted about it, unread
        "inbox.Note": "SELECT (id, letter_id), UPDATE (sealed)",
        "inbox.WriterAddress": _ALL,
        "inbox.Notice": _CLEAR,
        # a writer is not shown what waits
        "inbox.Outgoing": _READ,
    },
    "worker": {
        "columns": _READ,
        "inbox.PublicKey": _READ,
        "inbox.Period": _READ,
        "inbox.SealedKey": _CLEAR,
        "inbox.Letter": _CHANGE,
        # the chains are joined from the rows of events, which nobody may change
        "inbox.LetterEvent": _ADD,
        "inbox.ColumnEvent": _READ,
        "inbox.Chain": _KEEP,
        # retention empties what it cannot read
        "inbox.Message": "SELECT (id, letter_id), UPDATE (sealed)",
        "inbox.Note": "SELECT (id, letter_id), UPDATE (sealed)",
        "inbox.Bundle": "SELECT (id), UPDATE (sealed)",
        "inbox.DraftVersion": "SELECT (id, draft_id), UPDATE (sealed)",
        "inbox.Review": "SELECT (id, draft_id), UPDATE (sealed)",
        "inbox.WriterAddress": "SELECT, UPDATE, DELETE",
        "inbox.Notice": "SELECT, UPDATE, DELETE",
        "inbox.Outgoing": _CLEAR,
        "inbox.Draft": _CHANGE,
        "inbox.DraftEvent": _ADD,
    },
    "desk": {
        "columns": _KEEP,
        "columns.Approval": "SELECT, INSERT, DELETE",
        "columns.HelpLine": _ALL,
        "columns.Topic": _ALL,
        "columns.Article": _ALL,
        "inbox": _ALL,
        "inbox.PublicKey": _KEEP,
        # letters to practise on come in at the desk
        "inbox.Letter": _KEEP,
        "inbox.LetterEvent": _ADD,
        "inbox.DraftEvent": _ADD,
        "inbox.ColumnEvent": _ADD,
        "inbox.Chain": _READ,
        "inbox.Draft": _KEEP,
        "inbox.DraftVersion": _ADD,
        "inbox.Review": _ADD,
        "inbox.User": _KEEP,
        "inbox.Seat": "SELECT, INSERT, DELETE",
        "sessions": _ALL,
        "account": _ALL,
        "mfa": _ALL,
    },
}


def statements() -> Iterator[str]:
    """The SQL that takes everything from every role and then gives what ``GRANTS`` names; it may be run again."""
    for process, role in ROLES.items():
        yield f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}"
        yield f"GRANT USAGE ON SCHEMA public TO {role}"
        for table, privileges in sorted(tables(process).items()):
            yield f'GRANT {privileges} ON "{table}" TO {role}'


def tables(process: str) -> dict[str, str]:
    """Privileges of a process by table; tables that it may not touch are not named."""
    wanted = GRANTS[process]
    found = {}
    for model in apps.get_models(include_auto_created=True):
        label = model._meta.label
        privileges = wanted.get(label, wanted.get(model._meta.app_label))
        if privileges:
            found[model._meta.db_table] = privileges
    return found
