"""A letter with words that stand nowhere else goes through the whole site: nginx, granian, Django, Celery, PostgreSQL,
Redis and a mail server, each with the configuration of the compose file. Everything fails on the way that can fail.
Afterwards the words are looked for in all that these programs have written, kept or sent.
"""

from __future__ import annotations

import base64
import functools
import html
import json
import re
import shlex
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus, urlsplit

import psycopg
import pytest
from aiosmtpd.controller import Controller
from django.conf import settings
from redis import Redis

from tests import faults, servers
from tests.config.test_compose import NGINX, resolved
from tests.config.test_headers import ALWAYS
from tests.stack import PATIENCE, Kept, Site, ask, hidden, nginx, set_up

pytestmark = [
    pytest.mark.databases,
    pytest.mark.begun_first,
    pytest.mark.skipif(
        "postgresql" not in settings.DATABASES["default"]["ENGINE"], reason="only in the run on PostgreSQL and Redis"
    ),
    pytest.mark.skipif(NGINX is None, reason="no nginx on this machine"),
]

HOST = "column.example"
WORD = "ZanzibarQuux"
PHRASE = "Hrönnfjell & <Zwölfäxing>"
TEXT = f"I am writing about a {WORD} in {PHRASE}, which nobody else in the world would ever mention in a letter."
QUESTION, REPLY = f"Since when the {WORD}?", f"The {WORD} has been here since we came to {PHRASE}."
EMAIL = faults.EMAIL
#: Where the reader connects from, and what other proxies might say of them.
SOURCE, CLAIMED = "127.83.61.77", "203.0.113.177"
BAD_RECEIPT, MISSED_RECEIPT = "7QM2-XRT9-HWD4-VNBC-7", "0000-0000-0000-0000-0"
READER = {
    "User-Agent": f"{WORD}-browser/1.0",
    "Referer": f"https://elsewhere.example/{WORD}-page",
    "Cookie": f"crumb={WORD}-crumb",
    **dict.fromkeys(("X-Forwarded-For", "X-Real-IP", "Forwarded", "True-Client-IP", "CF-Connecting-IP"), CLAIMED),
}
QUERY = f"?q={WORD}"


@functools.cache
def shapes(secret: str) -> frozenset[bytes]:
    """The secret in every dress in which a program might write it down, in small letters."""
    found: set[bytes] = set()
    for text in {secret, secret.lower(), secret.upper()}:
        dressed = {text, quote(text, safe=""), quote_plus(text), quote(text, safe="").lower()}
        dressed |= {html.escape(text), json.dumps(text)[1:-1], repr(text)[1:-1], repr(text.encode())[2:-1]}
        raw = {one.encode() for one in dressed} | {text.encode("utf-16-le"), text.encode("latin-1", "replace")}
        found |= raw | {one.hex().encode() for one in raw} | {one.hex().upper().encode() for one in raw}
        for one in (text.encode(), text.encode("utf-16-le")):
            for shift in range(3):
                # without the ends, which depend on what stands beside it
                code = base64.b64encode(b"\0" * shift + one)[4 if shift else 0 : -4]
                found |= {code, code.replace(b"+", b"-").replace(b"/", b"_")}
    return frozenset(one.lower() for one in found if len(one) >= 8)


def seen(secrets: dict[str, str], hay: bytes) -> set[str]:
    """The names of the secrets that stand in the hay, in whatever dress and case."""
    low = hay.lower()
    return {name for name, secret in secrets.items() if any(one in low for one in shapes(secret))}


