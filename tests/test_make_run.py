"""``make run``: one command from a checkout to a page, alive whatever happens to its parts, and nothing left when it
ends.

Nothing here has to be quick: what must happen is waited for, and ``HANG`` is met by what never comes.
"""

from __future__ import annotations

import http.client
import os
import re
import resource
import signal
import socket
import stat
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from kombu import Connection

from config.celery import app
from config.embedded.file_broker import Channel
from tests import servers
from tests.stack import ask, free_port, hidden

pytestmark = [
    pytest.mark.begun_first,
    pytest.mark.skipif(
        "sqlite" not in settings.DATABASES["default"]["ENGINE"], reason="the demonstration always runs on SQLite"
    ),
]
HANG = 900


def command(*arguments: str) -> list[str]:
    return [sys.executable, "bin/run.py", *arguments]


def environment(var: Path) -> dict[str, str]:
    """What stands in the environment of a site must not reach the demonstration."""
    site = {
        "DATABASE_URL": "postgres://nobody@nowhere/x",
        "SECRET_KEY": "short",
        "ALLOWED_HOSTS": "x",
        "DEBUG": "maybe",
    }
    temporary = var.with_suffix(".tmp")
    temporary.mkdir(exist_ok=True)
    return {"PATH": os.defpath, "STEADY_VAR": str(var), "TMPDIR": str(temporary), **servers.compiled(), **site}


def wait_until(condition: Callable[[], object], log: Path) -> None:
    """Wait until it is so; where it never becomes so, fail with what the demonstration said."""
    hang = time.monotonic() + HANG
    while not condition():
        assert time.monotonic() < hang, log.read_text()
        time.sleep(0.1)


def get(port: int, path: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=HANG)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.read().decode()
    finally:
        connection.close()


def log_of(var: Path) -> Path:
    return var.with_suffix(".log")


@contextmanager
def running(var: Path, port: int, program: list[str] | None = None) -> Iterator[subprocess.Popen[bytes]]:
    """The demonstration (or another program that ends as it does), ready. Killed hard if it is still there."""
    log = log_of(var)
    with log.open("w") as handle:
        process = subprocess.Popen(
            program or command(str(port)),
            cwd=settings.BASE_DIR,
            env=environment(var),
            stdin=subprocess.DEVNULL,
            stdout=handle,
            stderr=handle,
            start_new_session=True,
        )
    try:
        wait_until(lambda: "Steady Hands is ready." in log.read_text() or process.poll() is not None, log)
        assert process.poll() is None, log.read_text()
        yield process
    finally:
        for number in (process.pid, *children(var)) if process.poll() is None else ():
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
        process.wait()


def children(var: Path) -> dict[int, bytes]:
    """The processes of the demonstration in this folder, itself included: their numbers and commands."""
    found = {}
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and f"STEADY_VAR={var}\0" in (entry / "environ").read_text():
                found[int(entry.name)] = (entry / "cmdline").read_bytes()
        except OSError:
            continue
    return found


def child(var: Path, word: bytes) -> int | None:
    return next((number for number, words in children(var).items() if word in words), None)


WEB_SERVER, WORKER, BEAT = b"\0config.embedded.web_server\0", b"\0--queues\0celery\0", b"\0beat\0"


def test_a_life_from_nothing_to_nothing(tmp_path: Path) -> None:
    var, port = tmp_path / "var", free_port()
    with running(var, port) as process:
        first = it_shows_the_column(var, port)
        it_runs_once(var, port, tmp_path / "other")
        it_serves_while_clients_keep_it_waiting(var, port)
        it_serves_readers_where_no_file_can_be_written(var, port)
        assert len(children(var)) == 5
        process.send_signal(signal.SIGINT)
        assert process.wait(HANG) == 0
        assert not children(var)

    # what a run leaves behind that was ended hard
    (var / "broker" / "queue" / "1_x.celery.taken").touch()
    with running(var, port) as process:
        assert "The demonstration is here already." in log_of(var).read_text()
        assert articles(get(port, "/plain-answers/")[1]) == first, "it kept its data"
        assert not list((var / "broker" / "queue").glob("*.taken"))
        it_outlives_its_worker_and_beat(var, port)
        os.kill(child(var, WEB_SERVER) or 0, signal.SIGKILL)
        assert process.wait(HANG) == 1
        assert "The web server ended (status -9), so everything ends." in log_of(var).read_text()
        assert not children(var)

    reset = subprocess.run(command("--reset"), cwd=settings.BASE_DIR, env=environment(var), check=False)
    assert reset.returncode == 0
    assert [path.name for path in var.iterdir()] == []


