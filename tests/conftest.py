"""The cast: the same people in every test, and the column they work at."""

from __future__ import annotations

import datetime as dt
import gc
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.db.backends.sqlite3 import base as sqlite
from django.forms import BaseForm, Field
from django.template import Variable, VariableDoesNotExist
from django.template.context import BaseContext
from django.test import Client
from django.utils import timezone, translation
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from pytest_django import DjangoDbBlocker

from columns import triggers
from columns.models import APPROVED_BESIDE, APPROVED_TEXT, Column
from columns.search import meaning
from inbox.crypto import receipts
from inbox.keys import vault
from inbox.letters import related_answers
from inbox.letters.intake import Taken
from inbox.models import User
from inbox.screening import encoder
from inbox.staff import notifications
from inbox.workflow import Role
from tests import factories, pseudo, recordings

# a busy machine is slow, and that is no failure of a property; what a fixture of a function made is rolled back
hypothesis_settings.register_profile(
    "unhurried",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
hypothesis_settings.load_profile("unhurried")


#: Whether the sentence encoder is installed.
AVAILABLE = encoder.available
SCREENING = Path(__file__).parent / "inbox" / "screening"


def pytest_configure() -> None:
    """Collecting makes little but what stays, so nothing is looked through for waste meanwhile."""
    gc.disable()


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """A run of what carries the mark imports no other file."""
    if config.option.markexpr != "databases" or not collection_path.match("test_*.py"):
        return None
    return "pytest.mark.databases" not in collection_path.read_text() or None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.get_closest_marker("begun_first") is None)


def pytest_collection_finish() -> None:
    """What is there now stays to the end: looking through it for waste again and again costs a twentieth of a run."""
    gc.enable()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_keepdb: bool) -> bool:
    """The copy that ``django_db_modify_db_settings`` puts down is not made anew; its folder goes with the process."""
    return django_db_keepdb or (bool(settings.TEMPLATE) and connection.vendor == "sqlite")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """Where the run made the tables once, each process begins with a copy; PostgreSQL copies by itself."""
    if settings.TEMPLATE and connection.vendor == "sqlite":
        shutil.copyfile(settings.TEMPLATE, connection.settings_dict["TEST"]["NAME"])


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A request that a closing browser cut off can still have a session of PostgreSQL, which then drops no database."""
    yield
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


@pytest.fixture(scope="session", autouse=True)
def _a_flush_is_no_act() -> Iterator[None]:
    """Tests that commit end by deleting every row, which on SQLite is a statement like any other: the triggers, which
    let no article go that was taken down, are off meanwhile."""
    operations: Any = sqlite.DatabaseWrapper.ops_class
    flush = operations.sql_flush

    def without_triggers(self: Any, *arguments: Any, **named: Any) -> list[str]:
        statements = list(triggers.statements("sqlite", APPROVED_TEXT, APPROVED_BESIDE))
        dropped = [statement for statement in statements if statement.startswith("DROP")]
        return [*dropped, *flush(self, *arguments, **named), *statements]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(operations, "sql_flush", without_triggers)
        yield


@pytest.fixture(scope="session", autouse=True)
def _templates_name_what_there_is() -> Iterator[None]:
    """A name that a template prints and nobody gave it fails the test (``--fail-on-template-vars``). So does here an
    attribute that its object lacks, in an ``{% if %}`` or a ``{% for %}`` too, where Django takes it for empty. What
    may be left out is a whole name in a condition, a key of a dictionary or an item of a list."""
    resolve = Variable.resolve

    def strict(self: Variable, context: Any) -> Any:
        try:
            return resolve(self, context)
        except VariableDoesNotExist as missing:
            bit, held = missing.params
            if not isinstance(held, (Mapping, list, tuple, str, type(None), BaseContext, BaseForm, Field)):
                # no ``Exception``, which a comparison in a condition would take for false
                pytest.fail(f"{self.var!r}: {type(held).__name__} has no {bit!r}")
            raise

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Variable, "resolve", strict)
        yield


@pytest.fixture(scope="session")
def pseudo_catalogues(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for ``LOCALE_PATHS`` with the catalogues of both pseudo-languages."""
    folder = tmp_path_factory.mktemp("locale")
    pseudo.compile_into(folder)
    return folder


@pytest.fixture(params=[pseudo.LEFT, pseudo.RIGHT])
def pseudo_language(request: pytest.FixtureRequest, settings: Any, pseudo_catalogues: Path) -> Iterator[str]:
    """The code of a pseudo-language, which is active."""
    settings.LOCALE_PATHS = [pseudo_catalogues]
    settings.LANGUAGES = [(pseudo.LEFT, "Longer"), (pseudo.RIGHT, "From the right")]
    settings.LANGUAGE_CODE = request.param
    with translation.override(request.param):
        yield request.param


