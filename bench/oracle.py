"""Whether the receipt's page tells from outside if there is a letter, and what one guess costs.

    python bench/oracle.py [--rounds 1000] [--letters 200]

Types so many receipts of letters and so many of nobody's, in turns, over HTTP: to a granian of one worker that runs the
demonstration, and to the view inside this process. Everything lies in a temporary folder.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import secrets
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
BEGIN = "import os, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'config.settings'; django.setup()\n"
#: Makes the site and its letters; prints their receipts.
FILL = """
from django.utils import timezone
from inbox.letters import intake
from inbox.staff import installation
from inbox.workflow import Role
at = timezone.now()
made = installation.set_up("plain", "Plain", "Nurse", "Nurse", email="owner@example.org", name="Owner",
    password="a long enough first word", roles=[Role.AUTHOR], at=at)
for number in range(LETTERS):
    words = intake.Words(text=f"{number} I have wondered about this for years and never dared to ask.")
    print("receipt", intake.take(made.column, words, nonce=intake.new_nonce(), at=at).receipt)
"""
#: Types the receipts into the view itself; prints milliseconds and lengths.
INSIDE = """
import json, sys, time
from django.test import Client
client, found = Client(headers={"host": "127.0.0.1"}), []
for kind, receipt in json.loads(sys.stdin.readline()):
    began = time.perf_counter()
    response = client.post("/plain/letter/", {"receipt": receipt})
    found.append((kind, 1000 * (time.perf_counter() - began), len(response.content), response.status_code))
print(json.dumps(found))
"""
#: One derivation after another in a process of its own: milliseconds of CPU and KiB of memory that it adds.
GUESS = """
import resource, time
from inbox.crypto import receipts
usage = lambda: resource.getrusage(resource.RUSAGE_SELF)
before = usage().ru_maxrss
began = time.process_time()
for number in range(200):
    receipts.open_with(f"{number:017d}", salt="salt", pepper="pepper")
print(1000 * (time.process_time() - began) / 200, usage().ru_maxrss - before)
"""
#: kind, milliseconds, length, status
Answer = tuple[str, float, int, int]


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure whether the receipt's page is an oracle.")
    parser.add_argument("--rounds", type=int, default=1000)
    parser.add_argument("--letters", type=int, default=200)
    options = parser.parse_args()
    fine = True
    with tempfile.TemporaryDirectory(prefix="steady-bench-") as folder:
        os.environ.update(STEADY_DEMO="1", STEADY_VAR=folder)
        for words in (["migrate"], ["collectstatic", "--noinput"]):
            subprocess.run([sys.executable, "manage.py", *words, "--verbosity=0"], cwd=ROOT, check=True)
        lines = run(FILL.replace("LETTERS", str(options.letters))).splitlines()
        real = [line.split()[1] for line in lines if line.startswith("receipt ")]
        typed = in_turns(real, options.rounds)
        answers: list[Answer] = [tuple(one) for one in json.loads(run(INSIDE, json.dumps(typed)).splitlines()[-1])]
        fine &= report("the view", answers)
        with granian() as port:
            over_http(port, typed[:40])  # what is made once is made
            fine &= report("granian", over_http(port, typed))
        milliseconds, kib = (float(one) for one in run(GUESS).split()[-2:])
    print(
        f"one guess: {milliseconds:.1f} ms of CPU, {kib / 1024:.1f} MiB, and 2^79 guesses until it is as likely as not"
        " (80 random bits)"
    )
    fine &= milliseconds <= 40 and kib <= 20 * 1024
    print(f"this machine: {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    return 0 if fine else 1


def in_turns(real: list[str], rounds: int) -> list[tuple[str, str]]:
    """Hits and misses by chance in either order, so that neither follows the other."""
    from inbox.crypto import receipts  # noqa: PLC0415 - the path to it is known from here on

    typed = []
    for number in range(rounds):
        data = "".join(secrets.choice(receipts.ALPHABET) for _ in range(receipts.DATA_CHARACTERS))
        pair = [("hit", real[number % len(real)]), ("miss", data + receipts.check_character(data))]
        typed += pair if secrets.randbits(1) else pair[::-1]
    return typed


def over_http(port: int, typed: list[tuple[str, str]]) -> list[Answer]:
    found: list[Answer] = []
    connection = http.client.HTTPConnection("127.0.0.1", port)
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    for kind, receipt in typed:
        body = urlencode({"receipt": receipt})
        began = time.perf_counter()
        connection.request("POST", "/plain/letter/", body, headers)
        response = connection.getresponse()
        content = response.read()
        found.append((kind, 1000 * (time.perf_counter() - began), len(content), response.status))
    connection.close()
    return found


def report(where: str, answers: list[Answer]) -> bool:
    """Print what was seen; whether it is within the limits."""
    times = {kind: [one[1] for one in answers if one[0] == kind] for kind in ("hit", "miss")}
    looks = {kind: {one[2:] for one in answers if one[0] == kind} for kind in ("hit", "miss")}
    hit, miss = statistics.median(times["hit"]), statistics.median(times["miss"])
    print(
        f"{where}: hit {hit:.2f} ms, miss {miss:.2f} ms (medians of {len(times['hit'])} and {len(times['miss'])});"
        f" {abs(hit - miss):.2f} ms apart, miss / hit {miss / hit:.3f}; (length, status) {sorted(looks['hit'])}"
        f" and {sorted(looks['miss'])}"
    )
    return abs(hit - miss) < 5 and looks["hit"] == looks["miss"] and len(looks["hit"]) == 1


@contextmanager
def granian() -> Iterator[int]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(Path(sys.executable).parent / "granian"), "config.wsgi:application", "--interface=wsgi"]
    command += ["--host=127.0.0.1", f"--port={port}", "--no-ws", "--no-access-log", "--log-level=error"]
    process = subprocess.Popen(command, cwd=ROOT)
    try:
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait()


def run(code: str, stdin: str = "") -> str:
    """Run code inside Django in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", BEGIN + code],
        cwd=ROOT,
        input=stdin + "\n",
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
