"""The care cards in a real browser, without script: who needs them sees them before anything else, on a phone too."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, ViewportSize, expect
from pytest_django.live_server_helper import LiveServer

from columns.models import Column, HelpLine
from tests import factories
from tests.browser.looking import faults

PHONE = ViewportSize(width=360, height=740)
NOW = "I want to kill myself tonight. He raped me on Friday and I am 15 years old. I do not know whom to tell."
SOON = "I am afraid of him in the evenings. Is it normal that I want nothing any more?"
LINES = [
    ("Talk", "116 999", "self_harm", "GB", "Day and night", "phone text"),
    ("After Assault", "+44 555 0102", "assault", "GB", "Day and night", "phone chat"),
    ("Young Line", "555 0103", "minor", "", "Every day from 9 to 21", "phone text chat"),
    ("Safe Door", "555 0101", "abuse coercion", "", "Day and night", "phone"),
    ("Emergency", "999", "emergency", "GB", "", "phone"),
    ("Teléfono", "555 0105", "self_harm", "ES", "", "phone"),
]


@pytest.fixture
def column(transactional_db: None) -> Column:
    column = factories.make_column(slug="plain", title="Plain Answers")
    for name, number, concerns, country, hours, ways in LINES:
        HelpLine.objects.create(
            column=column, name=name, number=number, concerns=concerns, country=country, hours=hours, ways=ways,
            about="For anybody who needs it.", languages="English",
        )  # fmt: skip
    return column


def written(page: Page, base: str, text: str) -> None:
    page.goto(f"{base}/plain/write/")
    page.get_by_label("Your letter").fill(text)
    page.locator("details", has_text="About you").first.evaluate("one => one.open = true")
    page.get_by_label("The country you live in").fill("UK")
    page.get_by_role("button", name="Check my letter").click()


def numbers_are_wide(page: Page) -> bool:
    """Whether every number of an open card that can be pressed is at least 44 by 44 CSS pixels."""
    boxes = [one.bounding_box() for one in page.locator(".care .lines a.number").all() if one.is_visible()]
    assert boxes
    return all(box and box["width"] >= 44 and box["height"] >= 44 for box in boxes)


def test_from_the_check_page_to_the_letter(browser: Any, live_server: LiveServer, column: Column) -> None:
    # axe is a script of its own, which a browser without scripts would not run: it looks in a second one
    for script in (False, True):
        context = browser.new_context(java_script_enabled=script, viewport=PHONE)
        page = context.new_page()
        found: list[str] = []
        page.on("console", lambda message, found=found: found.append(message.text) if message.type == "error" else None)

        def look(name: str, page: Page = page, found: list[str] = found, *, script: bool = script) -> None:
            page.set_viewport_size(PHONE)
            expect(page.locator("main > .care, .no-print > .care")).to_have_count(2)
            expect(page.get_by_role("link", name="Call Talk: 116 999").first).to_be_in_viewport()
            assert numbers_are_wide(page)
            if script:
                page.evaluate("scrollTo(0, 0)")
                found += faults(page, name)

        written(page, live_server.url, NOW)
        look("care check")
        page.get_by_role("button", name="Send my letter").click()
        look("care sent")
        receipt = page.locator(".receipt").inner_text().replace("\n", "")
        page.get_by_label("Type the last five characters of your receipt").fill(receipt[-6:])
        page.get_by_role("button", name="I kept my receipt").click()
        expect(page.get_by_role("heading", name="You kept it")).to_be_visible()
        look("care kept")
        page.goto(f"{live_server.url}/plain/letter/")
        page.get_by_label("Your receipt").fill(receipt)
        page.get_by_role("button", name="Find my letter").click()
        page.get_by_role("button", name="Open my letter").click()
        look("care your letter")
        assert page.url.startswith(f"{live_server.url}/plain/letter/")
        assert "?" not in page.url
        assert context.cookies() == []
        assert found == []
        context.close()


def test_a_card_that_claims_nothing(browser: Any, live_server: LiveServer, column: Column) -> None:
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    written(page, live_server.url, SOON)
    expect(page.locator(".care")).to_have_count(1)
    expect(page.get_by_role("heading", name="If any of this is urgent")).to_be_in_viewport()
    expect(page.get_by_role("link", name="Call Emergency: 999").first).to_be_in_viewport()
    page.get_by_text("If somebody hurts, threatens or controls you").click()
    expect(page.get_by_text("What others do to you is not your fault.")).to_be_visible()
    page.evaluate("scrollTo(0, 0)")
    assert faults(page, "care soon") == []
    context.close()
