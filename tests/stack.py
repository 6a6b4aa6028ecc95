"""The whole site for a test: every process of docker-compose.yml with its own environment, database role and keys, on
real PostgreSQL and Redis, behind a real nginx. Only hosts, ports and folders are others.

    python -m tests.stack [PUBLIC [DESK]] -- COMMAND …

runs COMMAND (a scanner, say) while the site answers at https://PUBLIC and https://DESK on this machine's ports 80 and
443 alone (so it wants root); by default ``localhost`` and ``desk.localhost``. The certificate is $STACK_CERTIFICATE.
"""

from __future__ import annotations

import gzip
import html
import http.client
import json
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from aiosmtpd.handlers import Message as MessageHandler

from tests import servers
from tests.config.test_compose import NGINX, nginx_folder, resolved
from tests.tor import announced

ROOT = Path(__file__).resolve().parent.parent
#: Seconds until a process that is not well counts as broken.
PATIENCE = 600
#: The names of the example: public, desk.
HOSTS = ("column.example", "desk.column.example")


_given: set[int] = set()


def free_port() -> int:
    """A port at which nobody listens. The kernel may offer one anew before whoever was given it has begun to listen, so
    each is given once."""
    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port: int = probe.getsockname()[1]
        if port not in _given:
            _given.add(port)
            return port


@dataclass
class Answer:
    """What a server said."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        raw = gzip.decompress(self.body) if self.headers.get("Content-Encoding") == "gzip" else self.body
        return raw.decode()


def ask(
    port: int,
    path: str,
    data: dict[str, str] | None = None,
    *,
    host: str,
    tls: bool = False,
    headers: dict[str, str] | None = None,
    source: str = "127.0.0.1",
    circuit: str = "",
) -> Answer:
    """A request as a browser makes it, from the address ``source``; without ``tls``, as the proxy hands it on. With
    ``circuit``, as Tor's program hands one on that came over the circuit of that address."""
    # the name goes into the handshake, though the address is this machine's
    connection = http.client.HTTPConnection(host, port, timeout=PATIENCE)
    connection.sock = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE, source_address=(source, 0))
    if circuit:
        connection.sock.sendall(announced(circuit))
    if tls:
        context = ssl._create_unverified_context()  # noqa: S323 - the certificate is made for this test
        connection.sock = context.wrap_socket(connection.sock, server_hostname=host)
    sent = {"Host": host, "X-Real-IP": "192.0.2.1", "X-Forwarded-Proto": "https", **(headers or {})}
    body = urlencode(data).encode() if data is not None else None
    if body is not None:
        sent["Content-Type"] = "application/x-www-form-urlencoded"
    try:
        connection.request("GET" if data is None else "POST", path, body, sent)
        response = connection.getresponse()
        return Answer(response.status, response.headers, response.read())
    finally:
        connection.close()


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of a page's forms."""
    fields = {}
    for tag in re.findall(r"<input[^>]*type=\"hidden\"[^>]*>", page):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name:
            fields[name[1]] = html.unescape(value[1]) if value else ""
    return fields


