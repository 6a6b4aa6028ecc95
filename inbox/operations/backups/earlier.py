"""Files of an earlier schema: their rows are put into a database in memory with the tables of then, brought forward by
the migrations, as a site is, and read from there.

A file says its schema in the header. One without a header is of the earliest schema whose tables have exactly the
fields that its rows have: what the later migrations do to rows, they do again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.core.serializers.python import Deserializer
from django.db import DEFAULT_DB_ALIAS, connections, models, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ModelState, ProjectState, StateApps
from django.db.utils import load_backend

from inbox.operations.backups.contents import HELD, OURS
from inbox.operations.backups.dump_file import CannotRestore

ALIAS = "earlier"
#: Of each model that has rows in a file: the names of their fields, and whether their ids are numbers.
Shape = dict[str, tuple[frozenset[str], bool]]
Schema = Mapping[str, str]
_SQLITE = {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}


def schema_of_today() -> dict[str, str]:
    """The newest migration of each app."""
    loader = MigrationLoader(None)
    return {app: loader.graph.leaf_nodes(app)[0][1] for app in OURS}


def shape_of(lines: Iterable[dict[str, Any]]) -> Shape:
    """Raises ``CannotRestore`` where rows of one model differ."""
    found: Shape = {}
    for line in lines:
        if "model" in line:
            shape = frozenset(line["fields"]), isinstance(line["pk"], int)
            if found.setdefault(line["model"], shape) != shape:
                raise CannotRestore(f"Rows of {line['model']} have other fields than others of the same file.")
    return found


def schema_of(shape: Shape, said: Schema | None) -> dict[str, str]:
    """The schema of a file: what its header says, or else the earliest that its rows fit. Raises ``CannotRestore``
    where there is none, or the rows do not fit it."""
    loader = MigrationLoader(None)
    if said is None:
        said = {app: _earliest(loader, app, shape) for app in OURS}
    if missing := [f"{app}.{name}" for app, name in said.items() if (app, name) not in loader.graph.nodes]:
        raise CannotRestore(f"The backup was written by a newer version of this software, which has {missing[0]}.")
    state = _today() if said == schema_of_today() else loader.project_state(list(said.items()))
    for app in OURS:
        if not _fits(state, app, shape):
            raise CannotRestore(f"Rows of {app} have other fields than their tables had.")
    return dict(said)


def fits_today(shape: Shape) -> bool:
    """Whether rows of this shape go into the tables of today as they are."""
    return all(_fits(_today(), app, shape) for app in OURS)


def _today() -> ProjectState:
    return ProjectState.from_apps(apps)


def _earliest(loader: MigrationLoader, app: str, shape: Shape) -> str:
    state = ProjectState()
    for key in _in_order(loader):
        state = loader.graph.nodes[key].mutate_state(state, preserve=False)
        if key[0] == app and _fits(state, app, shape):
            return key[1]
    raise CannotRestore(
        f"The rows of {app} fit no schema from which a way leads to this one. Restore the backup with the version that"
        " wrote it, bring that site forward, and make a backup there."
    )


def _in_order(loader: MigrationLoader) -> Iterator[tuple[str, str]]:
    """All migrations of our apps, and what they need, each after what it needs."""
    leaves = [loader.graph.leaf_nodes(app)[0] for app in OURS]
    yield from dict.fromkeys(key for leaf in leaves for key in loader.graph.forwards_plan(leaf))


def _fits(state: ProjectState, app: str, shape: Shape) -> bool:
    there = {f"{label}.{name}": model for (label, name), model in state.models.items() if label == app}
    ours = {label: kept for label, kept in shape.items() if label.partition(".")[0] == app}
    return all(label in there and kept == _shape_of(there[label]) for label, kept in ours.items())


def _shape_of(model: ModelState) -> tuple[frozenset[str], bool]:
    pk = next(field for field in model.fields.values() if field.primary_key)
    fields: dict[str, Any] = dict(model.fields)
    names = {name for name, field in fields.items() if field.serialize and field is not pk}
    return frozenset(names), isinstance(pk, models.IntegerField | models.ForeignKey)


@contextmanager
def brought_forward(
    schema: Schema, site: Iterable[dict[str, Any]], keys: Iterable[dict[str, Any]], writers: Mapping[str, bytes]
) -> Iterator[str]:
    """The alias of a database with the rows of both files and the tables of today. ``keys``: the rows of a keys file
    of the same moment, whose rights and keys of people replace those of the site file. ``writers``: the public keys of
    letters' writers at the time of the keys file, to which migrations seal what they find."""
    config = connections.configure_settings({DEFAULT_DB_ALIAS: {}, ALIAS: dict(_SQLITE)})[ALIAS]
    memory, usual = load_backend(config["ENGINE"]).DatabaseWrapper(config, ALIAS), connections[DEFAULT_DB_ALIAS]
    memory.ensure_connection()
    connections.settings[ALIAS], connections[ALIAS] = config, memory
    try:
        connections[DEFAULT_DB_ALIAS] = memory  # migrations of other packages name no database
        try:
            state = _migrate(schema)
            with transaction.atomic(using=ALIAS):
                _load(site, state.apps)
                for label in (model._meta.label for model in reversed(HELD)) if keys else ():
                    state.apps.get_model(label)._base_manager.using(ALIAS).all().delete()
                _load(keys, state.apps)
                letters = state.apps.get_model("inbox.letter")._base_manager.using(ALIAS)
                for letter, public in writers.items():
                    letters.filter(pk=letter).exclude(writer_public=public).update(writer_public=public)
            _migrate(schema_of_today())
        finally:
            connections[DEFAULT_DB_ALIAS] = usual
        yield ALIAS
    finally:
        del connections[ALIAS], connections.settings[ALIAS]
        memory.connection.close()


def _migrate(schema: Schema) -> ProjectState:
    executor = MigrationExecutor(connections[ALIAS])
    done = executor.loader.applied_migrations
    graph, targets = executor.loader.graph, list(schema.items())
    needed = dict.fromkeys(key for target in targets for key in graph.forwards_plan(target) if key not in done)
    # a plan of its own: where one app needs more of another than its target says, Django's would go back
    return executor.migrate(targets, plan=[(graph.nodes[key], False) for key in needed])


def _load(lines: Iterable[dict[str, Any]], then: StateApps) -> None:
    for row in _Rows(lines, then):
        row.save(using=ALIAS)


class _Rows(Deserializer):
    """Django's own, which builds rows of the models of then."""

    def __init__(self, lines: Iterable[dict[str, Any]], then: StateApps) -> None:
        super().__init__(lines, using=ALIAS)
        self._then = then

    def _get_model_from_node(self, model_identifier: str) -> type[models.Model]:
        return self._then.get_model(model_identifier)
