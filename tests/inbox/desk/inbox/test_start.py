"""Start: straight to the letter that waits most."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from columns.models import Column
from inbox.models import User
from tests import factories

SignIn = Callable[[User], Client]
PATH = "/desk/plain/start/"


def test_leads_to_the_letter_that_waits_most(column: Column, moderator: User, signed_in: SignIn) -> None:
    factories.make_letter(column)
    urgent = factories.make_letter(column, text="Some nights I think about ending my life and I cannot tell anyone.")
    assert signed_in(moderator).get(PATH).headers["Location"] == f"/desk/plain/letters/{urgent.pk}/"


def test_leads_to_the_empty_list_where_none_waits(column: Column, moderator: User, signed_in: SignIn) -> None:
    assert signed_in(moderator).get(PATH).headers["Location"] == "/desk/plain/inbox/"


def test_who_may_not(
    column: Column,
    stranger: Client,
    author_elsewhere: User,
    owner: User,
    reviewer: User,
    moderator: User,
    signed_in: SignIn,
) -> None:
    assert stranger.get(PATH).status_code == 302
    for person, status in ((author_elsewhere, 404), (owner, 403), (reviewer, 403)):
        assert signed_in(person).get(PATH).status_code == status
    assert signed_in(moderator).post(PATH).status_code == 405