class Site:
    """A PostgreSQL and a Redis of its own, folders for the keys, and every process of the compose file."""

    def __init__(
        self, folder: Path, postgres: str, redis: str, *, public: str = HOSTS[0], desk: str = HOSTS[1]
    ) -> None:
        self.folder, self.postgres, self.redis, self.hosts = folder, postgres, redis, (public, desk)
        self.services: dict[str, dict[str, Any]] = json.loads(self.named(json.dumps(resolved())))["services"]
        self.ports = {"public": free_port(), "desk": free_port()}
        self.smtp = free_port()
        #: Words of commands that a test replaces.
        self.instead: dict[str, str] = {}

    def named(self, text: str) -> str:
        """The text with this site's host names in place of the example's."""
        return text.replace(HOSTS[1], "<desk>").replace(HOSTS[0], self.hosts[0]).replace("<desk>", self.hosts[1])

    def environment(self, name: str) -> dict[str, str]:
        """What the compose file gives the service, with this machine's names."""
        given = {key: value for key, value in self.services[name]["environment"].items() if value is not None}
        if "DATABASE_URL" in given:
            here = self.postgres.partition("@")[2]
            given["DATABASE_URL"] = given["DATABASE_URL"].replace("db/steady", here).replace("//steady:", "//app:")
        if "REDIS_URL" in given:
            given["REDIS_URL"] = self.redis + ("?db=1" if name == "public" else "")
        if "NOTICE_KEY_DIR" in given:
            given["NOTICE_KEY_DIR"] = str(self.folder) + given["NOTICE_KEY_DIR"]
        if "EMAIL_HOST" in given:
            given.update(EMAIL_HOST="127.0.0.1", EMAIL_PORT=str(self.smtp), EMAIL_USE_TLS="false")
            given.update(EMAIL_HOST_USER="", EMAIL_HOST_PASSWORD="")
        path = f"{Path(sys.executable).parent}:{os.defpath}"
        (self.folder / "tmp").mkdir(exist_ok=True)
        return {
            "PATH": path,
            "TMPDIR": str(self.folder / "tmp"),
            "STEADY_VAR": str(self.folder / "var"),
            "C_FORCE_ROOT": "1",
            **servers.compiled(),
            **given,
        }

    def command(self, name: str, words: list[str] | None = None) -> list[str]:
        """The service's command (or another one, its health check's), with this machine's ports and folders."""
        port = str(self.ports.get(name, ""))
        changed = {"--host=0.0.0.0": "--host=127.0.0.1", "--port=8000": f"--port={port}", "8000": port, **self.instead}
        words = words or self.services[name]["command"]
        return [changed.get(word, word).replace("/tmp/beat", str(self.folder / "beat")) for word in words]

    def run(self, name: str, *words: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """Run the service's command (or another one in its place) to its end."""
        return subprocess.run(
            self.command(name, list(words)),
            env=self.environment(name),
            cwd=ROOT,
            capture_output=True,
            text=True,
            input=stdin,
            timeout=PATIENCE,
            check=False,
        )

    def manage(self, name: str, act: str) -> None:
        """Run a line of Python in the service's place; it knows the one ``letter``, the one ``person`` and ``now``."""
        script = (
            "from django.utils import timezone\nfrom inbox.editorial import decisions\nfrom inbox.models import *\n"
        )
        script += "letter, person, now = Letter.objects.get(), User.objects.get(), timezone.now()\n"
        done = self.run(name, "python", "manage.py", "shell", "--verbosity=0", stdin=script + act + "\n")
        assert done.returncode == 0, done.stderr
        assert "Error" not in done.stderr, done.stderr

    def healthy(self, name: str) -> bool:
        """What the service's own health check says."""
        kind, *words = self.services[name]["healthcheck"]["test"]
        assert kind == "CMD"
        if port := self.ports.get(name):  # before it listens, a check is a program started to say so
            try:
                socket.create_connection(("127.0.0.1", port), timeout=PATIENCE).close()
            except OSError:
                return False
        return self.run(name, *words).returncode == 0

    @contextmanager
    def running(self, name: str) -> Iterator[Path]:
        """The service, well, until the end; gives the file with all it wrote. It must stop when it is asked to."""
        log = self.folder / f"{name}.log"
        with log.open("w") as handle:
            process = subprocess.Popen(
                self.command(name), env=self.environment(name), cwd=ROOT, stdin=subprocess.DEVNULL, stdout=handle,
                stderr=handle, start_new_session=True,
            )  # fmt: skip
        try:
            deadline = time.monotonic() + PATIENCE
            while not self.healthy(name):
                assert process.poll() is None, log.read_text()
                assert time.monotonic() < deadline, log.read_text()
                time.sleep(0.2)
            yield log
            process.terminate()
            assert process.wait(PATIENCE) is not None
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


#: What the owner does at the desk before the column takes letters.
OPEN_INTAKE = """
from django.utils import timezone
from columns.models import Column, HelpLine
from inbox.keys import drill
from inbox.models import User
from inbox.operations import column_settings
from inbox.operations.opening import care_cards
column, owner, at = Column.objects.get(), User.objects.get(), timezone.now()
assert not column.takes_letters(at.date())
HelpLine.objects.create(column=column, name="Night Line", number="555 0100")
for card in care_cards.states(column):
    care_cards.confirm(column, card.ships.kind, seen=card.shown.sha256, by=owner, at=at)
texts = {"terms": "What becomes of a letter.", "four_eyes": False}
column_settings.set_texts(
    column, column_settings.texts(column) | texts, seen=column_settings.mark(column), by=owner, at=at
)
column.refresh_from_db()
drill.passed(column, by=owner, at=at)
column_settings.open_intake(column, by=owner, at=at)
"""


def set_up(folder: Path, postgres: str, redis: str, **hosts: str) -> Site:
    """A site as image and ``docs/operations.md`` make it: static files, roles, ``migrate``, a column, a moderator."""
    folder.mkdir(exist_ok=True)
    site = Site(folder, postgres, redis, **hosts)
    given = site.services["db"]["environment"]
    done = subprocess.run(
        ["sh", "deploy/postgres/roles.sh"],
        env={
            "PATH": f"{servers.programs()}:{os.defpath}",
            "PGHOST": postgres.partition("host=")[2],
            **{name: value for name, value in given.items() if name.endswith("_PASSWORD")},
            "POSTGRES_USER": "app",
            "POSTGRES_DB": "app",
        },
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    manage = ["manage", "python", "manage.py"]
    column = ["--slug=plain-answers", "--title=Plain Answers", "--author=Nurse", "--credential=Nurse"]
    person = ["--email=moderator@example.org", "--name=Moderator", "--seats", "moderator", "--password-stdin"]
    for words in (
        [*manage, "collectstatic", "--noinput"],
        ["migrate"],
        [*manage, "setup", *column, *person],
        [*manage, "shell", "--command", OPEN_INTAKE],
    ):
        done = site.run(*words, stdin="" if "shell" in words else "a long enough password\n")
        assert done.returncode == 0, done.stderr
    return site


def write_letter(port: int, *, tls: bool = False, over: dict[str, str] | None = None, **more: str) -> str:
    """A letter from the empty form to its receipt, as a reader sends it. ``over``: arguments of ``ask``."""
    way: Any = {"host": "column.example", "tls": tls, **(over or {})}
    form = ask(port, "/plain-answers/write/", **way)
    assert form.status == 200
    words = {"text": "I have wondered about this for years and never dared to ask. " * 4, "consent": "private", **more}
    check = ask(port, "/plain-answers/write/", {**hidden(form.text), **words}, **way)
    assert check.status == 200, check.text
    sent = ask(port, "/plain-answers/write/send/", {**hidden(check.text), **words}, **way)
    found = re.search(r'class="receipt">(.*?)</p>', sent.text, re.DOTALL)
    assert found, sent.text
    return re.sub(r"<[^>]+>|\s", "", found[1])


class Kept(MessageHandler):
    """Keeps what is mailed."""

    def __init__(self) -> None:
        super().__init__()
        self.mails: list[Any] = []

    def handle_message(self, message: Any) -> None:
        self.mails.append(message)


# --- behind nginx ---------------------------------------------------------------------------------------------------


@contextmanager
def nginx(
    site: Site, folder: Path, plain: int = 0, secure: int = 0, onion: int = 0, *, hsts: dict[str, str] | None = None
) -> Iterator[tuple[int, int]]:
    """nginx with the project's configuration before public and desk; gives its ports for HTTP and HTTPS. ``onion``: the
    port for Tor's program, for who asks there. ``hsts``: as in ``nginx_folder``.

    All it says lies in ``nginx.log``."""
    folder.mkdir(exist_ok=True)
    plain, secure, health = plain or free_port(), secure or free_port(), free_port()
    config = nginx_folder(folder, hsts)
    changes = {
        "site.conf": {
            "127.0.0.1:8001": f"127.0.0.1:{site.ports['public']}",
            "127.0.0.1:8002": f"127.0.0.1:{site.ports['desk']}",
            "listen 127.0.0.1:8081": f"listen 127.0.0.1:{health}",
        },
        "connections.conf": {
            "listen 8080 ": f"listen 127.0.0.1:{plain} ",
            "listen [::]:8080 ": f"listen [::1]:{plain} ",
            "listen 8443 ": f"listen 127.0.0.1:{secure} ",
            "listen [::]:8443 ": f"listen [::1]:{secure} ",
            "listen 8090 ": f"listen 127.0.0.1:{onion or free_port()} ",
        },
    }
    for name, replaced in changes.items():
        text = (folder / name).read_text()
        for old, new in replaced.items():
            assert old in text
            text = text.replace(old, new)
        (folder / name).write_text(site.named(text))
    shutil.copytree(site.folder / "var" / "static", folder / "static")
    # workers run as nobody under root, and must reach the folder
    for path in (folder, *folder.parents):
        if path == Path("/tmp"):
            break
        path.chmod(path.stat().st_mode | 0o011)
    said = (folder / "nginx.log").open("wb")
    process = subprocess.Popen(
        [str(NGINX), "-p", str(folder), "-c", str(config), "-g", "daemon off;"],
        cwd=folder, start_new_session=True, stdout=said, stderr=said,
    )  # fmt: skip
    try:
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                assert ask(health, "/", host="127.0.0.1").status == 204
                break
            except OSError:
                assert process.poll() is None
                assert time.monotonic() < deadline
                time.sleep(0.1)
        yield plain, secure
    finally:
        process.terminate()
        process.wait(PATIENCE)
        said.close()


def main(arguments: list[str]) -> int:
    cut = arguments.index("--")
    names, command = arguments[:cut], arguments[cut + 1 :]
    hosts = dict(zip(("public", "desk"), [*names, *("localhost", "desk.localhost")[len(names) :]], strict=True))
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="steady-stack-", dir="/tmp")))
        postgres, redis = stack.enter_context(servers.postgres()), stack.enter_context(servers.redis())
        site = set_up(folder / "site", postgres, redis, **hosts)
        done = site.run("manage", "python", "manage.py", "shell", stdin=_ARTICLES)
        assert done.returncode == 0, done.stderr
        stack.enter_context(site.running("public"))
        stack.enter_context(site.running("desk"))
        (folder / "front").mkdir()
        stack.enter_context(nginx(site, folder / "front", 80, 443))
        env = {**os.environ, "STACK_CERTIFICATE": str(folder / "front" / "fullchain.pem")}
        return subprocess.run(command, env=env, check=False).returncode


#: Something to read, for what looks at every page.
_ARTICLES = """
from inbox.models import PublicKey
from tests import factories
# the factories bring a recovery key of their own
PublicKey.objects.filter(kind="recovery").update(kind="notice", retired=True)
column = factories.make_column(slug="reading", title="Plain Reading")
for headline in ("Sleeping again", "A second opinion"):
    factories.make_article(column, headline=headline)
"""

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
