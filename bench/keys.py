"""From a key to the change on the screen, and to the next letter, in a real Chromium at the inbox.

    python bench/keys.py [--letters 300] [--presses 40]

A server as ``make run`` has it, with so many letters beside the demonstration's; a moderator who shortlists by keys.
Times are taken in the page: from the key to the frame in which the line of the letter shows that it is decided, and to
the frame that shows the next letter. The named measure is the round trip of the same decision to the server, which a
page without its script waits for.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import article_and_inbox as served

WATCH = """
() => {
  window.seen = [];
  let pressed = 0, id = "";
  document.addEventListener("keydown", () => {
    pressed = performance.now();
    id = document.querySelector("article.letter").dataset.letter;
    const one = { done: 0, next: 0 };
    window.seen.push(one);
    const look = () => {
      const row = document.querySelector(`.row[data-letter="${id}"]`);
      const open = document.querySelector("article.letter")?.dataset.letter;
      const now = performance.now();
      if (!one.done && row && row.classList.contains("row-done")) one.done = now - pressed;
      if (!one.next && open && open !== id) one.next = now - pressed;
      if ((!one.done || !one.next) && now - pressed < 3000) requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  }, true);
}
"""


def main() -> int:
    parser = argparse.ArgumentParser(description="From a key to the screen.")
    parser.add_argument("--letters", type=int, default=300)
    parser.add_argument("--presses", type=int, default=40)
    options = parser.parse_args()
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only where a browser is

    from tests.browser.conftest import chromium  # noqa: PLC0415

    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="steady-keys-")))
        served.prepare(folder, options.letters)
        port = stack.enter_context(served.granian())
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(
            executable_path=chromium(),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
        trips: list[float] = []
        page.on("requestfinished", lambda request: trips.append(_trip(request)) if "/move/" in request.url else None)
        page.goto(f"http://127.0.0.1:{port}/accounts/login/")
        page.fill("input[name=login]", "moderator@example.org")
        page.fill("input[name=password]", "quiet-lamp-paper-river")
        page.keyboard.press("Enter")
        page.wait_for_url("**/desk/**")
        page.goto(f"http://127.0.0.1:{port}/desk/plain-answers/start/?view=light")
        page.wait_for_selector("#panel-decline", state="attached")
        page.wait_for_timeout(1500)
        page.evaluate(WATCH)
        for _ in range(options.presses):
            page.keyboard.press("s")
            page.wait_for_timeout(900)
        seen = page.evaluate("window.seen")
        browser.close()
    report("the line shows it", [one["done"] for one in seen])
    report("the next letter", [one["next"] for one in seen])
    report("round trip", trips)
    return 0


def _trip(request: object) -> float:
    timing: dict[str, float] = request.timing  # type: ignore[attr-defined]
    return timing["responseEnd"] - timing["requestStart"]


def report(name: str, milliseconds: list[float]) -> None:
    ordered = sorted(milliseconds)
    p95 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
    print(f"{name:18} median {statistics.median(ordered):6.0f} ms   p95 {p95:6.0f} ms   ({len(ordered)} presses)")


if __name__ == "__main__":
    raise SystemExit(main())
