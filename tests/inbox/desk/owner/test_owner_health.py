"""How the column and the site are doing, in plain sentences."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from columns.models import Column
from inbox import mail, tasks
from inbox.letters import notices
from inbox.models import EyeCount, Letter, Notice, PublicKey, User
from inbox.operations import backups, health, heartbeat, noticing
from inbox.workflow import LetterStatus, Role
from tests import factories

pytestmark = pytest.mark.databases

SignIn = Callable[[User], Client]
BASE = "/desk/plain/owner/health/"


@pytest.fixture(autouse=True)
def _folder(settings: Settings, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path


def finding(client: Client, title: str) -> tuple[str, bool]:
    """The sentence under the title, and whether all is well with it."""
    page = client.get(BASE).text
    part = page.split(f"<h2>{title} ", 1)[1].split("</li>", 1)[0]
    return part.split("<p>", 1)[1].split("</p>", 1)[0], "needs attention" not in part


def test_says_how_it_stands(column: Column, owner: User, signed_in: SignIn) -> None:
    client = signed_in(owner)
    assert finding(client, "Letters") == ("The column takes letters.", True)
    assert finding(client, "Unread letters") == ("No letter waits.", True)
    text, well = finding(client, "Keys")
    assert well
    assert f"{timezone.now():%B %Y}" in text
    assert finding(client, "Mail to letter writers") == ("No mail is stuck.", True)
    assert finding(client, "Backup")[0] == "No backup is known."
    assert "Django" in finding(client, "Versions")[0]
    assert "UTC" in finding(client, "Clock")[0]


def test_letters_that_wait(column: Column, owner: User, signed_in: SignIn, at: dt.datetime) -> None:
    factories.make_letter(column, at=at - dt.timedelta(days=31))
    factories.make_letter(column, LetterStatus.HELD)
    expected = ("Waiting: 1. Held: 1. The oldest has waited for 31 days.", False)
    assert finding(signed_in(owner), "Unread letters") == expected


def test_an_old_key_and_a_pause_without_a_date(column: Column, owner: User, signed_in: SignIn) -> None:
    PublicKey.objects.filter(column=column).update(month=dt.date(2020, 3, 1))
    Column.objects.filter(pk=column.pk).update(intake_open=False)
    assert finding(signed_in(owner), "Keys") == ("The newest desk key is of March 2020.", False)
    assert finding(signed_in(owner), "Letters")[1] is False


def test_what_is_kept_too_long(column: Column, owner: User, signed_in: SignIn, at: dt.datetime) -> None:
    assert finding(signed_in(owner), "How long things are kept")[1]
    factories.make_letter(column, LetterStatus.DECLINED, at=at - dt.timedelta(days=130))
    text, well = finding(signed_in(owner), "How long things are kept")
    assert text.startswith("Letters and drafts kept longer than you have set: 1.")
    assert not well


def test_colleagues_without_a_second_factor_are_named(column: Column, owner: User, signed_in: SignIn) -> None:
    assert finding(signed_in(owner), "Second factor")[1]
    factories.make_user("careless", column, Role.MODERATOR, demo=False)
    text, well = finding(signed_in(owner), "Second factor")
    assert "Careless" in text
    assert not well


def test_colleagues_whose_password_cannot_be_checked_are_named(column: Column, owner: User, signed_in: SignIn) -> None:
    client = signed_in(owner)
    assert finding(client, "Passwords")[1]
    theirs, elsewhere = factories.make_user("moved", column, Role.MODERATOR), factories.make_user("elsewhere")
    User.objects.filter(pk__in=[theirs.pk, elsewhere.pk]).update(password="pbkdf2_sha256$600000$salt$aGFzaA==")
    text, well = finding(client, "Passwords")
    assert "the passwords of Moved." in text
    assert not well
    User.objects.filter(pk=theirs.pk).update(password="!no password")
    assert finding(client, "Passwords")[1]


def test_a_letter_that_somebody_changed_in_the_database(
    column: Column, owner: User, signed_in: SignIn, at: dt.datetime
) -> None:
    letter = factories.make_letter(column, at=at)
    Letter.objects.filter(pk=letter.pk).update(status="declined", quiet_since=at.date() - dt.timedelta(days=400))
    text, well = finding(signed_in(owner), "How long things are kept")
    assert text.startswith("1 letter or draft is not as its events say")
    assert not well


def test_mail_that_is_stuck(column: Column, owner: User, signed_in: SignIn, at: dt.datetime) -> None:
    letter = factories.make_letter(column, email="w@example.org")
    Notice.objects.create(letter=letter, kind=Notice.Kind.END, due_on=at.date(), failures=99)
    assert finding(signed_in(owner), "Mail to letter writers") == ("1 mail could not be sent after many tries.", False)


@pytest.mark.parametrize(
    ("title", "task", "slot", "begins"),
    [
        ("Worker and beat", tasks.note_heartbeat, heartbeat.Slot.WORKER, "The worker last ran, woken by beat, on "),
        (
            "Worker for mail",
            tasks.send_notices,
            heartbeat.Slot.MAIL,
            "The worker for mail last ran, woken by beat, on ",
        ),
    ],
)
def test_each_worker_leaves_its_time(
    column: Column,
    owner: User,
    signed_in: SignIn,
    at: dt.datetime,
    settings: Settings,
    title: str,
    task: Any,
    slot: heartbeat.Slot,
    begins: str,
) -> None:
    settings.REDIS_URL = ""
    assert "Without Redis" in finding(signed_in(owner), title)[0]
    settings.REDIS_URL = "redis://somewhere"
    assert finding(signed_in(owner), title)[1] is False
    task()
    text, well = finding(signed_in(owner), title)
    assert text.startswith(begins)
    assert well
    heartbeat.note(slot, at=at - dt.timedelta(minutes=6))
    assert finding(signed_in(owner), title)[1] is False


def test_a_mail_server_that_is_away_is_said_while_mail_waits_for_it(
    column: Column, owner: User, signed_in: SignIn, at: dt.datetime
) -> None:
    def said() -> list[tuple[str, bool | None]]:
        return [(found.text, found.well) for found in health.findings(column, at=at) if found.title == "Mail server"]

    notices.owe(factories.take_letter(column, email="a@example.org").letter, Notice.Kind.END, due_on=at.date())
    assert said() == []
    mail.failed(at=at)
    mail.failed(at=at)
    ((text, well),) = said()
    assert text.startswith(
        "The mail server took no mail, or did not say whether it did. Mails that wait for it: 1. Tries in a row that"
        " failed: 2. The next one is on "
    )
    assert well is False
    assert finding(signed_in(owner), "Mail server") == (text, False)
    assert notices.send_due(at=at + dt.timedelta(minutes=3)) == 1
    mail.failed(at=at)
    assert said() == [], "nothing waits"
    mail.succeeded()


@pytest.mark.parametrize(("days", "well"), [(0, True), (2, True), (3, False)])
def test_the_last_backup(
    column: Column, owner: User, signed_in: SignIn, at: dt.datetime, tmp_path: Path, days: int, well: bool
) -> None:
    backups.backup(tmp_path, at=at - dt.timedelta(days=days))
    text, fine = finding(signed_in(owner), "Backup")
    assert text.startswith("The last backup is of ")
    assert fine == well


def test_asks_the_database_as_often_for_much(
    column: Column, owner: User, signed_in: SignIn, django_assert_max_num_queries: object
) -> None:
    for number in range(6):
        factories.make_letter(column)
        factories.make_user(f"person{number}", column, Role.MODERATOR)
    client = signed_in(owner)
    with django_assert_max_num_queries(23):  # type: ignore[operator]
        client.get(BASE)


def test_wrong_method(signed_in: SignIn, owner: User) -> None:
    client = signed_in(owner)
    assert client.delete(BASE).status_code == 405
    assert client.post(BASE).status_code == 405


def test_whether_the_encoder_is_there(
    column: Column, owner: User, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    for there, said in ((True, "with the encoder of sentences"), (False, "by its rules alone")):
        monkeypatch.setattr("inbox.operations.noticing.has_encoder", lambda there=there: there)
        text, well = finding(signed_in(owner), "Screening")
        assert said in text
        assert well


def test_without_the_module_there_is_no_encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "inbox.screening.encoder", None)
    assert noticing.has_encoder() is False


def test_the_first_eye_and_the_rules_are_counted_by_month(
    column: Column, owner: User, moderator: User, signed_in: SignIn, at: dt.datetime
) -> None:
    page = signed_in(owner).get(BASE).text
    assert "No raised letter was opened" in page
    assert "No rule raised a letter" in page
    heavy = "Some nights I think about ending my life and I cannot tell anyone."
    letter = factories.make_letter(column, text=heavy)
    client = signed_in(moderator)
    client.get(f"/desk/plain/letters/{letter.pk}/")
    client.get(f"/desk/plain/letters/{letter.pk}/")
    client.post(f"/desk/plain/letters/{letter.pk}/not-so/")
    old = EyeCount.objects.create(column=column, month=dt.date(at.year - 1, at.month, 1), day=7)
    page = signed_in(owner).get(BASE).text
    body = page.split("From a raised letter to the first eye", 1)[1]
    assert f'<th scope="row">{at:%B %Y}</th><td>1</td><td>0</td><td>0</td><td>0</td><td>0</td>' in body
    assert f"{old.month:%B %Y}" not in body, "a year ago"
    assert "</th><td>1</td><td>1</td>" in body
    assert "L-" not in body
