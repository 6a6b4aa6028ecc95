"""The commands of docker-compose.yml, run for real: each process with its own environment, database role and keys,
against real PostgreSQL and Redis, behind a real nginx where there is one. Only hosts, ports and folders are others.
"""

from __future__ import annotations

import copy
import re
import ssl
import time
from collections.abc import Iterator
from contextlib import ExitStack
from http.client import RemoteDisconnected
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.conf import settings

from tests import servers
from tests.config import test_compose
from tests.config.test_headers import ALWAYS
from tests.stack import PATIENCE, Answer, Kept, Site, ask, free_port, hidden, nginx, set_up, write_letter
from tests.tor import circuit

ON_POSTGRESQL = "postgresql" in settings.DATABASES["default"]["ENGINE"]

pytestmark = [
    pytest.mark.databases,
    pytest.mark.begun_first,
    pytest.mark.skipif(not ON_POSTGRESQL, reason="only in the run on PostgreSQL and Redis"),
]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with servers.postgres() as postgres, servers.redis() as redis:
        yield set_up(tmp_path_factory.mktemp("site"), postgres, redis)


@pytest.fixture(scope="module")
def logs(site: Site) -> Iterator[dict[str, Path]]:
    """Public and desk, well and serving; gives what each of them writes."""
    with site.running("public") as public, site.running("desk") as desk:
        yield {"public": public, "desk": desk}


def test_migrate_may_run_again(site: Site) -> None:
    done = site.run("migrate")
    assert done.returncode == 0, done.stderr
    assert "Each process's role has its rights." in done.stdout
    assert "No migrations to apply" in done.stdout


def test_the_keys_were_made_where_only_their_holder_looks(site: Site) -> None:
    assert not (site.folder / "keys" / "desk").exists()
    assert len(list((site.folder / "keys" / "notice").glob("*.key"))) == 1
    for name in ("public", "worker", "mailer", "beat"):
        assert "SIGN_IN_KEY" not in site.environment(name)
    for name in ("public", "desk", "worker", "beat"):
        assert "NOTICE_KEY_DIR" not in site.environment(name)


def test_the_public_process_takes_a_letter_and_gives_it_back(site: Site, logs: dict[str, Path]) -> None:
    host, port = "column.example", site.ports["public"]
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
    assert receipt not in logs["public"].read_text()
    assert "192.0.2.1" not in logs["public"].read_text()


@pytest.mark.usefixtures("logs")
def test_the_desk_signs_in_and_asks_for_a_second_factor(site: Site) -> None:
    host, port = "desk.column.example", site.ports["desk"]
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


@pytest.mark.usefixtures("logs")
def test_a_mail_that_is_owed_goes_out_by_beat_and_mailer(site: Site) -> None:
    script = """
from django.utils import timezone
from inbox.editorial import decisions
from inbox.models import WAITS, Letter, User
letter = Letter.objects.filter(addresses__isnull=False).get()
by = User.objects.get()
decisions.decline(letter, "We cannot answer every letter.", by=by, at=timezone.now() - WAITS)
"""
    write_letter(site.ports["public"], email="somebody@example.net")
    done = site.run("desk", "python", "manage.py", "shell", "--verbosity=0", "-c", script)
    assert done.returncode == 0, done.stderr
    kept = Kept()
    mail_server = Controller(kept, hostname="127.0.0.1", port=site.smtp)
    mail_server.start()
    try:
        with ExitStack() as stack:
            mailer = stack.enter_context(site.running("mailer"))
            beat = stack.enter_context(site.running("beat"))
            deadline = time.monotonic() + PATIENCE
            while not kept.mails and time.monotonic() < deadline:
                time.sleep(0.2)
        written = mailer.read_text() + beat.read_text()
    finally:
        mail_server.stop()
    assert [mail["To"] for mail in kept.mails] == ["somebody@example.net"], written
    assert "somebody" not in written


# --- behind nginx ---------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("logs")
@pytest.mark.skipif(test_compose.NGINX is None, reason="no nginx on this machine")
def test_behind_nginx_each_host_name_has_its_own_side(site: Site, tmp_path: Path) -> None:
    column, desk = "column.example", "desk.column.example"
    with nginx(site, tmp_path) as (plain, secure):
        moved = ask(plain, "/plain-answers/", host=column)
        assert (moved.status, moved.headers["Location"]) == (301, "https://column.example/plain-answers/")
        with pytest.raises(RemoteDisconnected):
            ask(plain, "/plain-answers/", host="elsewhere.example")

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

        hashed = re.search(r'"/static/(column/column\.[0-9a-f]{12}\.css)"', home.text)
        assert hashed is not None
        for name, kept in (("column/column.css", "max-age=3600"), (hashed[1], "immutable")):
            file = ask(secure, f"/static/{name}", host=column, tls=True)
            assert file.status == 200
            assert b".foot" in file.body
            assert kept in file.headers["Cache-Control"]
            assert file.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.usefixtures("logs")
