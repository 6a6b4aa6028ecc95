"""Pages that are open for half an hour say so before they close, and can be kept open (WCAG 2.2.1)."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests import factories
from tests.browser.looking import axe

pytestmark = pytest.mark.django_db(transaction=True)
MINUTE = 60 * 1000


def passes(page: Page, minutes: float) -> None:
    page.clock.fast_forward(int(minutes * MINUTE))


def opens(page: Page, base: str, receipt: str) -> None:
    page.goto(f"{base}/plain/letter/")
    page.get_by_label("Your receipt").fill(receipt)
    page.get_by_role("button", name="Find my letter").click()
    page.get_by_role("button", name="Open my letter").click()
    page.locator("#as-sent-title").wait_for()
    page.get_by_text("Say something more").click()


def test_a_page_warns_before_it_closes_and_can_be_kept_open(live_server: LiveServer, browser: Any) -> None:
    factories.make_column(slug="plain", title="Plain Answers")
    context = browser.new_context()
    page = context.new_page()
    page.clock.install()
    page.goto(f"{live_server.url}/plain/write/")
    page.get_by_label("Your letter").fill(factories.LETTER_TEXT)
    page.get_by_role("button", name="Check my letter").click()
    page.get_by_role("button", name="Send my letter").first.click()
    receipt = page.locator(".receipt").inner_text()
    limit, more = page.locator(".time-limit"), page.get_by_role("button", name="Keep it open for 30 more minutes")
    expect(limit).to_be_hidden()
    passes(page, 28.5)
    expect(limit).to_contain_text("This page closes in two minutes.")
    expect(limit).to_be_in_viewport()
    assert axe(page) == []
    more.click()
    expect(limit).to_be_hidden()
    assert page.locator(".receipt").inner_text() == receipt
    # it lasts as long again, and then the receipt stays in sight
    passes(page, 27)
    expect(limit).to_be_hidden()
    passes(page, 4)
    expect(limit).to_contain_text("This page has closed")
    assert page.locator(".receipt").inner_text() == receipt

    opens(page, live_server.url, receipt)
    page.get_by_label("Write to the column").fill("Half a sentence")
    passes(page, 28.5)
    more.click()
    expect(limit).to_be_hidden()
    expect(page.get_by_label("Write to the column")).to_have_value("Half a sentence")
    # with something typed it stays; without, a letter that nobody looks at is taken off the screen
    passes(page, 31)
    expect(limit).to_contain_text("This page has closed")
    expect(page.get_by_label("Write to the column")).to_have_value("Half a sentence")
    opens(page, live_server.url, receipt)
    passes(page, 31)
    expect(page.get_by_role("heading", name="Your letter has closed")).to_be_visible()
    assert factories.LETTER_TEXT[:30] not in page.content()
    page.go_back(wait_until="commit")
    page.wait_for_timeout(300)
    assert factories.LETTER_TEXT[:30] not in page.content()
    context.close()
