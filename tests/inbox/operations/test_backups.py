"""Backup and restore, and the drill: what was erased stays erased, also out of an older dump."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import DatabaseError, OperationalError, connection, models
from django.test import Client

from columns import triggers
from columns.models import APPROVED_BESIDE, APPROVED_TEXT, Article, Column
from inbox.crypto import sealing
from inbox.editorial import decisions, publishing
from inbox.keys import vault
from inbox.letters import writer_acts
from inbox.models import (
    ColumnEvent,
    Draft,
    Letter,
    LetterEvent,
    SealedKey,
    User,
)
from inbox.operations import audit_chain, backups, retention
from inbox.workflow import DraftStatus, LetterStatus
from tests import factories
from tests.inbox.keys.test_keyring_races import at_once

pytestmark = pytest.mark.databases

DAY = dt.timedelta(days=1)
EVERYTHING: list[type[models.Model]] = [*backups.dumped_models(), SealedKey]


def empty_the_database() -> None:
    """As a new database after its migrations: every row of ours goes, in an order that the foreign keys allow. The
    triggers, which let no article go that was taken down, are away meanwhile."""
    statements = list(triggers.statements(connection.vendor, APPROVED_TEXT, APPROVED_BESIDE))
    with connection.cursor() as cursor:
        connection.check_constraints()
        for statement in statements:
            if statement.startswith("DROP TRIGGER"):
                cursor.execute(statement)
        for table in ("inbox_arrival", *(model._meta.db_table for model in reversed(EVERYTHING))):
            cursor.execute(f'DELETE FROM "{table}"')
        connection.check_constraints()
        for statement in statements:
            cursor.execute(statement)


def content(path: Path) -> str:
    return gzip.decompress(path.read_bytes()).decode()


def snapshot() -> dict[str, int]:
    return {model._meta.label: model._base_manager.count() for model in EVERYTHING}


def test_every_table_is_dumped_or_left_out_on_purpose() -> None:
    left_out = {model._meta.label for model in apps.get_models()} - {m._meta.label for m in backups.dumped_models()}
    assert left_out == {
        "inbox.SealedKey",
        "inbox.Arrival",  # the minute of a raised letter
        "inbox.Invitation",  # one that was called back would be open again
        "auth.Group",
        "auth.Permission",
        "contenttypes.ContentType",
        "sessions.Session",
    }


@pytest.mark.django_db(transaction=True)
def test_it_is_the_first_thing_that_a_process_does(column: Column, at: dt.datetime, folder: Path) -> None:
    """A command begins without a connection to the database, as a thread of its own does."""
    at_once(lambda: backups.backup(folder, at=at))
    assert [len(found(folder)) for found in (backups.site_dumps, backups.keys_dumps)] == [1, 1]


def test_everything_comes_back(
    column: Column, at: dt.datetime, folder: Path, author: User, signed_in: Callable[[User], Client]
) -> None:
    letters = [factories.make_letter(column, status, at=at) for status in LetterStatus]
    drafts = [factories.make_draft(column, status, at=at) for status in DraftStatus]
    audit_chain.join()
    before, live = snapshot(), set(Article.objects.live(at).values_list("slug", flat=True))
    made = backups.backup(folder, at=at)
    empty_the_database()
    done = backups.restore(folder, at=at)
    assert snapshot() == before  # the event of the backup itself came after the dump
    assert audit_chain.broken() == []
    assert ColumnEvent.objects.filter(column__slug="plain", verb="back_up").count() == 0
    assert (done.letters, done.erased) == (Letter.objects.count(), 0)
    keys = factories.desk_keys()
    assert len(keys.open_many(Letter.objects.all())) == before["inbox.Letter"] - 2  # the withdrawn and the erased one
    assert keys.open(Draft.objects.get(pk=drafts[0].pk).newest())
    assert set(Article.objects.live(at).values_list("slug", flat=True)) == live
    assert signed_in(User.objects.get(pk=author.pk)).get(f"/desk/plain/letters/{letters[0].pk}/").status_code == 200
    factories.make_user("after.the.restore")  # numbers go on where they were
    assert {stat.S_IMODE(path.stat().st_mode) for path in (made.site, made.keys)} == {0o600}
    assert [path.name for path in folder.iterdir() if "unfinished" in path.name] == []


def test_the_long_lived_dump_opens_nothing(column: Column, at: dt.datetime, folder: Path) -> None:
    letter = factories.take_letter(column, at=at, email="somebody@example.org").letter
    made = backups.backup(folder, at=at)
    site, keys = content(made.site), content(made.keys)
    rows = SealedKey.objects.filter(item=letter.pk)
    assert rows.count() == 2
    for row in rows:
        assert str(row.pk) not in site
        assert str(row.pk) in keys
    for words in (factories.LETTER_TEXT, "somebody@example.org", "Awake"):
        assert words not in site + keys


def test_the_drill(column: Column, at: dt.datetime, folder: Path, moderator: User) -> None:
    """The old site dump with the newest keystore: what was withdrawn or erased since stays dead, the rest opens."""
    kept, withdrawn, declined = (
        factories.take_letter(column, at=at, text=f"The letter with the number {n}. " * 3) for n in range(3)
    )
    decisions.decline(declined.letter, "We cannot answer every letter, and are sorry.", by=moderator, at=at)
    old = backups.backup(folder, at=at).site
    _, derived = writer_acts.find(withdrawn.receipt)
    writer_acts.withdraw(withdrawn.letter, vault.writer(derived.key), at=at + DAY)
    retention.erase_due(at=at + 130 * DAY)
    backups.backup(folder, at=at + 130 * DAY)
    empty_the_database()
    done = backups.restore(folder, at=at + 131 * DAY, site=old)
    assert done.erased == 2
    desk, writer = factories.desk_keys(), vault.writer(derived.key)
    assert desk.open(Letter.objects.get(pk=kept.letter.pk))["text"].startswith("The letter with the number 0.")
    for gone in (withdrawn, declined):
        letter = Letter.objects.get(pk=gone.letter.pk)
        assert (letter.status, letter.index, bytes(letter.sealed)) == (LetterStatus.ERASED, None, b"")
        for keys in (desk, writer):
            with pytest.raises(sealing.CannotOpen):
                keys.open(letter)
        assert LetterEvent.objects.filter(letter=letter).order_by("-number")[0].verb == "erase"
    assert writer_acts.find(withdrawn.receipt)[0] is None
    assert writer_acts.find(kept.receipt)[0] is not None


def test_what_was_withdrawn_is_dead_in_every_dump_within_seven_days(
    column: Column, at: dt.datetime, folder: Path
) -> None:
    """With one backup a day: seven days after the withdrawal no file holds a key of it."""
    taken = factories.take_letter(column, at=at)
    items = [str(pk) for pk in SealedKey.objects.filter(item=taken.letter.pk).values_list("pk", flat=True)]
    backups.backup(folder, at=at)
    _, derived = writer_acts.find(taken.receipt)
    writer_acts.withdraw(taken.letter, vault.writer(derived.key), at=at + dt.timedelta(minutes=1))
    for day in range(1, 8):
        backups.backup(folder, at=at + day * DAY)
        everything = "".join(content(path) for path in folder.glob("*.gz"))
        assert any(item in everything for item in items) == (day < 6)
    assert len(backups.site_dumps(folder)) == 8
    assert len(backups.keys_dumps(folder)) == 6


def test_a_backup_of_a_clock_that_was_ahead_is_not_the_newest(column: Column, at: dt.datetime, folder: Path) -> None:
    """It neither brings back what was withdrawn since, nor hides what came since, nor stays for years."""
    taken = factories.take_letter(column, at=at)
    ahead = backups.backup(folder, at=at + 3000 * DAY)
    kept = ahead.keys.read_bytes()
    Letter.objects.get(pk=taken.letter.pk).withdraw(at=at)
    later = factories.take_letter(column, at=at)
    assert backups.backup(folder, at=at + DAY).deleted == 1
    assert not ahead.keys.exists()
    ahead.keys.write_bytes(kept)  # on another machine it is still there
    empty_the_database()
    backups.restore(folder, at=at + DAY)
    assert Letter.objects.get(pk=taken.letter.pk).status == LetterStatus.WITHDRAWN
    assert factories.desk_keys().open(Letter.objects.get(pk=later.letter.pk))


def test_a_published_article_comes_back_past_its_guards(column: Column, at: dt.datetime, folder: Path) -> None:
    draft = factories.make_draft(column, DraftStatus.PUBLISHED, at=at)
    down = factories.make_draft(column, DraftStatus.PUBLISHED, at=at)
    publishing.take_down(down, by=down.started_by, at=at)
    backups.backup(folder, at=at)
    empty_the_database()
    backups.restore(folder, at=at)
    assert [article.pk for article in Article.objects.live(at)] == [draft.article_id]
    with pytest.raises(DatabaseError, match="words of its approval"), connection.cursor() as cursor:
        cursor.execute("UPDATE columns_article SET headline = 'other' WHERE taken_down_at IS NULL")


def test_it_refuses_what_would_do_harm(column: Column, folder: Path) -> None:
    with pytest.raises(CommandError, match="no pair of backup files"):
        call_command("restore", folder)
    out = io.StringIO()
    call_command("backup", folder, stdout=out)
    assert "it may be kept" in out.getvalue()
    with pytest.raises(CommandError, match="not empty"):
        call_command("restore", folder)
    empty_the_database()
    call_command("restore", folder, stdout=out)
    assert "stay erased" in out.getvalue()
    assert Column.objects.count() == 1


def test_a_database_that_cannot_be_read_is_a_sentence(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*arguments: object, **named: object) -> None:
        raise OperationalError("disk I/O error")

    monkeypatch.setattr(backups, "backup", full)
    with pytest.raises(CommandError, match="No backup was made"):
        call_command("backup", folder)


def test_what_a_killed_backup_left_is_gone_with_the_next(
    column: Column, at: dt.datetime, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.take_letter(column, at=at)

    def dies(path: Path, target: Path) -> Path:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", dies)
    with pytest.raises(KeyboardInterrupt):
        backups.backup(folder, at=at)
    monkeypatch.undo()
    assert [path.suffix for path in folder.iterdir()] == [".unfinished"]
    backups.backup(folder, at=at + DAY)
    assert sorted(path.name[:5] for path in folder.iterdir()) == ["keys-", "site-"]


@pytest.mark.parametrize("cut", [20, 200])
def test_a_damaged_dump_restores_nothing(column: Column, at: dt.datetime, folder: Path, cut: int) -> None:
    factories.take_letter(column, at=at)
    made = backups.backup(folder, at=at)
    made.keys.write_bytes(made.keys.read_bytes()[:-cut])
    empty_the_database()
    with pytest.raises(CommandError, match="cut short, or damaged"):
        call_command("restore", folder)
    assert not Column.objects.exists()
