"""The commands of docker-compose.yml, run for real: each process with its own environment, database role and keys,
against real PostgreSQL and Redis, behind a real nginx where there is one. Only hosts, ports and folders are others.
"""

from __future__ import annotations

import gzip
import html
import http.client
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as MessageHandler
from django.conf import settings

from tests import servers
from tests.config import test_compose

ROOT = settings.BASE_DIR
ON_POSTGRESQL = "postgresql" in settings.DATABASES["default"]["ENGINE"]
#: Seconds until a process that is not well counts as broken.
PATIENCE = 40

pytestmark = pytest.mark.skipif(not ON_POSTGRESQL, reason="only in the run on PostgreSQL and Redis")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
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
) -> Answer:
    """A request as a browser makes it; without ``tls``, as the proxy hands it on."""
    connection: http.client.HTTPConnection
    if tls:
        context = ssl._create_unverified_context()  # noqa: S323 - the certificate is made for this test
        # the name goes into the handshake, though the address is this machine's
        connection = http.client.HTTPSConnection(host, port, timeout=20, context=context)
        plain = socket.create_connection(("127.0.0.1", port), timeout=20)
        connection.sock = context.wrap_socket(plain, server_hostname=host)
    else:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
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

    def __init__(self, folder: Path, postgres: str, redis: str) -> None:
        self.folder, self.postgres, self.redis = folder, postgres, redis
        self.services: dict[str, dict[str, Any]] = test_compose.resolved()["services"]
        self.ports = {"public": free_port(), "desk": free_port()}
        self.smtp = free_port()

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
        return {"PATH": path, "STEADY_VAR": str(self.folder / "var"), "C_FORCE_ROOT": "1", **given}

    def command(self, name: str, words: list[str] | None = None) -> list[str]:
        """The service's command (or another one, its health check's), with this machine's ports and folders."""
        port = str(self.ports.get(name, ""))
        changed = {"--host=0.0.0.0": "--host=127.0.0.1", "--port=8000": f"--port={port}", "8000": port}
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

    def healthy(self, name: str) -> bool:
        """What the service's own health check says."""
        kind, *words = self.services[name]["healthcheck"]["test"]
        assert kind == "CMD"
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


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Set up as image and ``docs/operations.md`` do it: static files, roles, ``migrate``, a column, a moderator."""
    with servers.postgres() as postgres, servers.redis() as redis:
        site = Site(tmp_path_factory.mktemp("site"), postgres, redis)
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
        ):
            done = site.run(*words, stdin="a long enough password\n")
            assert done.returncode == 0, done.stderr
        yield site


def test_migrate_may_run_again(site: Site) -> None:
    done = site.run("migrate")
    assert done.returncode == 0, done.stderr
    assert "Each process's role has its rights." in done.stdout
    assert "No migrations to apply" in done.stdout


def test_the_keys_were_made_where_only_their_holder_looks(site: Site) -> None:
    assert not (site.folder / "keys" / "desk").exists()
    assert len(list((site.folder / "keys" / "notice").glob("*.key"))) == 1
    for name in ("public", "worker", "beat"):
        assert "SIGN_IN_KEY" not in site.environment(name)
    for name in ("public", "desk", "beat"):
        assert "NOTICE_KEY_DIR" not in site.environment(name)


def write_letter(port: int, *, tls: bool = False, **more: str) -> str:
    """A letter from the empty form to its receipt, as a reader sends it."""
    host = "column.example"
    form = ask(port, "/plain-answers/write/", host=host, tls=tls)
    assert form.status == 200
    words = {"text": "I have wondered about this for years and never dared to ask. " * 4, "consent": "private", **more}
    check = ask(port, "/plain-answers/write/", {**hidden(form.text), **words}, host=host, tls=tls)
    assert check.status == 200, check.text
    sent = ask(port, "/plain-answers/write/send/", {**hidden(check.text), **words}, host=host, tls=tls)
    found = re.search(r'class="receipt">(.*?)</p>', sent.text, re.DOTALL)
    assert found, sent.text
    return re.sub(r"<[^>]+>|\s", "", found[1])


def test_the_public_process_takes_a_letter_and_gives_it_back(site: Site) -> None:
    host, port = "column.example", site.ports["public"]
    with site.running("public") as log:
        assert ask(port, "/plain-answers/", host=host).status == 200
        receipt = write_letter(port)
        found = ask(port, "/plain-answers/letter/", {"receipt": receipt}, host=host)
        letter = ask(port, "/plain-answers/letter/open/", hidden(found.text), host=host)
        assert "I have wondered about this for years" in letter.text
        answer = {**hidden(letter.text), "sure": "on"}
        gone = ask(port, "/plain-answers/letter/withdraw/", answer, host=host)
        assert "You have taken your letter back." in gone.text
        for path in ("/desk/", "/accounts/login/", "/plain-answers/nothing/"):
            cookie = {"Cookie": f"__Host-desk={'a' * 32}"}
            assert ask(port, path, host=host, headers=cookie).status == 404, "the desk is not served here"
        assert ask(port, "/", host="elsewhere.example").status == 400
    assert receipt not in log.read_text()
    assert "192.0.2.1" not in log.read_text()


def test_the_desk_signs_in_and_asks_for_a_second_factor(site: Site) -> None:
    host, port = "desk.column.example", site.ports["desk"]
    with site.running("desk"):
        inside = ask(port, "/desk/", host=host)
        assert (inside.status, inside.headers["Location"]) == (302, "/accounts/login/?next=/desk/")
        page = ask(port, "/accounts/login/", host=host)
        assert page.status == 200
        cookies = "; ".join(value.split(";")[0] for value in page.headers.get_all("Set-Cookie") or [])
        signed = ask(
            port,
            "/accounts/login/",
            {**hidden(page.text), "login": "moderator@example.org", "password": "a long enough password"},
            host=host,
            headers={"Cookie": cookies, "Origin": f"https://{host}"},
        )
        assert signed.status == 302, signed.text
        set_cookies = signed.headers.get_all("Set-Cookie") or []
        session = next(value for value in set_cookies if value.startswith("__Host-desk="))
        assert {"Secure", "HttpOnly", "SameSite=Strict"} <= {part.strip() for part in session.split(";")}
        desk = ask(port, "/desk/", host=host, headers={"Cookie": session.split(";")[0]})
        assert (desk.status, desk.headers["Location"]) == (302, "/accounts/2fa/totp/activate/")


class Kept(MessageHandler):
    """Keeps what is mailed."""

    def __init__(self) -> None:
        super().__init__()
        self.mails: list[Any] = []

    def handle_message(self, message: Any) -> None:
        self.mails.append(message)


def test_a_mail_that_is_owed_goes_out_by_beat_and_worker(site: Site) -> None:
    script = """
