"""Starts the demonstration on this machine: web server, worker and beat, and ends all of them together.

    python bin/run.py [PORT]     start on http://127.0.0.1:PORT
    python bin/run.py --reset    throw the demonstration's state away

State lies under var/ (or $STEADY_VAR), readable by its owner alone, and is kept between runs. Standard library only.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import textwrap
import time
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("STEADY_VAR") or ROOT / "var").resolve()
HOST = "127.0.0.1"
#: Seconds that the web server may take to answer, and that a child may take to end.
PATIENCE = 60
GRACE = 10
#: What this program makes under var/, and what a reset removes.
MADE = ("broker", "keys", "mail", "secrets", "static", "beat*", "run.lock", "steady.sqlite3*")


class Stopped(Exception):
    """Somebody asked for the end."""


def environment(port: int) -> dict[str, str]:
    """The demonstration's environment. Settings of a real site that happen to be set stay out of it."""
    settings = set(re.findall(r"^#? ?([A-Z][A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    inherited = {name: value for name, value in os.environ.items() if name not in settings}
    return {
        **inherited,
        "STEADY_DEMO": "1",
        "STEADY_PROCESS": "both",
        "STEADY_VAR": str(VAR),
        "SITE_URL": f"http://{HOST}:{port}",
        "PYTHONUNBUFFERED": "1",
        # the demonstration may run as root (in a container, say); celery need not say so each time
        "PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges",
        "C_FORCE_ROOT": "1",
    }


def commands(port: int) -> dict[str, list[str]]:
    """The processes of the demonstration, by name."""
    python = [sys.executable, "-m"]
    return {
        "web server": [
            *python, "granian", "config.wsgi:application", "--interface", "wsgi", "--host", HOST, "--port", str(port),
            "--workers", "1", "--blocking-threads", "4", "--workers-kill-timeout", "5", "--no-ws",
            "--log-level", "warning", "--no-access-log",
        ],
        "worker": [
            *python, "celery", "--app", "config", "--quiet", "worker", "--concurrency", "1", "--loglevel", "WARNING",
            "--without-gossip", "--without-mingle", "--without-heartbeat",
        ],
        "beat": [
            *python, "celery", "--app", "config", "--quiet", "beat", "--schedule", str(VAR / "beat"), "--pidfile=",
            "--loglevel", "WARNING",
        ],
    }  # fmt: skip


def main(arguments: list[str]) -> int:
    if arguments == ["--reset"]:
        return reset()
    port = int(arguments[0]) if arguments and arguments[0].isdigit() else 8000
    # said for SIGINT too, since a shell starts background programs deaf to it
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    os.umask(0o077)
    VAR.mkdir(parents=True, exist_ok=True)
    VAR.chmod(0o700)
    lock = _lock()
    if lock is None:
        print(f"It runs already: another process uses {VAR}.", file=sys.stderr)
        return 1
    if taken(port):
        print(f"Port {port} is taken. Choose another one: make run PORT={port + 1}", file=sys.stderr)
        return 1
    running: dict[str, subprocess.Popen[bytes]] = {}
    try:
        sign_ins = prepare(environment(port))
        return supervise(port, running, sign_ins)
    except Stopped:
        print("\nStopping.", flush=True)
        return 0
    except subprocess.CalledProcessError as error:
        print(f"It could not start: “{' '.join(error.cmd[1:3])}” failed.", file=sys.stderr)
        return 1
    finally:
        end(list(running.values()))


def prepare(env: dict[str, str]) -> str:
    """Bring database, demonstration column and static files to the code's state; each step may be repeated.

    Returns what the demonstration says about itself: who can sign in, and how.
    """
    for folder in ("queue", "control"):
        (VAR / "broker" / folder).mkdir(parents=True, exist_ok=True)
    manage(["migrate", "--verbosity=0"], env)
    sign_ins = manage(["demo"], env)
    manage(["collectstatic", "--noinput", "--verbosity=0"], env)
    return sign_ins


def manage(arguments: list[str], env: dict[str, str]) -> str:
    """Run one of Django's commands and return what it printed; what it complained about is passed on as it comes."""
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(
        command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, check=True
    )
    return done.stdout


def supervise(port: int, running: dict[str, subprocess.Popen[bytes]], sign_ins: str) -> int:
    """Start every process into ``running`` and stay until one ends or somebody stops us. Returns the exit status."""
    for name, command in commands(port).items():
        running[name] = start(command, environment(port))
    ready_by = time.monotonic() + PATIENCE
    ready = False
    while True:
        for name, process in running.items():
            if process.poll() is not None:
                print(f"The {name} ended (status {process.returncode}), so everything ends.", file=sys.stderr)
                return 1
        if not ready and answers(port):
            ready = True
            print(banner(port, sign_ins), flush=True)
        if not ready and time.monotonic() > ready_by:
            print(f"The web server did not answer within {PATIENCE} seconds.", file=sys.stderr)
            return 1
        time.sleep(0.5 if ready else 0.1)


def start(command: list[str], env: dict[str, str]) -> subprocess.Popen[bytes]:
    """Start in a process group of its own: a Ctrl-C reaches this program alone, which then ends them in order."""
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env=env,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=_end_with_parent,  # noqa: PLW1509 - this program has one thread
    )


def end(processes: list[subprocess.Popen[bytes]]) -> None:
    """Ask every process group to end; after ``GRACE`` seconds they are not asked any more."""
    # a second Ctrl-C must not interrupt this
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    for process in processes:
        process.terminate()
    deadline = time.monotonic() + GRACE
    for process in processes:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(max(0.0, deadline - time.monotonic()))
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # what is left of its group
        process.wait()


def taken(port: int) -> bool:
    """Whether another program listens on the port, or we may not."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except (OSError, OverflowError):
            return True
    return False


def answers(port: int) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def banner(port: int, sign_ins: str) -> str:
    about = textwrap.indent(sign_ins.rstrip(), " " * 4)
    return f"""
  Steady Hands is ready.

    The column   http://{HOST}:{port}/
    The desk     http://{HOST}:{port}/desk/

{about}

  Everything in it is invented. Ctrl-C stops it; what you do is kept in {_short(VAR)}/ (make reset throws it away).
"""


def reset() -> int:
    VAR.mkdir(parents=True, exist_ok=True)
    if _lock() is None:
        print("It is running. Stop it first.", file=sys.stderr)
        return 1
    for pattern in MADE:
        for path in VAR.glob(pattern):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    print(f"The demonstration's state in {_short(VAR)}/ is gone. The next make run begins anew.")
    return 0


def _short(path: Path) -> Path:
    return path.relative_to(ROOT) if path.is_relative_to(ROOT) else path


def _lock() -> int | None:
    """Hold var/ for this process until it ends, however it ends; ``None`` where another one holds it."""
    descriptor = os.open(VAR / "run.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def _stop(number: int, frame: FrameType | None) -> None:
    raise Stopped


def _end_with_parent() -> None:
    """In a child, before its program: on Linux the kernel ends it when this program is killed without a chance."""
    if sys.platform == "linux":
        set_death_signal = 1  # PR_SET_PDEATHSIG
        ctypes.CDLL(None).prctl(set_death_signal, signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
