"""The list of all times in the database (``models/times/listed.py``) is all of them; each is kept as it says."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.db import connection, models
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone

from columns.models import Column
from columns.site_time import day_of
from inbox.models import ColumnEvent, Letter
from inbox.models.times.days import ENDED, month_after
from inbox.models.times.listed import TIMES, Exactness
from inbox.workflow import DraftStatus, LetterStatus, Role
from tests import attacker, factories

OF_TIMES = (models.DateField, models.TimeField, models.DurationField)
#: Kinds of fields that are no time. A new kind has to be looked at.
NO_TIME = (
    models.CharField, models.TextField, models.BooleanField, models.IntegerField, models.BinaryField, models.UUIDField,
    models.JSONField, models.AutoField, models.ForeignKey, models.GeneratedField,
)  # fmt: skip


def every_field() -> list[tuple[str, Any]]:
    found: list[Any] = [*apps.get_models(include_auto_created=True), MigrationRecorder.Migration]
    return [(model._meta.db_table, field) for model in found for field in model._meta.concrete_fields]


def test_every_time_of_every_app_is_on_the_list_with_a_reason() -> None:
    times = {(table, field.column) for table, field in every_field() if isinstance(field, OF_TIMES)}
    assert times == TIMES.keys()
    assert all(time.why for time in TIMES.values())
    others = {type(field) for _, field in every_field() if not isinstance(field, OF_TIMES)}
    assert [kind for kind in others if not issubclass(kind, NO_TIME)] == []


def test_what_is_finer_than_a_day_is_little() -> None:
    """Whoever adds to this has to say why, there and here."""
    exact = {place for place, time in TIMES.items() if time.kept == Exactness.EXACT}
    assert exact == {
        ("columns_article", "publish_at"),
        ("django_migrations", "applied"),
        ("inbox_clock", "newest"),
        ("inbox_notice", "claimed_at"),
        ("inbox_notice", "due_on"),
        ("inbox_outgoing", "due_at"),
        ("inbox_user", "stops_at"),
    }


@pytest.mark.databases
def test_the_tables_have_no_column_of_a_time_beside_it(db: None) -> None:
    """Of the catalogue, not of the models: also in tables that no model has."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT m.name, c.name, c.type FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table'"
            )
        else:
            cursor.execute(
                "SELECT table_name, column_name, data_type FROM information_schema.columns"
                " WHERE table_schema NOT IN ('pg_catalog', 'information_schema')"
            )
        found = {
            (table, column)
            for table, column, kind in cursor.fetchall()
            if any(word in kind.lower() for word in ("date", "time", "interval"))
        }
    assert found == TIMES.keys()


def test_no_sign_in_is_written_down(column: Column) -> None:
    user = factories.make_user("nurse", column, Role.MODERATOR)
    client = Client()
    assert client.post("/accounts/login/", {"login": user.email, "password": factories.PASSWORD}).status_code == 302
    assert client.session["_auth_user_id"] == str(user.pk)
    user.refresh_from_db()
    assert user.last_login is None


@pytest.mark.databases
def test_what_is_written_is_as_coarse_as_it_says(column: Column, at: dt.datetime) -> None:
    at = at.replace(day=17, hour=13, minute=41, second=7, microsecond=123)
    for status in LetterStatus:
        factories.make_letter(column, status, at=at, email="somebody@example.org")
    factories.make_draft(column, DraftStatus.TAKEN_DOWN, at=at)
    ColumnEvent.write(column, "export", by=None, at=at)
    ended = {one.hex for one in Letter.objects.filter(status__in=ENDED).values_list("pk", flat=True)}
    attack = attacker.Attack(attacker.of_the_database(), lambda *_: False)
    of_ended = {id(row) for letter, family in attack.families.items() if letter in ended for row in family}
    finest = {Exactness.MONTH: attacker.MONTH, Exactness.DAY: attacker.DAY, Exactness.EXACT: dt.timedelta()}
    wrong = set()
    for row in attack.rows:
        for name, spans in row.times.items():
            time = TIMES.get((row.table, name))
            if time is None or (row.table, name) == ("columns_article", "taken_down_at"):
                continue
            kept = time.kept
            if kept == Exactness.LETTER:
                kept = Exactness.MONTH if id(row) in of_ended else Exactness.DAY
            if kept == Exactness.NOTHING or min(span.width for span in spans) < finest[kept]:
                wrong.add((row.table, name))
    assert wrong == set()


#: A moment of whose day two places of the world disagree with UTC, and the first of a month in them.
OTHERS_DAY = [
    ("Pacific/Auckland", dt.datetime(2026, 11, 30, 11, 30, tzinfo=dt.UTC), dt.date(2026, 12, 1)),
    ("America/New_York", dt.datetime(2026, 12, 1, 3, 30, tzinfo=dt.UTC), dt.date(2026, 11, 30)),
    ("Europe/London", dt.datetime(2026, 6, 30, 23, 15, tzinfo=dt.UTC), dt.date(2026, 7, 1)),
    ("Australia/Lord_Howe", dt.datetime(2026, 11, 30, 13, 15, tzinfo=dt.UTC), dt.date(2026, 12, 1)),
]


@pytest.mark.databases
@pytest.mark.parametrize(("zone", "moment", "day"), OTHERS_DAY)
def test_days_and_months_are_those_of_the_site(
    column: Column, settings: Any, zone: str, moment: dt.datetime, day: dt.date
) -> None:
    settings.TIME_ZONE = zone
    with time_machine.travel(moment, tick=False):
        before = rows_of_days()
        for status in LetterStatus:
            factories.make_letter(column, status, at=moment, email="somebody@example.org")
        for draft in (DraftStatus.SHELVED, DraftStatus.TAKEN_DOWN):
            factories.make_draft(column, draft, at=moment)
        ColumnEvent.write(column, "export", by=None, at=moment)
        after = rows_of_days()
    month = day.replace(day=1)
    # the day and its month; retention counts from the month after; a scheduled mail is due on the day after
    right = {day, month, month_after(day), day + dt.timedelta(days=1)}
    written = {place: values - before.get(place, set()) for place, values in after.items()}
    assert sum(bool(values) for values in written.values()) > 15
    for place, values in written.items():
        moments = {value for value in values if isinstance(value, dt.datetime)}
        assert {timezone.localdate(value) for value in moments} | values - moments <= right, place
        if place != ("columns_article", "taken_down_at"):
            assert {day_of(value) for value in moments} == moments, place


def rows_of_days() -> dict[tuple[str, str], set[dt.date]]:
    """What stands in every column whose times are days or months."""
    found: dict[tuple[str, str], set[dt.date]] = {}
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.concrete_fields:
            place = (model._meta.db_table, field.column)
            if place in TIMES and TIMES[place].kept not in (Exactness.EXACT, Exactness.NOTHING):
                rows = model._default_manager.exclude(**{field.name: None})
                found[place] = set(rows.values_list(field.name, flat=True))
    return found