from django.utils import timezone
from inbox import conversation
from inbox.models import Letter, User
letter = Letter.objects.filter(addresses__isnull=False).get()
by = User.objects.get()
conversation.decline(letter, "We cannot answer every letter.", by=by, at=timezone.now())
"""
    with site.running("public"):
        write_letter(site.ports["public"], email="somebody@example.net")
    done = site.run("desk", "python", "manage.py", "shell", "--verbosity=0", "-c", script)
    assert done.returncode == 0, done.stderr
    kept = Kept()
    mail_server = Controller(kept, hostname="127.0.0.1", port=site.smtp)
    mail_server.start()
    try:
        with ExitStack() as stack:
            worker = stack.enter_context(site.running("worker"))
            beat = stack.enter_context(site.running("beat"))
            deadline = time.monotonic() + PATIENCE
            while not kept.mails and time.monotonic() < deadline:
                time.sleep(0.2)
        written = worker.read_text() + beat.read_text()
    finally:
        mail_server.stop()
    assert [mail["To"] for mail in kept.mails] == ["somebody@example.net"], written
    assert "somebody" not in written


# --- behind nginx ---------------------------------------------------------------------------------------------------


@contextmanager
def nginx(site: Site, folder: Path) -> Iterator[tuple[int, int]]:
    """nginx with the project's configuration before public and desk; gives its ports for HTTP and HTTPS."""
    plain, secure, health = free_port(), free_port(), free_port()
    config = test_compose.nginx_folder(folder)
    changes = {
        "127.0.0.1:8001": f"127.0.0.1:{site.ports['public']}",
        "127.0.0.1:8002": f"127.0.0.1:{site.ports['desk']}",
        "listen 8080 default_server": f"listen 127.0.0.1:{plain} default_server",
        "listen 127.0.0.1:8081": f"listen 127.0.0.1:{health}",
        "listen 8443 ssl": f"listen 127.0.0.1:{secure} ssl",
    }
    site_conf = folder / "site.conf"
    text = site_conf.read_text()
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    site_conf.write_text(text)
    shutil.copytree(site.folder / "var" / "static", folder / "static")
    # workers run as nobody under root, and must reach the folder
    for path in (folder, *folder.parents):
        if path == Path("/tmp"):
            break
        path.chmod(path.stat().st_mode | 0o011)
    process = subprocess.Popen(
        [str(test_compose.NGINX), "-p", str(folder), "-c", str(config), "-g", "daemon off;"], start_new_session=True
    )
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


