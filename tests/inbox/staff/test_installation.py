"""A site is set up: a column with its keys, and the people who work at it."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings as django_settings
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.utils import timezone

from columns.models import Author, Column
from inbox.keys import opened_events
from inbox.models import Letter, LetterEvent, Need, PublicKey, Seat, User, desk_recipient
from inbox.models.keystore import first_of_month
from inbox.staff import installation
from inbox.workflow import AlreadyMoved, LetterStatus, NotAllowed, Role
from tests import factories
from tests.access_checks import seats_of

pytestmark = pytest.mark.databases

NOW = timezone.now()
GOOD = "a long enough first word"


def run(*words: str) -> str:
    out = io.StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What a person types at the password's prompt, in order; empty at the end."""
    answers: list[str] = []
    monkeypatch.setattr("getpass.getpass", lambda prompt: answers.pop(0))
    yield answers
    assert answers == []


# --- keys ------------------------------------------------------------------------------------------------------------


def test_keys_are_made_once_a_month(column: Column, at: dt.datetime) -> None:
    assert installation.make_keys(column, at=at) == []
    next_month = first_of_month(at.date()) + dt.timedelta(days=32)
    made = installation.make_keys(column, at=at.replace(year=next_month.year, month=next_month.month, day=1))
    assert [key.kind for key in made] == [PublicKey.Kind.DESK]
    assert desk_recipient(column).id == made[0].pk
    assert PublicKey.objects.filter(kind=PublicKey.Kind.NOTICE).count() == 1


def test_the_notice_key_lies_in_its_folder_and_a_desk_key_in_none(column: Column) -> None:
    desk = PublicKey.objects.get(kind=PublicKey.Kind.DESK, column=column)
    notice = PublicKey.objects.get(kind=PublicKey.Kind.NOTICE)
    assert (django_settings.NOTICE_KEY_DIR / f"{notice.pk}.key").stat().st_mode & 0o777 == 0o600
    assert list(django_settings.VAR_DIR.rglob(f"*{desk.pk}*")) == []


def test_make_keys_names_each_column(column: Column, other_column: Column) -> None:
    PublicKey.objects.filter(column=other_column).delete()
    told = run("make_keys")
    assert "plain: it has its keys already." in told
    assert f"elsewhere: made the desk key {desk_recipient(other_column).id}." in told
    assert run("make_keys", "plain") == "plain: it has its keys already.\n"


def test_make_keys_says_what_is_wrong(db: None) -> None:
    with pytest.raises(CommandError, match="There is no column yet"):
        run("make_keys")
    factories.make_column(slug="here")
    with pytest.raises(CommandError, match=r"no column with the address nor-here, not-here"):
        run("make_keys", "nor-here", "here", "not-here")


def test_make_keys_says_that_a_folder_cannot_be_written(settings: object, column: Column, tmp_path: Path) -> None:
    PublicKey.objects.filter(kind=PublicKey.Kind.NOTICE).delete()
    settings.NOTICE_KEY_DIR = tmp_path / "file"  # type: ignore[attr-defined]
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(CommandError, match="A key could not be written"):
        run("make_keys")
    assert not PublicKey.objects.filter(kind=PublicKey.Kind.NOTICE).exists()


# --- a column --------------------------------------------------------------------------------------------------------


def test_a_new_column_can_take_letters(db: None) -> None:
    words = ["create_column", "fresh", "Fresh Words", "--author", "Nurse New", "--credential", "Registered nurse"]
    with pytest.raises(CommandError, match=r"Run: manage\.py setup"):
        run(*words)
    factories.make_recovery_key()
    told = run(*words)
    column = Column.objects.get(slug="fresh")
    assert "/fresh/" in told
    assert (column.title, column.author.name, column.author.credential) == (
        "Fresh Words",
        "Nurse New",
        "Registered nurse",
    )
    assert (column.four_eyes, column.demo) == (True, False)
    letter = factories.take_letter(column, topic="").letter
    assert factories.desk_keys().open(letter)["text"] == factories.LETTER_TEXT


@pytest.mark.parametrize(
    ("slug", "title", "credential", "sentence"),
    [
        ("admin", "Title", "Registered nurse", "The site itself uses this address"),
        ("plain", "Title", "Registered nurse", "Another column has this address"),
        ("not a slug", "Title", "Registered nurse", "valid “slug”"),
        ("new", "", "Registered nurse", "blank"),
        ("new", "Title", "", "blank"),
    ],
)
def test_a_column_that_cannot_be_leaves_nothing(
    column: Column, slug: str, title: str, credential: str, sentence: str
) -> None:
    keys = PublicKey.objects.count()
    with pytest.raises(CommandError, match=sentence):
        run("create_column", slug, title, "--author", "Nurse New", "--credential", credential)
    assert Column.objects.count() == 1
    assert Author.objects.count() == 1
    assert PublicKey.objects.count() == keys


# --- people ----------------------------------------------------------------------------------------------------------


def test_a_new_colleague_can_sign_in_and_set_up_a_second_factor(column: Column) -> None:
    user = installation.add_staff("New@Example.org", "New", column, [Role.OWNER, Role.MODERATOR], password=GOOD, at=NOW)
    assert user.email == "new@example.org"
    assert user.check_password(GOOD)
    assert not user.demo
    assert seats_of(user)[column] == {Role.OWNER, Role.MODERATOR}
    address = EmailAddress.objects.get(user=user)
    assert (address.email, address.verified, address.primary) == ("new@example.org", True, True)


