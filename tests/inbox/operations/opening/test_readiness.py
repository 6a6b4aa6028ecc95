"""What a column needs before it takes letters."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from django.utils import timezone

from columns.models import Column, HelpLine, Topic
from inbox.keys import drill, keyring
from inbox.models import Seat, User
from inbox.operations import backups, column_settings
from inbox.operations.opening import readiness
from inbox.operations.opening.readiness import Readiness
from inbox.staff import installation
from inbox.workflow import NotAllowed, Role
from tests import factories

pytestmark = pytest.mark.databases


def states(column: Column) -> dict[str, Readiness]:
    return {one.key: one.state for one in readiness.requirements(column)}


def missing(column: Column) -> set[str]:
    return {one.key for one in readiness.missing(column)}


def test_a_new_column_is_closed_and_says_everything_that_is_missing(db: None, at: dt.datetime) -> None:
    factories.make_recovery_key()
    column = installation.create_column("fresh", "Fresh", "Nurse New", "Registered nurse", at=at)
    assert not column.takes_letters(at.date())
    assert column.never_opened
    assert missing(column) == {"help_lines", "terms", "care_cards", "reviewer", "recovery_key"}
    assert set(states(column).values()) == {Readiness.MISSING}


def test_what_is_done_is_no_longer_missing(column: Column, owner: User) -> None:
    factories.make_ready(column, owner)
    assert missing(column) == set()
    HelpLine.objects.all().delete()
    Topic.objects.all().delete()
    Column.objects.update(terms=" ")
    assert missing(Column.objects.get()) == {"help_lines", "terms"}
    assert states(column)["topics"] == Readiness.MISSING


def test_a_reviewer_is_somebody_else_than_an_author(column: Column, owner: User, author: User) -> None:
    assert "reviewer" in missing(column)
    Seat.objects.create(user=author, column=column, role=Role.REVIEWER)
    assert "reviewer" in missing(column), "nobody approves their own draft"
    second = factories.make_user("second", column, Role.REVIEWER)
    assert "reviewer" not in missing(column)
    User.objects.filter(pk=second.pk).update(is_active=False)
    assert "reviewer" in missing(column)


def test_a_column_of_one_person_may_let_drafts_rest_instead(column: Column, author: User) -> None:
    Column.objects.update(four_eyes=False)
    assert states(Column.objects.get())["reviewer"] == Readiness.UNNEEDED
    assert "reviewer" not in missing(Column.objects.get())


def test_a_new_recovery_key_is_tried_anew(column: Column, author: User, at: dt.datetime) -> None:
    drill.passed(column, by=None, at=at)
    assert states(column)["recovery_key"] == Readiness.DONE
    keyring.replace_recovery_key(by=author, at=at, keys=factories.desk_keys())
    assert states(column)["recovery_key"] == Readiness.MISSING
    drill.passed(column, by=None, at=at)
    assert states(column)["recovery_key"] == Readiness.DONE


def test_a_backup_and_a_mail_are_known_by_the_history(
    column: Column, owner: User, at: dt.datetime, tmp_path: Path
) -> None:
    backups.backup(tmp_path, at=at)
    assert readiness.try_mail(column, by=owner, at=at)
    assert (states(column)["backup"], states(column)["mail"]) == (Readiness.DONE, Readiness.DONE)


def test_a_demonstration_needs_neither_backup_nor_mail(column: Column) -> None:
    Column.objects.update(demo=True)
    found = states(Column.objects.get())
    assert (found["backup"], found["mail"]) == (Readiness.UNNEEDED, Readiness.UNNEEDED)


def test_what_is_recommended_keeps_no_column_closed(column: Column, owner: User, at: dt.datetime) -> None:
    factories.make_ready(column, owner)
    Topic.objects.all().delete()
    column_settings.pause(column, reopens_on=None, by=owner, at=at)
    column_settings.open_intake(column, by=owner, at=at)
    assert column.takes_letters(at.date())


def test_the_refusal_names_what_is_missing(column: Column, owner: User, at: dt.datetime) -> None:
    factories.make_ready(column, owner, "reviewer", "recovery_key")
    column_settings.pause(column, reopens_on=None, by=owner, at=at)
    with pytest.raises(NotAllowed, match=r"A second reader and A trial of the recovery key\."):
        column_settings.open_intake(column, by=owner, at=at)
    assert not Column.objects.get().intake_open


def test_the_list_asks_the_database_a_few_times(
    column: Column, owner: User, django_assert_num_queries: Callable[..., object]
) -> None:
    factories.make_ready(column, owner)
    for number in range(9):
        HelpLine.objects.create(column=column, name=f"Line {number}")
        factories.make_user(f"reader{number}", column, Role.REVIEWER)
    fresh = Column.objects.get(pk=column.pk)
    with django_assert_num_queries(5):  # type: ignore[attr-defined]
        readiness.requirements(fresh)


def test_a_column_that_is_open_stays_so_whatever_is_missing(column: Column, owner: User, at: dt.datetime) -> None:
    """A site from before the list: it pauses until a day, and opens again, as it did."""
    assert readiness.missing(column)
    column_settings.pause(column, reopens_on=timezone.localdate(at) + dt.timedelta(days=2), by=owner, at=at)
    column_settings.open_intake(column, by=owner, at=at)
    assert column.intake_open
