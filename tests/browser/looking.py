"""Looking at a page as everybody would: at phone and desktop width, light and dark, with axe."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, ViewportSize

from tests.browser.conftest import HANG

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
#: What stays between two looks at one page: the rules that depend on its colours alone.
COLOURS = ["color-contrast", "link-in-text-block"]
#: Widths in CSS pixels. 320 is where WCAG asks that nothing scrolls sideways (1.4.10).
WIDTHS = (320, 390, 1280)
#: Where pictures of the pages are put, if somebody wants to look at them.
PICTURES = os.environ.get("PICTURES", "")
LOOKS = ((1280, "dark", COLOURS), (1280, "light", None), (390, "light", COLOURS), (390, "dark", None))
VIOLATIONS = """async (options) => (await axe.run(document, options)).violations.map(
    (one) => `${one.id} ${JSON.stringify(one.nodes.slice(0, 3).map((node) => node.target))}`)"""

#: A flexible box or a grid puts its text and the elements in it apart: the spaces between them are gone.
TORN = """() => [...document.querySelectorAll('main *')].filter((one) => {
    if (!/flex|grid/.test(getComputedStyle(one).display)) return false;
    const text = [...one.childNodes].some((node) => node.nodeType === 3 && /[\\p{L}\\p{N}]/u.test(node.data));
    return text && [...one.children].some((child) => ['BDI', 'TIME', 'STRONG', 'EM'].includes(child.tagName));
}).map((one) => one.textContent.trim())"""


def becomes(page: Page, true: Callable[[], bool]) -> None:
    """Wait until it is true, while the page goes on; for what no element of the page shows."""
    hang = time.monotonic() + HANG / 1000
    while not true():
        assert time.monotonic() < hang
        page.wait_for_timeout(100)


def axe(page: Page, *, rules: list[str] | None = None) -> list[str]:
    """What axe finds on the page as it stands: each rule with the first elements that break it."""
    page.wait_for_load_state("load")
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    chosen: dict[str, Any] = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": TAGS}
    found: list[str] = page.evaluate(VIOLATIONS, {"runOnly": chosen, "resultTypes": ["violations"]})
    return found


def faults(page: Page, name: str = "") -> list[str]:
    """What is wrong with the page as it stands, with everything folded open: in both schemes, at each width.

    The page is not loaded again, so what was typed or refused stays. Every rule is tried at phone and at desktop
    width; those about colours once more in the other scheme.
    """
    name = name or page.url.split("/", 3)[-1]
    page.wait_for_load_state("load")
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    found = [f"{name} tears words apart: {one}" for one in page.evaluate(TORN)]
    for width in WIDTHS:
        page.set_viewport_size(ViewportSize(width=width, height=844))
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            found.append(f"{name} scrolls sideways at {width}")
    for width, scheme, rules in LOOKS:
        page.set_viewport_size(ViewportSize(width=width, height=844))
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        found += [f"{name} at {width} in {scheme}: {one}" for one in axe(page, rules=rules)]
        if PICTURES:
            file = "".join(letter if letter.isalnum() else "-" for letter in name).strip("-") or "overview"
            page.screenshot(path=Path(PICTURES) / f"{file}-{width}-{scheme}.png", full_page=True)
    return found
