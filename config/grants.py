"""Privileges of each process in PostgreSQL. The public process has no access to drafts, sessions and accounts, and only
the owner of the tables can change or delete events of the audit trail."""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps

from inbox.models import SealedItem
from inbox.models.times import row_order

#: The database roles of the processes; ``deploy/postgres/roles.sh`` makes them.
ROLES = {"public": "steady_public", "desk": "steady_desk", "worker": "steady_worker"}

_READ = "SELECT"
_ADD = "SELECT, INSERT"
_CHANGE = "SELECT, UPDATE"
_CLEAR = "SELECT, DELETE"
_KEEP = "SELECT, INSERT, UPDATE"
_ALL = "SELECT, INSERT, UPDATE, DELETE"
#: The columns for taking an article down, the only change of articles by the public process.
_TAKE_DOWN = (
    "SELECT, UPDATE (headline, standfirst, content_note, pen_name, question, answer, correction, care, help_kinds,"
    " taken_down_at)"
)

#: Privileges by process, then by model (or by app: all models that are not named). Models that seal words are not named
#: here: they declare what each process may do (``sealed_as``).
GRANTS: dict[str, dict[str, str]] = {
    "public": {
        "columns": _READ,
        "columns.Article": _TAKE_DOWN,
        # the words of an article that is taken down leave the index with it
        "columns.SearchEntry": _CLEAR,
        "columns.SearchWord": _CLEAR,
        "columns.Likeness": _CLEAR,
        "inbox.PublicKey": _READ,
        "inbox.Period": _READ,
        "inbox.SealedKey": "SELECT, INSERT, DELETE",
        "inbox.LetterEvent": "INSERT",
        "inbox.Notice": _CLEAR,
        # to hide messages in the outbox from writers
        "inbox.Outgoing": _READ,
        # from when the retention of a letter counts while the clock is wrong
        "inbox.Clock": _READ,
    },
    "worker": {
        "columns": _READ,
        # the index of articles that it does not have yet
        "columns.SearchEntry": _ALL,
        "columns.SearchWord": _ALL,
        "columns.Likeness": _ALL,
        "inbox.PublicKey": _READ,
        "inbox.Period": _READ,
        "inbox.SealedKey": _CLEAR,
        # the chains are computed from events, which no process may change
        "inbox.LetterEvent": _ADD,
        # a column's history says that its chains begin
        "inbox.ColumnEvent": _ADD,
        "inbox.ColumnHistory": _KEEP,
        "inbox.Chain": _KEEP,
        "inbox.Clock": _KEEP,
        "inbox.Notice": "SELECT, UPDATE, DELETE",
        "inbox.Outgoing": _CLEAR,
        # those that are over are deleted
        "inbox.Invitation": _CLEAR,
        "inbox.Draft": _CHANGE,
        "inbox.DraftEvent": _ADD,
    },
    "desk": {
        "columns": _KEEP,
        "columns.Approval": "SELECT, INSERT, DELETE",
        "columns.HelpLine": _ALL,
        "columns.Topic": _ALL,
        "columns.Article": _ALL,
        # they go with the topic or the article that had them
        "columns.OldAddress": _ALL,
        "columns.SearchEntry": _ALL,
        "columns.SearchWord": _ALL,
        "columns.Likeness": _ALL,
        "inbox": _ALL,
        "inbox.PublicKey": _KEEP,
        "inbox.LetterEvent": _ADD,
        "inbox.DraftEvent": _ADD,
        "inbox.ColumnEvent": _ADD,
        "inbox.ColumnHistory": _KEEP,
        "inbox.Chain": _READ,
        "inbox.Clock": _READ,
        "inbox.RuleCount": _KEEP,
        "inbox.EyeCount": _KEEP,
        "inbox.Draft": _KEEP,
        "inbox.User": _KEEP,
        "inbox.Seat": "SELECT, INSERT, DELETE",
        "sessions": _ALL,
        "account": _ALL,
        "mfa": _ALL,
    },
}


#: The functions that a process calls. Those of triggers need no right.
FUNCTIONS = {"worker": (f"{row_order.FUNCTION}(uuid[])",)}


def statements() -> Iterator[str]:
    """The SQL that revokes everything from every role and then grants ``GRANTS``; can be repeated."""
    yield "REVOKE ALL ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC"
    for process, role in ROLES.items():
        yield f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}"
        yield f"GRANT USAGE ON SCHEMA public TO {role}"
        for table, privileges in sorted(tables(process).items()):
            yield f'GRANT {privileges} ON "{table}" TO {role}'
        for function in FUNCTIONS.get(process, ()):
            yield f"GRANT EXECUTE ON FUNCTION {function} TO {role}"


def tables(process: str) -> dict[str, str]:
    """Privileges of a process by table, without tables that have none."""
    wanted = GRANTS[process]
    found = {}
    for model in apps.get_models(include_auto_created=True):
        if issubclass(model, SealedItem):
            privileges: str | None = _of_sealed(model, process)
        else:
            privileges = wanted.get(model._meta.label, wanted.get(model._meta.app_label))
        if privileges:
            found[model._meta.db_table] = privileges
    return found


def _of_sealed(model: type[SealedItem], process: str) -> str:
    path = model.sealed_as.path
    points = {field.name: field.attname for field in model._meta.concrete_fields if field.is_relation}
    return model.sealed_as.privileges(process, owner_column=points.get(path))
