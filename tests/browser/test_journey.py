"""The whole way of a letter, as four people go it, each in a browser of their own."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from inbox.workflow import Role
from tests import factories
from tests.browser.looking import axe

pytestmark = pytest.mark.databases

LETTER = (
    "I am 34 and live in Bristol. For a year it has hurt whenever we try, and I have stopped saying so. "
    "Is there anything that I could do, or is this how it stays?"
)
ANSWER = """It need not stay like this.

## What is happening

A body that expects pain closes.

## When to be concerned

- If it bleeds, see somebody this week.

## What to do

1. Stop when it hurts.[^1]

[^1]: A national guideline.
"""


class Person:
    """Somebody at a browser. Each page they come to is looked at by axe; whatever the browser complains of is kept."""

    def __init__(self, browser: Any, base: str, *, script: bool = True) -> None:
        self.context: BrowserContext = browser.new_context(java_script_enabled=script)
        self.page: Page = self.context.new_page()
        self.base, self.script = base, script
        self.trouble: list[str] = []
        self.page.on("console", lambda message: self.trouble.append(message.text) if message.type == "error" else None)
        self.page.on("pageerror", lambda error: self.trouble.append(str(error)))
        self.page.on("request", lambda request: self._near(request.url))

    def _near(self, url: str) -> None:
        if not url.startswith((self.base, "about:", "blob:")):
            self.trouble.append(f"asked elsewhere: {url}")

    def goes_to(self, path: str) -> Page:
        self.page.goto(self.base + path)
        self.looks()
        return self.page

    def presses(self, name: str, role: Any = "button") -> Page:
        with self.page.expect_navigation():
            self.page.get_by_role(role, name=name, exact=True).first.click()
        self.looks()
        return self.page

    def looks(self) -> None:
        if not self.script:  # axe is a script of its own, which never ends in a browser without scripts
            return
        self.trouble += [f"{self.page.url}: {one}" for one in axe(self.page)]

    def signs_in(self, name: str) -> Page:
        self.goes_to("/desk/")
        self.page.get_by_label("Email").fill(f"{name}@example.org")
        self.page.get_by_label("Password").fill(factories.PASSWORD)
        return self.presses("Sign in")


@pytest.mark.django_db(transaction=True)
def test_a_letter_becomes_an_article(browser: Any, live_server: LiveServer) -> None:
    column = factories.make_column(slug="plain", title="Plain Answers")
    for role in (Role.MODERATOR, Role.AUTHOR, Role.REVIEWER):
        factories.make_user(role.value, column, role)
    reader, moderator, author, reviewer = (Person(browser, live_server.url) for _ in range(4))

    # the reader writes
    reader.goes_to("/plain/")
    page = reader.goes_to("/plain/before-you-write/")
    page = reader.goes_to("/plain/write/")
    page.get_by_label("Your letter").fill(LETTER)
    page.get_by_label("Pen name").fill("Awake")
    page.get_by_text("You may publish my question, rewritten", exact=True).click()
    page = reader.presses("Check my letter")
    expect(page.locator("mark").first).to_be_visible()
    page = reader.presses("Send my letter")
    receipt = re.search(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}-[0-9A-Z]", page.locator("main").inner_text())
    assert receipt
    page.get_by_label("Type the last five characters").fill(receipt[0][-6:])
    reader.presses("I kept my receipt")
    assert reader.context.cookies() == []

    # the moderator shortlists it, with a key
    page = moderator.signs_in("moderator")
    page = moderator.presses("Inbox", "link")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("#letter .letter-text")).to_contain_text("hurt whenever we try")
    moderator.looks()
    page.keyboard.press("s")
    expect(page.locator("#said")).to_contain_text("is on the shortlist")

    # the author writes, and sees the preview follow
    page = author.signs_in("author")
    page = author.goes_to("/desk/plain/drafts/")
    page.get_by_role("checkbox").first.check()
    page = author.presses("Answer those chosen in one draft")
    page.get_by_label("Headline").fill("Does it have to hurt? A nurse's view")
    page.get_by_label("Standfirst").fill("A short answer first.")
    page.get_by_label("The question, edited").fill("It hurts each time, and my partner does not know. Must it stay so?")
    page.get_by_label("Your answer").fill(ANSWER)
    expect(page.locator("#save-state")).to_contain_text("Saved")
    expect(page.frame_locator("#preview").locator("#answer")).to_contain_text("A body that expects pain closes.")
    author.looks()
    page = author.presses("Send for review")

    # the reviewer approves exactly this
    page = reviewer.signs_in("reviewer")
    page = reviewer.goes_to("/desk/plain/reviews/")
    page = reviewer.presses("Does it have to hurt? A nurse's view", "link")
    page = reviewer.presses("Approve this text")
    expect(page.get_by_role("status")).to_contain_text("Approved")

    # the author publishes now
    page = author.goes_to("/desk/plain/drafts/")
    page = author.presses("Does it have to hurt? A nurse's view", "link")
    page = author.presses("Publish", "link")
    page.get_by_text("Now", exact=True).click()
    page = author.presses("Publish the article")
    expect(page.get_by_role("status")).to_contain_text("The article is out")

    # the reader finds it behind the receipt, reads it, and takes everything back
    page = reader.goes_to("/plain/letter/")
    page.get_by_label("Your receipt").fill(receipt[0].lower().replace("-", " "))
    page.locator("main form button[type=submit]").click()
    page = reader.presses("Open my letter")
    article = page.locator("main a[href*='/plain/20']").first.get_attribute("href")
    assert article
    page = reader.goes_to(article.removeprefix(live_server.url))
    expect(page.locator("article h1")).to_contain_text("Does it have to hurt?")
    expect(page.locator("article")).not_to_contain_text("Bristol")

    everyone = {"reader": reader, "moderator": moderator, "author": author, "reviewer": reviewer}
    assert {who: person.trouble for who, person in everyone.items() if person.trouble} == {}


@pytest.mark.django_db(transaction=True)
def test_a_letter_is_written_and_found_again_without_script(browser: Any, live_server: LiveServer) -> None:
    factories.make_column(slug="plain", title="Plain Answers")
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/plain/write/")
    page.get_by_label("Your letter").fill(LETTER)
    page.get_by_role("button", name="Check my letter").click()
    page.get_by_role("button", name="Send my letter").click()
    receipt = re.search(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}-[0-9A-Z]", page.locator("main").inner_text())
    assert receipt
    page.goto(f"{live_server.url}/plain/letter/")
    page.get_by_label("Your receipt").fill(receipt[0])
    page.locator("main form button[type=submit]").click()
    page.get_by_role("button", name="Open my letter").click()
    expect(page.locator("main")).to_contain_text("hurt whenever we try")
    assert context.cookies() == []
