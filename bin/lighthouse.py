"""Lighthouse over the public pages of a site that runs: ``python bin/lighthouse.py http://127.0.0.1:8000``. It fails
below 98 for speed and 100 for the rest; pages of the letter's path ask not to be indexed, so their SEO does not count.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

ROOT = Path(__file__).parent.parent
PROGRAM = ROOT / "tests" / "valid" / "node_modules" / ".bin" / "lighthouse"
LEAST = {"performance": 0.98, "accessibility": 1, "best-practices": 1, "seo": 1}
FLAGS = "--headless=new --no-sandbox --disable-gpu --disable-background-networking --no-first-run"


def pages(site: str) -> list[str]:
    """One address of each public template."""
    with urllib.request.urlopen(f"{site}/sitemap.xml") as index:  # noqa: S310 - http, as asked for
        lists = re.findall(r"<loc>[^<]*?(/sitemap-[^<]+)</loc>", index.read().decode())
    with urllib.request.urlopen(site + lists[0]) as first:  # noqa: S310
        found = re.findall(r"<loc>https?://[^/]+([^<]+)</loc>", first.read().decode())
    home = found[0]
    article = next(path for path in found if re.search(r"/\d{4}/", path))
    topic = next(path for path in found if "/topics/" in path and not path.endswith("/topics/"))
    always = [
        f"{home}{name}/" for name in ("about", "topics", "archive", "feeds", "before-you-write", "write", "letter")
    ]
    return [home, article, topic, *always, "/privacy/"]


def judged(address: str, chromium: str) -> dict[str, float]:
    """The scores of a page, from 0 to 1."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "result.json"
        command = [str(PROGRAM), address, "--quiet", "--output=json", f"--output-path={out}", f"--chrome-flags={FLAGS}"]
        command.append("--only-categories=" + ",".join(LEAST))
        subprocess.run(command, check=True, env={**os.environ, "CHROME_PATH": chromium})
        result = json.loads(out.read_text())
    failed = [name for name, audit in result["audits"].items() if audit["score"] == 0]
    print("  not met:", ", ".join(failed) or "nothing")
    return {name: result["categories"][name]["score"] for name in LEAST}


def main() -> int:
    site = sys.argv[1].rstrip("/")
    wanted = sys.argv[2:] or pages(site)
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or ""
    bad = 0
    for path in wanted:
        scores = judged(site + path, chromium)
        hidden = re.search(r"/(before-you-write|write|letter|privacy)/$", path)
        low = [name for name, least in LEAST.items() if scores[name] < least and not (hidden and name == "seo")]
        print(path, {name: round(score * 100) for name, score in scores.items()}, *low, flush=True)
        bad += bool(low)
    return min(bad, 1)


if __name__ == "__main__":
    sys.exit(main())
