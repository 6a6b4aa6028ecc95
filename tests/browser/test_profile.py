"""What is typed comes back on every way back in its tab, and stands in no file of the browser's profile.

The enemy holds the disk: the browser was killed, closed, or left by "Exit this page", and every file of its profile is
searched for the letter, the receipt and the tokens, and for what staff typed.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from columns.models import Column
from inbox.models import Draft, Letter
from inbox.workflow import Role
from tests import factories
from tests.browser.firefox import Firefox, firefox
from tests.browser.looking import becomes
from tests.browser.profiles import found_in
from tests.browser.tabs import WRITTEN, Chromium, OfFirefox, OfPlaywright, Tab, chromium_with_profile, until
from tests.browser.test_shared_device import elsewhere

__all__ = ["elsewhere"]
pytestmark = [pytest.mark.begun_first, pytest.mark.django_db(transaction=True)]

#: Words that no file of a browser has by chance.
LETTER = (
    "I have thought about quorvexil for a long time, and brantofeld never helped me. "
    "Please tell me what mizzelquap would do in my place, since I cannot ask anybody else."
)
#: A recovery key, with one wrong character.
RECOVERY = "NCKB-ABJX-JAFL-PF55-ITHS-ZCIZ-XJWO-5XBM-HZDR-BEYB-TFAK-DJO6-CV34-B7FX"
RARE = ["quorvexil", "brantofeld", "mizzelquap", "pennikrust", "wuntabrixle"]
BOX = "document.querySelector('textarea[name=text]')"
WRITTEN_ALL = f"{BOX}?.value === {LETTER!r} && document.querySelector('[name=pen_name]').value === 'Pennikrust'"
CHECKED = "document.querySelector('form[action$=\"/send/\"]')"
RECEIPT = "document.querySelector('.receipt').innerText.replace(/\\s/g, '')"
TOKEN = "document.querySelector('[name=token]').value"
CHECK, SEND = ".write-form .actions button", "form[action$='/send/'] > .actions button"


Browsers = list[Chromium | Firefox]


@pytest.fixture
def started() -> Iterator[Browsers]:
    """The browsers that a test has started; none outlives it."""
    browsers: Browsers = []
    yield browsers
    for one in browsers:
        one.kill()


@pytest.fixture
def column(transactional_db: None) -> Column:
    return factories.make_column(slug="plain", title="Plain Answers")


def walks(tab: Tab, base: str) -> list[str]:
    """Somebody writes, goes back and forth and reloads, sends, and reads their letter. Returns their secrets."""
    before = Letter.objects.count()
    tab.goes_to(f"{base}/plain/write/")
    tab.types("[name=pen_name]", "Pennikrust")
    tab.types("textarea[name=text]", LETTER)
    tab.reload()
    until(tab, WRITTEN_ALL)
    tab.clicks(CHECK)
    until(tab, CHECKED)
    tab.back()
    until(tab, WRITTEN_ALL)
    tab.forward()
    until(tab, CHECKED)
    tab.reload()
    until(tab, CHECKED)
    tab.back()
    until(tab, WRITTEN_ALL)
    tab.clicks(CHECK)
    until(tab, CHECKED)
    tab.clicks(".path-footer a")
    until(tab, "!document.querySelector('.exit')")
    tab.back()
    until(tab, CHECKED)
    tab.clicks(SEND)
    until(tab, "document.querySelector('.receipt')")
    receipt, sent = tab.script(f"return {RECEIPT}"), tab.script(f"return {TOKEN}")
    tab.reload()
    until(tab, f"{RECEIPT} === {receipt!r}")
    assert Letter.objects.count() == before + 1
    tab.goes_to(f"{base}/plain/letter/")
    wrong = receipt[:-1] + ("0" if receipt[-1] != "0" else "1")
    tab.types("[name=receipt]", wrong)
    tab.clicks("form[action$='/letter/'] .actions button")
    until(tab, "document.querySelector('.typed')")
    until(tab, f"{RECEIPT} === {wrong!r}")
    tab.types("[name=receipt]", receipt)
    tab.clicks("form[action$='/letter/'] .actions button")
    until(tab, "document.querySelector('form[action$=\"/open/\"]')")
    tab.clicks("form[action$='/open/'] button")
    until(tab, "document.querySelector('#as-sent-title')")
    tab.clicks("details:has(textarea[name=text]) > summary")
    tab.types("textarea[name=text]", "Wuntabrixle.")
    tab.reload()
    until(tab, f"{BOX}?.value === 'Wuntabrixle.'")
    tab.clicks("form[action$='/reply/'] .actions button")
    until(tab, "document.querySelector('.message-you')")
    mistyped = [wrong[:19], wrong.replace("-", "")[:16]]
    return [*RARE, receipt, receipt.replace("-", ""), *mistyped, sent[:40], tab.script(f"return {TOKEN}")[:40]]


def leaves(tab: Tab, elsewhere: str) -> None:
    tab.clicks(".exit a")
    until(tab, "document.title === 'Weather'")
    tab.back()
    until(tab, f"document.title === 'Weather' && location.href === {elsewhere!r}")


def test_every_way_back_without_the_browsers_own_memory(
    live_server: LiveServer, browser: Any, column: Column, elsewhere: str
) -> None:
    """Playwright's Chromium keeps no page for the way back (bfcache)."""
    context = browser.new_context()
    tab = OfPlaywright(context.new_page())
    walks(tab, live_server.url)
    leaves(tab, elsewhere)
    assert tab.trouble == []
    assert context.cookies() == []
    context.close()


