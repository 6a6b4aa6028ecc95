"""How fast an article and the inbox are served: requests a second, queries, bytes; with nginx beside it as the measure.

    python bench/article_and_inbox.py [--letters 2000] [--seconds 5] [--rounds 3]

See README.md. Needs wrk; without nginx there is no ratio. Everything it makes lies in a temporary folder.
"""

from __future__ import annotations

import argparse
import gzip
import http.client
import http.cookiejar
import os
import platform
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TEXT = "I have wondered about this for years and never dared to ask anybody until tonight. " * 12


@dataclass
class Page:
    """One page under measurement. ``rates`` are requests a second, one for each round."""

    path: str
    signed_in: bool = False
    cookie: str = ""
    queries: int = 0
    body: bytes = b""
    rates: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        return statistics.median(self.rates)


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure an article and the inbox.")
    parser.add_argument("--letters", type=int, default=2000, help="letters in the inbox, beside the demonstration's")
    parser.add_argument("--seconds", type=int, default=5, help="how long each measurement takes")
    parser.add_argument("--rounds", type=int, default=3, help="how often each is measured; the median counts")
    options = parser.parse_args()
    if not shutil.which("wrk"):
        print("wrk is missing: apt-get install wrk", file=sys.stderr)
        return 1
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="steady-bench-")))
        pages = prepare(folder, options.letters)
        port = stack.enter_context(granian())
        for page in pages.values():
            page.cookie = cookies(port) if page.signed_in else ""
        targets = {f"granian: {name}": (page, f"http://127.0.0.1:{port}{page.path}") for name, page in pages.items()}
        file_url = stack.enter_context(nginx(folder, pages["article"].body))
        if file_url:
            as_file = Page(file_url, body=pages["article"].body)
            targets["nginx: the article as a file"] = (as_file, file_url)
        for _ in range(options.rounds):
            for page, url in targets.values():
                page.rates.append(wrk(url, page.cookie, options.seconds))
    report(targets, options)
    return 0


def cookies(port: int) -> str:
    """Sign in at the running server, as a browser would; the key of the session lies in that process alone."""
    jar = http.cookiejar.CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    address = f"http://127.0.0.1:{port}/accounts/login/"
    page = opener.open(address).read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    person = {"login": "moderator@example.org", "password": "quiet-lamp-paper-river"}
    fields = {**person, "csrfmiddlewaretoken": token[1] if token else ""}
    opener.open(urllib.request.Request(address, urllib.parse.urlencode(fields).encode(), {"Referer": address})).read()
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)


def prepare(folder: Path, letters: int) -> dict[str, Page]:
    """A database with the demonstration and more letters; the pages with what a single request of each costs."""
    os.environ.update(STEADY_VAR=str(folder / "var"), STEADY_DEMO="1", STEADY_PROCESS="both")
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    for name in ("DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL", "DEBUG", "ALLOWED_HOSTS", "SITE_URL"):
        os.environ.pop(name, None)
    sys.path.insert(0, str(ROOT))
    import django  # noqa: PLC0415 - after the environment is set

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connection, transaction  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from columns.models import Article, Column  # noqa: PLC0415
    from inbox.letters import intake  # noqa: PLC0415
    from inbox.operations import demo  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    call_command("demo")
    call_command("collectstatic", interactive=False, verbosity=0)
    column = Column.objects.get(slug="plain-answers")
    with transaction.atomic():
        for number in range(letters):
            words = intake.Words(text=f"{TEXT}\n\nLetter {number}.", consent="rewritten")
            intake.take(column, words, nonce=intake.new_nonce(), at=timezone.now())
    article = Article.objects.live(timezone.now()).newest_first()[0]
    client = Client(SERVER_NAME="127.0.0.1")
    sign_in = {"login": "moderator@example.org", "password": demo.DEMO_PASSWORD}
    client.post("/accounts/login/", sign_in)
    pages = {
        "article": Page(article.get_absolute_url()),
        "inbox": Page(f"/desk/{column.slug}/inbox/", signed_in=True),
    }
    for page in pages.values():
        reader = client if page.signed_in else Client(SERVER_NAME="127.0.0.1")
        reader.get(page.path)  # what is remembered from the first request on does not count
        with CaptureQueriesContext(connection) as captured:
            response = reader.get(page.path)
        if response.status_code != 200:
            raise SystemExit(f"{page.path} answered {response.status_code}")
        page.queries, page.body = len(captured), response.content
    return pages


