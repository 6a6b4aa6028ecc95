"""A letter is taken out of its bundle."""

from __future__ import annotations

from columns.models import Column
from inbox.models import Letter, User
from tests.access_checks import client_of
from tests.inbox.desk.inbox.bundle_acts import ActOnABundle, order


class TestTheAct(ActOnABundle):
    name = "bundle_out"
    said = "stands alone again"


def test_takes_the_letter_out(column: Column, moderator: User, three: list[Letter]) -> None:
    page = client_of(moderator).post(TestTheAct().path(three[0]), follow=True).text
    assert f"{three[0].label} stands alone again." in page
    assert order(column, three[0]) == []
    assert order(column, three[1]) == [three[1], three[2]]
