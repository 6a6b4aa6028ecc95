"""The owner's pages in a real browser: whole by keyboard, nothing for axe to find."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from columns.models import Column, HelpLine, Topic
from inbox.models import LetterTemplate, User
from inbox.workflow import Role
from tests import factories
from tests.access_checks import client_of
from tests.browser.looking import faults

pytestmark = pytest.mark.django_db(transaction=True)
PAGES = (
    "",
    "opening/",
    "texts/",
    "topics/",
    "help-lines/",
    "help-lines/national/",
    "care/",
    "templates/",
    "intake/",
    "retention/",
    "export/",
    "health/",
)


def owners_browser(browser: Any, base: str, column: Column, **how: Any) -> Any:
    both = factories.make_user("both", column, Role.OWNER, Role.MODERATOR)
    context = browser.new_context(**how)
    context.add_cookies(
        [{"name": name, "value": one.value, "url": base} for name, one in client_of(both).cookies.items()]
    )
    return context


def test_axe_finds_nothing(browser: Any, live_server: LiveServer, column: Column) -> None:
    HelpLine.objects.create(column=column, name="Kia ora line", number="1737", country="NZ")
    LetterTemplate.objects.create(column=column, kind="ask", title="When", text="When did it begin, if we may ask?")
    factories.make_article(column)
    context = owners_browser(browser, live_server.url, column)
    page, found = context.new_page(), []
    page.on("console", lambda message: found.append(message.text) if message.type == "error" else None)
    for name in (*PAGES, "retention/ looked at", "../../../plain/before-you-write/", "../../../plain/"):
        if name == "retention/ looked at":
            page.goto(f"{live_server.url}/desk/plain/owner/retention/")
            page.get_by_role("button", name="See what it would do now").click()
        else:
            page.goto(f"{live_server.url}/desk/plain/owner/{name}")
        found += faults(page, name)
    context.close()
    assert found == []


def test_a_column_is_opened_by_keyboard_and_without_script(
    browser: Any, live_server: LiveServer, column: Column
) -> None:
    """From “Today”: a national help line, terms that begin with the text that ships, then the button."""
    Column.objects.filter(pk=column.pk).update(intake_open=False, never_opened=True, terms="")
    HelpLine.objects.all().delete()
    context = owners_browser(browser, live_server.url, column, java_script_enabled=False)
    factories.make_ready(column, User.objects.get(name="Both"))
    page = context.new_page()
    page.goto(f"{live_server.url}/desk/")
    page.get_by_role("link", name="See where each is done").press("Enter")
    page.get_by_role("link", name="Choose from national help lines").press("Enter")
    page.get_by_label("1737 Need to talk?").press("Space")
    page.get_by_role("button", name="Add the lines that are ticked").press("Enter")
    expect(page.get_by_text("1 line is added.")).to_be_visible()
    page.get_by_role("link", name="Texts and terms").press("Enter")
    page.get_by_role("link", name="Begin with a text").press("Enter")
    page.get_by_label("Title").fill("Plainest Answers")
    page.get_by_role("button", name="See it as readers will").press("Enter")
    expect(page.frame_locator("iframe").get_by_role("heading", name="About Plainest Answers")).to_be_visible()
    expect(page.get_by_label("Title")).to_have_value("Plainest Answers")
    page.get_by_role("button", name="Save the texts").press("Enter")
    page.get_by_role("link", name="Before it opens").press("Enter")
    page.get_by_role("button", name="Open the column now").press("Enter")
    expect(page.get_by_text("The column takes letters.").first).to_be_visible()
    assert Column.objects.get(pk=column.pk).takes_letters(timezone.localdate())
    context.close()


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
