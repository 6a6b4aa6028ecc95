"""What screening found, on the letter's page: read and denied by the keyboard alone, and looked at."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from columns.models import Column
from inbox.models import EyeCount, Letter, LetterEvent
from inbox.workflow import Role
from tests import factories
from tests.browser.looking import faults
from tests.browser.test_inbox import sit_down  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db(transaction=True)
TEXT = (
    "I have written this letter four times. My husband hits me when he drinks, and last week he strangled me.\n\n"
    "My sister Judith Kraft in Utrecht does not know. Some nights I think about ending my life and I cannot tell "
    "anyone. I want to know how other people get through a winter like this one."
)


@pytest.fixture
def column(transactional_db: None) -> Column:
    return factories.make_column(slug="plain", title="Plain Answers")


def test_findings_are_read_and_denied_by_the_keyboard_alone(column: Column, sit_down: Any) -> None:  # noqa: F811
    moderator = factories.make_user("moderator", column, Role.MODERATOR)
    letter = factories.make_letter(column, text=TEXT)
    desk = sit_down(moderator)
    page = desk.open(f"/desk/plain/letters/{letter.pk}/")
    buttons = page.locator(".findings-list").get_by_role("button")
    count = buttons.count()
    assert count >= 2
    expect(page.locator("mark.finding").first).to_contain_text("noticed: ")
    expect(page.locator(".letter-head")).to_contain_text("read now")
    assert faults(page, "findings") == []
    # one by its own button, reached with the tabulator
    page.set_viewport_size({"width": 1280, "height": 900})
    first = buttons.first
    name = first.get_attribute("aria-label") or ""
    assert name.startswith("Not so: ")
    page.locator(".findings-list a").first.focus()
    desk.press("Tab")
    expect(first).to_be_focused()
    desk.press("Enter")
    expect(page.locator("#said")).to_contain_text("noted that screening was wrong")
    expect(buttons).to_have_count(count - 1)
    expect(page.locator(".finding-denied .flag")).to_have_text("not so")
    # the rest by one key, and back again
    desk.press("o")
    expect(buttons).to_have_count(0)
    expect(page.locator("mark.finding")).to_have_count(0)
    expect(page.locator("[data-act=not_so]")).to_have_count(0)
    assert faults(page, "findings denied") == []
    page.set_viewport_size({"width": 1280, "height": 900})
    desk.press("z")
    expect(buttons).to_have_count(count - 1)
    # what it needs is another matter, with the key that it had before
    desk.press("u")
    expect(page.locator("#said")).to_contain_text("is not urgent")
    expect(page.locator(".letter-head .flag-warn")).to_have_count(0)
    desk.press("z")
    expect(page.locator(".letter-head .flag-warn")).to_have_text("read now")
    assert Letter.objects.get(pk=letter.pk).need == 2
    assert [event.verb for event in LetterEvent.objects.filter(letter=letter, actor="staff")] == [
        "not_so", "not_so", "undo_not_so", "unmark_urgent", "mark_urgent",
    ]  # fmt: skip


def test_the_first_eye_is_counted_by_a_page_that_was_fetched_ahead(column: Column, sit_down: Any) -> None:  # noqa: F811
    moderator = factories.make_user("moderator", column, Role.MODERATOR)
    made = [factories.make_letter(column, text=f"{number}. {TEXT}") for number in range(2)]
    first, second = sorted(made, key=lambda letter: letter.pk)  # within a day by their random id
    desk = sit_down(moderator)
    page = desk.open(f"/desk/plain/letters/{first.pk}/")
    expect(page.locator("#letter-title")).to_have_text(first.label)
    page.wait_for_timeout(300)
    assert second.arrivals.exists(), "it is fetched ahead, and nobody has seen it"
    desk.press("j", "Enter")
    expect(page.locator("#letter-title")).to_have_text(second.label)
    assert not first.arrivals.exists()
    for _ in range(100):  # until the sign of life has come
        if not second.arrivals.exists():
            break
        page.wait_for_timeout(200)
    assert not second.arrivals.exists()
    assert EyeCount.objects.get(column=column).quarter == 2


def test_the_owner_reads_the_numbers(column: Column, sit_down: Any) -> None:  # noqa: F811
    owner = factories.make_user("owner", column, Role.OWNER, Role.MODERATOR)
    letter = factories.make_letter(column, text=TEXT)
    desk = sit_down(owner)
    desk.open(f"/desk/plain/letters/{letter.pk}/")
    page = desk.open("/desk/plain/owner/health/")
    expect(page.get_by_role("region", name="From a raised letter to the first eye")).to_contain_text("1")
    expect(page.get_by_role("region", name="What the rules of screening raised")).to_be_visible()
    assert faults(page, "health") == []
