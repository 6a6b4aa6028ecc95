"""A letter is made the one that leads its bundle."""

from __future__ import annotations

from columns.models import Column
from inbox.models import Letter, User
from tests.access_checks import client_of
from tests.inbox.desk.inbox.bundle_acts import ActOnABundle, order


class TestTheAct(ActOnABundle):
    name = "bundle_lead"
    said = "leads now"


def test_makes_the_letter_lead(column: Column, moderator: User, three: list[Letter]) -> None:
    page = client_of(moderator).post(TestTheAct().path(three[2]), follow=True).text
    assert f"{three[2].label} leads now." in page
    assert order(column, three[0]) == [three[2], three[0], three[1]]


def test_one_that_leads_already_is_said(column: Column, moderator: User, three: list[Letter]) -> None:
    page = client_of(moderator).post(TestTheAct().path(three[0]), follow=True).text
    assert "leads already. Nothing was changed." in page
    assert order(column, three[0]) == three
