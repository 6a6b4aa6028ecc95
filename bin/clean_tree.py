"""Searches every file that git tracks for data of one machine: paths of homes and work folders, and addresses of
package indexes (which also keep locks from working elsewhere). The exit status is 1 if any is found."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
#: Concatenated, so that the patterns do not match this file.
FOREIGN = {
    "a path of one machine": re.compile(r"(?<![\w.<-])/" + r"(?:home|root|work|Users)/\w"),
    "a package index": re.compile(
        r"(?:--(?:extra-)?index" + r"-url|--find" + r"-links|files\.python" + r"hosted|registry\.npm" + r"js|"
        r"https?://[^\s\"']*/sim" + r"ple\b|\"resolved\"" + r":)"
    ),
}


def main() -> int:
    command = [shutil.which("git") or "git", "ls-files", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    found = 0
    for name in filter(None, listed.split("\0")):
        try:
            lines = (ROOT / name).read_text().splitlines()
        except (UnicodeDecodeError, FileNotFoundError, IsADirectoryError):
            continue  # a picture, or removed but not yet committed
        for number, line in enumerate(lines, start=1):
            for what, pattern in FOREIGN.items():
                if pattern.search(line):
                    print(f"{name}:{number}: {what}")
                    found += 1
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
