"""What the design asks of the code as a whole; each test fails when the code drifts from it."""

from __future__ import annotations

import ast
import re
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django import urls
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template
from django.test import Client
from django.test.signals import template_rendered
from django.urls import URLResolver, get_resolver
from django.urls.resolvers import RegexPattern

from columns import triggers
from columns.models import APPROVED_BESIDE, APPROVED_TEXT, Column
from config.views import not_offered
from inbox.desk.frames import holds_frame
from inbox.desk.guard import desk_view
from inbox.management.commands import workflow_doc
from inbox.models.keystore import sealed_models
from inbox.models.times import row_order
from inbox.workflow import Role
from tests import factories

ROOT = settings.BASE_DIR
TESTS = ROOT / "tests"
PACKAGES = ("columns", "config", "inbox")
#: Rooms that would hold everything and say nothing.
FORBIDDEN = {"utils", "util", "helpers", "helper", "services", "service", "common", "misc", "tools", "managers"}
#: A value for each kind of part of an address.
PARTS = {"slug": "plain", "uuid": str(uuid.UUID(int=1)), "int": "1", "str": "x"}


def addresses(resolver: URLResolver | None = None, prefix: str = "", space: str = "") -> Iterator[tuple[str, str, str]]:
    """Every address of the project's own: namespace, name and path with values filled in."""
    resolver = resolver or get_resolver("config.urls")
    for entry in resolver.url_patterns:
        path = prefix + re.sub(r"<(\w+):\w+>", lambda match: PARTS[match[1]], str(entry.pattern))
        if isinstance(entry, URLResolver):
            if "allauth" not in str(entry.urlconf_name):
                yield from addresses(entry, path, entry.namespace or space)
        elif entry.name:
            yield space, entry.name, "/" + path


NAMES = sorted({(space, name) for space, name, _ in addresses()})
DESK = sorted({path for space, _, path in addresses() if space == "desk"})
TEST_FOLDERS = {"desk": "inbox/desk", "writer": "inbox/writer", "columns": "columns"}


def test_the_addresses_are_found() -> None:
    assert ("desk", "inbox") in NAMES
    assert ("writer", "write") in NAMES
    assert ("columns", "article") in NAMES
    assert "/desk/plain/inbox/" in DESK


@pytest.mark.parametrize(("space", "name"), NAMES)
def test_every_address_has_its_tests(space: str, name: str) -> None:
    if not space:
        text = (TESTS / "config" / "test_views.py").read_text()
        assert re.search(rf"def test_\w*{name}\w*\(", text), (
            f"no test in tests/config/test_views.py is named for {name}"
        )
        return
    files = list((TESTS / TEST_FOLDERS[space]).rglob(f"test_{name}.py"))
    assert len(files) == 1
    assert "\ndef test_" in files[0].read_text()


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("path", DESK)
def test_a_stranger_is_sent_to_the_sign_in_or_away(stranger: Client, column: Column, path: str, method: str) -> None:
    assert column.slug == PARTS["slug"], "the address is of a column that exists"
    response = getattr(stranger, method)(path)
    assert response.status_code in (302, 404, 405)
    if response.status_code == 302:
        assert response.headers["Location"].startswith("/accounts/login/")
    assert "Set-Cookie" not in response.headers


def test_no_desk_address_gives_a_stranger_a_letter(stranger: Client, column: Column) -> None:
    letter, draft = factories.make_letter(column), factories.make_draft(column)
    for path in DESK:
        for real in (letter.pk, draft.pk):
            for method in (stranger.get, stranger.post):
                response = method(path.replace(PARTS["uuid"], str(real)))
                assert response.status_code in (302, 404, 405)


@pytest.mark.databases
def test_the_migrations_are_complete(db: None) -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_the_table_of_moves_is_the_document() -> None:
    assert workflow_doc.PATH.read_text() == workflow_doc.document()
    call_command("workflow_doc", "--check")


TRIGGERS = {
    vendor: {(name, table) for table, names in tables.items() for name in names}
    for vendor, tables in triggers.INSTALLED.items()
}


