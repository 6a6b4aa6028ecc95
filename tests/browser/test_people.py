"""A person's own pages in a real browser: whole without script, nothing for axe to find, light and dark."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from columns.models import Column
from inbox.desk.inbox import limit_and_practice
from inbox.models import User
from inbox.operations import practice
from inbox.workflow import Role
from tests import factories
from tests.access_checks import client_of
from tests.browser.looking import faults

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def person(column: Column) -> User:
    """Somebody with a letter, who is away, at a column with a colleague."""
    user = factories.make_user("both", column, Role.OWNER, Role.MODERATOR)
    factories.someone(column, Role.AUTHOR)
    factories.make_letter(column).mark("give", user.pk, by=user, at=timezone.now())
    User.objects.filter(pk=user.pk).update(away_until=timezone.localdate() + dt.timedelta(days=5))
    return user


def page_of(browser: Any, base: str, user: User, **how: Any) -> Any:
    context = browser.new_context(**how)
    cookies = client_of(user).cookies.items()
    context.add_cookies([{"name": name, "value": one.value, "url": base} for name, one in cookies])
    return context.new_page()


def test_axe_finds_nothing(browser: Any, live_server: LiveServer, person: User) -> None:
    page, found = page_of(browser, live_server.url, person), []
    page.on("console", lambda message: found.append(message.text) if message.type == "error" else None)
    refused = "the server responded with a status of 400"  # a form that was refused, as the browser puts it
    for name in ("me", "me refused", "plain/practice", "plain/staff"):
        page.goto(f"{live_server.url}/desk/{name.split()[0]}/")
        if name == "me refused":
            page.get_by_label("Decline kindly").fill("s")
            page.get_by_role("button", name="Save").click()
            expect(page.get_by_role("alert")).to_contain_text("has the key s as well")
        found += faults(page, name)
    page.context.close()
    assert [one for one in found if refused not in one] == []


def test_without_script_keys_are_changed_and_a_practice_day_is_begun(
    browser: Any, live_server: LiveServer, person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = practice.read(limit_and_practice.LETTERS)
    monkeypatch.setattr(practice, "read", lambda path: {**content, "letter": content["letter"][-3:]})
    page = page_of(browser, live_server.url, person, java_script_enabled=False)
    page.goto(f"{live_server.url}/desk/me/")
    page.get_by_label("Hold until a day").fill("1")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Your desk is as you want it.")).to_be_visible()
    expect(page.get_by_label("Hold until a day")).to_have_value("1")
    page.get_by_role("link", name="begin a practice day").click()
    page.get_by_role("button", name="Begin a practice day").click()
    expect(page.get_by_text("Here are letters to practise on.")).to_be_visible()
    expect(page.get_by_text("Kitchen scissors")).to_be_visible()
    page.get_by_role("link", name="Practice day", exact=True).click()
    page.get_by_role("button", name="Throw it away").click()
    expect(page.get_by_text("Your practice letters are erased.")).to_be_visible()
    page.context.close()
