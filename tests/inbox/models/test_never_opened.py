"""Which columns of a site from before count as never opened."""

from __future__ import annotations

import datetime as dt
import importlib
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection

from columns.models import Column
from inbox.models import ColumnEvent
from tests import factories

pytestmark = pytest.mark.databases


def test_a_column_that_is_closed_and_was_never_opened_or_paused(db: None, at: dt.datetime) -> None:
    open_one = factories.make_column(slug="open")
    waits = factories.make_column(slug="waits", intake_open=False, reopens_on=at.date() + dt.timedelta(days=9))
    paused = factories.make_column(slug="paused", intake_open=False)
    ColumnEvent.write(paused, "pause_intake", by=None, at=at)
    fresh = factories.make_column(slug="fresh", intake_open=False)
    practised = factories.make_column(slug="practised", intake_open=False, practice=True)
    migration = importlib.import_module("inbox.migrations.0016_never_opened")
    migration.mark(apps, SimpleNamespace(connection=connection))
    marked = {column.slug for column in Column.objects.filter(never_opened=True)}
    assert marked == {fresh.slug}, {open_one, waits, paused, practised}
    assert Column.objects.get(pk=open_one.pk).takes_letters(at.date())
