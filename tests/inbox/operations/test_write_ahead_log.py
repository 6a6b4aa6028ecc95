"""What was erased does not stay in the write-ahead log of SQLite while the site keeps the database open."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from django.db import connection

from columns.models import Column
from inbox.models import SealedKey
from inbox.operations import write_ahead_log
from tests import factories

pytestmark = pytest.mark.databases


def log() -> bytes:
    file = Path(f"{connection.settings_dict['NAME']}-wal")
    return file.read_bytes() if file.exists() else b""


@pytest.mark.django_db(transaction=True)
def test_destroyed_keys_are_gone_from_the_log(at: dt.datetime) -> None:
    letter = factories.take_letter(column=factories.make_column()).letter
    keys = [bytes(row.sealed) for row in SealedKey.objects.filter(item=letter.pk)]
    letter.withdraw(at=at)
    assert keys
    on_sqlite = connection.vendor == "sqlite"
    assert any(key in log() for key in keys) == on_sqlite
    assert write_ahead_log.empty() == on_sqlite
    assert log() == b""
    assert not any(key in Path(connection.settings_dict["NAME"]).read_bytes() for key in keys if on_sqlite)


def test_in_the_midst_of_a_transaction_it_waits(column: Column) -> None:
    assert not write_ahead_log.empty()
