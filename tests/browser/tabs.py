"""One tab of a whole browser with a profile on the disk, with the same few gestures for Chromium and for Firefox."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import Any, Protocol

from playwright.sync_api import BrowserType, Page

from tests.browser.conftest import ARGUMENTS, HANG
from tests.browser.firefox import Firefox

#: A Chromium that writes the files of its session, unlike the one without a window of its own.
WHOLE = ("chromium", "chromium-browser", "google-chrome")
#: Seconds after which each of the two browsers has written down what it keeps of its session.
WRITTEN = 4


def chromium_with_profile() -> str | None:
    return next(filter(None, map(shutil.which, WHOLE)), None)


class Tab(Protocol):
    trouble: list[str]

    def goes_to(self, url: str) -> None: ...
    def types(self, css: str, text: str) -> None: ...
    def clicks(self, css: str) -> None: ...
    def script(self, code: str) -> Any: ...
    def back(self) -> None: ...
    def forward(self) -> None: ...
    def reload(self) -> None: ...


class OfPlaywright:
    """A tab that Playwright drives."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.trouble: list[str] = []
        page.on("dialog", lambda dialog: self.trouble.append(f"it asked: {dialog.type}"))
        page.on("pageerror", lambda error: self.trouble.append(str(error)))

    def goes_to(self, url: str) -> None:
        self.page.goto(url)

    def types(self, css: str, text: str) -> None:
        self.page.locator(css).first.fill(text)

    def clicks(self, css: str) -> None:
        self.page.locator(css).first.click(no_wait_after=True)

    def script(self, code: str) -> Any:
        return self.page.evaluate(f"() => {{ {code} }}")

    def back(self) -> None:
        self.page.go_back(wait_until="commit")

    def forward(self) -> None:
        self.page.go_forward(wait_until="commit")

    def reload(self) -> None:
        self.page.reload()


class OfFirefox:
    """The tab of a Firefox."""

    def __init__(self, browser: Firefox) -> None:
        self.browser = browser
        self.trouble: list[str] = []

    def goes_to(self, url: str) -> None:
        self.browser.goes_to(url)

    def types(self, css: str, text: str) -> None:
        self.browser.types(css, text)

    def clicks(self, css: str) -> None:
        self.browser.clicks(css)

    def script(self, code: str) -> Any:
        return self.browser.script(code)

    def back(self) -> None:
        self.browser("WebDriver:Back")

    def forward(self) -> None:
        self.browser("WebDriver:Forward")

    def reload(self) -> None:
        self.browser("WebDriver:Refresh")


class Chromium:
    """A whole Chromium, as a person starts it, with ``profile``."""

    def __init__(self, driver: BrowserType, profile: Path, *arguments: str) -> None:
        program, port = chromium_with_profile(), profile / "DevToolsActivePort"
        assert program
        port.unlink(missing_ok=True)
        self._process = subprocess.Popen(
            [
                program, "--headless=new", f"--user-data-dir={profile}", "--remote-debugging-port=0",
                "--password-store=basic", "--no-default-browser-check", *ARGUMENTS, *arguments, "about:blank",
            ],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        hang = time.monotonic() + HANG / 1000
        while not (port.exists() and port.read_text().strip()):
            assert time.monotonic() < hang
            assert self._process.poll() is None, "Chromium ended"
            time.sleep(0.1)
        address = f"http://127.0.0.1:{port.read_text().split()[0]}"
        self._browser = driver.connect_over_cdp(address, timeout=HANG)
        self.context = self._browser.contexts[0]
        self.context.set_default_timeout(HANG)

    def tab(self, *, script: bool = True) -> OfPlaywright:
        page = self.context.new_page()
        if not script:
            session = self.context.new_cdp_session(page)
            session.send("Emulation.setScriptExecutionDisabled", {"value": True})
        return OfPlaywright(page)

    def kill(self) -> None:
        """As a power cut does it."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def close(self) -> None:
        self._browser.new_browser_cdp_session().send("Browser.close")
        try:
            self._process.wait(HANG / 4000)
        except subprocess.TimeoutExpired:
            self.kill()


def until(tab: Tab, code: str) -> None:
    """Wait until the page's expression is true, also while one page gives way to another."""
    hang = time.monotonic() + HANG / 1000
    while True:
        with contextlib.suppress(Exception):
            if tab.script(f"return {code}"):
                return
        assert time.monotonic() < hang, code
        time.sleep(0.1)
