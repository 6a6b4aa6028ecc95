"""Files of backups that are not whole, not of this site, not of this version or not of one backup: each is refused with
a sentence, before anything is written."""

from __future__ import annotations

import base64
import datetime as dt
import gzip
import tracemalloc
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from django.core.management import CommandError, call_command

from columns.models import Column
from inbox.crypto import sealing
from inbox.keys import keyring, vault
from inbox.models import EventKey, Letter, LetterEvent, User
from inbox.operations import as_recorded, backups
from inbox.operations.backups import dump_file, earlier
from tests import factories, used_site
from tests.inbox.operations import dumps
from tests.inbox.operations.dumps import Lines
from tests.inbox.operations.test_backups import empty_the_database

pytestmark = pytest.mark.databases

NEW = X25519PrivateKey.generate()
DAY = dt.timedelta(days=1)
OLDER = used_site.DATA / "backup-2026-11-30"
#: The newest migrations of the version that wrote it.
OLDER_SCHEMA = {"columns": "0001_initial", "inbox": "0005_counts"}


@pytest.fixture
def made(column: Column, at: dt.datetime, folder: Path) -> backups.Dumped:
    """A backup of a site with two letters; the database is empty again."""
    for _ in range(2):
        factories.take_letter(column, at=at)
    dumped = backups.backup(folder, at=at)
    empty_the_database()
    return dumped


def refused(folder: Path, match: str, **options: Any) -> None:
    """The command ends with this sentence, and nothing is written."""
    with pytest.raises(CommandError, match=match):
        call_command("restore", folder, **options)
    assert not Column.objects.exists()
    assert not User.objects.exists()


def cut(path: Path, lines: int) -> None:
    dumps.change(path, lambda found: found[:-lines])


@pytest.mark.parametrize("file", ["site", "keys"])
@pytest.mark.parametrize("lines", [1, 3])
def test_a_file_that_was_cut_at_the_end_of_a_line(made: backups.Dumped, folder: Path, file: str, lines: int) -> None:
    cut(getattr(made, file), lines)
    refused(folder, f"{file}-.* is cut short, or damaged. Nothing was restored.")
    refused(folder, "cut short", unproven=True)


@pytest.mark.parametrize("file", ["site", "keys"])
def test_a_file_from_which_a_line_was_taken(made: backups.Dumped, folder: Path, file: str) -> None:
    dumps.change(getattr(made, file), lambda found: [*found[:2], *found[3:]])
    refused(folder, r"has \d+ lines, and \d+ were written")
    refused(folder, r"has \d+ lines, and \d+ were written", unproven=True)


def test_a_file_that_is_written_again_as_it_was_comes_back(made: backups.Dumped, at: dt.datetime, folder: Path) -> None:
    for path in (made.site, made.keys):
        dumps.change(path, lambda found: found)
    assert backups.restore(folder, at=at).letters == 2


def test_a_file_that_was_changed(made: backups.Dumped, folder: Path) -> None:
    def declined(found: Lines) -> Lines:
        letter = next(line for line in found if line.get("model") == "inbox.letter")
        letter["fields"] |= {"status": "declined", "quiet_since": "2020-01-01"}
        return found

    dumps.change(made.site, declined)
    refused(folder, "site-.* was changed after it was written")


def test_lines_behind_the_end(made: backups.Dumped, folder: Path) -> None:
    dumps.change(made.keys, lambda found: [*found, {"user": 1, "password": "of somebody else"}])
    refused(folder, "goes on after its end")


def test_a_keys_file_of_another_site(
    column: Column, at: dt.datetime, folder: Path, tmp_path: Path, settings: Any
) -> None:
    """It would let the people of that site in, and every letter would count as erased."""
    factories.take_letter(column, at=at)
    usual, settings.AUDIT_SECRET = settings.AUDIT_SECRET, "the secret of another site, as long as any other"
    theirs = backups.backup(tmp_path, at=at).keys
    settings.AUDIT_SECRET = usual
    ours = backups.backup(folder, at=at).keys
    empty_the_database()
    ours.write_bytes(theirs.read_bytes())
    refused(folder, "keys-.* is of another site, or AUDIT_SECRET")
    refused(folder, "are of different sites", unproven=True)


def test_a_keys_file_of_another_site_from_an_earlier_version(made: backups.Dumped, folder: Path) -> None:
    def others(found: Lines) -> Lines:
        for line in found:
            if line.get("model") == "inbox.sealedkey":
                line["fields"] |= {"item": str(uuid4()), "key_id": uuid4().hex[:16]}
        return [line for line in found if line.get("model") not in ("inbox.publickey", "inbox.keygrant")]

    dumps.as_of_an_earlier_version(made.keys, others)
    refused(folder, "does not begin as a backup does")
    refused(folder, "opens nothing of site-.* of another site", unproven=True)


