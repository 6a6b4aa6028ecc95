"""A person's own pages in a real browser: whole without script, nothing for axe to find, light and dark."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from columns.models import Column
from inbox import practice
from inbox.models import User
from inbox.views import people
from inbox.workflow import Role
from tests import factories
from tests.browser.test_journey import TAGS
from tests.doors import client_of

pytestmark = pytest.mark.django_db(transaction=True)
#: Where pictures of the pages are put, if somebody wants to look at them.
PICTURES = os.environ.get("PICTURES", "")


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


@pytest.mark.parametrize("width", [320, 390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser: Any, live_server: LiveServer, person: User, width: int, scheme: Any) -> None:
    how = {"viewport": {"width": width, "height": 844}, "color_scheme": scheme}
    page, found = page_of(browser, live_server.url, person, **how), []
    page.on("console", lambda message: found.append(message.text) if message.type == "error" else None)
    refused = "the server responded with a status of 400"  # a form that was refused, as the browser puts it
    for name in ("me", "me refused", "plain/practice", "plain/staff"):
        page.goto(f"{live_server.url}/desk/{name.split()[0]}/")
        if name == "me refused":
            page.get_by_label("Decline kindly").fill("s")
            page.get_by_role("button", name="Save").click()
            expect(page.get_by_role("alert")).to_contain_text("has the key s as well")
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        violations = Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}}).response["violations"]
        found += [f"{name} {one['id']} {[node['target'] for node in one['nodes']][:3]}" for one in violations]
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            found.append(f"{name} scrolls sideways")
        if PICTURES:
            page.screenshot(path=Path(PICTURES) / f"{name.replace('/', '-')}-{width}-{scheme}.png", full_page=True)
    page.context.close()
    assert [one for one in found if refused not in one] == []


def test_without_script_keys_are_changed_and_a_practice_day_is_begun(
    browser: Any, live_server: LiveServer, person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = practice.read(people.LETTERS)
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