class Reader:
    """Somebody far away, behind TLS, whose browser tells everything about them with each request."""

    def __init__(self, port: int) -> None:
        self.port = port

    def ask(self, path: str, data: dict[str, str] | None = None, **headers: str) -> Any:
        return ask(self.port, path + QUERY, data, host=HOST, tls=True, headers={**READER, **headers}, source=SOURCE)

    def check(self, text: str = TEXT, **more: str) -> dict[str, str]:
        """Write, look through it, and the form that would send it."""
        words = {"text": text, "consent": "rewritten", "pen_name": WORD, "email": EMAIL, **more}
        form = self.ask("/plain-answers/write/")
        check = self.ask("/plain-answers/write/", {**hidden(form.text), **words})
        assert check.status == 200, check.text
        return {**hidden(check.text), **words}

    def send(self, fields: dict[str, str]) -> Any:
        return self.ask("/plain-answers/write/send/", fields)

    def open(self, receipt: str) -> Any:
        found = self.ask("/plain-answers/letter/", {"receipt": receipt})
        return self.ask("/plain-answers/letter/open/", hidden(found.text))


def raw(port: int, sent: bytes, *, tls: bool) -> bytes:
    """What a server answers to something that is hardly a request."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE, source_address=(SOURCE, 0)) as plain:
        context = ssl._create_unverified_context()  # noqa: S323 - the certificate is made for this test
        with context.wrap_socket(plain, server_hostname=HOST) if tls else plain as connection:
            answer = b""
            connection.settimeout(1)  # many of these are never answered, since the server waits for more
            try:
                connection.sendall(sent)
                while part := connection.recv(65536):
                    answer += part
            except OSError:  # cut off: an answer too
                pass
            return answer


class Refusing(Kept):
    """A mail server that takes nothing and says the address back, as many do; later it takes everything."""

    refuses = True
    refused = 0

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802 - the name is aiosmtpd's
        if self.refuses:
            self.refused += 1
            return f"550 5.1.1 <{address}>: {address} is not known to us ({WORD})"
        envelope.rcpt_tos.append(address)
        return "250 OK"


def until(true: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, what
        time.sleep(0.2)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[str]:
    """PostgreSQL as the compose file starts it; what it says lies in ``postgres.log``."""
    command = resolved()["services"]["db"]["command"]
    with servers.postgres(*command[1:], log=tmp_path / "postgres.log") as url:
        yield url


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[str]:
    """Redis as the compose file starts it, but for the password and the folder."""
    words = shlex.split(resolved()["services"]["redis"]["command"][2])
    options = words[words.index("--save") : words.index("--dir")] + words[words.index("--dir") + 2 :]
    with servers.redis(*options[: options.index("--requirepass")], log=tmp_path / "redis.log") as url:
        yield url


def owner(url: str) -> psycopg.Connection[Any]:
    return psycopg.connect(f"host={url.partition('host=')[2]} user=app dbname=app", autocommit=True)


def files(*folders: Path) -> Iterator[tuple[str, bytes]]:
    for folder in folders:
        for path in folder.rglob("*"):
            if path.is_file() and not path.is_symlink():
                yield str(path), path.read_bytes()


def tables(url: str) -> Iterator[tuple[str, bytes]]:
    """Every table as text, as a dump would hold it, and what the server remembers of its sessions."""
    with owner(url) as connection:
        names = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        assert len(names) > 20
        for (name,) in [*names, ("pg_stat_activity",)]:
            with connection.cursor().copy(f'COPY (SELECT * FROM "{name}") TO STDOUT') as copy:
                yield f"table {name}", b"".join(bytes(part) for part in copy)


def cached(url: str) -> Iterator[tuple[str, bytes]]:
    """Every key and value of every database of the Redis, and what it remembers of commands."""
    path = urlsplit(url).path
    for number in range(64):
        with Redis(unix_socket_path=path, db=number) as redis:
            for key in redis.scan_iter():
                kind = bytes(redis.type(key)).decode()
                read: dict[str, Callable[[bytes], Any]] = {
                    "string": redis.get,
                    "hash": redis.hgetall,
                    "list": lambda name: redis.lrange(name, 0, -1),
                    "set": redis.smembers,
                    "zset": lambda name: redis.zrange(name, 0, -1, withscores=True),
                }
                value = read[kind](key)
                yield f"redis {number} {key!r}", key + (value if isinstance(value, bytes) else repr(value).encode())
    with Redis(unix_socket_path=path) as redis:
        yield "slow commands", repr(redis.slowlog_get()).encode()


def test_the_search_would_find_it() -> None:
    """The judge itself: each way of writing it down is recognised in the middle of something else."""
    secrets = {"text": TEXT[20:60], "phrase": PHRASE, "address": SOURCE}
    for written in (
        TEXT, TEXT.upper(), quote(TEXT), quote_plus(TEXT), html.escape(TEXT), json.dumps(TEXT), repr(TEXT.encode()),
        TEXT.encode().hex(), TEXT.encode("utf-16-le").hex(),
    ):  # fmt: skip
        assert {"text", "phrase"} & seen(secrets, f"x {written} y".encode()), written
    for before in range(4):
        code = base64.b64encode(b"x" * before + f"{PHRASE} {SOURCE}".encode() + b"yy")
        assert seen(secrets, code) == {"phrase", "address"}
        assert seen(secrets, base64.urlsafe_b64encode(b"x" * before + TEXT.encode())) >= {"phrase"}
    assert seen(secrets, b"I am writing about something else from 127.83.61.7") == set()


def test_the_words_are_found_nowhere(tmp_path: Path, database: str, cache: str) -> None:
    site = set_up(tmp_path / "site", database, cache)
    site.instead = {"config.wsgi:application": "tests.faults:application", "--app=config": "--app=tests.faults"}
    mail = Refusing()
    mail_server = Controller(mail, hostname="127.0.0.1", port=site.smtp)
    front = tmp_path / "front"
    front.mkdir()
    mail_server.start()
    try:
        with ExitStack() as stack:
            for name in ("public", "desk", "worker", "mailer", "beat"):
                stack.enter_context(site.running(name))
            _, secure = stack.enter_context(nginx(site, front))
            receipts = journey(site, Reader(secure), mail)
            kept = [*tables(database), *cached(cache)]
            without_a_database(database, Reader(secure))
    finally:
        mail_server.stop()

    # nginx numbers its temporary files and keeps their folders, so a body that was ever on the disk shows
    assert [path for name in ("body", "proxy") for path in (front / name).iterdir()] == []
    said = {path.name: path.read_text() for path in (tmp_path / "site").glob("*.log")}
    assert said["public.log"].count("RuntimeError") >= 2, "one in a view, one outside of Django"
    assert "a request failed outside of Django" in said["public.log"]
    assert "RuntimeError" in said["mailer.log"]
    assert "a notice could not be sent: SMTPRecipientsRefused" in said["mailer.log"]
    assert "SIGABRT" in said["mailer.log"] or "WorkerLostError" in said["mailer.log"]

    secrets = {"word": WORD, "phrase": PHRASE, "e-mail": EMAIL, "source": SOURCE, "claimed": CLAIMED}
    for number, receipt in enumerate(receipts):
        secrets |= {f"receipt {number}": receipt, f"receipt {number}, bare": receipt.replace("-", "")}
    cluster = Path(database.partition("host=")[2])
    everything = [*kept, *files(tmp_path, cluster)]
    assert {Path(name).name for name, _ in everything} >= {"postgres.log", "redis.log", "nginx.log", "public.log"}
    assert sum(len(hay) for name, hay in everything if "pg_wal" in name) > 1_000_000, "the files of the database too"
    assert {name: found for name, hay in everything if (found := seen(secrets, hay))} == {}

    assert mail.refused >= 1
    assert [(message["X-RcptTo"], message["To"]) for message in mail.mails] == [(EMAIL, EMAIL)]
    for message in mail.mails:
        del message["To"], message["X-RcptTo"]
        assert seen(secrets, message.as_bytes() + str(message.get_payload()).encode()) == set()


def sweep(site: Site) -> None:
    """Wake the worker for mail now, as beat does every 20 seconds."""
    done = site.run("beat", "celery", "--app=config", "call", "inbox.tasks.send_notices")
    assert done.returncode == 0, done.stderr


def journey(site: Site, reader: Reader, mail: Refusing) -> list[str]:
    """From the first page to the conversation, with every fault there is on the way. Returns the receipts typed."""
    sent = reader.send(reader.check())
    shown = re.search(r'class="receipt">(.*?)</p>', sent.text, re.DOTALL)
    assert shown, sent.text
    receipt = re.sub(r"<[^>]+>|\s", "", shown[1])
    assert WORD in reader.open(receipt).text

    site.manage("desk", f"decisions.ask(letter, {QUESTION!r}, by=person, at=now - WAITS)")
    sweep(site)
    until(lambda: mail.refused, "the mail was not tried")
    (site.folder / "var" / faults.SWEEP_FAILS).touch()
    sweep(site)
    until(lambda: "RuntimeError" in (site.folder / "mailer.log").read_text(), "the sweep did not fail")
    (site.folder / "var" / faults.SWEEP_FALLS).touch()
    sweep(site)
    until(lambda: not (site.folder / "var" / faults.SWEEP_FALLS).exists(), "the sweep did not fall")
    mail.refuses = False
    with owner(site.postgres) as connection:
        connection.execute("UPDATE inbox_notice SET claimed_at = NULL")
    sweep(site)
    until(lambda: mail.mails, "the mail did not go out")

    letter = reader.open(receipt)
    assert html.escape(QUESTION) in letter.text
    answered = reader.ask("/plain-answers/letter/reply/", {**hidden(letter.text), "text": REPLY})
    assert "Your message is with the column." in answered.text
    site.manage("desk", "assert letter.messages.count() == 2")

    wrong_requests(site, reader)
    faults_with_a_letter_in_hand(reader)
    for path in ("/plain-answers/", "/plain-answers/feed.atom", "/sitemap.xml", "/plain-answers/archive/"):
        assert WORD not in reader.ask(path).text.replace(QUERY, "")
    return [receipt, BAD_RECEIPT, MISSED_RECEIPT]


def wrong_requests(site: Site, reader: Reader) -> None:
    """What is malformed, too long, foreign or mistyped, through nginx and past it."""
    for typed in (BAD_RECEIPT, MISSED_RECEIPT, f"{WORD} {PHRASE}"):
        assert reader.ask("/plain-answers/letter/", {"receipt": typed}).status == 200
    assert reader.ask("/plain-answers/letter/open/", {"token": WORD}).status < 500
    assert reader.ask(f"/{WORD}/{WORD}.php").status == 404
    foreign = reader.ask("/plain-answers/write/send/", reader.check(), **{"Sec-Fetch-Site": "cross-site"})
    assert foreign.status == 403
    size = len(quote_plus(TEXT))
    almost = reader.ask("/plain-answers/write/", {"text": TEXT * (1_000_000 // size), "email": EMAIL})
    assert almost.status == 200, "taken, and shown again with what to correct"
    too_long = reader.ask("/plain-answers/write/", {"text": TEXT * (1_100_000 // size), "email": EMAIL})
    assert (too_long.status, "That was too much at once" in too_long.text) == (413, True)
    assert {name: too_long.headers[name] for name in ALWAYS} == ALWAYS
    assert too_long.headers["Cache-Control"] == "no-store"
    form = f"text={quote_plus(TEXT)}&email={EMAIL}".encode()
    tell = f"Host: {HOST}\r\nX-Real-IP: {CLAIMED}\r\nUser-Agent: {WORD}\r\n".encode()
    urlencoded = b"Content-Type: application/x-www-form-urlencoded\r\n"
    chunks = b"%x\r\n%s\r\n" % (len(form), form)
    path = f"/plain-answers/write/{QUERY}".encode()
    strange = [
        b"GET /%s HTTP/9.9\r\n%s\r\n" % (WORD.encode(), tell),
        b"%s\r\n\r\n" % TEXT.encode(),
        b"GET /%s%%zz%%00 HTTP/1.1\r\n%s\r\n" % (WORD.encode(), tell),
        b"GET %s HTTP/1.1\r\n%sX-Long: %s\r\n\r\n" % (path, tell, WORD.encode() * 8000),
        b"GET %s HTTP/1.1\r\n%s%s no colon\r\n\r\n" % (path, tell, WORD.encode()),
        b"POST %s HTTP/1.1\r\n%sContent-Length: 99999\r\n%s\r\n%s" % (path, tell, urlencoded, form),
        b"POST %s HTTP/1.1\r\n%sContent-Length: -%s\r\n\r\n" % (path, tell, WORD.encode()),
        b"POST %s HTTP/1.1\r\n%sTransfer-Encoding: chunked\r\nConnection: close\r\n%s\r\n%s0\r\n\r\n"
        % (path, tell, urlencoded, chunks),
        b"POST %s HTTP/1.1\r\n%sTransfer-Encoding: chunked\r\n\r\nzz%s\r\n%s" % (path, tell, WORD.encode(), form),
        b"POST %s HTTP/1.1\r\n%sContent-Type: multipart/form-data; boundary=%s\r\nContent-Length: %d\r\n"
        b"Connection: close\r\n\r\n%s" % (path, tell, WORD.encode(), len(form), form),
        b"GET /plain-answers/ HTTP/1.1\r\nHost: %s.example\r\nConnection: close\r\n\r\n" % WORD.encode(),
    ]
    with ThreadPoolExecutor(8) as beside:  # since most of them are waited for to no end
        said = [beside.submit(raw, reader.port, strange[0], tls=False)]
        for sent in strange:
            said.append(beside.submit(raw, reader.port, sent, tls=True))
            said.append(beside.submit(raw, site.ports["public"], sent, tls=False))
            inside = sent.replace(b"/plain-answers/write/", b"/accounts/login/")
            said.append(beside.submit(raw, site.ports["desk"], inside, tls=False))
    assert sum(one.result().startswith(b"HTTP/") for one in said) > len(strange)


def faults_with_a_letter_in_hand(reader: Reader) -> None:
    """The view fails, the server's process falls, and the role loses a right in the middle of it."""
    failed = reader.send(reader.check(f"{TEXT} {faults.FAIL}"))
    assert failed.status == 503
    assert html.escape(TEXT) in failed.text, "the words come back"
    outside = reader.ask("/plain-answers/", None, **{"X-Outside": "1"})
    assert outside.status == 200
    assert ask(reader.port, f"/plain-answers/{QUERY}&outside", host=HOST, tls=True, source=SOURCE).status == 500
    fallen = reader.send(reader.check(f"{TEXT} {faults.FALL}"))
    assert (fallen.status, "cannot be shown just now" in fallen.text) == (502, True)
    assert {name: fallen.headers[name] for name in ALWAYS} == ALWAYS
    until(lambda: reader.ask("/plain-answers/").status == 200, "the process did not come back")


def without_a_database(url: str, reader: Reader) -> None:
    """The letter is sent while the database refuses: first a table, then everything. No word of it is lost."""
    for act in (
        "REVOKE INSERT ON inbox_letter FROM steady_public",
        "ALTER ROLE steady_public NOLOGIN",
    ):
        fields = reader.check()
        with owner(url) as connection:
            connection.execute(act)
            if "NOLOGIN" in act:
                connection.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'steady_public'"
                )
        refused = reader.send(fields)
        assert refused.status == 503, act
        assert html.escape(TEXT) in refused.text, "the words come back"
    assert reader.ask("/plain-answers/").status >= 500
