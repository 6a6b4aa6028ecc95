"""The editor's script in a real browser: what is typed is saved, shown and never lost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from playwright.sync_api import BrowserContext, Dialog, Page, expect
from pytest_django.live_server_helper import LiveServer

from columns.models import Column
from inbox.models import Draft, User
from inbox.workflow import DraftStatus, Role
from tests import factories
from tests.access_checks import client_of
from tests.browser.looking import becomes, faults

pytestmark = pytest.mark.django_db(transaction=True)


class Desk:
    """An author's browser, with everything that it complained of."""

    def __init__(self, browser: Any, base: str, user: User) -> None:
        cookies = client_of(user).cookies
        self.context: BrowserContext = browser.new_context(viewport={"width": 1280, "height": 900})
        self.context.add_cookies([{"name": name, "value": one.value, "url": base} for name, one in cookies.items()])
        self.base = base
        self.trouble: list[str] = []

    def tab(self, draft: Draft) -> Page:
        page = self.context.new_page()
        page.on("console", lambda message: self.trouble.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self.trouble.append(str(error)))
        page.goto(f"{self.base}/desk/plain/drafts/{draft.pk}/")
        return page


def state(page: Page) -> Any:
    return page.locator("#save-state")


def answer(page: Page) -> Any:
    return page.get_by_label("Your answer")


def help_lines(page: Page) -> Any:
    """The label: the box itself lies beneath it."""
    return page.locator("label[for=id_care]")


def stays(page: Page) -> list[str]:
    """Whatever the page asks before it is left, the person stays; gives what was asked."""
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    return asked


def newest(draft: Draft) -> dict[str, Any]:
    draft.refresh_from_db()
    return factories.desk_keys().open(draft.newest())


@pytest.fixture
def column(transactional_db: None) -> Column:
    return factories.make_column(slug="plain", title="Plain Answers")


@pytest.fixture
def draft(column: Column, author: User, reviewer: User) -> Draft:
    long = "\n\n".join(f"Paragraph {number} says something that is worth a line or two." for number in range(60))
    return factories.make_draft(column, words={"answer": f"It need not stay so.\n\n{long}"})


@pytest.fixture
def desk(browser: Any, live_server: LiveServer, author: User) -> Iterator[Desk]:
    made = Desk(browser, live_server.url, author)
    yield made
    made.context.close()


def test_saves_by_itself_and_says_when(desk: Desk, draft: Draft) -> None:
    page = desk.tab(draft)
    answer(page).fill("Saved by itself.")
    expect(state(page)).to_have_text(re.compile(r"^Saved \d\d:\d\d$"))
    assert newest(draft)["answer"] == "Saved by itself."
    assert draft.latest == 3
    page.get_by_label("Headline").fill("A second change")
    expect(page.locator("input[name=base]")).to_have_value("4")
    assert newest(draft)["headline"] == "A second change"
    assert desk.trouble == []


def test_topic_and_help_lines_are_saved_too(desk: Desk, draft: Draft) -> None:
    page = desk.tab(draft)
    page.get_by_label("Topic").select_option("desire")
    help_lines(page).click()
    expect(state(page)).to_have_text(re.compile(r"^Saved \d\d:\d\d$"))
    draft.refresh_from_db()
    assert draft.topic
    assert (draft.topic.slug, draft.care, draft.latest) == ("desire", True, 2)


def test_the_preview_follows_without_losing_its_place(desk: Desk, draft: Draft) -> None:
    page = desk.tab(draft)
    inside = page.frame_locator("#preview")
    expect(inside.locator("#answer")).to_contain_text("Paragraph 59")
    loads: list[str] = []
    page.on("framenavigated", lambda frame: loads.append(frame.url))
    frame = page.frame(name="preview")
    assert frame
    frame.evaluate("scrollTo(0, 700)")
    answer(page).press("End")
    answer(page).press("Control+End")
    answer(page).type("\n\nAnd one more.")
    expect(inside.locator("#answer")).to_contain_text("And one more.")
    assert frame.evaluate("scrollY") == 700
    assert loads == []
    assert desk.trouble == []


