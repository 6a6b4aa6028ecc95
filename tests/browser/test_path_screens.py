"""The pages of the letter's path as a phone shows them: what stands in the first screen, and what a finger can hit."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import ViewportSize, expect
from pytest_django.live_server_helper import LiveServer

from columns.models import Column, HelpLine
from inbox.editorial import decisions
from inbox.workflow import Role
from tests import factories
from tests.browser.looking import faults
from tests.browser.test_journey import Person

PHONE = ViewportSize(width=360, height=740)


@pytest.fixture
def column(transactional_db: None) -> Column:
    column = factories.make_column(
        slug="plain", title="Plain Answers", terms="\n\n".join(["Some letters are answered here, in public."] * 12)
    )
    about = "For anybody who has been sexually assaulted, last night or long ago."
    for number in range(3):
        HelpLine.objects.create(column=column, name=f"Line of help {number}", number=f"555 010{number}", about=about)
    factories.make_article(column)
    return column


@pytest.mark.parametrize("script", [True, False])
def test_the_start_page_is_short_and_its_button_in_the_first_screen(
    live_server: LiveServer, browser: Any, column: Column, *, script: bool
) -> None:
    person = Person(browser, live_server.url, script=script)
    page = person.page
    page.set_viewport_size(PHONE)
    person.goes_to("/plain/before-you-write/")
    button = page.get_by_role("link", name="Start my letter").bounding_box()
    assert button
    assert button["y"] + button["height"] <= PHONE["height"]
    assert page.evaluate("document.documentElement.scrollHeight") <= 3 * PHONE["height"]
    expect(page.get_by_text("Some letters are answered here").first).to_be_hidden()
    page.get_by_text("The terms of this column").click()
    expect(page.get_by_text("Some letters are answered here").first).to_be_visible()
    assert person.trouble + (faults(page, "start") if script else []) == []


@pytest.mark.parametrize("path", ["before-you-write/", "write/", "letter/", "", "nothing/", "../privacy/"])
def test_numbers_are_as_large_as_a_finger_and_lines_are_rows(
    live_server: LiveServer, browser: Any, column: Column, path: str
) -> None:
    person = Person(browser, live_server.url)
    page = person.page
    page.set_viewport_size(PHONE)
    page.goto(f"{live_server.url}/plain/{path}")
    links = page.locator('a[href^="tel:"]')
    assert links.count() == 4
    for link in links.all():
        box, row = link.bounding_box(), link.locator("xpath=ancestor::li").bounding_box()
        assert box
        assert row
        assert box["height"] >= 44
        assert box["width"] >= 44
        assert box["x"] > row["x"] + 150, "beside the name, not under it"
    assert faults(page, f"numbers {path or 'home'}") == []


@pytest.mark.parametrize("script", [True, False])
def test_what_is_said_and_who_asks_stand_in_sight(
    live_server: LiveServer, browser: Any, column: Column, *, script: bool
) -> None:
    """What a page begins with after an act is not under the header that stays; words in a line are not torn apart."""
    taken = factories.take_letter(column, about={"may_ask": True})
    decisions.ask(
        taken.letter,
        "Since when?",
        by=factories.someone(column, Role.AUTHOR),
        at=timezone.now() - dt.timedelta(hours=1),
    )
    person = Person(browser, live_server.url, script=script)
    page = person.page
    page.set_viewport_size(PHONE)
    page.goto(f"{live_server.url}/plain/letter/")
    page.locator("[name=receipt]").fill(taken.receipt)
    page.get_by_role("button", name="Find my letter").click()
    page.get_by_role("button", name="Open my letter").click()
    asks = page.locator(".asked-you .message-from")
    asks.wait_for()
    assert asks.inner_text().startswith("Plain Answers asks you")
    page.locator(".asked-you textarea").fill("Since the spring.")
    page.get_by_role("button", name="Send my answer").click()
    said = page.locator(".said")
    said.wait_for()
    header, box = page.locator(".exit").bounding_box(), said.bounding_box()
    assert header
    assert box
    assert box["y"] >= header["y"] + header["height"]