@pytest.fixture(scope="session", autouse=True)
def _cheap_receipts() -> Iterator[None]:
    """A receipt is derived with little memory, which the tests of the derivation itself (``test_receipts.py``) undo."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(receipts, "MEMORY", 64)
        yield


class _AtOnce:
    """An executor whose work is done when it was given some."""

    def submit(self, work: Callable[..., object], *arguments: object) -> None:
        work(*arguments)


@pytest.fixture(scope="session", autouse=True)
def _mails_at_once() -> Iterator[None]:
    """A mail to staff is in the outbox when the page is answered; ``test_passwords.py`` undoes it for what it tries."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(notifications, "_sender", _AtOnce())
        yield


@pytest.fixture(scope="session", autouse=True)
def _encoder_away() -> Iterator[None]:
    """Letters of tests are screened by the phrases alone, as on a machine without the sentence encoder, which costs 50
    ms a letter; so are those that a module makes for all its tests."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(encoder, "available", lambda: False)
        yield


@pytest.fixture(autouse=True)
def _encoder(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is about the encoder has it: the tests of screening, and those with the mark ``encoder``."""
    if SCREENING in request.node.path.parents or request.node.get_closest_marker("encoder"):
        monkeypatch.setattr(encoder, "available", AVAILABLE)
        meaning._known.clear()
        related_answers._meant.cache_clear()  # what a test without the encoder has kept of the same answers is empty


#: Names of the rows that the module under way made for all its tests.
_module_rows: list[Path] = []


@pytest.fixture(scope="module")
def for_the_module(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[Callable[[Callable[[], Any]], Any]]:
    """``for_the_module(make)``: what ``make`` returns, with rows that every test of the module finds as they were made.
    Each test is rolled back to them; they go with the module. Not for a module with tests that commit: their rows are
    removed by emptying every table."""
    module = request.node.path
    committing = [
        item.name
        for item in request.session.items
        for marker in item.iter_markers("django_db")
        if item.path == module and marker.kwargs.get("transaction")
    ]
    assert not committing, "tests that commit belong into another module"
    with ExitStack() as stack:

        def made(make: Callable[[], Any]) -> Any:
            with django_db_blocker.unblock():
                return make()

        with django_db_blocker.unblock():
            stack.enter_context(transaction.atomic())
        recordings.begin(module)
        _module_rows.append(module)
        yield made
        _module_rows.clear()
        with django_db_blocker.unblock():
            transaction.set_rollback(True)
            stack.close()


@pytest.fixture(autouse=True)
def _afresh() -> Iterator[None]:
    recordings.begin(*_module_rows)
    yield
    cache.clear()


@pytest.fixture
def at() -> dt.datetime:
    """The time of the test's acts."""
    return timezone.now()


@pytest.fixture
def column(db: None) -> Column:
    return factories.make_column(slug="plain", title="Plain Answers")


@pytest.fixture
def other_column(db: None) -> Column:
    return factories.make_column(slug="elsewhere", title="Elsewhere")


@pytest.fixture
def keys(column: Column) -> vault.Vault:
    """The desk's keys, as an unlocked session holds them."""
    return factories.desk_keys()


@pytest.fixture
def writer(column: Column) -> Taken:
    """Somebody who sent a letter, with their receipt. The letter has consent to be rewritten."""
    return factories.take_letter(column=column)


@pytest.fixture
def moderator(column: Column) -> User:
    return factories.make_user("moderator", column, Role.MODERATOR)


@pytest.fixture
def author(column: Column) -> User:
    return factories.make_user("author", column, Role.AUTHOR)


@pytest.fixture
def reviewer(column: Column) -> User:
    return factories.make_user("reviewer", column, Role.REVIEWER)


@pytest.fixture
def owner(column: Column) -> User:
    return factories.make_user("owner", column, Role.OWNER)


@pytest.fixture
def author_elsewhere(other_column: Column) -> User:
    return factories.make_user("author.elsewhere", other_column, Role.AUTHOR, Role.MODERATOR, Role.REVIEWER, Role.OWNER)


@pytest.fixture
def stranger() -> Client:
    """Somebody who is not signed in."""
    return Client()


@pytest.fixture
def signed_in() -> Callable[[User], Client]:
    """``signed_in(user)``: a client with that person's session (demonstration accounts: no second factor asked)."""

    def sign_in(user: User) -> Client:
        return factories.sign_in(Client(), user)

    return sign_in