def test_two_tabs_and_nothing_is_lost(desk: Desk, draft: Draft) -> None:
    first, second = desk.tab(draft), desk.tab(draft)
    answer(first).fill("Written in the first tab.")
    expect(state(first)).to_contain_text("Saved")
    answer(second).fill("Written in the second tab.")
    expect(state(second)).to_contain_text("Author saved a newer text")
    assert newest(draft)["answer"] == "Written in the first tab."
    assert answer(second).input_value() == "Written in the second tab."
    second.get_by_role("button", name="Save", exact=True).click()
    expect(second.locator(".conflict")).to_contain_text("Written in the first tab.")
    assert answer(second).input_value() == "Written in the second tab."
    expect(second.frame_locator("#preview").locator("#answer")).to_have_text("Written in the second tab.")
    # nothing is saved over the other text before the person has done something
    second.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    asked = stays(second)
    second.get_by_role("link", name="Back to the writing desk").click()
    becomes(second, lambda: bool(asked))
    second.wait_for_timeout(500)  # whatever it would save or ask besides
    assert asked == ["beforeunload"]
    assert newest(draft)["answer"] == "Written in the first tab."
    answer(second).fill("Of both tabs.")
    second.get_by_role("button", name="Save", exact=True).click()
    expect(second.get_by_role("status").first).to_contain_text("Saved.")
    assert newest(draft)["answer"] == "Of both tabs."


def test_the_draft_sent_meanwhile_is_told(desk: Desk, draft: Draft) -> None:
    first, second = desk.tab(draft), desk.tab(draft)
    first.get_by_role("button", name="Send for review").click()
    expect(first.locator(".standing-word")).to_have_text("With the second reader")
    answer(second).fill("Too late.")
    expect(state(second)).to_contain_text("not being written now")
    assert answer(second).input_value() == "Too late."


def test_signed_out_meanwhile_is_told_and_the_text_stays(desk: Desk, draft: Draft, author: User) -> None:
    page = desk.tab(draft)
    Session.objects.all().delete()
    cache.clear()
    answer(page).fill("Written after the session ended.")
    expect(state(page)).to_contain_text("You were signed out.")
    assert answer(page).input_value() == "Written after the session ended."
    assert newest(draft)["answer"] != "Written after the session ended."
    page.get_by_role("button", name="Save", exact=True).click()
    expect(state(page)).to_contain_text("You are still signed out.")
    assert answer(page).input_value() == "Written after the session ended."
    # signed in again in another tab, which changes the token too, the text of this one is saved
    other = desk.context.new_page()
    other.goto(f"{desk.base}/desk/")
    other.get_by_label("Email").fill("author@example.org")
    other.get_by_label("Password").fill(factories.PASSWORD)
    other.get_by_role("button", name="Sign in").click()
    other.wait_for_url("**/desk/**")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("Saved.")
    assert newest(draft)["answer"] == "Written after the session ended."


def test_offline_the_text_is_kept_and_saved_later(desk: Desk, draft: Draft) -> None:
    page = desk.tab(draft)
    desk.context.set_offline(True)
    answer(page).fill("Written in a tunnel.")
    expect(state(page)).to_contain_text("Offline")
    desk.context.set_offline(False)
    expect(state(page)).to_contain_text("Saved")
    assert newest(draft)["answer"] == "Written in a tunnel."


def test_moves_save_first(desk: Desk, draft: Draft) -> None:
    page = desk.tab(draft)
    answer(page).fill("The last words before it goes.")
    page.get_by_role("button", name="Send for review").click()
    expect(page.locator(".standing-word")).to_have_text("With the second reader")
    assert newest(draft)["answer"] == "The last words before it goes."
    assert draft.status == DraftStatus.IN_REVIEW
    assert desk.trouble == []


