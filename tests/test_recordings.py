"""What is written from a recording is what the real code wrote, and where it does not fit the real code runs."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.test import Client

from columns.models import Column
from inbox.keys import keyring
from inbox.models import PublicKey, User
from inbox.workflow import Role
from tests import factories, recordings

pytestmark = pytest.mark.skipif(
    "sqlite" not in connection.settings_dict["ENGINE"],
    reason="recordings are used on SQLite alone",
)


@pytest.fixture(autouse=True)
def _nothing_recorded(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recordings, "_recordings", {})


def made() -> tuple[Column, User]:
    recordings.begin()
    column = factories.make_column(slug="plain")
    return column, factories.make_user("moderator", column, Role.MODERATOR)


def rows() -> dict[str, list[Any]]:
    found = {model.__name__: list(model._default_manager.order_by("pk").values()) for model in apps.get_models()}
    return {name: values for name, values in found.items() if values}


def undone() -> Any:
    """What is made inside is rolled back."""
    block = transaction.atomic()
    block.__enter__()
    return block


def roll_back(block: Any) -> None:
    transaction.set_rollback(True)
    block.__exit__(None, None, None)


def test_a_recording_writes_the_same_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    block = undone()
    made()
    first = rows()
    roll_back(block)
    assert not Column.objects.exists()
    monkeypatch.setattr(factories, "_make_user", None)  # the real code is not asked again
    monkeypatch.setattr(factories, "_make_column", None)
    column, user = made()
    assert rows() == first
    assert {"User", "StaffKey", "KeyGrant", "Seat", "Column", "Topic", "ColumnEvent"} <= set(first)
    assert (column.slug, user.email) == ("plain", "moderator@example.org")
    assert keyring.unlocked(user, factories.PASSWORD).open(factories.take_letter(column).letter)
    assert factories.sign_in(Client(), user).get("/desk/plain/inbox/").status_code == 200


def test_where_a_row_is_in_the_way_the_real_code_runs() -> None:
    block = undone()
    made()
    roll_back(block)
    factories._make_user("somebody else", None, demo=True)
    column, user = made()
    assert User.objects.count() == 2
    assert User.objects.get(email="moderator@example.org").pk == user.pk
    assert keyring.holders(column).get() == user


def test_other_keys_in_the_database_are_not_covered_by_a_recording() -> None:
    block = undone()
    column, _ = made()
    roll_back(block)
    recordings.begin()
    column = factories.make_column(slug="plain")
    PublicKey.objects.filter(column=column).update(retired=True)
    keyring._make_desk_key(column, at=factories.timezone.now())
    user = factories.make_user("moderator", column, Role.MODERATOR)
    held = {key_id for (key_id,) in user.key_grants.values_list("key_id")}
    assert held == set(PublicKey.objects.filter(column=column).values_list("pk", flat=True))
    assert len(held) == 2