def test_with_a_secret_that_was_lost_it_comes_back_at_the_operators_word(
    made: backups.Dumped, at: dt.datetime, folder: Path, settings: Any
) -> None:
    settings.AUDIT_SECRET = "a new one after the old one was lost, and long"
    refused(folder, "is of another site, or AUDIT_SECRET")
    assert backups.restore(folder, at=at, unproven=True).letters == 2


def test_without_a_secret_there_is_neither_backup_nor_restore(
    made: backups.Dumped, folder: Path, settings: Any, tmp_path: Path
) -> None:
    settings.AUDIT_SECRET = ""
    refused(folder, "AUDIT_SECRET is not set")
    with pytest.raises(CommandError, match="AUDIT_SECRET is not set"):
        call_command("backup", tmp_path / "new")


def test_files_of_two_backups(column: Column, at: dt.datetime, folder: Path) -> None:
    old, new = (backups.backup(folder, at=at - days * DAY) for days in (1, 0))
    empty_the_database()
    kept = new.site.read_bytes()
    new.site.unlink()
    refused(folder, "are not of one backup")
    new.site.write_bytes(kept)
    new.keys.unlink()
    refused(folder, "keys-.* is older than site-")
    assert backups.restore(folder, at=at, site=old.site).site == old.site


def test_files_that_changed_their_places(made: backups.Dumped, folder: Path) -> None:
    made.site.write_bytes(made.keys.read_bytes())
    refused(folder, "is the keys file of a backup, not the site file")


@pytest.mark.parametrize(
    ("content", "packed", "match"),
    [
        ("", False, "cut short, or damaged"),
        ("no archive at all", False, "cut short, or damaged"),
        ("", True, "cut short, or damaged"),
        ("[1, 2]\n", True, "a line that no backup has"),
        ("\x00\n", True, "a line that no backup has"),
        ('{"backup": 1}\n', True, "a line that no backup has"),
        ('{"backup": 2}\n', True, "written by a newer version"),
        ('{"model": 3}\n', True, "does not begin as a backup does"),
        pytest.param("[" * 100_000 + "\n", True, "a line that no backup has", id="deep"),
    ],
)
def test_what_is_no_backup(made: backups.Dumped, folder: Path, content: str, match: str, *, packed: bool) -> None:
    made.site.write_bytes(gzip.compress(content.encode()) if packed else content.encode())
    refused(folder, match)
    with pytest.raises(CommandError):
        call_command("restore", folder, unproven=True)


def test_a_named_file_that_is_not_there(made: backups.Dumped, folder: Path) -> None:
    refused(folder, "There is no file", site=folder / "site-of-nobody.jsonl.gz")


def test_a_name_without_a_day_is_none_of_ours(made: backups.Dumped, at: dt.datetime, folder: Path) -> None:
    for name in ("site-copy.jsonl.gz", "keys-.jsonl.gz"):
        (folder / name).write_bytes(b"")
    assert backups.restore(folder, at=at).site == made.site


@pytest.mark.parametrize("unproven", [False, True])
def test_a_small_file_that_unpacks_to_much_takes_no_memory(
    made: backups.Dumped, folder: Path, *, unproven: bool
) -> None:
    with gzip.open(made.site, "wb", compresslevel=1) as packed:
        for _ in range(256):
            packed.write(bytes(1024**2))
    tracemalloc.start()
    try:
        refused(folder, "unpacks to more than any backup", unproven=unproven)
        assert tracemalloc.get_traced_memory()[1] < 64 * 1024**2
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(("limit", "most"), [("MOST_LINES", 10), ("MOST_BYTES", 4000), ("LONGEST_LINE", 400)])
def test_there_is_a_limit_for_each(
    made: backups.Dumped, folder: Path, monkeypatch: pytest.MonkeyPatch, limit: str, most: int
) -> None:
    monkeypatch.setattr(dump_file, limit, most)
    refused(folder, "unpacks to more than any backup")


# --- schemas ---------------------------------------------------------------------------------------------------------


def written(path: Path, found: Lines, schema: dict[str, str], *, at: dt.datetime, pair: str = "p") -> None:
    """A file as a version with this schema would have written it."""
    file = path.name.partition("-")[0]
    dumps.sign(path, dump_file.Header(file, pair, at, dump_file.this_site(), schema), found)


def test_a_file_of_a_newer_version(made: backups.Dumped, at: dt.datetime, folder: Path) -> None:
    schema = earlier.schema_of_today() | {"inbox": "9999_not_thought_of_yet"}
    written(made.site, dumps.lines(made.site)[1:-1], schema, at=at)
    refused(folder, "newer version of this software, which has inbox.9999_not_thought_of_yet", site=made.site)


@pytest.mark.parametrize("unproven", [False, True])
def test_a_field_that_is_missing_is_not_filled_silently(
    made: backups.Dumped, at: dt.datetime, folder: Path, *, unproven: bool
) -> None:
    """With and without a header; a letter whose need is lost would not be read today."""
    found = dumps.lines(made.site)[1:-1]
    for line in found:
        if line["model"] == "inbox.letter":
            del line["fields"]["need"], line["fields"]["events_count"]
    if unproven:
        dumps.write(made.site, found)
        refused(folder, "The rows of inbox fit no schema", unproven=True)
    else:
        written(made.site, found, earlier.schema_of_today(), at=at)
        refused(folder, "Rows of inbox have other fields", site=made.site)


