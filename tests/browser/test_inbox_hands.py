"""The inbox in a real browser: nothing typed is lost, what was said stays in sight, and hands stay where they were."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, ViewportSize, expect

from columns.models import Column
from inbox.models import Letter
from inbox.triage import presence
from inbox.workflow import LetterStatus, Role
from tests import factories
from tests.browser.looking import becomes
from tests.browser.test_inbox import column, sit_down  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db(transaction=True)
PHONE, DESKTOP = ViewportSize(width=390, height=844), ViewportSize(width=1280, height=900)


def opened(desk: Any, path: str) -> Page:
    page: Page = desk.open(path)
    page.wait_for_selector("#panel-decline", state="attached")
    return page


def bottom(page: Page, selector: str) -> float:
    box = page.locator(selector).bounding_box()
    assert box is not None
    return float(box["y"] + box["height"])


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_what_was_said_stays_in_sight_and_covers_nothing_in_focus(
    column: Column,  # noqa: F811
    sit_down: Any,  # noqa: F811
    size: ViewportSize,
) -> None:
    letters = [factories.make_letter(column, text=f"{factories.LETTER_TEXT} " * 40) for _ in range(14)]
    desk = sit_down(factories.make_user("moderator", column, Role.MODERATOR))
    desk.page.set_viewport_size(size)
    page = opened(desk, f"/desk/plain/letters/{letters[0].pk}/")
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    desk.press("u")
    undo = page.locator("#said [data-act=undo]")
    expect(undo).to_be_in_viewport(ratio=1)
    # the letter is shown anew with its mark, which takes the focus
    expect(page.locator(".letter-head .flag-warn")).to_be_attached()
    # the last thing in the letter and the last one of the list end above it, once they have the focus
    for last in (".beside summary >> nth=-1", ".row a >> nth=-1"):
        if not page.locator(last).is_visible():
            continue
        page.evaluate("scrollTo(0, 0)")
        page.locator(last).focus()
        assert bottom(page, last) <= page.locator("#said").bounding_box()["y"]  # type: ignore[index]


@pytest.mark.parametrize("key", ["n", "q"])
def test_the_key_of_a_note_leads_into_its_field_also_where_notes_are_open(
    column: Column,  # noqa: F811
    sit_down: Any,  # noqa: F811
    key: str,
) -> None:
    moderator = factories.make_user("moderator", column, Role.MODERATOR)
    letter = factories.make_letter(column)
    letter.note("Somebody was here before.", by=moderator, at=timezone.now())
    desk = sit_down(moderator)
    page = opened(desk, f"/desk/plain/letters/{letter.pk}/")
    field = page.locator(f"[name={'note' if key == 'n' else 'ask'}-text]")
    for typed in ("s", "sd"):
        desk.press(key, typed[-1])
        expect(field).to_be_focused()
        expect(field).to_have_value(typed)
        field.evaluate("field => field.blur()")
    assert page.locator("dialog[open]").count() == 0
    assert page.locator("#said .said-line").count() == 0


def test_what_was_typed_and_not_sent_outlasts_a_mark_a_claim_and_another_letter(
    column: Column,  # noqa: F811
    sit_down: Any,  # noqa: F811
) -> None:
    first, second = factories.make_letter(column), factories.make_letter(column)
    desk = sit_down(factories.make_user("moderator", column, Role.MODERATOR))
    page = opened(desk, f"/desk/plain/letters/{first.pk}/")
    note, question = page.locator("[name=note-text]"), page.locator("[name=ask-text]")
    desk.press("n")
    page.keyboard.type("Ask Maren about this one.")
    desk.press("Tab")
    page.locator("[data-act=ask]").click()
    question.fill("How long has it been so?")
    for act, said in (("urgent", "is urgent"), ("claim", re.compile("in hand|is free"))):
        page.locator(f"[data-act={act}]").click()
        expect(page.locator("#said")).to_contain_text(said)
        expect(note).to_have_value("Ask Maren about this one.")
        expect(question).to_have_value("How long has it been so?")
        expect(question).to_be_visible()
    page.locator(f".row[data-letter='{second.pk}'] a").click()
    expect(page.locator("#letter-title")).to_have_text(second.label)
    expect(note).to_have_value("")
    page.locator(f".row[data-letter='{first.pk}'] a").click()
    expect(note).to_have_value("Ask Maren about this one.")
    # what was sent is not offered again
    page.get_by_role("button", name="Keep the note").click()
    expect(page.locator(".note")).to_contain_text("Ask Maren about this one.")
    expect(note).to_have_value("")


def test_who_types_while_a_mark_is_on_its_way_goes_on_typing(
    column: Column,  # noqa: F811
    sit_down: Any,  # noqa: F811
) -> None:
    letter = factories.make_letter(column)
    desk = sit_down(factories.make_user("moderator", column, Role.MODERATOR))
    page = opened(desk, f"/desk/plain/letters/{letter.pk}/")
    held: list[Any] = []
    page.route("**/mark/", lambda route: held.append(route))  # noqa: PLW0108 - it is asked how many arguments it takes
    desk.press("u")
    desk.press("n")
    page.keyboard.type("Ask Maren")
    held[0].continue_()
    expect(page.locator("#said")).to_contain_text("is urgent")
    expect(page.locator(".pane-letter [data-act=urgent]")).to_have_text("Not urgent")
    page.keyboard.type(" about this.")
    expect(page.locator("[name=note-text]")).to_have_value("Ask Maren about this.")
    letter.refresh_from_db()
    assert (letter.status, letter.need) == ("received", 2)


def test_a_claim_is_shown_at_once(
    column: Column,  # noqa: F811
    sit_down: Any,  # noqa: F811
) -> None:
    # of two letters the open one is fetched ahead, too
    letter = factories.make_letter(column)
    factories.make_letter(column)
    desk = sit_down(factories.make_user("moderator", column, Role.MODERATOR))
    page = opened(desk, f"/desk/plain/letters/{letter.pk}/")
    page.locator(".row a >> nth=1").click()
    page.wait_for_load_state("networkidle")
    page.locator("[data-act=claim]").click()
    expect(page.locator("#said")).to_contain_text("You have this letter in hand")
    expect(page.locator("[data-act=claim]")).to_have_text("Let go")


def test_a_cancelled_panel_gives_back_only_what_it_took_itself(
    column: Column,  # noqa: F811
    sit_down: Any,  # noqa: F811
) -> None:
    letter = factories.make_letter(column)
    desk = sit_down(factories.make_user("moderator", column, Role.MODERATOR))
    page = opened(desk, f"/desk/plain/letters/{letter.pk}/")

    def held() -> bool:
        return presence.holder(letter.pk, at=timezone.now()) is not None

    def open_and_cancel() -> None:
        with page.expect_response(re.compile("/claim/")):
            desk.press("d")
        assert held()
        desk.press("Escape")

    open_and_cancel()
    becomes(page, lambda: not held())
    page.locator("[data-act=claim]").click()
    expect(page.locator("[data-act=claim]")).to_have_text("Let go")
    open_and_cancel()
    page.wait_for_timeout(600)
    assert held()


@pytest.mark.parametrize(("press", "leads_to"), [("d", "Not chosen"), ("Decline", "Not chosen"), ("Answer", "Writing")])
def test_the_same_ticks_of_a_shortlist_are_for_both_buttons(
    column: Column,  # noqa: F811
    sit_down: Any,  # noqa: F811
    press: str,
    leads_to: str,
) -> None:
    author = factories.make_user("author", column, Role.AUTHOR)
    letters = [factories.make_letter(column, LetterStatus.SHORTLISTED) for _ in range(3)]
    desk = sit_down(author, java_script_enabled=press == "d")
    page = desk.open("/desk/plain/inbox/shortlist/")
    for letter in letters[:2]:
        page.get_by_label(f"Choose {letter.label}").check()
    if press == "d":
        desk.press("d")
    else:
        page.get_by_role("button", name=f"{press} those chosen").click()
    if leads_to == "Not chosen":
        expect(page.get_by_role("heading", name="Not chosen")).to_be_visible()
        assert page.locator("[name=letters]:checked").count() == 2
    else:
        expect(page).to_have_url(re.compile("/drafts/"))
        assert Letter.objects.filter(status=LetterStatus.ANSWERING).count() == 2


def test_an_empty_view_leads_to_the_last_decision_and_says_what_is_new(
    column: Column,  # noqa: F811
    sit_down: Any,  # noqa: F811
) -> None:
    letter = factories.make_letter(column, topic="pain")
    person = factories.make_user("moderator", column, Role.MODERATOR)
    desk = sit_down(person)
    desk.page.clock.install()
    page = opened(desk, f"/desk/plain/letters/{letter.pk}/?view=new&topic=pain")
    page.get_by_role("button", name="Shortlist").click()
    expect(page.locator("#said")).to_contain_text("is on the shortlist")
    page = opened(desk, "/desk/plain/inbox/new/?topic=pain")
    expect(page.locator("#letter")).to_contain_text("Choose a letter")
    desk.press("z")
    expect(page).to_have_url(re.compile("/inbox/new/"))
    page.locator("#said").get_by_role("link", name="What I did").click()
    expect(page).to_have_url(re.compile("/did/"))
    desk.press("z")
    expect(page.locator("#said")).to_contain_text("is as it was before")
    letter.refresh_from_db()
    assert letter.status == LetterStatus.RECEIVED
    letter.shortlist(by=person, at=timezone.now())
    page = opened(desk, "/desk/plain/inbox/new/?topic=pain")
    factories.make_letter(column, topic="pain")
    factories.make_letter(column, topic="desire")
    page.clock.run_for(31_000)
    page.locator("#news").click()
    expect(page).to_have_url(re.compile(r"/inbox/new/\?topic=pain$"))
    expect(page.locator(".row")).to_have_count(1)


@pytest.mark.parametrize("act", ["decline", "note"])
def test_the_page_on_which_one_writes_holds_the_letter_and_lets_it_go(
    column: Column,  # noqa: F811
    sit_down: Any,  # noqa: F811
    act: str,
) -> None:
    ana, ben = (factories.make_user(name, column, Role.MODERATOR) for name in ("ana", "ben"))
    letter = factories.make_letter(column)
    desk = sit_down(ana)
    desk.page.clock.install()
    page = desk.open(f"/desk/plain/letters/{letter.pk}/{act}/")

    def holder() -> str:
        held = presence.holder(letter.pk, at=timezone.now())
        return held.name if held else ""

    field = page.locator("main textarea")
    field.press_sequentially("Dear you, ")
    # the page speaks up when it is shown, too: that answer says nothing about the typing
    becomes(page, lambda: holder() == "Ana")
    # somebody takes it over: within one beat it is said, and the words stay
    presence.claim(letter.pk, ben, at=timezone.now(), take_over=True)
    with page.expect_response(re.compile("/pulse/")):
        page.clock.run_for(10_500)
    expect(page.locator("#here")).to_contain_text("Ben took this letter over from you")
    expect(field).to_have_value(re.compile("Dear you, "))
    assert holder() == "Ben"
    # taken back and left, it is free
    presence.claim(letter.pk, ana, at=timezone.now(), take_over=True)
    page.get_by_role("link", name=f"Back to {letter.label}").click()
    expect(page.locator("#letter-title")).to_be_visible()
    becomes(page, lambda: not holder())


def test_the_page_on_which_one_writes_leaves_in_hand_what_the_button_took(
    column: Column,  # noqa: F811
    sit_down: Any,  # noqa: F811
) -> None:
    letter = factories.make_letter(column)
    desk = sit_down(factories.make_user("moderator", column, Role.MODERATOR))
    page = opened(desk, f"/desk/plain/letters/{letter.pk}/")
    page.locator("[data-act=claim]").click()
    expect(page.locator("[data-act=claim]")).to_have_text("Let go")
    with page.expect_response(re.compile("/claim/")):
        desk.open(f"/desk/plain/letters/{letter.pk}/decline/")
    page.locator("main textarea").press_sequentially("Dear you, ")
    page.get_by_role("link", name=f"Back to {letter.label}").click()
    expect(page.locator("[data-act=claim]")).to_have_text("Let go")
    page.wait_for_timeout(500)
    assert presence.holder(letter.pk, at=timezone.now()) is not None


def test_a_decision_arrives_although_the_next_letter_cannot_be_fetched(
    column: Column,  # noqa: F811
    sit_down: Any,  # noqa: F811
) -> None:
    first, second = factories.make_letter(column), factories.make_letter(column)
    desk = sit_down(factories.make_user("moderator", column, Role.MODERATOR))
    # the second letter opens as a page of its own alone
    desk.page.route(
        re.compile(f"/letters/{second.pk}/"),
        lambda route: route.continue_() if route.request.is_navigation_request() else route.fulfill(status=409),
    )
    held: list[Any] = []
    desk.page.route(re.compile("/move/shortlist/"), lambda route: held.append(route))  # noqa: PLW0108 - playwright marks what it calls
    page = opened(desk, f"/desk/plain/letters/{first.pk}/")
    desk.press("s")
    becomes(page, lambda: bool(held))
    page.wait_for_timeout(500)
    expect(page).to_have_url(re.compile(str(first.pk)))
    held[0].continue_()
    expect(page).to_have_url(re.compile(str(second.pk)))
    assert Letter.objects.get(pk=first.pk).status == LetterStatus.SHORTLISTED


def test_who_has_a_letter_in_hand_stands_there_once(column: Column, sit_down: Any) -> None:  # noqa: F811
    ana, ben = (factories.make_user(name, column, Role.MODERATOR) for name in ("ana", "ben"))
    letter = factories.make_letter(column)
    presence.claim(letter.pk, ben, at=timezone.now())
    desk = sit_down(ana)
    desk.page.clock.install()
    with desk.page.expect_response(re.compile("/pulse/")):
        page = opened(desk, f"/desk/plain/letters/{letter.pk}/")
    expect(page.locator(".claim")).to_be_visible()
    assert page.locator("article.one").inner_text().count("Ben has this letter in hand") == 1
    presence.release(letter.pk, ben)
    with page.expect_response(re.compile("/pulse/")):
        page.clock.run_for(10_500)
    expect(page.get_by_text("has this letter in hand")).to_have_count(0)


def test_on_a_phone_the_letter_begins_on_the_first_screen_and_every_act_has_its_key(
    column: Column,  # noqa: F811
    sit_down: Any,  # noqa: F811
) -> None:
    person = factories.make_user("moderator", column, Role.MODERATOR, Role.AUTHOR)
    letter = factories.make_letter(column)
    factories.make_letter(column)
    desk = sit_down(person)
    desk.page.set_viewport_size(PHONE)
    page = opened(desk, f"/desk/plain/letters/{letter.pk}/")
    expect(page.locator(".pane-letter .letter-text")).to_be_in_viewport(ratio=0.9)
    urgent = page.locator("[data-act=urgent]")
    expect(urgent).not_to_be_visible()
    desk.press("u")
    expect(page.locator("#said")).to_contain_text("is urgent")
    page.locator(".more-acts summary").focus()
    desk.press("Enter")
    expect(urgent).to_be_visible()
    expect(urgent).to_have_text("Not urgent")
    urgent.click()
    expect(page.locator("#said")).to_contain_text("is not urgent")
    expect(urgent).to_be_visible()
    # where there is room, nothing is folded up
    page.set_viewport_size(DESKTOP)
    expect(urgent).to_be_visible()
    expect(page.locator(".more-acts summary")).not_to_be_visible()


def test_commands_name_acts_first_and_are_walked_through_by_arrows(
    column: Column,  # noqa: F811
    sit_down: Any,  # noqa: F811
) -> None:
    letter = factories.make_letter(column)
    desk = sit_down(factories.make_user("moderator", column, Role.MODERATOR))
    page = opened(desk, f"/desk/plain/letters/{letter.pk}/")
    desk.press("Control+k")
    names = page.locator("#commands li button > span").all_inner_texts()
    assert names.index("Shortlist") < names.index("Inbox")
    assert names.index("Give to") < names.index("Inbox")
    assert "Commands" not in names
    expect(page.locator("#commands li button").filter(has_text="Shortlist").locator("kbd")).to_have_text("s")
    page.keyboard.type("ur")
    desk.press("ArrowDown")
    expect(page.locator("#commands li:not([hidden]) button").first).to_be_focused()
    desk.press("ArrowUp")
    expect(page.locator("#command")).to_be_focused()
    desk.press("Enter")
    expect(page.locator("#said")).to_contain_text("is urgent")
