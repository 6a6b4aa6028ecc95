"""``make run``: one command from a checkout to a page, and nothing left when it ends."""

from __future__ import annotations

import http.client
import os
import re
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings

from tests.stack import free_port

pytestmark = pytest.mark.skipif(
    "sqlite" not in settings.DATABASES["default"]["ENGINE"], reason="the demonstration always runs on SQLite"
)
PATIENCE = 60


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
    return {"PATH": os.defpath, "STEADY_VAR": str(var), **site}


def get(port: int, path: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.read().decode()
    finally:
        connection.close()


@contextmanager
def running(var: Path, port: int) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The demonstration, ready; gives the process and what it printed until then. Killed hard if it is still there."""
    log = var.with_suffix(".log")
    with log.open("w") as handle:
        process = subprocess.Popen(
            command(str(port)),
            cwd=settings.BASE_DIR,
            env=environment(var),
            stdin=subprocess.DEVNULL,
            stdout=handle,
            stderr=handle,
            text=True,
            start_new_session=True,
        )
    try:
        deadline = time.monotonic() + PATIENCE
        while "Steady Hands is ready." not in log.read_text():
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.1)
        yield process, log.read_text()
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()


def children(var: Path) -> set[int]:
    """The processes of the demonstration in this folder."""
    found = set()
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and f"STEADY_VAR={var}\0" in (entry / "environ").read_text():
                found.add(int(entry.name))
        except OSError:
            continue
    return found


def everybody_is_gone(var: Path, within: float) -> bool:
    deadline = time.monotonic() + within
    while children(var):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def test_from_nothing_to_a_page_and_to_nothing_again(tmp_path: Path) -> None:
    var, port = tmp_path / "var", free_port()
    with running(var, port) as (process, said):
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
        first = re.findall(r"/plain-answers/\d{4}/[\w-]+/", page)

        again = subprocess.run(
            command(str(port)), cwd=settings.BASE_DIR, env=environment(var), capture_output=True, text=True, check=False
        )
        assert again.returncode == 1
        assert "It runs already" in again.stderr
        elsewhere = environment(tmp_path / "other")
        taken = subprocess.run(
            command(str(port)), cwd=settings.BASE_DIR, env=elsewhere, capture_output=True, text=True, check=False
        )
        assert taken.returncode == 1
        assert f"Port {port} is taken. Choose another one: make run PORT={port + 1}" in taken.stderr

        assert len(children(var)) >= 4
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) == 0
    assert everybody_is_gone(var, within=1)

    with running(var, port) as (process, said):
        assert "The demonstration is here already." in said
        assert re.findall(r"/plain-answers/\d{4}/[\w-]+/", get(port, "/plain-answers/")[1]) == first, "it kept its data"
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0
    assert everybody_is_gone(var, within=1)

    reset = subprocess.run(command("--reset"), cwd=settings.BASE_DIR, env=environment(var), check=False)
    assert reset.returncode == 0
    assert [path.name for path in var.iterdir()] == []


def test_if_one_part_dies_all_of_it_ends_with_an_error(tmp_path: Path) -> None:
    var = tmp_path / "var"
    with running(var, free_port()) as (process, _):
        worker = next(child for child in children(var) if b"\0worker\0" in Path(f"/proc/{child}/cmdline").read_bytes())
        os.kill(worker, signal.SIGKILL)
        assert process.wait(PATIENCE) == 1
    assert everybody_is_gone(var, within=1)
    assert "ended (status" in var.with_suffix(".log").read_text()


def test_killed_without_a_chance_it_leaves_nobody_behind(tmp_path: Path) -> None:
    var = tmp_path / "var"
    with running(var, free_port()) as (process, _):
        process.kill()
        process.wait()
        assert everybody_is_gone(var, within=30)