def test_a_move_that_cannot_save_first_does_not_leave(desk: Desk, draft: Draft, author: User) -> None:
    page = desk.tab(draft)
    draft.save_version({**newest(draft), "answer": "Newer."}, by=author, at=draft.saved_at, base=2)
    answer(page).fill("Not to be lost.")
    page.get_by_role("button", name="Send for review").click()
    expect(state(page)).to_contain_text("saved a newer text")
    assert answer(page).input_value() == "Not to be lost."
    draft.refresh_from_db()
    assert draft.status == DraftStatus.WRITING


def test_leaving_with_unsaved_text_is_asked(desk: Desk, draft: Draft) -> None:
    page = desk.tab(draft)
    asked = stays(page)
    desk.context.set_offline(True)
    answer(page).click()
    answer(page).type("Unsaved. ")
    page.get_by_role("link", name="Back to the writing desk").click()
    becomes(page, lambda: bool(asked))
    assert asked == ["beforeunload"]
    assert "Unsaved. " in answer(page).input_value()


def test_a_text_kept_on_the_device_can_be_brought_back(desk: Desk, draft: Draft) -> None:
    page = desk.tab(draft)
    page.on("dialog", lambda dialog: dialog.accept())
    page.route("**/drafts/*/", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    answer(page).fill("Kept on the device.")
    help_lines(page).click()
    for kind in ("Abuse", "Somebody under 18"):
        page.locator("label", has_text=kind).click()
    expect(state(page)).to_contain_text("Offline")
    page.reload()
    page.unroute_all()
    assert answer(page).input_value() != "Kept on the device."
    page.get_by_role("button", name="Put it into the form").click()
    assert answer(page).input_value() == "Kept on the device."
    assert page.get_by_label("Show help lines inside the article").is_checked()
    expect(state(page)).to_contain_text("Saved")
    assert newest(draft)["answer"] == "Kept on the device."
    assert newest(draft)["help_kinds"] == ["abuse", "minor"]


def test_without_tls_nothing_is_kept_and_it_is_said(desk: Desk, draft: Draft) -> None:
    desk.context.add_init_script("Object.defineProperty(window, 'isSecureContext', { value: false })")
    page = desk.tab(draft)
    page.on("dialog", lambda dialog: dialog.accept())
    desk.context.set_offline(True)
    answer(page).fill("Kept nowhere.")
    expect(state(page)).to_contain_text("Nothing of it is kept on this device")
    assert page.evaluate("indexedDB.databases()") == []
    desk.context.set_offline(False)


def test_the_outline_puts_a_heading_where_the_cursor_stands(desk: Desk, draft: Draft) -> None:
    page = desk.tab(draft)
    answer(page).fill("First.")
    page.get_by_text("The parts of an answer").click()
    page.get_by_role("button", name="Add the heading What is happening").click()
    assert answer(page).input_value() == "First.\n\n## What is happening\n\n"
    expect(state(page)).to_contain_text("Saved")
    assert page.url.endswith(f"{draft.pk}/")


def test_axe_finds_nothing(browser: Any, live_server: LiveServer, draft: Draft, column: Column) -> None:
    both = factories.make_user("both", column, Role.AUTHOR, Role.REVIEWER, Role.MODERATOR, Role.OWNER)
    factories.make_letter(column)
    sent = factories.make_draft(column, DraftStatus.IN_REVIEW)
    approved = factories.make_draft(column, DraftStatus.APPROVED)
    out = factories.make_draft(column, DraftStatus.PUBLISHED)
    desk = Desk(browser, live_server.url, both)
    page = desk.tab(draft)
    found = []
    for path in (
        "drafts/", f"drafts/{draft.pk}/", f"drafts/{draft.pk}/versions/?from=1&to=2", f"drafts/{out.pk}/",
        "reviews/", f"reviews/{sent.pk}/", f"drafts/{approved.pk}/publish/", f"drafts/{out.pk}/take-down/",
    ):  # fmt: skip
        page.goto(f"{live_server.url}/desk/plain/{path}")
        found += faults(page)
    desk.context.close()
    assert found + desk.trouble == []
