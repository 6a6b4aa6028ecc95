"""Starts the demonstration on this machine: web server, workers and beat, and ends all of them together.

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
#: Seconds that the web server may take to answer: only one that hangs takes as long, since the end of one that fails is
#: noticed at once. Then the seconds that a child may take to end.
PATIENCE = 300
GRACE = 10
#: A worker or beat that ended is started again after a pause in seconds, which doubles from the first to the longest
#: until a child has lived for some time.
FIRST_PAUSE = 1
LONGEST_PAUSE = 60
SETTLED = 60
#: The child process whose end stops the demonstration.
WEB_SERVER = "web server"
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
#: Files and folders under var/ that this program makes and a reset removes.
MADE = ("broker", "keys", "mail", "secrets", "static", "beat*", "run.lock", "steady.sqlite3*")


class Stopped(Exception):
    """A signal to stop was received."""


def environment(port: int) -> dict[str, str]:
    """The demonstration's environment. Settings of a real site in the environment are not passed on."""
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
    worker = [
        *python, "celery", "--app", "config", "--quiet", "worker", "--pool", "solo", "--loglevel", "WARNING",
        "--without-gossip", "--without-mingle", "--without-heartbeat", "--queues",
    ]  # fmt: skip
    return {
        WEB_SERVER: [*python, "config.embedded.web_server", str(port)],
        "worker": [*worker, "celery"],
        # a mail server that hangs keeps back nothing else
        "worker for mail": [*worker, "mail"],
        "beat": [
            *python, "celery", "--app", "config", "--quiet", "beat", "--schedule", str(VAR / "beat"), "--pidfile=",
            "--loglevel", "WARNING",
        ],
    }  # fmt: skip


def main(arguments: list[str]) -> int:
    if arguments == ["--reset"]:
        return reset()
    port = int(arguments[0]) if arguments and arguments[0].isdigit() else 8000
    # set for SIGINT too, since a shell starts background programs with SIGINT ignored
    for number in ENDING:
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
    env = environment(port)
    children = [Child(name, command, env) for name, command in commands(port).items()]
    try:
        sign_ins = prepare(env)
        return supervise(port, children, sign_ins)
    except Stopped:
        print("\nStopping.", flush=True)
        return 0
    except subprocess.CalledProcessError as error:
        print(f"It could not start: “{' '.join(error.cmd[1:3])}” failed.", file=sys.stderr)
        return 1
    finally:
        end(children)


def prepare(env: dict[str, str]) -> str:
    """Bring database, demonstration column and static files to the code's state; each step may be repeated.

    Returns the text about the accounts of the demonstration.
    """
    # messages of an earlier run only start outdated sweeps
    shutil.rmtree(VAR / "broker", ignore_errors=True)
    (VAR / "broker" / "queue").mkdir(parents=True, exist_ok=True)
    manage(["migrate", "--verbosity=0"], env)
    sign_ins = manage(["demo"], env)
    manage(["collectstatic", "--noinput", "--verbosity=0"], env)
    return sign_ins


def manage(arguments: list[str], env: dict[str, str]) -> str:
    """Run one of Django's commands and return what it printed; its standard error is passed on."""
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(
        command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, check=True
    )
    return done.stdout


class Child:
    """A process of the demonstration, with its children in a group of their own.

    So a Ctrl-C reaches this program alone, which then ends all of them in order.
    """

    def __init__(self, name: str, command: list[str], env: dict[str, str]) -> None:
        self.name, self.command, self.env = name, command, env
        self.process: subprocess.Popen[bytes] | None = None
        self.pause = FIRST_PAUSE
        self.started = 0.0
        #: The time of the next start.
        self.due = 0.0

    def start(self) -> None:
        self.started = time.monotonic()
        # a signal before the assignment would leave a process that is never ended
        signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
        try:
            self.process = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env=self.env,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
                preexec_fn=_in_child,  # noqa: PLW1509 - this program has one thread
            )
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)

    def status(self) -> int | None:
        """The exit status of a child that ended since it was started; ``None`` while it runs or waits for its start."""
        return self.process.poll() if self.process else None

    def bury(self) -> None:
        """End what is left of the group of a child that ended, and forget it."""
        if self.process:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def revive(self) -> None:
        """Start a child that ended as soon as its pause is over; the pause grows while it ends early."""
        now = time.monotonic()
        status = self.status()
        if status is not None:
            self.bury()
            if now - self.started >= SETTLED:
                self.pause = FIRST_PAUSE
            self._wait(now, f"ended (status {status})")
        elif self.process is None and now >= self.due:
            try:
                self.start()
            except (OSError, subprocess.SubprocessError):  # a machine short of memory or processes
                self._wait(now, "could not be started")

    def _wait(self, now: float, why: str) -> None:
        seconds = "1 second" if self.pause == 1 else f"{self.pause} seconds"
        print(f"The {self.name} {why}; it is started again in {seconds}.", file=sys.stderr)
        self.due, self.pause = now + self.pause, min(2 * self.pause, LONGEST_PAUSE)


def supervise(port: int, children: list[Child], sign_ins: str) -> int:
    """Start every child and stay until the web server ends or somebody stops us. Returns the exit status."""
    for child in children:
        child.start()
    ready_by = time.monotonic() + PATIENCE
    ready = False
    while True:
        for child in children:
            if child.name != WEB_SERVER:
                child.revive()
            elif child.status() is not None:
                print(f"The {child.name} ended (status {child.status()}), so everything ends.", file=sys.stderr)
                return 1
        if not ready and answers(port):
            ready = True
            print(banner(port, sign_ins), flush=True)
        if not ready and time.monotonic() > ready_by:
            print(f"The web server did not answer within {PATIENCE} seconds.", file=sys.stderr)
            return 1
        time.sleep(0.5 if ready else 0.1)


def end(children: list[Child]) -> None:
    """Ask every child to end; kill those that run after ``GRACE`` seconds."""
    # a second Ctrl-C must not interrupt the shutdown
    for number in ENDING:
        signal.signal(number, signal.SIG_IGN)
    for child in children:
        if child.process:
            child.process.terminate()
    deadline = time.monotonic() + GRACE
    for child in children:
        if child.process:
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.process.wait(max(0.0, deadline - time.monotonic()))
        child.bury()


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
    """Lock var/ until this process ends; ``None`` where another process has the lock."""
    descriptor = os.open(VAR / "run.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def _stop(number: int, frame: FrameType | None) -> None:
    raise Stopped


def _in_child() -> None:
    """In a child, before its program: on Linux the kernel ends it when this program is killed without a chance."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
    if sys.platform == "linux":
        set_death_signal = 1  # PR_SET_PDEATHSIG
        ctypes.CDLL(None).prctl(set_death_signal, signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
