"""Signing in with both factors in a real browser: usable, accessible, and with a passkey."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from columns.models import Column
from inbox.models import User
from inbox.staff import installation
from inbox.workflow import Role
from tests import factories
from tests.browser.looking import axe
from tests.inbox.staff.test_accounts import code

pytestmark = pytest.mark.django_db(transaction=True)
WIDTHS = [{"width": 360, "height": 740}, {"width": 1280, "height": 900}]


@pytest.fixture
def nurse(transactional_db: None) -> User:
    column: Column = factories.make_column(slug="plain", title="Plain Answers")
    at, password = timezone.now(), factories.PASSWORD
    return installation.add_staff("nurse@example.org", "Nurse", column, [Role.MODERATOR], password=password, at=at)


class Browser:
    def __init__(self, browser: Any, base: str) -> None:
        self.base = base.replace("127.0.0.1", "localhost")  # passkeys want a name
        self.context = browser.new_context()
        self.page: Page = self.context.new_page()
        self.trouble: list[str] = []
        self.page.on("console", lambda said: self.trouble.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self.trouble.append(str(error)))
        self.seen: set[str] = set()

    def with_authenticator(self) -> None:
        session = self.context.new_cdp_session(self.page)
        session.send("WebAuthn.enable")
        options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
        options |= {"isUserVerified": True, "automaticPresenceSimulation": True}
        session.send("WebAuthn.addVirtualAuthenticator", {"options": options})

    def go(self, path: str) -> None:
        self.page.goto(self.base + path)
        self.look()

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()
        self.page.wait_for_load_state()

    def look(self) -> None:
        """Nothing that axe finds, and nothing wider than the window, at phone and desktop width."""
        for size in WIDTHS:
            self.page.set_viewport_size(size)  # type: ignore[arg-type]
            assert axe(self.page) == [], self.page.url
            wide = self.page.evaluate("document.documentElement.scrollWidth")
            assert wide <= size["width"], f"{self.page.url} is {wide} wide"
        self.seen.add(self.page.url.removeprefix(self.base).split("?")[0])


@pytest.fixture
def tab(browser: Any, live_server: LiveServer, nurse: User) -> Iterator[Browser]:
    made = Browser(browser, live_server.url)
    yield made
    made.context.close()


def sign_in(tab: Browser) -> None:
    tab.go("/accounts/login/")
    tab.page.fill("[name=login]", "nurse@example.org")
    tab.page.fill("[name=password]", factories.PASSWORD)
    tab.press("Sign in")


def confirm(tab: Browser) -> None:
    tab.look()
    tab.page.fill("[name=password]", factories.PASSWORD)
    tab.press("Go on")


def test_a_passkey_is_a_second_factor(tab: Browser) -> None:
    tab.with_authenticator()
    sign_in(tab)
    tab.page.goto(tab.base + "/accounts/2fa/webauthn/add/")
    confirm(tab)
    tab.look()
    tab.page.fill("[name=name]", "My phone")
    tab.press("Add the passkey")
    tab.page.wait_for_url("**/accounts/2fa/recovery-codes/**")
    tab.look()
    tab.go("/accounts/2fa/webauthn/")
    tab.page.get_by_role("link", name="Rename My phone").click()
    tab.look()
    tab.page.fill("[name=name]", "My old phone")
    tab.press("Save")
    expect(tab.page.get_by_text("My old phone").first).to_be_visible()
    tab.go("/desk/")
    expect(tab.page.get_by_role("heading", name="Today")).to_be_visible()

    tab.context.clear_cookies()
    sign_in(tab)
    assert "/accounts/2fa/authenticate/" in tab.page.url
    tab.look()
    tab.press("Use my passkey")
    tab.page.wait_for_url("**/desk/")
    tab.go("/desk/plain/inbox/")
    assert tab.page.url.endswith("/desk/plain/inbox/"), "the password was typed, so the session is unlocked"
    tab.go("/accounts/2fa/webauthn/")
    tab.page.get_by_role("link", name="Remove My old phone").click()
    tab.page.wait_for_load_state()
    tab.look()
    assert tab.trouble == []


def test_an_authenticator_app_and_every_page_about_it(tab: Browser) -> None:
    sign_in(tab)
    tab.page.goto(tab.base + "/accounts/2fa/totp/activate/")
    if "reauthenticate" in tab.page.url:
        confirm(tab)
    tab.look()
    secret = tab.page.input_value("#authenticator_secret")
    tab.page.fill("[name=code]", "000000")
    tab.press("Activate")
    tab.look()
    secret = tab.page.input_value("#authenticator_secret")
    tab.page.fill("[name=code]", code(secret))
    tab.press("Activate")
    tab.page.wait_for_url("**/accounts/2fa/recovery-codes/**")
    tab.look()
    expect(tab.page.locator("main code")).to_have_count(10)
    for path in ("", "recovery-codes/generate/", "totp/deactivate/", "webauthn/", "webauthn/add/"):
        tab.go(f"/accounts/2fa/{path}")
    for path in ("password/change/", "logout/"):
        tab.go(f"/accounts/{path}")
    with tab.page.expect_navigation():
        tab.page.locator("main button").click()
    for path in ("login/", "password/reset/", "password/reset/done/", "password/reset/key/done/"):
        tab.go(f"/accounts/{path}")
    tab.go("/accounts/password/reset/key/x-y/")
    assert tab.trouble == []