@pytest.mark.databases
def test_no_table_keeps_the_order_of_its_rows(db: None) -> None:
    """Rebuilding a table on SQLite drops its triggers; a later migration must bring them back."""
    if connection.vendor == "sqlite":
        wanted = {(row_order.trigger_name(table), table) for table in row_order.scattered_tables()}
        assert wanted <= installed_triggers()
        assert {"inbox_letter", "inbox_letterevent", "inbox_keystore"} <= {table for _, table in wanted}
    else:
        with connection.cursor() as cursor:
            cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = %s", [row_order.FUNCTION])
            source = cursor.fetchone()[0]
        beside = [model for model in sealed_models() if "letter" in {f.name for f in model._meta.concrete_fields}]
        tables = {model._meta.db_table for model in beside} | {"inbox_letter", "inbox_letterevent", "inbox_keystore"}
        assert [table for table in tables if f"UPDATE {table} " not in source] == []


def installed_triggers() -> set[tuple[str, str]]:
    queries = {
        "sqlite": "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal",
    }
    with connection.cursor() as cursor:
        cursor.execute(queries[connection.vendor])
        return set(cursor.fetchall())


@pytest.mark.databases
def test_the_database_still_guards_the_approved_text(db: None) -> None:
    """Rebuilding a table on SQLite drops its triggers; a later migration must bring them back."""
    assert TRIGGERS[connection.vendor] <= installed_triggers()


@pytest.mark.databases
def test_a_later_migration_can_bring_the_triggers_back(db: None) -> None:
    with connection.cursor() as cursor:
        for name, table in TRIGGERS[connection.vendor]:
            cursor.execute(f"DROP TRIGGER {name}{f' ON {table}' if connection.vendor == 'postgresql' else ''}")
    assert not TRIGGERS[connection.vendor] & installed_triggers()
    for _ in range(2):  # where they are there already, too
        triggers.install(connection.schema_editor(), APPROVED_TEXT, APPROVED_BESIDE)
        assert TRIGGERS[connection.vendor] <= installed_triggers()


def python_files() -> list[Path]:
    return [path for folder in (*PACKAGES, "tests") for path in (ROOT / folder).rglob("*.py")]


def test_no_file_is_a_drawer_for_everything() -> None:
    found = {path.relative_to(ROOT) for path in python_files() if path.stem in FORBIDDEN}
    assert found == set()


def test_files_stay_readable_in_one_sitting() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in python_files()
        if "migrations" not in path.parts and (lines := len(path.read_text().splitlines())) > 450
    }
    assert long == {}


def test_every_template_that_a_view_names_exists() -> None:
    named = {
        name
        for path in python_files()
        if path.parts[len(ROOT.parts)] in PACKAGES
        for name in re.findall(r"\"([\w/]+\.html|robots\.txt)\"", path.read_text())
    }
    assert "columns/article.html" in named
    for name in named:
        get_template(name)


def test_every_template_is_used() -> None:
    """Nothing lies about that no page shows."""
    sources = [path for path in python_files() if "tests" not in path.parts]
    templates = [path for path in (ROOT / "templates").rglob("*") if path.is_file()]
    text = "".join(path.read_text() for path in [*sources, *templates])
    ours = {path.relative_to(ROOT / "templates").as_posix() for path in templates}
    by_convention = re.compile(r"^(?:steady|account|mfa|allauth|emails|django|registration)/|^(?:403|404|500)\.html$")
    unused = {name for name in ours if not by_convention.match(name) and text.count(f"{name}") == 0}
    assert unused == set()


def test_every_template_of_the_form_pack_is_rendered_by_some_page(column: Column) -> None:
    """Crispy asks for these by names that stand in no source, so the pages are asked: each as it is, and sent empty."""
    client = factories.sign_in(Client(), factories.make_user("all", column, *Role))
    letter, draft = factories.make_letter(column), factories.make_draft(column)
    pack = {path.relative_to(ROOT / "templates").as_posix() for path in (ROOT / "templates" / "steady").rglob("*.html")}
    assert "steady/layout/fieldset.html" in pack
    unseen = set(pack)

    def note(template: Any, **rest: Any) -> None:
        unseen.discard(template.name)

    template_rendered.connect(note)
    for _, _, path in addresses():
        for real in {path.replace(PARTS["uuid"], str(one.pk)) for one in (letter, draft)}:
            if unseen:
                client.get(real)
                client.post(real)
    template_rendered.disconnect(note)
    assert unseen == set()


