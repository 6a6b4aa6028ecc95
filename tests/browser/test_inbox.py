"""The inbox in a real browser: twenty letters without a pointer, and two people at one letter."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from columns.models import Column
from inbox.models import Letter, LetterEvent, User
from inbox.workflow import LetterStatus, Role
from tests import factories
from tests.browser.looking import becomes, faults

pytestmark = pytest.mark.django_db(transaction=True)
URGENT = "Some nights I think about ending my life and I cannot tell anyone."


@pytest.fixture
def column(transactional_db: None) -> Column:
    return factories.make_column(slug="plain", title="Plain Answers")


class Desk:
    """Somebody's browser, signed in and unlocked."""

    def __init__(self, browser: Any, live: LiveServer, user: User, **options: Any) -> None:
        self.context: BrowserContext = browser.new_context(viewport={"width": 1280, "height": 900}, **options)
        self.url = str(live.url)
        for name, morsel in factories.sign_in(Client(), user).cookies.items():
            self.context.add_cookies([{"name": name, "value": morsel.value, "url": self.url}])
        self.page: Page = self.context.new_page()
        self.wrong: list[str] = []
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("console", self._note)

    def _note(self, line: Any) -> None:
        if line.type == "error":
            self.wrong.append(line.text)

    def open(self, path: str) -> Page:
        self.page.goto(f"{self.url}{path}")
        return self.page

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def label(self) -> str:
        return self.page.locator("#letter-title").inner_text()


@pytest.fixture
def sit_down(browser: Any, live_server: LiveServer) -> Iterator[Any]:
    """``sit_down(user)``: a browser of their own."""
    desks: list[Desk] = []

    def one(user: User, **options: Any) -> Desk:
        desks.append(Desk(browser, live_server, user, **options))
        return desks[-1]

    yield one
    for desk in desks:
        desk.context.close()
    # a decision that somebody else was quicker with is answered with 409, which the browser notes
    wrong = [line for desk in desks for line in desk.wrong if "409" not in line]
    assert wrong == []


def test_twenty_letters_are_triaged_without_a_pointer_and_without_a_page_load(column: Column, sit_down: Any) -> None:
    moderator = factories.make_user("moderator", column, Role.MODERATOR)
    factories.make_user("ana", column, Role.MODERATOR)
    factories.make_article(column)
    for number in range(20):
        factories.make_letter(column, text=f"{number}. {URGENT if number in (3, 7) else factories.LETTER_TEXT}")
    desk = sit_down(moderator)
    page = desk.open("/desk/")
    page.get_by_role("link", name="Start", exact=True).focus()
    desk.press("Enter")
    page.wait_for_selector("#panel-decline", state="attached")
    page.evaluate("window.stays = 'here'")
    seen: list[str] = []

    def decide(*keys: str, goes_on: bool = True) -> None:
        label = desk.label()
        seen.append(label)
        desk.press(*keys)
        if goes_on:
            expect(page.locator("#letter-title")).not_to_have_text(label)

    # after a heavy letter a light one is offered, then the other heavy one
    heavy = [page.locator(".letter-head .flag-warn").count()]
    decide("s")
    heavy.append(page.locator(".letter-head .flag-warn").count())
    decide("s")
    heavy.append(page.locator(".letter-head .flag-warn").count())
    decide("h", "1")
    assert heavy == [1, 0, 1]
    for keys in [("d", "1"), ("a", "1"), ("h", "2"), ("s",), ("d", "2")] * 3:
        decide(*keys)
    # one is marked, and taken back, and marked again, before it is decided
    label = desk.label()
    desk.press("t", "2")
    expect(page.locator("#said")).to_contain_text("has the topic")
    desk.press("z")
    expect(page.locator("#said")).to_contain_text("is as it was before")
    assert desk.label() == label
    desk.press("g", "1")
    expect(page.locator("#said")).to_contain_text("is given to")
    decide("s")
    # the last one is left with nothing after it
    desk.press("s")
    expect(page.locator("#letter")).to_contain_text("Every letter of this list has been looked at")
    assert page.evaluate("window.stays") == "here", "no page was loaded"
    expect(page.locator("#said")).to_contain_text("is on the shortlist")
    # one is held without a day, and waits
    becomes(page, lambda: Letter.objects.filter(waiting=True).count() == 1)
    decided = LetterEvent.objects.filter(actor="staff", letter__column=column)
    assert decided.filter(verb="decline").count() == 6
    assert decided.filter(verb="point").count() == 3
    # the last decision is taken back by one key, and everything stands in the list of what was done
    desk.press("z")
    expect(page.locator("#said")).to_contain_text("is as it was before")
    page.goto(f"{desk.url}/desk/plain/did/")
    assert page.locator(".did li").count() >= 20