def articles(page: str) -> list[str]:
    return re.findall(r"/plain-answers/\d{4}/[\w-]+/", page)


def it_shows_the_column(var: Path, port: int) -> list[str]:
    said = log_of(var).read_text()
    assert f"http://127.0.0.1:{port}/" in said
    assert "moderator@example.org" in said
    assert "quiet-lamp-paper-river" in said
    status, page = get(port, "/")
    assert status in (200, 302)
    status, page = get(port, "/plain-answers/")
    assert status == 200
    style = re.search(r'href="(/static/column/column\.[0-9a-f]+\.css)"', page)
    assert style is not None
    assert get(port, style[1])[0] == 200
    assert stat.S_IMODE(var.stat().st_mode) == 0o700
    kept = [path for path in var.rglob("*") if path.is_file() and "static" not in path.parts]
    assert {stat.S_IMODE(path.stat().st_mode) & 0o077 for path in kept} == {0}
    assert articles(page)
    return articles(page)


def it_runs_once(var: Path, port: int, elsewhere: Path) -> None:
    def refused(var: Path) -> str:
        done = subprocess.run(
            command(str(port)), cwd=settings.BASE_DIR, env=environment(var), capture_output=True, text=True, check=False
        )
        assert done.returncode == 1
        return done.stderr

    assert "It runs already" in refused(var)
    assert f"Port {port} is taken. Choose another one: make run PORT={port + 1}" in refused(elsewhere)


def it_serves_while_clients_keep_it_waiting(var: Path, port: int) -> None:
    """200 clients in the midst of their headers and 200 in the midst of their bodies keep nobody waiting."""
    head = b"GET /plain-answers/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    letter = (
        b"POST /plain-answers/write/ HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
        b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\ntext="
    )
    large = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    sent = [head] * 200 + [letter % 6] * 199 + [letter % large + b"x" * (large - 6)]
    with ExitStack() as stack:
        clients = []
        for words in sent:
            client = stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=HANG))
            client.sendall(words)
            clients.append(client)
        for path in ("/plain-answers/", "/plain-answers/write/"):
            assert get(port, path)[0] == 200
        wait_until(lambda: unread(port, clients[-1]) == 0, log_of(var))
        files = open_files(child(var, WEB_SERVER))
        assert len([file for file in files if file.startswith("socket:")]) >= len(sent), "they are all held open"
        # the large body, which may be a letter, lies in memory
        assert not [file for file in files if file.startswith(str(var.with_suffix(".tmp")))]
        for client in clients:
            client.setblocking(False)
            with pytest.raises(BlockingIOError):
                client.recv(1)
            client.settimeout(HANG)
        for client, rest in ((clients[0], b"\r\n"), (clients[200], b"x"), (clients[-1], b"x")):
            client.sendall(rest)
            assert client.recv(9) == b"HTTP/1.1 ", "whoever goes on is answered"