@pytest.mark.skipif(test_compose.NGINX is None, reason="no nginx on this machine")
def test_over_tor_the_column_takes_a_letter_and_the_desk_is_away(site: Site, tmp_path: Path) -> None:
    onion = free_port()
    way: dict[str, Any] = {"host": test_compose.ONION, "circuit": circuit(1)}
    with nginx(site, tmp_path, onion=onion):
        receipt = write_letter(onion, over=way)
        origin = {"Origin": f"http://{test_compose.ONION}"}
        found = ask(onion, "/plain-answers/letter/", {"receipt": receipt}, headers=origin, **way)
        letter = ask(onion, "/plain-answers/letter/open/", hidden(found.text), headers=origin, **way)
        assert "I have wondered about this for years" in letter.text
        assert "Set-Cookie" not in letter.headers
        assert ask(onion, "/desk/", **way).status == 404


@pytest.mark.usefixtures("logs")
@pytest.mark.skipif(test_compose.NGINX is None, reason="no nginx on this machine")
def test_every_answer_through_nginx_has_each_header_once(site: Site, tmp_path: Path) -> None:
    """Whoever answers: the application, nginx with a file or a redirect, nginx with an error, nobody behind it."""
    column, desk = "column.example", "desk.column.example"
    others = {
        "X-Frame-Options": "DENY",
        "Permissions-Policy": "camera=()",
        "Content-Security-Policy": "default-src 'none'",
    }

    def look(
        answer: Answer, status: int, *, tls: bool = True, kept: str = "no-store", referrer: str = "no-referrer"
    ) -> None:
        assert answer.status == status
        wanted = {**ALWAYS, **others, "Cache-Control": kept, "Referrer-Policy": referrer}
        if not tls:
            assert answer.headers.get_all(next(iter(ALWAYS))) is None, "a browser believes it under TLS alone"
            del wanted[next(iter(ALWAYS))]
        for name, value in wanted.items():
            (said,) = answer.headers.get_all(name) or [""]
            assert value in said, (name, said)
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
        assert answer.headers["Access-Control-Allow-Origin"] is None
        assert answer.headers.get_all("Server") == ["nginx"], "without its version"

    alone = copy.copy(site)
    alone.ports = {name: free_port() for name in site.ports}
    with nginx(alone, tmp_path / "alone") as (_, secure):
        for host in (column, desk):
            away = ask(secure, "/desk/" if host == desk else "/plain-answers/write/", host=host, tls=True)
            look(away, 502)
            assert "If you are in danger" in away.text
    with nginx(site, tmp_path / "front") as (plain, secure):
        look(ask(plain, "/plain-answers/", host=column), 301, tls=False)
        look(ask(secure, "/plain-answers/", host=column, tls=True), 200, kept="max-age=60")
        look(ask(secure, "/plain-answers/write/", host=column, tls=True), 200)
        look(ask(secure, "/plain-answers/write/send/", host=column, tls=True), 302)
        look(ask(secure, "/nothing/", host=column, tls=True), 404)
        posted = ask(secure, "/plain-answers/", {}, host=column, tls=True)
        look(posted, 403)
        assert "<style" not in posted.text
        look(ask(secure, "/plain-answers/write/", {"text": "x" * 1_100_000}, host=column, tls=True), 413)
        look(ask(secure, "/accounts/login/", host=desk, tls=True), 200, referrer="same-origin")
        look(ask(secure, "/accounts/login/", {}, host=desk, tls=True), 403, referrer="same-origin")
        root = ask(secure, "/", host=desk, tls=True)
        look(root, 302)
        assert root.headers["Location"] == "/desk/", "no port of the inside"
        for host in (column, desk):
            file = ask(secure, "/static/column/column.css", host=host, tls=True)
            look(file, 200, kept="max-age=3600")
            same = {"If-None-Match": file.headers["ETag"]}
            look(
                ask(secure, "/static/column/column.css", host=host, tls=True, headers=same),
                304,
                kept="max-age=3600",
            )
            look(ask(secure, "/static/nothing.css", host=host, tls=True), 404)
            look(ask(secure, "/errors/busy.html", host=host, tls=True), 404)
            look(ask(secure, "/static/column/column.css", {}, host=host, tls=True), 405)


@pytest.mark.usefixtures("logs")
@pytest.mark.skipif(test_compose.NGINX is None, reason="no nginx on this machine")
def test_nginx_writes_no_letter_to_the_disk(site: Site, tmp_path: Path) -> None:
    longest = "\N{SNOWMAN} wörd " * 2000
    with nginx(site, tmp_path) as (_, secure):
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