@contextmanager
def granian() -> Iterator[int]:
    """The web server of ``make run``, on a port of its own."""
    port = free_port()
    command = [sys.executable, "-m", "granian", "config.wsgi:application", "--interface", "wsgi", "--port", str(port)]
    command += ["--workers", "1", "--blocking-threads", "4", "--no-ws", "--log-level", "warning"]
    process = subprocess.Popen(command, cwd=ROOT, start_new_session=True)
    try:
        wait(port, "/healthz")
        yield port
    finally:
        process.terminate()
        process.wait(20)


@contextmanager
def nginx(folder: Path, body: bytes) -> Iterator[str | None]:
    """nginx serving exactly these bytes as a file; ``None`` where there is no nginx."""
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if not program:
        print("nginx is missing, so there is no ratio: apt-get install nginx-light", file=sys.stderr)
        yield None
        return
    port = free_port()
    (folder / "site").mkdir()
    (folder / "site" / "article.html").write_bytes(body)
    config = folder / "nginx.conf"
    # under root the workers would run as somebody who cannot reach the folder
    user = "user root;" if os.geteuid() == 0 else ""
    temporary = "".join(f"{name}_temp_path {folder};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    config.write_text(
        f"{user} daemon off; pid {folder}/nginx.pid; error_log stderr emerg; worker_processes 1; events {{}}"
        f"http {{ access_log off; {temporary} default_type text/html; sendfile on;"
        f"server {{ listen 127.0.0.1:{port}; root {folder}/site; }} }}"
    )
    process = subprocess.Popen([program, "-c", str(config)], start_new_session=True)
    try:
        wait(port, "/article.html")
        yield f"http://127.0.0.1:{port}/article.html"
    finally:
        process.terminate()
        process.wait(20)


def wrk(url: str, cookie: str, seconds: int) -> float:
    """Requests a second over four connections, after a second to get warm. Answers other than 200 are an error."""
    headers = ["-H", f"Cookie: {cookie}"] if cookie else []
    rate = 0.0
    for duration in (1, seconds):
        command = ["wrk", "-t1", "-c4", f"-d{duration}s", *headers, url]
        done = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        if "Non-2xx" in done or "Socket errors" in done:
            raise SystemExit(f"not every answer was right:\n{done}")
        found = re.search(r"Requests/sec:\s+([\d.]+)", done)
        rate = float(found[1]) if found else 0.0
    return rate


def report(targets: dict[str, tuple[Page, str]], options: argparse.Namespace) -> None:
    print(f"\n{platform.python_implementation()} {platform.python_version()}, {os.cpu_count()} cores, SQLite;", end=" ")
    print(
        f"{options.letters} letters beside the demonstration's; median of {options.rounds} times {options.seconds} s\n"
    )
    print(f"{'':<30} {'requests/s':>10} {'spread':>13} {'queries':>8} {'bytes':>8} {'gzip':>7}")
    for name, (page, _) in targets.items():
        spread = f"{min(page.rates):.0f}-{max(page.rates):.0f}"
        queries = "" if name.startswith("nginx") else str(page.queries)
        size, packed = len(page.body), len(gzip.compress(page.body, 6))
        print(f"{name:<30} {page.rate:>10.0f} {spread:>13} {queries:>8} {size:>8} {packed:>7}")
    if "nginx: the article as a file" in targets:
        ratio = targets["granian: article"][0].rate / targets["nginx: the article as a file"][0].rate
        print(f"\nan article by granian, as a part of nginx with the same bytes: {ratio:.4f}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait(port: int, path: str) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", path)
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
        finally:
            connection.close()
    raise SystemExit(f"nothing answers on port {port}")


if __name__ == "__main__":
    sys.exit(main())
