"""The proof of work in a real browser, under the real content policy."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from columns.models import Column
from inbox.letters import rate_limits
from inbox.models import Letter
from inbox.workflow import LetterStatus
from tests import factories
from tests.browser.test_journey import Person


@pytest.fixture
def column(transactional_db: None) -> Column:
    return factories.make_column(slug="plain", title="Plain Answers")


@pytest.fixture(autouse=True)
def _crowded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limits, "PER_NETWORK", 0)
    monkeypatch.setattr(rate_limits, "RECEIPTS", 0)


def write(person: Person, *, then: Callable[[], object] = int, late: tuple[str, Any] = ("", None)) -> None:
    """Write a letter, up to the page on which it is checked. ``then``: what is done once the form is there. ``late``: a
    script that comes late to that page, and how."""
    person.page.goto(person.base + "/plain/write/")  # axe needs script, which not everybody here runs
    person.page.get_by_label("Your letter").fill(factories.LETTER_TEXT)
    person.page.wait_for_timeout(3_100)  # a person is not faster
    then()
    name, delay = late
    if name:
        person.page.route(f"**/{name}*.js", delay)
    person.page.get_by_role("button", name="Check my letter").click()
    expect(person.page.get_by_text("Many letters are arriving just now")).to_be_visible()


def test_the_browser_proves_itself_and_the_letter_is_received(
    live_server: LiveServer, browser: Any, column: Column
) -> None:
    person = Person(browser, live_server.url)
    write(person)
    expect(person.page.locator("altcha-widget input[type=checkbox]")).to_be_checked()
    person.looks()
    person.page.get_by_role("button", name="Send my letter").click()
    expect(person.page.get_by_role("heading", name="Your letter is sent")).to_be_visible()
    assert Letter.objects.get().status == LetterStatus.RECEIVED
    receipt = re.sub(r"\s", "", person.page.locator(".receipt").inner_text())

    person.goes_to("/plain/letter/")
    person.page.get_by_label("Your receipt").fill(receipt)
    person.page.get_by_role("button", name="Find my letter").click()
    expect(person.page.get_by_text("We did not look for your letter yet")).to_be_visible()
    person.looks()
    person.page.get_by_label("Your receipt").fill(receipt)
    person.page.get_by_role("button", name="Find my letter").click()
    expect(person.page.get_by_text("Your letter is here")).to_be_visible()
    assert person.trouble == []


@pytest.mark.parametrize("late", ["altcha.min", "proof_of_work"])
def test_a_script_that_comes_late_is_waited_for(
    live_server: LiveServer, browser: Any, column: Column, late: str
) -> None:
    """On a slow network the scripts arrive far apart, in either order, and the proof is found all the same."""
    person = Person(browser, live_server.url)

    def delay(route: Any) -> None:
        person.page.wait_for_timeout(1_500)
        route.continue_()

    person.page.route(f"**/{late}*.js", delay)
    write(person)
    expect(person.page.locator("altcha-widget input[type=checkbox]")).to_be_checked()
    assert person.trouble == []


@pytest.mark.parametrize("natively", [False, True])
@pytest.mark.parametrize("late", ["", "altcha.min", "proof_of_work", "proof_gate", "path"])
def test_pressed_at_once_the_form_waits_for_the_proof(
    live_server: LiveServer, browser: Any, column: Column, late: str, *, natively: bool
) -> None:
    """Whatever comes late, and whether a script or the browser brought the page: no press sends without a proof."""
    person = Person(browser, live_server.url)

    def delay(route: Any) -> None:
        person.page.wait_for_timeout(1_500)
        route.continue_()

    if natively:
        person.page.route("**/path*.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    write(person, then=lambda: person.page.unroute("**/path*.js"), late=(late, delay))
    person.page.get_by_role("button", name="Send my letter").click()
    expect(person.page.get_by_role("heading", name="Your letter is sent")).to_be_visible()
    assert Letter.objects.get().status == LetterStatus.RECEIVED
    assert person.trouble == []


def test_where_the_program_never_comes_the_letter_goes_without_a_proof(
    live_server: LiveServer, browser: Any, column: Column
) -> None:
    person = Person(browser, live_server.url)
    person.page.route("**/altcha.min*.js", lambda route: route.abort())
    write(person)
    person.page.get_by_role("button", name="Send my letter").click()
    expect(person.page.get_by_role("heading", name="Your letter is sent")).to_be_visible()
    assert Letter.objects.get().status == LetterStatus.HELD


def test_without_script_the_letter_is_taken_and_held(live_server: LiveServer, browser: Any, column: Column) -> None:
    person = Person(browser, live_server.url, script=False)
    write(person)
    person.page.get_by_role("button", name="Send my letter").click()
    expect(person.page.get_by_role("heading", name="Your letter is sent")).to_be_visible()
    assert Letter.objects.get().status == LetterStatus.HELD