def test_without_a_password_nobody_signs_in(column: Column) -> None:
    assert not installation.add_staff("new@example.org", "New", column, [Role.OWNER], at=NOW).has_usable_password()


def test_a_colleague_keeps_name_and_password_and_gets_the_seat(column: Column, other_column: Column) -> None:
    first = installation.add_staff("new@example.org", "New", column, [Role.AUTHOR], password=GOOD, at=NOW)
    again = installation.add_staff(
        "new@example.org", "Other", other_column, [Role.REVIEWER], password="another first word", at=NOW
    )
    assert again == first
    assert (again.name, again.check_password(GOOD)) == ("New", True)
    assert seats_of(again) == {column: {Role.AUTHOR}, other_column: {Role.REVIEWER}}
    assert EmailAddress.objects.filter(user=first).count() == 1


def test_a_demonstration_account_is_never_taken_for_a_real_one(column: Column) -> None:
    installation.add_staff("new@example.org", "New", column, [Role.AUTHOR], password=GOOD, demo=True, at=NOW)
    with pytest.raises(ValidationError):
        installation.add_staff("new@example.org", "New", column, [Role.OWNER], password=GOOD, at=NOW)
    assert Seat.objects.filter(role=Role.OWNER).count() == 0


def test_add_staff_asks_for_a_password_twice(column: Column, other_column: Column, typed: list[str]) -> None:
    typed += [GOOD, GOOD]
    told = run("add_staff", "New@example.org", "New", "plain:moderator", "elsewhere:author", "plain:reviewer")
    user = User.objects.get(email="new@example.org")
    assert user.check_password(GOOD)
    assert seats_of(user) == {column: {Role.MODERATOR, Role.REVIEWER}, other_column: {Role.AUTHOR}}
    assert "second factor" in told


def test_add_staff_asks_nothing_about_an_account_that_exists(column: Column, typed: list[str]) -> None:
    user = installation.add_staff("new@example.org", "New", column, [Role.AUTHOR], password=GOOD, at=NOW)
    assert run("add_staff", "new@example.org", "New", "plain:owner") == "new@example.org is now owner of plain.\n"
    assert seats_of(user)[column] == {Role.AUTHOR, Role.OWNER}


def test_add_staff_reads_the_password_from_a_pipe(column: Column, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(GOOD + "\n"))
    run("add_staff", "new@example.org", "New", "plain:owner", "--password-stdin", "--credential", "Midwife")
    user = User.objects.get(email="new@example.org")
    assert user.check_password(GOOD)
    assert user.credential == "Midwife"


@pytest.mark.parametrize(
    ("email", "seat", "passwords", "sentence"),
    [
        ("new@example.org", "nowhere:owner", [], "There is no column with the address nowhere"),
        ("new@example.org", "plain:chief", [], "a role is one of moderator, reviewer, author, owner"),
        ("new@example.org", "plain", [], "Write a seat as COLUMN:ROLE"),
        ("new@example.org", "plain:owner", [GOOD, GOOD + "."], "The two passwords differ"),
        ("new@example.org", "plain:owner", ["short", "short"], "too short"),
        ("new@example.org", "plain:owner", ["new@example.org", "new@example.org"], "too similar"),
        ("not an address", "plain:owner", [GOOD, GOOD], "not a full e-mail address"),
    ],
)
def test_add_staff_refuses_in_plain_words(
    column: Column, typed: list[str], email: str, seat: str, passwords: list[str], sentence: str
) -> None:
    typed += passwords
    with pytest.raises(CommandError, match=sentence):
        run("add_staff", email, "New", "plain:author", seat)
    assert User.objects.count() == 0
    assert Seat.objects.count() == 0


# --- what a moderator says about a letter -----------------------------------------------------------------------------


def test_a_moderator_raises_what_screening_missed(column: Column, moderator: User, at: dt.datetime) -> None:
    letter = factories.make_letter(column, LetterStatus.SHORTLISTED)
    letter.mark_urgent(by=moderator, at=at, urgent=True)
    assert letter.need == Need.NOW
    assert Letter.objects.get(pk=letter.pk).need == Need.NOW
    last = LetterEvent.objects.filter(letter=letter).last()
    assert last is not None
    opened_events.open_events([last], factories.desk_keys())
    assert (last.verb, last.by, last.changes) == (
        "mark_urgent",
        moderator,
        {"need_before": Need.NONE, "need_after": Need.NOW},
    )
    assert letter.status == LetterStatus.SHORTLISTED


def test_two_who_mark_at_once_make_one_mark(column: Column, moderator: User, at: dt.datetime) -> None:
    letter = factories.make_letter(column)
    seen_earlier = Letter.objects.get(pk=letter.pk)
    letter.mark_urgent(by=moderator, at=at, urgent=True)
    with pytest.raises(AlreadyMoved):
        seen_earlier.mark_urgent(by=moderator, at=at, urgent=True)
    letter.mark_urgent(by=moderator, at=at, urgent=False)
    verbs = [event.verb for event in LetterEvent.objects.filter(letter=letter)]
    assert verbs == ["receive", "mark_urgent", "unmark_urgent"]


def test_an_erased_letter_is_not_marked(column: Column, moderator: User, at: dt.datetime) -> None:
    with pytest.raises(NotAllowed):
        factories.make_letter(column, LetterStatus.ERASED).mark_urgent(by=moderator, at=at, urgent=True)