def test_two_people_and_one_letter(column: Column, sit_down: Any) -> None:
    ana, ben = (factories.make_user(name, column, Role.MODERATOR) for name in ("ana", "ben"))
    letter = factories.make_letter(column)
    other = factories.make_letter(column)
    path = f"/desk/plain/letters/{letter.pk}/"
    hers, his = sit_down(ana), sit_down(ben)
    for desk in (hers, his):
        desk.page.clock.install()
    her_page, his_page = hers.open(path), his.open(path)

    def one_beat() -> None:
        """Ten seconds pass for both, after which each page has been told what the other does."""
        for page in (her_page, his_page, her_page):
            with page.expect_response(re.compile("/pulse/")):
                page.clock.run_for(10_500)

    # each sees that the other is here, within one beat
    her_page.evaluate("document.dispatchEvent(new Event('scroll'))")
    one_beat()
    expect(her_page.locator("#here")).to_contain_text("Ben")
    # opening the decline panel takes the letter in hand; the other is told and cannot decide over it
    her_page.wait_for_selector("#panel-decline", state="attached")
    with her_page.expect_response(re.compile("claim")):
        hers.press("d")
    one_beat()
    expect(his_page.locator("#here")).to_contain_text("Ana has this letter in hand")
    his.press("s")
    expect(his_page.locator("#said")).to_contain_text("Ana has this letter in hand")
    assert Letter.objects.get(pk=letter.pk).status == LetterStatus.RECEIVED
    # cancelled, it is free again
    hers.press("Escape")
    his_page.goto(f"{his.url}{path}")
    expect(his_page.locator(".claim")).to_have_count(0)
    # taken over in one click, and the one who had it is told
    her_page.locator("[data-act=claim]").click()
    expect(her_page.locator("#said")).to_contain_text("You have this letter in hand")
    his_page.goto(f"{his.url}{path}")
    his_page.get_by_role("button", name="Take it over").click()
    expect(his_page.locator("#said")).to_contain_text("You have this letter in hand")
    one_beat()
    expect(her_page.locator("#here")).to_contain_text("Ben took this letter over from you")
    # a decision on it is shown to whoever still has it open: the card greys, with who and when
    his.press("s")
    expect(his_page.locator("#said")).to_contain_text("is on the shortlist")
    one_beat()
    expect(her_page.locator("#here")).to_contain_text(
        re.compile(r"Ben, \d+ (?:second|minute)s? ago: L-\w+ is on the shortlist\.")
    )
    expect(her_page.locator(".letter-stale")).to_have_count(1)
    hers.press("h")
    her_page.keyboard.press("1")
    expect(her_page.locator("#said")).to_contain_text("Nothing was changed")
    assert Letter.objects.get(pk=letter.pk).status == LetterStatus.SHORTLISTED
    assert Letter.objects.get(pk=other.pk).status == LetterStatus.RECEIVED