def without_script(tab: Tab, base: str) -> list[str]:
    """The disk wins: nothing is found on the way back, and "Change it" brings the words."""
    tab.goes_to(f"{base}/plain/write/")
    tab.types("textarea[name=text]", LETTER)
    tab.clicks(CHECK)
    until(tab, CHECKED)
    tab.back()
    until(tab, f"{BOX}?.value === ''")
    assert tab.script("return document.body.innerText").count("press “Change it”") == 1
    tab.types("textarea[name=text]", LETTER)
    tab.clicks(CHECK)
    until(tab, CHECKED)
    tab.clicks("[formaction$='#id_text']")
    until(tab, f"{BOX}?.value === {LETTER!r}")
    tab.clicks(CHECK)
    until(tab, CHECKED)
    tab.clicks(SEND)
    until(tab, "document.querySelector('.receipt')")
    receipt = tab.script(f"return {RECEIPT}")
    return [receipt, receipt.replace("-", ""), tab.script(f"return {TOKEN}")[:40]]


DECLINE = "Declinomux is what we cannot answer here, and we are sorry about it."
STAFF = ["draftvorkle", "declinomux", "notezarbim", factories.PASSWORD, RECOVERY[:9]]
COPIES = """() => new Promise((resolve) => {
    const asked = indexedDB.open('kept-copies');
    asked.onsuccess = () => {
        const all = asked.result.transaction('copies').objectStore('copies').getAll();
        all.onsuccess = () => resolve(all.result.map((copy) => copy.place.replace(/^\\d+ /, '')));
    };
})"""


