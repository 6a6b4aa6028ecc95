"""Runs the whole suite on SQLite, and the tests that depend on the database again on PostgreSQL with Redis.

The second run takes the tests marked ``databases`` alone. At the end stand the CPU seconds of both runs and the ten
slowest tests.

    python bin/suite.py [PYTEST ARGUMENTS]

The exit status is 0 only if both runs passed. One process more than cores share each run (another number: ``-n 4``).
The order is random (its seed is printed).
"""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests import servers  # noqa: E402 - the path above makes it known
from tests.browser.conftest import chromium  # noqa: E402


@dataclass(frozen=True)
class Run:
    """One run of pytest: exit status and numbers of tests by outcome. ``browser``: tests run in Chromium. ``times``:
    seconds and name of each test."""

    status: int
    seconds: float
    cpu: float = 0.0
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    browser: int = 0
    times: tuple[tuple[float, str], ...] = ()

    @property
    def sentence(self) -> str:
        counts = f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"
        return f"{counts} in {self.seconds:.0f} s, {self.cpu:.0f} CPU s" + (
            "" if self.status == 0 else f"  (status {self.status})"
        )


def main(arguments: list[str]) -> int:
    # so that the servers are stopped however the run ends
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    runs: dict[str, Run] = {}
    with tempfile.TemporaryDirectory(prefix="steady-suite-") as folder:
        print("--- SQLite", flush=True)
        runs["SQLite"] = run(arguments, {}, Path(folder, "sqlite.xml"))
        name = servers.versions()
        print(f"--- {name}", flush=True)
        with ExitStack() as stack:
            urls = {
                "DATABASE_URL": stack.enter_context(servers.postgres()),
                "REDIS_URL": stack.enter_context(servers.redis()),
            }
            runs[name] = run(["-m", "databases", *arguments], urls, Path(folder, "postgresql.xml"))
    width = max(map(len, runs))
    print("\nThe suite ran:")
    for title, one in runs.items():
        print(f"  {title:<{width}}  {one.sentence}")
    print(f"  {browser_sentence(list(runs.values()))}")
    print(f"  All of it with its servers and browsers: {cpu_seconds():.0f} CPU s")
    print("\nThe ten slowest tests:")
    times = [(seconds, test, title) for title, one in runs.items() for seconds, test in one.times]
    for seconds, test, title in sorted(times, reverse=True)[:10]:
        print(f"  {seconds:6.1f} s  {test}  ({title})")
    return 0 if all(one.status == 0 for one in runs.values()) else 1


def cpu_seconds() -> float:
    """CPU seconds of all ended child processes and their descendants."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def run(arguments: list[str], urls: dict[str, str], report: Path) -> Run:
    """Run pytest with only these services in its environment."""
    env = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL", "PYTHONDONTWRITEBYTECODE")
    }
    # compiled once for all processes of both runs: without it each of them spends 15 CPU seconds on the tests' files
    env["PYTHONPYCACHEPREFIX"] = str(Path(sys.prefix, "pycache"))
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "--tb=short",
        "-n",
        # one more than cores, since browsers, servers and sweeps are often waited for
        str(min(len(os.sched_getaffinity(0)) + 1, 8)),
        "--dist",
        "worksteal",  # one slow module in a browser must not leave the other process idle
        f"--junit-xml={report}",
        *arguments,
    ]
    began, used = time.monotonic(), cpu_seconds()
    env |= urls | {"TEST_DATABASE_TEMPLATE": template(env | urls, report.with_suffix(".sqlite3"))}
    status = subprocess.run(command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, check=False).returncode
    seconds, cpu = time.monotonic() - began, cpu_seconds() - used
    if not report.exists():
        return Run(status or 1, seconds, cpu)
    cases = list(ET.parse(report).getroot().iter("testcase"))  # noqa: S314 - pytest has just written it
    skipped = [case for case in cases if case.find("skipped") is not None]
    failed = [case for case in cases if case.find("failure") is not None or case.find("error") is not None]
    in_browser = [
        case for case in cases if case.get("classname", "").startswith("tests.browser") and case not in skipped
    ]
    passed = len(cases) - len(skipped) - len(failed)
    times = tuple((float(case.get("time", 0)), f"{case.get('classname')}::{case.get('name')}") for case in cases)
    return Run(status, seconds, cpu, passed, len(failed), len(skipped), len(in_browser), times)


def template(env: dict[str, str], file: Path) -> str:
    """Bring a database to the newest tables, which all processes of a run copy; gives what ``tests.settings`` calls
    it: PostgreSQL's database of the URL, or the file."""
    url = env.get("DATABASE_URL", f"sqlite:///{file}")
    tables = env | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity=0"], cwd=ROOT, env=tables, check=True)
    return servers.USER if "DATABASE_URL" in env else str(file)


def browser_sentence(runs: list[Run]) -> str:
    found = chromium()
    if found is None:
        return "Browser tests: NOT run, since no Chromium was found ($CHROMIUM, or one of Debian's)."
    return f"Browser tests: {' and '.join(str(one.browser) for one in runs)}, in {found}."


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except servers.NotThere as missing:
        sys.exit(str(missing))
