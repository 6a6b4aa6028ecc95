"""The check page in a real browser: one press changes a detail and one brings it back, with script and without."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, ViewportSize, expect
from pytest_django.live_server_helper import LiveServer

from columns.models import Column, HelpLine
from inbox.models import Letter
from tests import factories
from tests.browser.looking import faults
from tests.browser.test_journey import Person

PHONE = ViewportSize(width=390, height=844)
LETTER = (
    "My name is Anna Bell, I am 34 and I live in Leeds. Leeds is small, and my husband Tom knows everybody there.\n\n"
    "He hits me when I say no. Is it normal to want nothing?\n\nThanks, Anna"
)


@pytest.fixture
def column(transactional_db: None) -> Column:
    column = factories.make_column(slug="plain", title="Plain Answers")
    HelpLine.objects.create(column=column, name="Lima Line", number="555 02", country="PE")
    HelpLine.objects.create(column=column, name="Britain Line", number="555 03", country="GB")
    factories.make_article(column, question=LETTER)
    return column


def _written(person: Person) -> Page:
    page = person.page
    page.goto(person.base + "/plain/write/")
    page.get_by_label("Your letter").fill(LETTER)
    page.get_by_text("About you (all optional)").click()
    page.get_by_label("The country you live in").fill("UK")
    page.get_by_label("What is it about?").select_option("pain")
    page.get_by_role("button", name="Check my letter").click()
    expect(page.get_by_role("heading", name="Check your letter")).to_be_visible()
    return page


def _letter(page: Page) -> str:
    return page.locator("input[name=text]").first.input_value()


def _looks(person: Person) -> None:
    """At the top of the page: what stays in sight there would hide half a button further down."""
    person.page.evaluate("scrollTo(0, 0)")
    person.trouble += faults(person.page)
    person.page.set_viewport_size(PHONE)


@pytest.mark.encoder
def test_one_press_and_back(live_server: LiveServer, browser: Any, column: Column) -> None:
    person = Person(browser, live_server.url)
    person.page.set_viewport_size(PHONE)
    person.goes_to("/plain/before-you-write/")
    person.page.get_by_text("Pain", exact=True).click()
    _looks(person)
    page = _written(person)
    _looks(person)
    expect(page.locator(".care")).to_contain_text("Britain Line")
    page.get_by_role("button", name="“a town” instead of “Leeds”").click()
    expect(page.locator("#changed")).to_contain_text("“Leeds” is now “a town”, in 2 places.")
    expect(page.locator("#changed")).to_be_focused()
    expect(page.locator("#changed")).to_be_in_viewport()
    assert "Leeds" not in _letter(page)
    _looks(person)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#changed")).to_contain_text("as it was before")
    expect(page.locator("#changed")).to_be_focused()
    assert _letter(page) == LETTER
    page.get_by_role("button", name="Change all of them").click()
    expect(page.get_by_text("We found nothing that could point to you.")).to_be_visible()
    _looks(person)
    assert person.page.url.endswith("/plain/write/")
    assert person.context.cookies() == []
    page.get_by_role("link", name="This helped").click()
    expect(page.get_by_role("heading", name="Good that it helped")).to_be_visible()
    _looks(person)
    assert person.trouble == []


def test_without_script(live_server: LiveServer, browser: Any, column: Column) -> None:
    page = _written(Person(browser, live_server.url, script=False))
    page.get_by_role("button", name="“a town” instead of “Leeds”").click()
    expect(page.locator("#changed")).to_be_in_viewport()
    assert "Leeds" not in _letter(page)
    page.get_by_role("button", name="Undo").click()
    assert _letter(page) == LETTER
    page.get_by_role("button", name="“a town” instead of “Leeds”").click()
    page.get_by_role("button", name="Send my letter").click()
    expect(page.get_by_role("heading", name="Your letter is sent")).to_be_visible()
    assert Letter.objects.count() == 1 + 1  # with the one that the published article answers
