"""The inbox in a real browser: undo where little is left to undo, a lost connection, a key used elsewhere."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from columns.models import Column
from inbox.models import Letter
from inbox.workflow import LetterStatus, Role
from tests import factories
from tests.browser.test_inbox import column, sit_down  # noqa: F401 - fixtures
from tests.browser.test_inbox_hands import opened

pytestmark = pytest.mark.django_db(transaction=True)


def test_undo_where_nothing_is_left_to_undo_stays_in_the_inbox(column: Column, sit_down: Any) -> None:  # noqa: F811
    letters = [factories.make_letter(column) for _ in range(3)]
    desk = sit_down(factories.make_user("moderator", column, Role.MODERATOR))
    page = opened(desk, f"/desk/plain/letters/{letters[0].pk}/")
    page.evaluate("window.stays = 'here'")
    desk.press("s")
    expect(page.locator("#said")).to_contain_text("is on the shortlist")
    desk.press("z")
    expect(page.locator("#said")).to_contain_text("is as it was before")
    desk.press("z", "z")
    expect(page.locator("#said")).to_contain_text("There is nothing to undo here")
    page.wait_for_load_state("networkidle")
    assert page.evaluate("window.stays") == "here", "no page was loaded"
    assert page.locator("#said").get_by_text("There is nothing to undo here").count() == 1
    expect(page.locator("#letter-title")).to_be_visible()
    # the way to earlier decisions is one press away
    page.locator("#said").get_by_role("link", name="What I did").click()
    expect(page).to_have_url(re.compile("/did/"))


def test_undo_pressed_twice_at_once_takes_back_two_decisions(column: Column, sit_down: Any) -> None:  # noqa: F811
    letters = [factories.make_letter(column) for _ in range(3)]
    desk = sit_down(factories.make_user("moderator", column, Role.MODERATOR))
    page = opened(desk, f"/desk/plain/letters/{letters[0].pk}/")
    page.evaluate("window.stays = 'here'")
    decided = []
    for _ in range(2):
        decided.append(desk.label())
        desk.press("s")
        expect(page.locator("#said")).to_contain_text(f"{decided[-1]} is on the shortlist")
        expect(page.locator("#letter-title")).not_to_have_text(decided[-1])
    desk.press("z", "z", "z")
    for label in decided:
        expect(page.locator("#said")).to_contain_text(f"{label} is as it was before")
    assert page.evaluate("window.stays") == "here", "no page was loaded"
    assert set(Letter.objects.values_list("status", flat=True)) == {LetterStatus.RECEIVED}


@pytest.mark.parametrize("count", [1, 3])
def test_a_decision_that_found_no_connection_gives_its_letter_back(
    column: Column,  # noqa: F811
    sit_down: Any,  # noqa: F811
    count: int,
) -> None:
    letters = [factories.make_letter(column) for _ in range(count)]
    first = letters[0]
    desk = sit_down(factories.make_user("moderator", column, Role.MODERATOR))
    page = opened(desk, f"/desk/plain/letters/{first.pk}/")
    page.wait_for_load_state("networkidle")
    desk.context.set_offline(True)
    desk.press("s")
    expect(page.locator("#said")).to_contain_text("That did not reach the desk, so nothing was decided")
    row = page.locator(f".row[data-letter='{first.pk}']")
    expect(row).to_be_visible()
    expect(row).not_to_have_class(re.compile("row-done"))
    expect(row.locator(".row-decided")).to_have_count(0)
    expect(row).to_have_class(re.compile("row-open"))
    # its words stand beside the list again, as before
    expect(page.locator("article.one")).to_have_attribute("data-letter", str(first.pk))
    expect(page.locator("article.one .letter-text")).to_be_visible()
    expect(page.locator("#said .warning")).to_have_count(1)
    desk.context.set_offline(False)
    desk.press("s")
    expect(page.locator("#said")).to_contain_text(f"{first.label} is on the shortlist")
    assert Letter.objects.get(pk=first.pk).status == LetterStatus.SHORTLISTED
    # what the browser notes of each request without a connection
    desk.wrong = [line for line in desk.wrong if "ERR_INTERNET_DISCONNECTED" not in line]


def test_a_field_that_uses_the_key_of_the_commands_keeps_it(column: Column, sit_down: Any) -> None:  # noqa: F811
    letter = factories.make_letter(column)
    desk = sit_down(factories.make_user("moderator", column, Role.MODERATOR))
    page = opened(desk, f"/desk/plain/letters/{letter.pk}/")
    desk.press("n")
    page.locator("[name=note-text]").evaluate("""field => field.addEventListener("keydown", (event) => {
        if (event.key === "k" && event.ctrlKey) event.preventDefault();
    })""")
    desk.press("Control+k")
    expect(page.locator("#commands")).not_to_be_visible()
    page.locator("[name=note-text]").evaluate("field => field.blur()")
    desk.press("Control+k")
    expect(page.locator("#commands")).to_be_visible()