def test_it_works_by_plain_forms_where_no_script_runs(column: Column, sit_down: Any) -> None:
    moderator = factories.make_user("moderator", column, Role.MODERATOR)
    first, second = factories.make_letter(column), factories.make_letter(column)
    desk = sit_down(moderator, java_script_enabled=False)
    page = desk.open("/desk/plain/start/")
    label = desk.label()
    page.get_by_role("button", name="Shortlist").click()
    assert desk.label() != label
    page.get_by_role("link", name="Decline kindly").click()
    page.get_by_role("button", name="Decline with these words").click()
    assert {Letter.objects.get(pk=one.pk).status for one in (first, second)} == {"shortlisted", "declined"}
    page.get_by_role("button", name="Undo").first.click()
    assert {Letter.objects.get(pk=one.pk).status for one in (first, second)} == {"shortlisted", "received"}


def test_new_letters_are_said_and_do_not_move_the_list(column: Column, sit_down: Any) -> None:
    moderator = factories.make_user("moderator", column, Role.MODERATOR)
    factories.make_letter(column)
    desk = sit_down(moderator)
    desk.page.clock.install()
    page = desk.open("/desk/plain/inbox/")
    factories.make_letter(column, text=URGENT)
    factories.make_letter(column)
    page.clock.run_for(31_000)
    expect(page.locator("#news")).to_have_text("2 new")
    assert page.locator(".row").count() == 1
    page.locator("#news").click()
    expect(page.locator(".row")).to_have_count(3)


def test_thirty_idle_minutes_leave_no_letter_on_the_screen(column: Column, sit_down: Any) -> None:
    desk = sit_down(factories.make_user("moderator", column, Role.MODERATOR))
    letter = factories.make_letter(column)
    desk.page.clock.install()
    page = desk.open(f"/desk/plain/letters/{letter.pk}/")
    expect(page.locator("#letter .letter-text")).to_be_visible()
    page.clock.fast_forward("29:30")
    expect(page.locator("#letter .letter-text")).to_be_visible()
    page.clock.fast_forward("00:45")
    # the session itself lasts, as where another tab is at work: this page asks for the password all the same
    expect(page).to_have_url(re.compile(r"/desk/unlock/\?next="))
    expect(page.get_by_text(factories.LETTER_TEXT)).to_have_count(0)


def test_a_session_that_is_over_leaves_no_letter_on_the_screen(column: Column, sit_down: Any) -> None:
    desk = sit_down(factories.make_user("moderator", column, Role.MODERATOR))
    letter = factories.make_letter(column)
    desk.page.clock.install()
    page = desk.open(f"/desk/plain/letters/{letter.pk}/")
    expect(page.locator("#letter .letter-text")).to_be_visible()
    cache.clear()
    page.clock.run_for(10_500)
    expect(page).to_have_url(re.compile(r"/accounts/login/\?next="))
    # what the browser notes of the answer that said so
    desk.wrong = [line for line in desk.wrong if "403" not in line]


def test_axe_finds_nothing(column: Column, sit_down: Any) -> None:
    moderator = factories.make_user("moderator", column, Role.MODERATOR, Role.AUTHOR)
    factories.make_article(column)
    letter = factories.make_letter(column, text=f"My name is Helena Marsh. {factories.LETTER_TEXT}")
    factories.make_letter(column, text=URGENT)
    factories.make_letter(column, LetterStatus.HELD)
    desk, found = sit_down(moderator), []
    for path in ("inbox/", f"letters/{letter.pk}/", f"letters/{letter.pk}/decline/", f"letters/{letter.pk}/point/",
                 f"letters/{letter.pk}/mark/", f"decline/?letters={letter.pk}", "did/"):  # fmt: skip
        page = desk.open(f"/desk/plain/{path}")
        found += faults(page)
    page = desk.open(f"/desk/plain/letters/{letter.pk}/")
    page.wait_for_selector("#panel-decline", state="attached")
    for key in "dahtg?":
        desk.press(key)
        expect(page.locator("dialog[open]")).to_have_count(1)
        found += faults(page, f"the dialog of {key}")
        desk.press("Escape")
    assert found == []