def test_scripts_are_small_modules_that_find_each_other() -> None:
    scripts = [path for path in (ROOT / "static").rglob("*.js") if "vendor" not in path.parts]
    assert ROOT / "static" / "desk" / "inbox" / "inbox.js" in scripts
    for path in scripts:
        text = path.read_text()
        assert len(text.splitlines()) <= 300, path
        for imported in re.findall(r"""^import (?:[^"']* from )?["'](.+?)["'];$""", text, re.MULTILINE):
            found = (path.parent / imported).resolve()
            assert found in scripts or ("vendor" in found.parts and found.is_file()), (path, imported)
        assert not re.search(r"\\?/(?:letters|inbox|drafts|undo|claim)\\?/", text), f"{path} knows an address"


def class_names(path: Path) -> set[str]:
    """The classes at the top level of a Python file; those inside another class have its name before theirs."""
    return {node.name for node in ast.parse(path.read_text()).body if isinstance(node, ast.ClassDef)}


def test_no_two_classes_share_a_name() -> None:
    files: dict[str, list[str]] = {}
    for path in python_files():
        if path.relative_to(ROOT).parts[0] in PACKAGES:
            for name in class_names(path) - {"Command", "Migration"}:  # the names that Django looks for
                files.setdefault(name, []).append(path.relative_to(ROOT).as_posix())
    assert len(files) > 100
    assert {name: paths for name, paths in files.items() if len(paths) > 1} == {}


def test_no_status_is_written_but_by_a_move() -> None:
    """``status=`` stands in an UPDATE in the models' own guarded moves alone."""
    writes = re.compile(r"\.update\([^)]*\bstatus=|\.status = ", re.DOTALL)
    found = {
        path.relative_to(ROOT).as_posix()
        for path in python_files()
        if path.parts[len(ROOT.parts)] in PACKAGES and writes.search(path.read_text())
    }
    assert found <= {
        f"inbox/{name}.py" for name in ("models/letter", "models/bulk_moves", "models/draft", "letters/undo")
    }


def test_no_signal_and_no_logic_in_save() -> None:
    for path in python_files():
        if path.parts[len(ROOT.parts)] in PACKAGES and "migrations" not in path.parts:
            text = path.read_text()
            assert "django.db.models.signals" not in text, path
            # three forms of allauth have a hook of that name, where a person's key is wrapped anew
            assert len(re.findall(r"def save\(self", text)) == (3 if path.name == "password.py" else 0), path


def test_pages_hold_no_inline_script_or_style() -> None:
    """The content security policy would refuse them."""
    inline = re.compile(
        r"<style\b|\sstyle=|\son[a-z]+=\"|<script(?![^>]*\ssrc=)(?![^>]*type=\"application/(?:ld\+)?json\")|\"data:"
    )
    for path in (ROOT / "templates").rglob("*.html"):
        assert inline.findall(path.read_text()) == [], path.relative_to(ROOT)


#: Forms with a password, which a browser is to fill in: it keeps no body of theirs either.
WITH_PASSWORD = re.compile(r"^(?:account|allauth|mfa)/|^desk/account/(?:unlock|reauthenticate)\.html$")
FORM = re.compile(r"<form\b((?:[^>%]|%[^}]|%}|{%.*?%})*?)>(.*?)</form>", re.DOTALL)
#: What may be typed into.
TYPED = re.compile(
    r"{% crispy|<textarea|\|as_crispy_field|{{ (?:\w+\.)*field }}|<input (?![^>]*type=\"(?:hidden|checkbox)\")"
)


