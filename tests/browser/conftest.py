"""A real Chromium against a real server, for what only a browser can show."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.test.testcases import FSFilesHandler

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

# playwright runs an event loop in this thread; Django's guard against blocking calls there is not meant for tests
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


#: Milliseconds after which what never comes is given up. Nothing has to be quick here.
HANG = 120_000
#: The first is Chromium without a window of its own: the same pages for three fifths of the CPU seconds.
PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser")


def chromium() -> str | None:
    """The browser's program: $CHROMIUM, or what is installed of ``PROGRAMS``."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named if Path(named).exists() else None
    return next(filter(None, map(shutil.which, PROGRAMS)), None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    missing = chromium() is None
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if missing:
                item.add_marker(pytest.mark.skip(reason="no Chromium on this machine"))


@pytest.fixture(scope="session", autouse=True)
def _static_files_come_from_the_site() -> Iterator[None]:
    """Django's server of tests answers for static files itself, without the headers that the site gives them, and a
    worker's script without those does not start. Here the site itself serves them, as it does elsewhere."""
    with pytest.MonkeyPatch.context() as patched:
        for handler in (StaticFilesHandler, FSFilesHandler):
            patched.setattr(handler, "_should_handle", lambda handler, path: False)
        yield


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    from playwright.sync_api import expect, sync_playwright  # noqa: PLC0415 - only where a browser is

    expect.set_options(timeout=HANG)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        real = started.new_context

        def patient(**options: Any) -> BrowserContext:
            context = real(**options)
            context.set_default_timeout(HANG)
            return context

        started.new_context = patient  # type: ignore[method-assign]
        yield started
        started.close()
