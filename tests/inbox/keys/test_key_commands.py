"""Setting a site up, the recovery drill and re-sealing, as an operator runs them."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from columns.models import Column
from inbox.crypto import recovery_sheet, sealing
from inbox.keys import keyring
from inbox.models import ColumnEvent, KeyGrant, Seat, User
from inbox.staff import membership
from inbox.workflow import Role
from tests import factories

pytestmark = pytest.mark.databases

SHEET = recovery_sheet.shown(factories.RECOVERY.private_bytes_raw())
GOOD = "a long enough first word"
ANSWERS = {
    "slug": "fresh", "title": "Fresh Words", "author": "Nurse New", "credential": "Registered nurse",
    "email": "Me@Example.org", "name": "Me Myself",
}  # fmt: skip


def run(monkeypatch: pytest.MonkeyPatch, typed: str, *words: str) -> str:
    monkeypatch.setattr("sys.stdin", io.StringIO(typed + "\n"))
    out = io.StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


def flags(**changed: str) -> list[str]:
    return [f"--{name}={value}" for name, value in {**ANSWERS, **changed}.items()]


# --- set up ----------------------------------------------------------------------------------------------------------


def test_one_command_sets_a_site_up(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    told = run(monkeypatch, GOOD, "setup", *flags(), "--password-stdin")
    column, owner = Column.objects.get(), User.objects.get()
    assert (column.slug, column.title, owner.email, owner.name) == (
        "fresh",
        "Fresh Words",
        "me@example.org",
        "Me Myself",
    )
    assert set(Seat.objects.values_list("role", flat=True)) == {"owner", "moderator", "author"}
    sheet = re.search(r"((?:[A-Z2-7]{4}-){13}[A-Z2-7]{4})", told)
    assert sheet, told
    letter = factories.take_letter(column, topic="").letter
    assert keyring.recovered(sheet[1]).open(letter)["text"] == factories.LETTER_TEXT
    assert KeyGrant.objects.filter(user=owner).count() == 1
    assert ColumnEvent.objects.filter(column=column, verb="set_up").count() == 1


def test_what_is_not_given_is_asked_for(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    answers: Iterator[str] = iter(ANSWERS.values())
    monkeypatch.setattr("builtins.input", lambda question: next(answers))
    monkeypatch.setattr("getpass.getpass", lambda prompt: GOOD)
    out = io.StringIO()
    call_command("setup", stdout=out)
    assert "THE RECOVERY KEY" in out.getvalue()
    assert Column.objects.get().title == "Fresh Words"


@pytest.mark.parametrize(
    ("changed", "password", "said"),
    [
        ({}, "short", "too short"),
        ({"slug": "desk"}, GOOD, "uses this address"),
        ({"email": "nobody"}, GOOD, "not a full e-mail address"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_made(
    db: None, monkeypatch: pytest.MonkeyPatch, changed: dict[str, str], password: str, said: str
) -> None:
    with pytest.raises(CommandError, match=said):
        run(monkeypatch, password, "setup", *flags(**changed), "--password-stdin")
    assert not Column.objects.exists()
    assert not User.objects.exists()
    assert keyring.recovery_key() is None


def test_a_site_is_set_up_once(column: Column, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CommandError, match="set up already"):
        run(monkeypatch, GOOD, "setup", *flags(), "--password-stdin")
    assert Column.objects.count() == 1


# --- the drill -------------------------------------------------------------------------------------------------------


def test_the_drill_tries_the_printed_key_and_changes_nothing(column: Column, monkeypatch: pytest.MonkeyPatch) -> None:
    factories.make_letter(column)
    told = run(monkeypatch, SHEET, "recovery_drill", "--key-stdin")
    assert "plain: 1 of 1 keys, 1 of 1 letters tried." in told
    assert "opens everything" in told
    assert factories.LETTER_TEXT not in told
    assert ColumnEvent.objects.get(column=column, verb="try_recovery_key").by is None


def test_the_drill_finds_a_key_that_was_not_granted(column: Column, monkeypatch: pytest.MonkeyPatch) -> None:
    KeyGrant.objects.filter(user=None).delete()
    with pytest.raises(CommandError, match="does not open everything"):
        run(monkeypatch, SHEET, "recovery_drill", "--key-stdin")
    assert not ColumnEvent.objects.filter(verb="try_recovery_key").exists()


@pytest.mark.parametrize("command", ["recovery_drill", "reseal"])
def test_another_key_is_refused(column: Column, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    with pytest.raises(CommandError, match="not the one of this site"):
        run(monkeypatch, recovery_sheet.shown(b"x" * 32), command, "--key-stdin")


def test_the_command_seals_anew(column: Column, moderator: User, owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    factories.make_letter(column)
    membership.set_seats(moderator, column, frozenset({Role.OWNER}), by=owner, at=timezone.now())
    assert keyring.left_to_reseal(column) == 2
    assert "plain: 2 data keys are sealed anew, 0 left." in run(monkeypatch, SHEET, "reseal", "--key-stdin")
    assert "plain: 0 data keys are sealed anew, 0 left." in run(monkeypatch, SHEET, "reseal", "plain", "--key-stdin")


# --- a lost sheet ----------------------------------------------------------------------------------------------------


def new_sheet(monkeypatch: pytest.MonkeyPatch, user: User, password: str = factories.PASSWORD) -> tuple[str, str]:
    """What the command said, and the sheet in it."""
    told = run(monkeypatch, password, "new_recovery_key", f"--email={user.email.upper()}", "--password-stdin")
    sheets = re.findall(r"((?:[A-Z2-7]{4}-){13}[A-Z2-7]{4})", told)
    assert len(sheets) == 1
    return told, sheets[0]


def test_a_lost_sheet_is_replaced_and_opens_nothing_any_more(
    column: Column, moderator: User, author: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = factories.make_draft(column)
    letter, copied = factories.make_letter(column), keyring.recovered(SHEET)  # what the finder of the sheet could take
    told, sheet = new_sheet(monkeypatch, moderator)
    assert re.search(r"plain: [1-9]\d* data keys are sealed anew, 0 left\.\n", told)
    with pytest.raises(recovery_sheet.BadRecoveryKey, match="not the one of this site"):
        keyring.recovered(SHEET)
    assert not KeyGrant.objects.filter(holder=sealing.key_id(sealing.public_half(factories.RECOVERY))).exists()
    later = factories.take_letter(column).letter
    for item in (letter, later, draft.newest(), draft.bundle):
        with pytest.raises(sealing.CannotOpen):
            copied.open(item)
        for keys in (keyring.recovered(sheet), keyring.unlocked(author, factories.PASSWORD)):
            assert keys.open(item)
    assert "opens everything" in run(monkeypatch, sheet, "recovery_drill", "--key-stdin")
    assert ColumnEvent.objects.get(verb="new_recovery_key").by == moderator
    keyring.make_pair(author, factories.PASSWORD, at=timezone.now())
    assert keyring.grant(column, author, by=None, at=timezone.now(), keys=keyring.recovered(sheet))


def test_a_column_of_which_the_helper_holds_nothing_is_named(
    column: Column, other_column: Column, moderator: User, author_elsewhere: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.make_letter(column)
    theirs = factories.take_letter(other_column, topic="").letter
    told, sheet = new_sheet(monkeypatch, moderator)
    assert "plain: 2 data keys are sealed anew, 0 left.\n" in told
    assert "elsewhere: 0 data keys are sealed anew, 2 left. Let somebody who reads letters there press" in told
    with pytest.raises(CommandError, match="opens 2 sealed things of the desk NOT"):
        run(monkeypatch, sheet, "recovery_drill", "--key-stdin")
    keyring.reseal(other_column, keys=keyring.unlocked(author_elsewhere, factories.PASSWORD))
    assert keyring.recovered(sheet).open(theirs)
    assert "opens everything" in run(monkeypatch, sheet, "recovery_drill", "--key-stdin")


def test_a_sheet_is_replaced_by_nobody_who_opens_nothing(
    column: Column, moderator: User, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    for user, password, said in (
        (moderator, "another password", "open no key"),
        (User(email="nobody@example.org"), factories.PASSWORD, "open no key"),
        (owner, factories.PASSWORD, "holds no key of a column"),
    ):
        with pytest.raises(CommandError, match=said):
            new_sheet(monkeypatch, user, password)
    assert keyring.recovered(SHEET)
    assert not ColumnEvent.objects.filter(verb="new_recovery_key").exists()


def test_a_new_sheet_printed_in_the_middle_opens_what_is_not_sealed_anew_yet(column: Column, moderator: User) -> None:
    letter = factories.make_letter(column)
    keys = keyring.unlocked(moderator, factories.PASSWORD)
    sheet = keyring.replace_recovery_key(by=moderator, at=timezone.now(), keys=keys)
    assert keyring.left_to_reseal(column) == 2
    assert keyring.recovered(sheet).open(letter)["text"] == factories.LETTER_TEXT
