"""Takes the README's two screenshots from a separate demonstration.

    python bin/screenshots.py FOLDER

Writes column.png (an article) and inbox.png (the inbox with a letter). Needs Chromium and the packages of make install.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import ViewportSize, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.browser.conftest import ARGUMENTS, chromium  # noqa: E402 - the path above makes it known

PASSWORD = "quiet-lamp-paper-river"  # noqa: S105 - the demonstration's, which it prints itself
SIZE: ViewportSize = {"width": 1280, "height": 860}


@contextlib.contextmanager
def demonstration(folder: Path) -> Iterator[str]:
    """``make run`` on a free port, with its state in the folder; gives its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = {**os.environ, "STEADY_VAR": str(folder)}
    process = subprocess.Popen([sys.executable, "bin/run.py", str(port)], cwd=ROOT, env=env, stdout=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 90
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5).close()
                break
            except OSError:
                if process.poll() is not None or time.monotonic() > deadline:
                    raise SystemExit("the demonstration did not start") from None
                time.sleep(0.3)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def main(folder: Path) -> int:
    if chromium() is None:
        print("No Chromium was found ($CHROMIUM, or one of Debian's).", file=sys.stderr)
        return 1
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as var, demonstration(Path(var)) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        page = browser.new_page(viewport=SIZE)
        page.goto(f"{address}/plain-answers/")
        page.locator("main article a, main h2 a, main h3 a").first.click()
        page.screenshot(path=folder / "column.png")
        page.goto(f"{address}/desk/plain-answers/inbox/")
        page.fill("[name=login]", "moderator@example.org")
        page.fill("[name=password]", PASSWORD)
        page.locator("main form [type=submit]").first.click()
        page.goto(f"{address}/desk/plain-answers/inbox/")
        page.locator(".row:not(.row-urgent) a").first.click()
        page.wait_for_load_state("networkidle")
        page.screenshot(path=folder / "inbox.png")
        browser.close()
    print(f"{folder / 'column.png'} and {folder / 'inbox.png'} are written.")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