def it_serves_readers_where_no_file_can_be_written(var: Path, port: int) -> None:
    """As on a full disk: readers read, a letter comes back with every word, and the same button sends it later."""
    web = child(var, WEB_SERVER) or 0
    way: dict[str, Any] = {"host": f"127.0.0.1:{port}"}
    words = {"text": "I have wondered about this for years and never dared to ask. " * 4, "consent": "private"}
    check = ask(port, "/plain-answers/write/", {**hidden(get(port, "/plain-answers/write/")[1]), **words}, **way)
    sent = {**hidden(check.text), **words}
    before = resource.prlimit(web, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
    for path in ("/plain-answers/", "/plain-answers/archive/", "/plain-answers/write/", "/plain-answers/letter/") * 3:
        assert get(port, path)[0] == 200
    refused = ask(port, "/plain-answers/write/send/", sent, **way)
    assert (refused.status, words["text"].strip() in refused.text) == (503, True)
    resource.prlimit(web, resource.RLIMIT_FSIZE, before)
    assert 'class="receipt">' in ask(port, "/plain-answers/write/send/", sent, **way).text


def unread(port: int, client: socket.socket) -> int:
    """How many bytes of the client still wait for the web server to read them."""
    ends = f"0100007F:{port:04X} 0100007F:{client.getsockname()[1]:04X} "
    (line,) = [line for line in Path("/proc/net/tcp").read_text().splitlines() if ends in line]
    return int(line.split()[4].partition(":")[2], 16)


def open_files(process: int | None) -> list[str]:
    found = []
    for file in Path(f"/proc/{process}/fd").iterdir():
        with suppress(FileNotFoundError):
            found.append(os.readlink(file))
    return found


def it_outlives_its_worker_and_beat(var: Path, port: int) -> None:
    """A thousand messages while beat writes its own, two unreadable ones, a worker killed twice, a beat once."""
    log, broker = log_of(var), var / "broker" / "queue"
    schedule = max(var.glob("beat*"))
    connection = Connection(
        "filesystem://",
        transport="config.embedded.file_broker:Transport",
        transport_options={"folder": str(broker)},
    )

    def send(number: int) -> None:
        with connection.channel() as channel:
            assert isinstance(channel, Channel)
            for _ in range(number):
                task = app.amqp.as_task_v2(os.urandom(8).hex(), "celery.backend_cleanup", (), {})
                message = channel.prepare_message(
                    "[[], {}, {}]", 0, "application/json", "utf-8", task.headers, dict(task.properties)
                )
                channel.basic_publish(message, "", "celery")

    def waiting() -> int:
        return len(list(broker.glob("*.msg")))

    def kill(word: bytes, name: str) -> None:
        """Kill it; it comes back once, and nothing of the old one is left."""
        sentence = f"The {name} ended (status -9); it is started again in "
        said = log.read_text().count(sentence)
        old, before = child(var, word), children(var)
        assert old
        os.kill(old, signal.SIGKILL)
        wait_until(lambda: child(var, word) not in (None, old), log)
        assert log.read_text().count(sentence) == said + 1
        assert set(before) - set(children(var)) == {old}
        assert len(children(var)) == 5

    def beat_has_written() -> None:
        """Beat writes its schedule with each wake-up."""
        before = schedule.stat().st_mtime_ns
        wait_until(lambda: schedule.stat().st_mtime_ns > before, log)

    (broker / "1_x.celery.msg").touch()
    (broker / "2_x.celery.msg").write_bytes(b"\x00\xff{")
    send(500)
    wait_until(lambda: waiting() < 450, log)
    kill(WORKER, "worker")
    wait_until(lambda: waiting() == 0, log)
    beat_has_written()
    kill(BEAT, "beat")
    send(500)
    wait_until(lambda: waiting() < 450, log)
    kill(WORKER, "worker")
    beat_has_written()
    wait_until(lambda: waiting() == 0, log)
    assert sorted(path.name for path in broker.glob("*.unreadable")) == [
        "1_x.celery.unreadable",
        "2_x.celery.unreadable",
    ]
    assert log.read_text().count("a message of the broker was unreadable and is set aside") == 2
    assert get(port, "/plain-answers/")[0] == 200


#: ``bin/run.py`` with small programs in place of its own: a page of files, a beat that sleeps, and the given worker.
SMALL = """
    import sys
    sys.path.insert(0, "bin")
    import run
    page, port, worker = sys.argv[1:]
    run.prepare = lambda env: "nobody"
    run.commands = lambda port: {
        run.WEB_SERVER: [sys.executable, "-m", "http.server", "-d", page, "-b", run.HOST, str(port)],
        "worker": ["sh", "-c", worker],
        "beat": ["sleep", "1000"],
    }
    run.LONGEST_PAUSE = 2
    sys.exit(run.main([port]))
"""


def small(folder: Path, port: int, worker: str) -> list[str]:
    (folder / "healthz").touch()
    return [sys.executable, "-c", textwrap.dedent(SMALL), str(folder), str(port), worker]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_worker_that_keeps_ending_is_started_later_each_time_and_leaves_nobody(
    tmp_path: Path, number: signal.Signals
) -> None:
    var, port = tmp_path / "var", free_port()
    with running(var, port, small(tmp_path, port, "sleep 1001 & exit 3")) as process:
        sentence = r"The worker ended \(status 3\); it is started again in (.*)\."
        wait_until(lambda: len(re.findall(sentence, log_of(var).read_text())) >= 3, log_of(var))
        assert re.findall(sentence, log_of(var).read_text())[:3] == ["1 second", "2 seconds", "2 seconds"]
        left = [words for words in children(var).values() if b"1001" in words and b"sleep\0" in words]
        assert len(left) <= 1, "at most that of the worker which ended just now"
        process.send_signal(number)
        assert process.wait(HANG) == 0
        wait_until(lambda: not children(var), log_of(var))


def test_killed_without_a_chance_it_leaves_nobody_behind(tmp_path: Path) -> None:
    var, port = tmp_path / "var", free_port()
    with running(var, port, small(tmp_path, port, "exec sleep 1000")) as process:
        assert len(children(var)) == 4
        process.kill()
        process.wait()
        wait_until(lambda: not children(var), log_of(var))
