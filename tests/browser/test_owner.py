"""The owner's pages in a real browser: whole by keyboard, nothing for axe to find."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from columns.models import Column, HelpLine, Topic
from inbox.models import LetterTemplate
from inbox.workflow import Role
from tests import factories
from tests.browser.test_journey import TAGS
from tests.doors import client_of

pytestmark = pytest.mark.django_db(transaction=True)
PAGES = ("", "texts/", "topics/", "help-lines/", "templates/", "intake/", "retention/", "export/", "health/")
#: Where pictures of the pages are put, if somebody wants to look at them.
PICTURES = os.environ.get("PICTURES", "")


def owners_browser(browser: Any, base: str, column: Column, **how: Any) -> Any:
    both = factories.make_user("both", column, Role.OWNER, Role.MODERATOR)
    context = browser.new_context(**how)
    context.add_cookies(
        [{"name": name, "value": one.value, "url": base} for name, one in client_of(both).cookies.items()]
    )
    return context


@pytest.mark.parametrize("width", [320, 390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser: Any, live_server: LiveServer, column: Column, width: int, scheme: Any) -> None:
    HelpLine.objects.create(column=column, name="Kia ora line", number="1737", country="NZ")
    LetterTemplate.objects.create(column=column, kind="ask", title="When", text="When did it begin, if we may ask?")
    factories.make_article(column)
    how = {"viewport": {"width": width, "height": 844}, "color_scheme": scheme}
    context = owners_browser(browser, live_server.url, column, **how)
    page, found = context.new_page(), []
    page.on("console", lambda message: found.append(message.text) if message.type == "error" else None)
    for name in (*PAGES, "retention/ looked at", "../../../plain/before-you-write/", "../../../plain/"):
        if name == "retention/ looked at":
            page.goto(f"{live_server.url}/desk/plain/owner/retention/")
            page.get_by_role("button", name="See what it would do now").click()
        else:
            page.goto(f"{live_server.url}/desk/plain/owner/{name}")
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        violations = Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}}).response["violations"]
        found += [f"{name} {one['id']} {[node['target'] for node in one['nodes']][:3]}" for one in violations]
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            found.append(f"{name} scrolls sideways")
        if PICTURES:
            file = name.strip("/").replace("/", "-").replace(" ", "-").replace(".", "") or "overview"
            page.screenshot(path=Path(PICTURES) / f"{file}-{width}-{scheme}.png", full_page=True)
    context.close()
    assert found == []


def test_topics_by_keyboard_and_without_script(browser: Any, live_server: LiveServer, column: Column) -> None:
    context = owners_browser(browser, live_server.url, column, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/desk/plain/owner/topics/")
    page.get_by_role("button", name="Move Desire up").press("Enter")
    expect(page.get_by_text("“Desire” is one place further up.")).to_be_visible()
    assert [one.name for one in Topic.objects.filter(column=column)] == ["Desire", "Pain"]
    page.get_by_text("Change Pain").press("Enter")
    page.locator("li", has=page.get_by_role("heading", name="Pain")).get_by_label("Name").fill("Hurting")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Hurting")).to_be_visible()
    context.close()