def works_at_the_desk(chromium: Chromium, base: str, draft: Draft, letter: Letter) -> OfPlaywright:
    """Staff sign in, and type what they do not save or send: a draft, a decline, a note, a recovery key."""
    tab = chromium.tab()
    page = tab.page
    signs_in(page, base)
    page.goto(f"{base}/desk/plain/staff/")
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    page.locator("input[name=key]").fill(RECOVERY)
    page.locator("input[name=key]").press("Enter")
    page.locator("h1").wait_for()
    page.goto(f"{base}/desk/plain/letters/{letter.pk}/decline/")
    page.locator("main textarea").first.fill(DECLINE)
    page.get_by_role("button", name="See it as the writer will").click()
    expect(page.locator(".as-writer")).to_contain_text(DECLINE)
    page.goto(f"{base}/desk/plain/letters/{letter.pk}/note/")
    page.locator("main textarea").first.fill("Notezarbim.")
    becomes(page, lambda: any("/note/" in place for place in page.evaluate(COPIES)))
    page.goto(f"{base}/desk/plain/drafts/{draft.pk}/")
    page.route("**/drafts/*/", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    page.get_by_label("Your answer").fill("Draftvorkle.")
    becomes(page, lambda: any("draft" in place for place in page.evaluate(COPIES)))
    return tab


def signs_in(page: Page, base: str) -> None:
    page.goto(f"{base}/desk/")
    page.get_by_label("Email").fill("both@example.org")
    page.get_by_label("Password").fill(factories.PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Sign out").wait_for()


def finds_it_again_until_signed_out(chromium: Chromium, base: str, draft: Draft, letter: Letter) -> None:
    page = chromium.tab().page
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"{base}/desk/")
    if page.get_by_label("Email").is_visible():
        signs_in(page, base)
    page.goto(f"{base}/desk/plain/letters/{letter.pk}/note/")
    page.get_by_role("button", name="Put it into the form").click()
    expect(page.locator("main textarea").first).to_have_value("Notezarbim.")
    # what the desk has taken is forgotten
    page.locator("main form[data-keeps] button[value=send], main form[data-keeps] button[type=submit]").last.click()
    becomes(page, lambda: not any("/note/" in place for place in page.evaluate(COPIES)))
    page.goto(f"{base}/desk/plain/drafts/{draft.pk}/")
    page.get_by_role("button", name="Put it into the form").click()
    expect(page.get_by_label("Your answer")).to_have_value("Draftvorkle.")
    expect(page.locator("#save-state")).to_contain_text("Saved")
    becomes(page, lambda: not any("draft" in place for place in page.evaluate(COPIES)))
    page.goto(f"{base}/desk/plain/letters/{letter.pk}/note/")
    page.locator("main textarea").first.fill("Notezarbim once more.")
    becomes(page, lambda: page.evaluate(COPIES) != [])
    page.get_by_role("button", name="Sign out").click()
    page.get_by_label("Email").wait_for()
    assert page.evaluate(COPIES) == []


def shown(tab: Tab, words: list[str]) -> list[str]:
    """Which of the words the page shows or holds in its fields."""
    held = "[...document.querySelectorAll('input, textarea')].map((field) => field.value).join()"
    page = tab.script(f"return (document.documentElement.outerHTML + {held}).toLowerCase()")
    return [word for word in words if word.lower() in page]


@pytest.mark.skipif(chromium_with_profile() is None, reason="no Chromium that writes its session on this machine")
def test_chromium_keeps_nothing(
    live_server: LiveServer, browser: Any, column: Column, elsewhere: str, tmp_path: Path, started: Browsers
) -> None:
    factories.make_user("both", column, Role.AUTHOR, Role.MODERATOR, Role.OWNER)
    draft, letter = factories.make_draft(column), factories.make_letter(column)
    chromium = Chromium(browser.browser_type, tmp_path)
    started.append(chromium)
    passwords = chromium.tab()
    passwords.goes_to("chrome://password-manager-internals")
    tab = chromium.tab()
    secrets = walks(tab, live_server.url)
    leaves(tab, elsewhere)
    closed = chromium.tab()
    closed.goes_to(f"{live_server.url}/plain/write/")
    closed.types("textarea[name=text]", LETTER)
    closed.page.close()
    bare = chromium.tab(script=False)
    secrets += without_script(bare, live_server.url)
    log = passwords.script("return document.body.innerText")
    assert ("ProvisionallySave" in log, "PENDING_PASSWORD_STATE" in log) == (False, False), (
        "it offers to save a password"
    )
    desk = works_at_the_desk(chromium, live_server.url, draft, letter)
    secrets += STAFF
    assert desk.trouble == []
    assert tab.trouble + closed.trouble == []
    time.sleep(WRITTEN)
    chromium.kill()
    assert found_in(tmp_path, secrets) == {}
    assert found_in(tmp_path, ["/plain/write/"]), "the search finds nothing at all"
    # what was open stands there again, without a word; then it ends as a person ends it
    chromium = Chromium(browser.browser_type, tmp_path, "--restore-last-session")
    started.append(chromium)
    pages = chromium.context.pages
    assert [found for page in pages for found in shown(OfPlaywright(page), secrets)] == []
    finds_it_again_until_signed_out(chromium, live_server.url, draft, letter)
    chromium.close()
    assert found_in(tmp_path, secrets) == {}


@pytest.mark.skipif(firefox() is None, reason="no Firefox on this machine")
def test_firefox_keeps_nothing(
    live_server: LiveServer, column: Column, elsewhere: str, tmp_path: Path, started: Browsers
) -> None:
    profile = tmp_path / "profile"
    profile.mkdir()
    first = Firefox(profile)
    started.append(first)
    tab = OfFirefox(first)
    secrets = walks(tab, live_server.url)
    leaves(tab, elsewhere)
    tab.goes_to(f"{live_server.url}/plain/write/")
    tab.types("textarea[name=text]", LETTER)
    time.sleep(WRITTEN)
    tab.browser.kill()
    assert found_in(profile, secrets) == {}
    assert found_in(profile, ["/plain/write/"]), "the search finds nothing at all"
    again = Firefox(profile, **{"browser.startup.page": 3, "javascript.enabled": False})
    started.append(again)
    tab = OfFirefox(again)
    assert shown(tab, secrets) == []
    secrets += without_script(tab, live_server.url)
    assert not tab.browser.asks_to_save_a_password()
    time.sleep(WRITTEN)
    tab.browser.close()
    assert found_in(profile, secrets) == {}
