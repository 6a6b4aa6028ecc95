"""On a phone or a computer that somebody else uses too: leaving at once, and a print that says nothing."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)
#: Of what nothing may be read on paper.
TELLING = ("letter", "advice", "column", "plain", "answers", "receipt", "http", "nurse", "night line", "write", "help")


class _Elsewhere(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<title>Weather</title><p>It rains.</p>")

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def elsewhere(settings: Any) -> Iterator[str]:
    """Where "exit" leads, on this machine."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Elsewhere)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.EXIT_URL = f"http://127.0.0.1:{server.server_port}/"
    yield settings.EXIT_URL
    server.shutdown()
    server.server_close()


@pytest.fixture
def site(live_server: LiveServer) -> str:
    factories.make_column(slug="plain", title="Plain Answers")
    return str(live_server.url)


def opened(browser: Any, *, script: bool = True) -> tuple[BrowserContext, Page]:
    context = browser.new_context(java_script_enabled=script)
    page = context.new_page()
    return context, page


def sent(page: Page, site: str) -> str:
    page.goto(f"{site}/plain/write/")
    page.get_by_label("Your letter", exact=False).first.fill(factories.LETTER_TEXT)
    page.get_by_role("button", name="Check my letter").click()
    page.get_by_role("button", name="Send my letter").first.click()
    return page.locator(".receipt").inner_text().strip()


def test_on_paper_there_is_the_receipt_and_nothing_telling(browser: Any, site: str) -> None:
    context, page = opened(browser, script=False)
    receipt = sent(page, site)
    page.emulate_media(media="print")
    printed = page.locator("body").inner_text()
    assert "".join(receipt.split()) in "".join(printed.split())
    rest = "".join(printed.split()).replace("".join(receipt.split()), "")
    assert rest == "Keepthis"
    assert not [word for word in TELLING if word in printed.lower()]
    context.close()


def test_a_mistyped_end_does_not_come_out_on_paper_either(browser: Any, site: str) -> None:
    context, page = opened(browser, script=False)
    sent(page, site)
    page.get_by_label("Type the last five characters").fill("00000")
    page.get_by_role("button", name="I kept my receipt").click()
    assert "do not match" in page.locator("body").inner_text()
    page.emulate_media(media="print")
    printed = page.locator("body").inner_text().lower()
    assert not [word for word in TELLING if word in printed]
    context.close()


def test_the_way_out_works_without_a_script(browser: Any, site: str, elsewhere: str) -> None:
    context, page = opened(browser, script=False)
    page.goto(f"{site}/plain/write/")
    page.get_by_role("link", name="Exit this page").click()
    page.wait_for_url(elsewhere)
    context.close()


@pytest.mark.parametrize("way", ["link", "shift"])
def test_going_back_does_not_lead_here_again(browser: Any, site: str, elsewhere: str, way: str) -> None:
    context, page = opened(browser)
    page.goto(f"{site}/plain/before-you-write/")
    page.get_by_role("link", name="Start my letter").click()
    page.wait_for_url("**/plain/write/")
    if way == "link":
        page.get_by_role("link", name="Exit this page").click()
    else:
        for _ in range(3):
            page.keyboard.press("Shift")
    page.wait_for_url(elsewhere)
    # the page before it is still in the browser's list, and leads out again
    page.go_back(wait_until="commit")
    page.wait_for_url(elsewhere)
    assert page.title() == "Weather"
    context.close()


def test_shift_in_a_sentence_leads_nowhere(browser: Any, site: str, elsewhere: str) -> None:
    context, page = opened(browser)
    page.goto(f"{site}/plain/write/")
    page.get_by_label("Your letter", exact=False).first.click()
    for _ in range(4):
        page.keyboard.press("Shift+A")
    page.wait_for_timeout(200)
    assert page.url == f"{site}/plain/write/"
    context.close()


def test_whoever_comes_back_on_their_own_is_let_in(browser: Any, site: str, elsewhere: str) -> None:
    context, page = opened(browser)
    page.goto(f"{site}/plain/write/")
    page.get_by_role("link", name="Exit this page").click()
    page.wait_for_url(elsewhere)
    page.goto(f"{site}/plain/letter/")
    assert page.get_by_role("button", name="Find my letter").is_visible()
    context.close()
