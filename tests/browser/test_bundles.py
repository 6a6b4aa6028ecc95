"""Choosing which letters go together, in a real browser: without a script, on a phone, in the dark."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from columns.models import Column
from inbox.editorial import bundles
from inbox.workflow import Role
from tests import factories
from tests.access_checks import client_of
from tests.browser.looking import faults

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def column(transactional_db: None) -> Column:
    return factories.make_column(slug="plain", title="Plain Answers")


class Desk:
    """A moderator's browser on the page of one letter, and the other letters."""

    def __init__(self, browser: Any, live_server: LiveServer, column: Column, **options: Any) -> None:
        moderator = factories.make_user("moderator", column, Role.MODERATOR)
        self.keys, at = factories.desk_keys(), timezone.now()
        self.letter, self.listed, urgent, self.other = (factories.make_letter(column) for _ in range(4))
        urgent.mark_urgent(by=moderator, at=at, urgent=True)
        bundles.join(self.listed, [factories.make_letter(column)], by=moderator, at=at, keys=self.keys)
        self.context = browser.new_context(**options)
        cookies = client_of(moderator).cookies
        given = [{"name": name, "value": one.value, "url": live_server.url} for name, one in cookies.items()]
        self.context.add_cookies(given)
        self.page = self.context.new_page()
        self.page.goto(live_server.url + reverse("desk:together", args=["plain", self.letter.pk]))


def test_letters_are_put_together_without_a_script(browser: Any, live_server: LiveServer, column: Column) -> None:
    desk = Desk(browser, live_server, column, java_script_enabled=False)
    desk.page.get_by_label(desk.other.label).check()
    desk.page.get_by_label("Another letter").fill(desk.listed.label.lower())
    desk.page.get_by_role("button", name="Put together").click()
    expect(desk.page.get_by_text(f"{desk.letter.label} lies together with them")).to_be_visible()
    assert len(bundles.of(column, desk.keys)[desk.letter.pk].ids) == 4
    desk.context.close()


def test_the_page_can_be_used_by_everybody(browser: Any, live_server: LiveServer, column: Column) -> None:
    desk = Desk(browser, live_server, column)
    found = faults(desk.page, "together")
    desk.page.get_by_role("button", name="Put together").click()
    expect(desk.page.get_by_role("alert").first).to_be_visible()
    found += faults(desk.page, "together refused")
    desk.context.close()
    assert found == []
