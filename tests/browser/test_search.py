"""The search of the desk in a real browser: by keyboard alone, stopped half way, without script, nothing for axe."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from columns.models import Column
from inbox.models import Letter, User
from inbox.triage import search
from inbox.workflow import Role
from tests import factories
from tests.access_checks import client_of
from tests.browser.looking import faults

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def column(transactional_db: None) -> Column:
    return factories.make_column(slug="plain", title="Plain Answers")


@pytest.fixture
def letters(column: Column) -> list[Letter]:
    return [
        factories.make_letter(
            column, text=f"{number}. The velvet sofa <b>hurts</b> my back since we moved in together."
        )
        for number in range(6)
    ]


def at_the_search(browser: Any, base: str, user: User, **options: Any) -> Page:
    context = browser.new_context(**options)
    cookies = client_of(user).cookies.items()
    context.add_cookies([{"name": name, "value": one.value, "url": base} for name, one in cookies])
    page: Page = context.new_page()
    page.goto(f"{base}/desk/plain/search/")
    return page


def test_by_keyboard_a_letter_is_found_read_and_the_list_is_still_there(
    browser: Any, live_server: LiveServer, letters: list[Letter], column: Column
) -> None:
    page, wrong = at_the_search(browser, live_server.url, factories.someone(column, Role.MODERATOR)), []
    page.on("console", lambda line: wrong.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    expect(page.get_by_label("Words")).to_be_focused()
    page.keyboard.type("velvet")
    page.keyboard.press("Enter")
    expect(page.locator("#search-progress")).to_contain_text("6 found in 6 of 6 letters")
    expect(page.locator("#hits mark").first).to_have_text("velvet")
    page.get_by_role("button", name="Search", exact=True).focus()
    page.keyboard.press("j")
    page.keyboard.press("j")
    label = page.locator("#hits .code").nth(1).inner_text()
    page.keyboard.press("Enter")
    look = page.get_by_role("dialog", name=label)
    expect(look.locator(".letter-text")).to_contain_text("The velvet sofa <b>hurts</b> my back")
    assert look.locator("form").count() == 1, "nothing can be decided here by mistake"
    assert page.url.endswith("/search/")
    assert faults(page, "search, a letter over it") == []
    page.keyboard.press("Escape")
    expect(page.locator("#hits .row > a").nth(1)).to_be_focused()
    expect(page.locator("#hits .row")).to_have_count(6)
    assert page.locator(".letter-text").count() == 0, "its words have left the page"
    # the way back of the browser closes the letter, too, and does not lead away from what was found
    page.keyboard.press("Enter")
    expect(look).to_be_visible()
    page.go_back()
    expect(look).to_be_hidden()
    expect(page.locator("#hits .row")).to_have_count(6)
    page.keyboard.press("Enter")
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Open it in the inbox").press("Enter")
    expect(opened.value.locator("#letter-title")).to_have_text(label)
    expect(page.locator("#hits .row")).to_have_count(6)
    assert wrong == []
    page.context.close()


def test_it_can_be_stopped_half_way(
    browser: Any, live_server: LiveServer, letters: list[Letter], column: Column, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "BATCH", 2)
    page = at_the_search(browser, live_server.url, factories.someone(column, Role.MODERATOR))
    asked: list[str] = []

    def first_only(route: Any) -> None:
        asked.append(route.request.url)
        if len(asked) == 1:
            route.continue_()

    page.route("**/search/", first_only)
    page.keyboard.type("velvet")
    page.keyboard.press("Enter")
    expect(page.locator("#search-progress")).to_contain_text("2 found in 2 of 6 letters")
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#search-progress")).to_contain_text("2 found in 2 of 6 letters. Stopped.")
    expect(page.get_by_role("button", name="Stop")).to_be_hidden()
    assert len(asked) == 2
    page.context.close()


def test_axe_finds_nothing(browser: Any, live_server: LiveServer, letters: list[Letter], column: Column) -> None:
    page = at_the_search(browser, live_server.url, factories.someone(column, Role.MODERATOR))
    found = faults(page, "search")
    page.get_by_role("button", name="Search", exact=True).click()
    expect(page.get_by_role("alert").first).to_be_visible()
    found += faults(page, "search refused")
    page.get_by_label("Words").fill("velvet")
    page.get_by_role("button", name="Search", exact=True).click()
    expect(page.locator("#hits .row")).to_have_count(6)
    found += faults(page, "search, found")
    page.context.close()
    assert found == []


def test_without_script(browser: Any, live_server: LiveServer, letters: list[Letter], column: Column) -> None:
    user = factories.someone(column, Role.MODERATOR)
    page = at_the_search(browser, live_server.url, user, java_script_enabled=False)
    page.get_by_label("Words").fill("velvet")
    page.keyboard.press("Enter")
    expect(page.locator("#hits .row")).to_have_count(6)
    page.locator("#hits .row > a").first.click()
    expect(page.locator(".letter-text")).to_contain_text("The velvet sofa")
    page.context.close()