def test_no_browser_keeps_what_a_form_sends() -> None:
    """Chromium writes the body of a POST into the files of its session, but for those that say otherwise."""
    kept, forms = [], 0
    for path in sorted((ROOT / "templates").rglob("*.html")):
        name = str(path.relative_to(ROOT / "templates"))
        for attributes, body in FORM.findall(path.read_text()):
            if 'method="post"' not in attributes or WITH_PASSWORD.search(name):
                continue
            if name.startswith("writer/") or TYPED.search(body):
                forms += 1
                kept += [name] if '{% include "steady/unkept.html" %}' not in body else []
    assert kept == []
    assert forms > 30


#: Rooms that hold rules: no request, form or page is known there.
RULES = ("crypto", "screening", "keys", "staff", "letters", "triage", "editorial", "operations")


def test_rules_know_no_http() -> None:
    knows = re.compile(r"^\s*from django\.(?:http|forms|shortcuts|views)\b|^\s*from django import forms", re.MULTILINE)
    found = {
        path.relative_to(ROOT).as_posix()
        for room in (*RULES, "models")
        for path in (ROOT / "inbox" / room).rglob("*.py")
        if knows.search(path.read_text())
    }
    assert found == set()


def views(resolver: URLResolver) -> Iterator[tuple[str, Callable[..., object]]]:
    """Every view of our own below these addresses, with its address."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            if "allauth" not in str(entry.urlconf_name):
                yield from ((f"{entry.pattern}{path}", view) for path, view in views(entry))
        elif entry.callback is not not_offered:
            yield str(entry.pattern), entry.callback


def unguarded(resolver: URLResolver) -> set[str]:
    return {path for path, view in views(resolver) if not getattr(view, "is_guarded", False)}


def test_every_view_of_the_desk_goes_through_its_guard() -> None:
    desk = get_resolver("config.urls_desk")
    assert {path for path, _ in views(desk)} >= {"accounts/invitation/<str:token>/", "desk/", "desk/unlock/"}
    assert len(list(views(desk))) == len(DESK) + 1, "those of the desk, and the invitation"
    assert unguarded(desk) == set()


def test_a_view_that_went_around_the_guard_is_found() -> None:
    def bare(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    beside = [urls.path("bare/", bare), urls.path("guarded/", desk_view("GET")(bare))]
    assert unguarded(URLResolver(RegexPattern("^desk/"), beside)) == {"bare/"}
    framed = [urls.path("framed/", holds_frame(bare)), urls.path("held/", desk_view("GET")(holds_frame(bare)))]
    assert unguarded(URLResolver(RegexPattern("^desk/"), framed)) == {"framed/"}


def test_no_room_is_overfull() -> None:
    """A room that holds more than about a dozen files beside each other explains nothing by its list."""
    full = {
        folder.relative_to(ROOT).as_posix(): len(files)
        for package in PACKAGES
        for folder in [ROOT / package, *(ROOT / package).rglob("*")]
        if folder.is_dir()
        and folder.name not in ("migrations", "lexicons", "__pycache__")
        and len(files := [path for path in folder.iterdir() if path.is_file() and path.name != "__init__.py"]) > 16
    }
    assert full == {}


_TAG = re.compile(r"{%\s*(end)?(\w+)[^%]*?(?: as \w+\s*)?%}")
_OUTSIDE = {"extends", "load", "comment", "endcomment", "block"}


def lost(template: str) -> list[str]:
    """The tags of a template that extends another which stand in none of its blocks, where Django runs none of them."""
    depth, found = 0, []
    for tag in _TAG.finditer(template if "{% extends" in template else ""):
        if tag[2] == "block":
            depth += -1 if tag[1] else 1
        elif depth == 0 and not tag[1] and tag[2] not in _OUTSIDE:
            found.append(tag[0])
    return found


def test_every_tag_of_a_template_that_extends_another_stands_in_a_block() -> None:
    assert lost('{% extends "a.html" %}{% load b %}{% c as d %}{% block e %}{% f %}{% endblock e %}') == [
        "{% c as d %}"
    ]
    templates = list((ROOT / "templates").rglob("*.html"))
    assert len(templates) > 80
    found = {path.name: tags for path in templates if (tags := lost(path.read_text()))}
    assert found == {}
