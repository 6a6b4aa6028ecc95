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
SINCE = {"Arrival", "Correction"}


def dump_of(site: str, vendor: str = "") -> Path:
    return used_site.DATA / f"used-site-{site}.{vendor or connection.vendor}.sql.gz"


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


def brought_forward(dump: Path, backup: Path | None = None) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="steady-used-") as folder, empty_database() as database:
        done = subprocess.run(
            [sys.executable, "-m", "tests.used_site", str(dump), *([str(backup)] if backup else [])],
            env=used_site.environment(dump, Path(folder), **database),
            cwd=settings.BASE_DIR,
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("site", SITES)
def test_a_used_site_is_carried_forward(db: None, site: str, tmp_path: Path) -> None:
    """One test for each, so that a site is brought forward once, whoever runs it."""
    backup = tmp_path / "backup"
    found, known = brought_forward(dump_of(site), backup), used_site.known(dump_of(site))
    everything_opens(found, known)
    everybody_finds_their_things(found, known)
    assert found["read now"] == found["urgent"]
    assert found["raised"] == len(found["urgent"]) > 0, "nothing is told of the others"
    the_trail_says_what_it_said(found, known)
    nothing_finer_is_readable(found)
    assert found["came"] == found["came before"]
    if site == SITES[0]:
        each_meaning_has_its_field(found)
    # whoever crosses over reads in the column's history that its chains begin anew
    assert found["column_events"][-1] == "begin_chains"
    again = brought_forward(dump_of(site), backup)
    assert {name: again[name] for name in SAME} == {name: found[name] for name in SAME}
    everybody_finds_their_things(again, known)


#: What a backup of the site, restored, has as well.
SAME = ("kinds", "turns", "drafts", "articles", "broken", "events", "letters", "read now", "came", "who")


@pytest.mark.parametrize("site", SITES)
def test_a_backup_that_a_version_of_then_wrote_is_restored(db: None, site: str) -> None:
    """By the same migrations, also where its file is older than the header that says its schema."""
    written_on = dump_of(site, "sqlite")  # its secrets; a backup goes into either database
    known, found = used_site.known(written_on), brought_forward(written_on, used_site.DATA / f"backup-{site}")
    everything_opens(found, known)
    everybody_finds_their_things(found, known)
    the_trail_says_what_it_said(found, known)
    nothing_finer_is_readable(found)
    assert found["raised"] == len(found["read now"]) > 0


def everybody_finds_their_things(found: dict[str, Any], known: dict[str, Any]) -> None:
    """With the password and the receipt of then, through pages."""
    pages = found["pages"]
    assert "L-" in pages["inbox"][0]
    assert any("nobody at home can know" in page for page in pages["letters"]), "a letter is opened"
    assert all("L-" in page for page in pages["letters"])
    assert any("Is it normal?" in page for page in pages["drafts"])
    assert len(pages["articles"]) >= 2
    assert all("<h1" in page for page in pages["articles"])
    assert "Your letter is here" in pages["receipts"][0]


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
    assert found["not approved"] == []
    assert found["letters"] == sorted(LetterStatus), "a letter in every state"


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
