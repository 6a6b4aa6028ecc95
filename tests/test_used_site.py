"""Used sites of earlier days, written down in ``tests/data/``: every later migration carries them forward, and what is
sealed there still opens. They are never made anew (``bin/make_used_site.py`` says when one is added)."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection

from inbox.workflow import LetterStatus
from tests import used_site

pytestmark = pytest.mark.databases

#: From before the migrations were squashed, and the first one after that.
SITES = ["2026-11-27", "2026-11-30"]


#: Kinds that no site had when it was written down.
SINCE = {"Arrival"}


def dump_of(site: str) -> Path:
    return used_site.DATA / f"used-site-{site}.{connection.vendor}.sql.gz"


@contextmanager
def empty_database() -> Iterator[dict[str, str]]:
    """An empty database beside that of the tests, as the environment names it."""
    if connection.vendor == "sqlite":  # the site's own, in its folder
        yield {}
        return
    given, name = connection.settings_dict, f"used_site_{uuid4().hex}"
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
    host = given["HOST"] or given["OPTIONS"].get("host", "")
    try:
        yield {"DATABASE_URL": f"postgres://{given['USER']}:{given['PASSWORD']}@/{name}?host={host}"}
    finally:
        with connection._nodb_cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name}")


def brought_forward(site: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="steady-used-") as folder, empty_database() as database:
        done = subprocess.run(
            [sys.executable, "-m", "tests.used_site", str(dump_of(site))],
            env=used_site.environment(dump_of(site), Path(folder), **database),
            cwd=settings.BASE_DIR,
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("site", SITES)
def test_a_used_site_is_carried_forward(db: None, site: str) -> None:
    """One test for each, so that a site is brought forward once, whoever runs it."""
    found, known = brought_forward(site), used_site.known(dump_of(site))
    everything_opens(found, known)
    the_trail_says_what_it_said(found, known)
    nothing_finer_is_readable(found)
    if site == SITES[0]:
        each_meaning_has_its_field(found)
    # whoever crosses over reads in the column's history that its chains begin anew
    assert found["column_events"][-1] == "begin_chains"


def everything_opens(found: dict[str, Any], known: dict[str, Any]) -> None:
    assert found["kinds"].keys() >= {"Letter", "Message", "Note", "Bundle", "DraftVersion", "Review", "WriterAddress"}
    for kind, (there, opened) in found["kinds"].items():
        assert there == opened, kind
        assert there > 0 or kind in SINCE, kind
    assert found["turns"].keys() == known["receipts"].keys(), "each receipt finds its letter"
    assert found["turns"]["changed"] == ["Since when?"]
    assert found["turns"]["declined"] == ["We cannot take it up."]
    assert "Is it normal?" in found["drafts"]
    assert found["articles"] >= 2
    assert found["columns"] == [[True, False]], "what took letters goes on"
    assert found["letters"] == sorted(LetterStatus), "a letter in every state"
    assert len(found["urgent"]) > 0
    assert found["read now"] == found["urgent"]
    assert found["raised"] == len(found["urgent"]), "nothing is told of the others"


def the_trail_says_what_it_said(found: dict[str, Any], known: dict[str, Any]) -> None:
    assert found["broken"] == []
    assert found["code_changed"] == 1
    assert found["events"].keys() == known["events"].keys()
    for name, (verb, before, after, changes) in known["events"].items():
        now, said = found["events"][name]
        assert now == verb
        if changes is not None:
            assert said == changes
        else:  # of the two fields that held everything, nothing is lost
            assert sorted(str(value) for value in said.values()) == sorted(filter(None, (before, after)))


def nothing_finer_is_readable(found: dict[str, Any]) -> None:
    """And what was is sealed: a key of the desk opens the day of each letter with words, and who did what."""
    assert found["readable"] == 0
    assert found["came"] == found["came before"]
    assert found["who"] > 0
    assert found["days of the ended"] == [1]
    # the beginning of the day, but for what the new version wrote
    assert found["times of staff"] == ["00:00:00"]


def each_meaning_has_its_field(found: dict[str, Any]) -> None:
    """Of a site from before: what each kind of event changed, told from its verb."""
    told: dict[str, set[str]] = {}
    for verb, changes in found["events"].values():
        told.setdefault(verb, set()).update(changes)
    statuses = {"status_before", "status_after"}
    assert told["decline"] == told["undo_hold"] == told["publish"] == statuses
    assert told["topic"] == {"topic_before_id", "topic_after_id"}
    assert told["give"] == {"given_to_before_id", "given_to_after_id"}
    assert told["wait"] == {"held_until_after"}
    assert told["limit"] == {"messages_a_day_before", "messages_a_day_after"}
    assert told["allow"] == {"consent_before", "consent_after"}
    assert told["undo_note"] == told["undo_ask"] == {"undoes"}
    assert told["receive"] == told["join"] == set()
