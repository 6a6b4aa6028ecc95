"""An owner calls an invitation back, until it is answered."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable

import pytest
from django.test import Client

from columns.models import Column
from inbox.models import ColumnEvent, Invitation, User
from inbox.staff import invitations
from inbox.workflow import Role
from tests import factories

SignIn = Callable[[User], Client]
CONFIRM = {"confirm_password": factories.PASSWORD}


@pytest.fixture
def invitation(column: Column, owner: User, at: dt.datetime) -> Invitation:
    factories.give_address(owner)
    return invitations.invite(
        "new@example.org", "New Person", column, [Role.AUTHOR], credential="", by=owner, at=at
    ).invitation


def path(invitation_id: uuid.UUID, column: str = "plain") -> str:
    return f"/desk/{column}/staff/invitations/{invitation_id}/"


def test_it_is_over_at_once(column: Column, owner: User, invitation: Invitation, signed_in: SignIn) -> None:
    client = signed_in(owner)
    done = client.post(path(invitation.pk), CONFIRM, follow=True)
    assert "The invitation of New Person is called back." in done.text
    assert "Open invitations" not in done.text
    assert not Invitation.objects.exists()
    event = ColumnEvent.objects.get(verb="call_back_invitation")
    assert (event.by, event.about) == (owner, "New Person: author")
    assert client.post(path(invitation.pk), CONFIRM).status_code == 404


def test_any_owner_of_the_column_and_nobody_else(
    column: Column, other_column: Column, moderator: User, invitation: Invitation, signed_in: SignIn
) -> None:
    elsewhere, second = (
        factories.make_user("owner-elsewhere", other_column, Role.OWNER),
        factories.make_user("second", column, Role.OWNER),
    )
    for user in (elsewhere, second, moderator):
        factories.give_address(user)
    assert signed_in(moderator).post(path(invitation.pk), CONFIRM).status_code == 403
    assert signed_in(elsewhere).post(path(invitation.pk), CONFIRM).status_code == 404
    assert signed_in(elsewhere).post(path(invitation.pk, "elsewhere"), CONFIRM).status_code == 404
    assert Invitation.objects.count() == 1
    assert signed_in(second).post(path(invitation.pk)).status_code == 403  # no fresh sign-in
    assert signed_in(second).post(path(invitation.pk), CONFIRM).status_code == 302


def test_wrong_method(owner: User, invitation: Invitation, signed_in: SignIn) -> None:
    assert signed_in(owner).get(path(invitation.pk)).status_code == 405
