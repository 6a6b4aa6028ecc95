"""A process that is killed between two statements: each act of the desk is done whole, or not at all.

Every POST of ``test_matrix.py`` by somebody with every seat, once for each statement that writes, with the end just
before it. What was committed until then stays, as after a kill; what lies in an open transaction is rolled back.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.utils import timezone

from columns.models import Column
from inbox.keys import keyring
from inbox.models import Invitation, Seat, User
from inbox.staff import invitations, membership
from inbox.workflow import Role
from tests import factories
from tests.access_checks import client_of
from tests.test_matrix import made, requests, things
from tests.world import Things, freshen

__all__ = ["made", "things"]
pytestmark = pytest.mark.databases

WRITES = ("INSERT", "UPDATE", "DELETE")


class Killed(BaseException):
    """Ends the process: no handler of the application catches it."""


def killed_before(number: int) -> Callable[..., Any]:
    """A wrapper of statements in which the process ends before the writing statement of this number, from 0."""
    left = number

    def wrapper(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        nonlocal left
        if sql.startswith(WRITES):
            if left == 0:
                raise Killed
            left -= 1
        return execute(sql, *rest)

    return wrapper


def rows() -> dict[str, list[Any]]:
    """Every row of every table."""
    return {
        model._meta.label: sorted(model._base_manager.values_list(), key=repr)
        for model in apps.get_models(include_auto_created=True)
    }


@pytest.fixture
def column(things: Things) -> Column:
    return things.column


def tried(act: Callable[[], Any]) -> tuple[int, list[str]]:
    """The number of statements with which the act writes, and what was half done where it was killed before one."""
    before, halves = rows(), list[str]()
    for number in range(500):
        with transaction.atomic():
            try:
                with connection.execute_wrapper(killed_before(number)):
                    act()
            except Killed:
                after = rows()
                if changed := [name for name in after if after[name] != before[name]]:
                    halves.append(f"killed before {number}: {changed}")
            else:
                transaction.set_rollback(True)
                return number, halves
            transaction.set_rollback(True)
    raise AssertionError("it never ends")


def test_every_act_of_the_desk_is_done_whole_or_not_at_all(things: Things, column: Column) -> None:
    everybody: User = factories.make_user("everybody", column, *Role)
    factories.grant_all(column, everybody)
    client = freshen(client_of(everybody), everybody)
    client.get("/desk/plain/inbox/")
    done = set[tuple[str, str]]()
    for one in requests(things):
        if (one.name, one.verb) in done:
            continue
        data, answers = dict(one.data), list[int]()
        if one.name == "decline_many":  # each letter is an act of its own; what was not reached stays in the inbox
            data["letters"] = data["letters"][:1]

        def act(path: str = one.path, data: dict[str, Any] = data, answers: list[int] = answers) -> None:
            response: Any = client.post(path, data)
            if response.streaming:
                b"".join(response.streaming_content)
            answers.append(response.status_code)

        number, halves = tried(act)
        assert not halves, f"{one.name} {one.verb}: {halves}"
        if number and answers[-1] in (200, 302):
            done.add((one.name, one.verb))
    assert len(done) > 35


def test_keys_seats_and_invitations_are_given_whole_or_not_at_all(things: Things, column: Column) -> None:
    at, owner, keys = timezone.now(), factories.someone(column, Role.OWNER), factories.desk_keys()
    new, old = factories.make_user("new"), factories.someone(column, Role.MODERATOR)
    Seat.objects.create(user=new, column=column, role=Role.AUTHOR)
    asked = Invitation.objects.filter(column=column).get()
    accepted = invitations.invite(
        "elsewhere@example.org", "E", column, [Role.AUTHOR], credential="", by=owner, at=at
    ).invitation
    guest = factories.make_user("elsewhere", things.elsewhere[0].column, Role.AUTHOR)
    acts: dict[str, Callable[[], Any]] = {
        "grant": lambda: keyring.grant(column, new, by=owner, at=at, keys=keys),
        "month": lambda: keyring.month_key(column, at=at + dt.timedelta(days=40)),
        "leave": lambda: membership.set_seats(old, column, frozenset(), by=owner, at=at),
        "sheet": lambda: keyring.replace_recovery_key(by=owner, at=at, keys=keys),
        "pair": lambda: keyring.make_pair(old, factories.PASSWORD, at=at),
        "join": lambda: invitations.join(asked, "New", "a long enough password", at=at),
        "accept": lambda: invitations.accept(accepted, guest, at=at),
        "invite": lambda: invitations.invite(
            "x@example.org", "X", column, [Role.AUTHOR], credential="", by=owner, at=at
        ),
    }
    for name, act in acts.items():
        number, halves = tried(act)
        assert number > 1, name
        assert not halves, f"{name}: {halves}"