@pytest.mark.skipif(test_compose.NGINX is None, reason="no nginx on this machine")
def test_behind_nginx_each_host_name_has_its_own_side(site: Site, tmp_path: Path) -> None:
    column, desk = "column.example", "desk.column.example"
    with site.running("public"), site.running("desk"), nginx(site, tmp_path) as (plain, secure):
        moved = ask(plain, "/plain-answers/", host=column)
        assert (moved.status, moved.headers["Location"]) == (301, "https://column.example/plain-answers/")

        home = ask(secure, "/plain-answers/", host=column, tls=True, headers={"Accept-Encoding": "gzip"})
        assert (home.status, home.headers["Content-Encoding"]) == (200, "gzip")
        assert home.headers["Set-Cookie"] is None
        form = ask(secure, "/plain-answers/write/", host=column, tls=True, headers={"Accept-Encoding": "gzip"})
        assert (form.status, form.headers["Content-Encoding"]) == (200, None), "its length would tell"
        assert form.headers["Cache-Control"] == "no-store"
        assert ask(secure, "/desk/", host=column, tls=True).status == 404

        inside = ask(secure, "/desk/", host=desk, tls=True)
        assert (inside.status, inside.headers["Location"]) == (302, "/accounts/login/?next=/desk/")
        away = ask(secure, "/plain-answers/2026/an-answer/", host=desk, tls=True)
        assert (away.status, away.headers["Location"]) == (302, "https://column.example/plain-answers/2026/an-answer/")
        with pytest.raises(ssl.SSLError):
            ask(secure, "/", host="elsewhere.example", tls=True)

        hashed = re.search(r'"/static/(column\.[0-9a-f]{12}\.css)"', home.text)
        assert hashed is not None
        for name, kept in (("column.css", "max-age=3600"), (hashed[1], "immutable")):
            file = ask(secure, f"/static/{name}", host=column, tls=True)
            assert file.status == 200
            assert b"--paper" in file.body
            assert kept in file.headers["Cache-Control"]
            assert file.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.skipif(test_compose.NGINX is None, reason="no nginx on this machine")
def test_nginx_writes_no_letter_to_the_disk(site: Site, tmp_path: Path) -> None:
    longest = "\N{SNOWMAN} wörd " * 2000
    with site.running("public"), nginx(site, tmp_path) as (_, secure):
        made = {path for path in tmp_path.rglob("*") if path.is_file()}
        receipt = write_letter(secure, tls=True, text=longest)
        found = ask(secure, "/plain-answers/letter/", {"receipt": receipt}, host="column.example", tls=True)
        letter = ask(secure, "/plain-answers/letter/open/", hidden(found.text), host="column.example", tls=True)
        assert "\N{SNOWMAN} wörd" in letter.text
        assert {path for path in tmp_path.rglob("*") if path.is_file()} == made
        # no file is ever made: the last number of the name of the next one would tell
        assert [path for path in (tmp_path / "body").rglob("*") if path.is_dir()] == []
        assert (
            ask(secure, "/plain-answers/write/", {"text": "x" * 1_100_000}, host="column.example", tls=True).status
            == 413
        )