def test_rows_of_one_model_that_differ(made: backups.Dumped, folder: Path) -> None:
    def one_without(found: Lines) -> Lines:
        del next(line for line in found if line["model"] == "inbox.letter")["fields"]["need"]
        return found

    dumps.as_of_an_earlier_version(made.site, one_without)
    refused(folder, "Rows of inbox.letter have other fields than others", unproven=True)


def test_a_value_that_no_table_takes(made: backups.Dumped, at: dt.datetime, folder: Path) -> None:
    found = dumps.lines(made.site)[1:-1]
    next(line for line in found if line["model"] == "inbox.letter")["fields"]["received_on"] = "yesterday"
    written(made.site, found, earlier.schema_of_today(), at=at)
    refused(folder, "does not fit the tables", site=made.site)


def older_lines(file: str) -> Lines:
    return dumps.lines(next(OLDER.glob(f"{file}-*")))


def older_schema() -> dict[str, str]:
    return earlier.schema_of_today() | OLDER_SCHEMA


def of_a_letter_with_words(found: dict[str, Lines]) -> dict[str, Any]:
    """The line of the keys file."""
    rows = [line for line in found["site"] if line["model"] == "inbox.letter"]
    letter = next(row["pk"] for row in rows if row["fields"]["status"] == "declined")
    return next(line for line in found["keys"] if line.get("letter") == letter)


@pytest.mark.parametrize("pair", ["p", "of a later backup"])
def test_a_file_of_an_earlier_schema_goes_through_the_migrations(
    db: None, at: dt.datetime, folder: Path, pair: str
) -> None:
    """Also beside a keys file of a later backup, and with the keys that the migrations make on the way."""
    folder.mkdir()
    found = {file: older_lines(file) for file in ("site", "keys")}
    changed, public = of_a_letter_with_words(found), sealing.public_half(NEW)
    if later := pair != "p":  # a writer has changed their receipt in between
        changed["writer_public"] = base64.b64encode(public).decode()
    for file, lines in found.items():
        path = folder / f"{file}-2026-11-30T000000.jsonl.gz"
        written(path, lines, older_schema(), at=at, pair=pair if file == "keys" else "p")
    site = folder / "site-2026-11-30T000000.jsonl.gz"
    done = backups.restore(folder, at=at, site=site)
    assert (done.letters, done.erased) == (39, 0)
    assert as_recorded.differing() == []
    keys = keyring.recovered(used_site.known(used_site.DATA / "used-site-2026-11-30.sqlite.sql.gz")["recovery_key"])
    with_words = Letter.objects.exclude(sealed=b"")
    assert len(keys.open_many(with_words)) == with_words.count() == 35
    assert len(keys.open_many(EventKey.objects.all())) == 35
    assert not LetterEvent.objects.exclude(on__day=1).exists()
    of_writer = vault.writer(NEW).open_many(EventKey.objects.filter(letter=changed["letter"]))
    assert len(of_writer) == later, "the receipt of today opens what a migration has sealed"
    raised = [line for line in older_lines("site") if line["model"] == "inbox.letter" and line["fields"]["urgent"]]
    assert {str(pk) for pk in Letter.objects.filter(need=2).values_list("pk", flat=True)} == {
        line["pk"] for line in raised
    }
    factories.make_user("after.the.restore")  # numbers go on where they were


def test_a_keys_file_of_an_earlier_schema_beside_another_backup(
    made: backups.Dumped, at: dt.datetime, folder: Path
) -> None:
    """Its rows of people's keys had other fields, and there is nobody whose rows could go with them."""
    found = dumps.lines(made.keys)[1:-1]
    for line in found:
        if line.get("model") == "inbox.publickey":
            del line["fields"]["serial"]
    dumps.as_of_an_earlier_version(made.keys, lambda _: found)
    refused(folder, "The rows of inbox fit no schema from which a way leads", unproven=True)


# --- rows and events --------------------------------------------------------------------------------------------------


def test_a_row_that_is_not_as_its_events_say_is_told_before_the_restore(
    made: backups.Dumped, at: dt.datetime, folder: Path
) -> None:
    """Somebody had edited it in the database, so the backup holds it as it stood."""
    found = dumps.lines(made.site)[1:-1]
    letter = next(line for line in found if line["model"] == "inbox.letter")
    letter["fields"] |= {"status": "declined", "quiet_since": "2020-01-01"}
    written(made.site, found, earlier.schema_of_today(), at=at)
    refused(folder, "1 letters and drafts are not as their events say.*“declined”.*“received”", site=made.site)
    done = backups.restore(folder, at=at, site=made.site, as_events_say=True)
    assert done.set_right == 1
    assert set(Letter.objects.values_list("status", "quiet_since")) == {("received", at.date())}
    assert as_recorded.differing() == []
