"""Half an hour without anybody: every page of the desk empties itself, and nothing that was typed is lost by it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from columns.models import Column
from inbox.models import Draft, Note, User
from inbox.workflow import DraftStatus, LetterStatus, Role
from tests import factories
from tests.access_checks import client_of
from tests.browser.looking import faults

pytestmark = pytest.mark.django_db(transaction=True)
UNLOCK = re.compile(r"/desk/unlock/\?next=")
ROLES = [Role.MODERATOR, Role.AUTHOR, Role.REVIEWER]


@pytest.fixture
def column(transactional_db: None) -> Column:
    return factories.make_column(slug="plain", title="Plain Answers")


@pytest.fixture
def nurse(column: Column) -> User:
    return factories.make_user("nurse", column, *ROLES)


@pytest.fixture
def page(browser: Any, live_server: LiveServer, nurse: User) -> Any:
    context: BrowserContext = browser.new_context(viewport={"width": 1280, "height": 900}, base_url=live_server.url)
    for name, one in client_of(nurse).cookies.items():
        context.add_cookies([{"name": name, "value": one.value, "url": live_server.url}])
    made = context.new_page()
    wrong: list[str] = []
    made.on("pageerror", lambda error: wrong.append(str(error)))
    made.clock.install()
    yield made
    context.close()
    assert wrong == []


def leave_alone(page: Page) -> None:
    """Half an hour without anybody; a scroll that a busy browser reports late may have begun it anew in between."""
    page.clock.fast_forward("29:30")
    page.clock.fast_forward("30:15")


def newest(draft: Draft) -> dict[str, Any]:
    draft.refresh_from_db()
    return factories.desk_keys().open(draft.newest())


def _draft(column: Column) -> str:
    return f"drafts/{factories.make_draft(column).pk}/"


def _review(column: Column) -> str:
    return f"reviews/{factories.make_draft(column, DraftStatus.IN_REVIEW).pk}/"


PAGES: dict[str, Callable[[Column], str]] = {
    "inbox": lambda column: "inbox/" if factories.make_letter(column) else "",
    "letter": lambda column: f"letters/{factories.make_letter(column).pk}/",
    "ask": lambda column: f"letters/{factories.make_letter(column).pk}/ask/",
    "decline": lambda column: f"letters/{factories.make_letter(column).pk}/decline/",
    "shortlist": lambda column: "drafts/" if factories.make_letter(column, LetterStatus.SHORTLISTED) else "",
    "draft": _draft,
    "versions": lambda column: f"{_draft(column)}versions/",
    "preview": lambda column: f"{_draft(column)}preview/",
    "review": _review,
    "review text": lambda column: f"{_review(column)}text/",
}


@pytest.mark.parametrize("name", PAGES)
def test_thirty_idle_minutes_leave_nothing_on_the_screen(page: Page, column: Column, name: str) -> None:
    page.goto(f"/desk/plain/{PAGES[name](column)}")
    page.clock.fast_forward("29:30")
    assert not page.title().startswith(("Locked", "Unlock"))
    page.clock.fast_forward("00:45")
    expect(page).to_have_url(UNLOCK)
    cache.clear()  # by then the session is over as well
    page.go_back()
    assert "/accounts/login/" in page.url or page.url == "about:blank"


def test_the_words_are_off_the_page_before_anything_else_happens(page: Page, column: Column) -> None:
    page.goto(f"/desk/plain/{_draft(column)}")
    expect(page.frame_locator("#preview").locator("#answer")).to_be_visible()
    page.route("**/desk/unlock/**", lambda route: None)  # the desk does not answer
    leave_alone(page)
    expect(page.get_by_text("the desk has locked itself")).to_be_visible()
    assert page.title() == "Locked"
    assert page.locator("body").inner_text().split("\n")[0] == "Locked"
    assert page.locator("iframe, textarea, form").count() == 0


def test_the_editor_saves_first(page: Page, column: Column) -> None:
    draft = factories.make_draft(column)
    page.goto(f"/desk/plain/drafts/{draft.pk}/")
    page.route("**/drafts/*/", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    page.get_by_label("Your answer").fill("Typed in a tunnel.")
    page.clock.run_for(1_000)
    expect(page.locator("#save-state")).to_contain_text("Offline")
    page.unroute_all()
    leave_alone(page)
    expect(page).to_have_url(UNLOCK)
    assert newest(draft)["answer"] == "Typed in a tunnel."


def test_what_the_editor_cannot_save_stays_in_the_tab(page: Page, column: Column) -> None:
    draft = factories.make_draft(column)
    page.goto(f"/desk/plain/drafts/{draft.pk}/")
    cache.clear()
    page.get_by_label("Your answer").fill("Typed too late.")
    leave_alone(page)
    again = page.get_by_role("button", name="Show it again")
    expect(again).to_be_visible()
    assert "Typed too late." not in page.content()
    again.click()
    expect(page.get_by_role("status")).to_have_text("The desk is still locked. Sign in again in a new tab first.")
    assert faults(page, "locked") == []
    sign_in(page, "nurse@example.org")
    again.click()
    expect(page.get_by_label("Your answer")).to_have_value("Typed too late.")
    page.clock.run_for(6_000)
    expect(page.locator("#save-state")).to_contain_text("Saved")
    assert newest(draft)["answer"] == "Typed too late."


def sign_in(page: Page, email: str) -> None:
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Sign in again in a new tab").click()
    other = opened.value
    other.get_by_label("Email").fill(email)
    other.get_by_label("Password").fill(factories.PASSWORD)
    other.get_by_role("button", name="Sign in").click()
    other.wait_for_url("**/desk/**")
    other.close()


def test_a_question_that_was_not_sent_stays_in_the_tab_for_whoever_wrote_it(page: Page, column: Column) -> None:
    factories.make_user("other", column, *ROLES)
    letter = factories.make_letter(column)
    page.goto(f"/desk/plain/letters/{letter.pk}/ask/")
    page.locator("main textarea").fill("Since when has it been so?")
    page.clock.run_for(1_000)
    cache.clear()
    leave_alone(page)
    again = page.get_by_role("button", name="Show it again")
    expect(again).to_be_visible()
    assert "Since when" not in page.content()
    sign_in(page, "other@example.org")
    again.click()
    expect(page.get_by_role("status")).to_contain_text("Somebody else is signed in now.")
    page.context.clear_cookies()
    sign_in(page, "nurse@example.org")
    again.click()
    expect(page.locator("main textarea")).to_have_value("Since when has it been so?")
    # with the token of the new session it can be sent
    page.get_by_role("button", name="Send the question").click()
    expect(page.locator("#said")).to_contain_text("minutes")
    assert letter.messages.count() == 1


def test_a_note_that_was_not_sent_stays_also_when_another_letter_is_open(page: Page, column: Column) -> None:
    first, second = factories.make_letter(column), factories.make_letter(column)
    page.goto(f"/desk/plain/letters/{first.pk}/")
    page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
    page.locator("#letter form[action*='/note/'] textarea").fill("Ask Ana about this one.")
    page.locator(f".row[data-letter='{second.pk}'] a").click()
    expect(page.locator(f"article.one[data-letter='{second.pk}']")).to_be_visible()
    leave_alone(page)
    page.get_by_role("button", name="Show it again").click()
    page.locator(f".row[data-letter='{first.pk}'] a").click()
    expect(page.locator("#letter form[action*='/note/'] textarea")).to_have_value("Ask Ana about this one.")
    assert Note.objects.count() == 0


def test_words_that_came_back_unsent_are_kept_out_of_sight(page: Page, column: Column) -> None:
    letter = factories.make_letter(column)
    page.goto(f"/desk/plain/letters/{letter.pk}/ask/")
    cache.clear()
    page.locator("main textarea").fill("Since when has it been so?")
    page.get_by_role("button", name="Send the question").click()
    expect(page.get_by_role("heading", name="nothing was sent")).to_be_visible()
    leave_alone(page)
    again = page.get_by_role("button", name="Show it again")
    expect(again).to_be_visible()
    assert "Since when" not in page.content()
    sign_in(page, "nurse@example.org")
    again.click()
    expect(page.locator("main textarea").first).to_have_value("Since when has it been so?")


SHOWN_AGAIN = """() => {
    dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true }));
    const hidden = document.documentElement.hidden;
    dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
    return hidden && document.documentElement.hidden;
}"""


def test_a_page_that_the_browser_kept_is_shown_again_only_while_the_desk_is_open(page: Page, column: Column) -> None:
    page.goto(f"/desk/plain/{_draft(column)}versions/")
    assert page.evaluate(SHOWN_AGAIN), "nothing is to be seen until the desk has answered"
    expect(page.get_by_role("heading", level=1)).to_contain_text("Versions of")
    cache.clear()
    assert page.evaluate(SHOWN_AGAIN)
    page.wait_for_url("**/accounts/login/**")
