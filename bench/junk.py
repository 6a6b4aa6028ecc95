"""Whether a real letter is still taken while junk pours in.

    python bench/junk.py CORPUS [--hour 10000] [--seconds 60] [--length 60] [--questions FILE]

CORPUS: a CSV file with a column ``letter``: real letters, of which nothing is kept here. FILE: an XML file with real
questions in ``chq`` and ``faq``, which are judged by their words alone, as all the letters are. Starts the web server
of the demonstration on a scratch folder, sends junk through the real steps of the form from several networks, and the
letters at the same time, each from a network of its own. Standard library, and altcha to do the sum that a page asks
for.
"""

from __future__ import annotations

import argparse
import csv
import html
import http.client
import json
import os
import random
import re
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import altcha

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "bin"), str(ROOT)]
import run  # noqa: E402 - a program beside this one

from inbox.screening import spam  # noqa: E402

PORT = 8077
HEADER = "X-Bench-Client"
OFFERS = (
    "online casino with free spins", "cheap viagra, no prescription needed", "SEO services and backlinks",
    "bitcoin investment with guaranteed profits", "http://a.example http://b.example http://c.example http://d.example",
)  # fmt: skip


#: Runs inside Django: what was held as suspect, by what it says.
HELD = """
import sys
from inbox.keys import keyring
from inbox.models import Letter
opened = keyring.recovered(sys.stdin.readline()).open_many(Letter.objects.all()).values()
junk = [words for words in opened if "come and see offer" in words["text"]]
real = [words for words in opened if "come and see offer" not in words["text"]]
print(sum(bool(w.get("why")) for w in junk), len(junk), sum(bool(w.get("why")) for w in real))
"""


@dataclass
class Tally:
    """What one kind of sender saw. ``took``: seconds of the last step, the sending."""

    took: list[float] = field(default_factory=list)
    way: list[float] = field(default_factory=list)
    receipts: int = 0
    failed: int = 0


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure the form under junk.")
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--hour", type=int, default=10_000, help="junk letters in an hour")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--length", type=int, default=0, help="characters of a piece of junk; short if not given")
    parser.add_argument("--questions", type=Path)
    parser.add_argument("--patient", action="store_true", help="junk waits as a person does, so its haste is no sign")
    options = parser.parse_args()
    with options.corpus.open(newline="") as file:
        every = [row["letter"] for row in csv.DictReader(file)]
    letters = [letter for letter in every if 40 <= len(letter) <= 16_000]
    with tempfile.TemporaryDirectory(prefix="steady-bench-") as folder:
        run.VAR = Path(folder)
        env = {**run.environment(PORT), "CLIENT_ADDRESS_HEADER": HEADER}
        recovery_key = re.findall(r"(?:[A-Z2-7]{4}-){13}[A-Z2-7]{4}", run.prepare(env))[0]
        slug = subprocess.run(
            [sys.executable, "manage.py", "shell", "-v0", "-c",
             "from columns.models import Column; print(Column.objects.first().slug)"],
            cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True, check=True,
        ).stdout.split()[-1]  # fmt: skip
        server = subprocess.Popen(run.commands(PORT)["web server"], cwd=ROOT, env=env)
        try:
            while not run.answers(PORT):
                time.sleep(0.1)
            before = rows(folder)
            filling = "-".join(random.Random(3).choices("abcdefg12345", k=options.length // 2))  # noqa: S311
            each = options.hour / 3600, options.seconds
            junk, real = pour(slug, letters, *each, patient=options.patient, filling=filling)
            after = rows(folder)
        finally:
            server.terminate()
            server.wait()
        held = subprocess.run(
            [sys.executable, "manage.py", "shell", "-v0", "-c", HELD],
            cwd=ROOT, env=env, stdout=subprocess.PIPE, input=recovery_key + "\n", text=True, check=True,
        ).stdout.split()[-3:]  # fmt: skip
    report(junk, real, {state: after.get(state, 0) - before.get(state, 0) for state in after})
    print(f"held as suspects: {held[0]} of {held[1]} of the junk; {held[2]} of {len(real.took)} real letters")
    report_words("real letters", every)
    if options.questions:
        found = re.findall(r"<(chq|faq)>(.*?)</\1>", options.questions.read_text("utf-8", "replace"), re.DOTALL)
        report_words("real questions", sorted({" ".join(text.split()) for _, text in found}))
    return 0


def report_words(what: str, texts: list[str]) -> None:
    held = sum(spam.judge(text).suspect for text in texts)
    print(f"held by their words alone: {held} of {len(texts)} {what}")


def rows(folder: str) -> dict[str, int]:
    with sqlite3.connect(Path(folder) / "steady.sqlite3") as database:
        return dict(database.execute("SELECT status, count(*) FROM inbox_letter GROUP BY status").fetchall())


def pour(
    slug: str, letters: list[str], rate: float, seconds: int, *, patient: bool, filling: str
) -> tuple[Tally, Tally]:
    """Junk at ``rate`` a second, and a real letter each second, for so long. ``filling``: makes the junk longer."""
    junk, real, lots = Tally(), Tally(), random.Random(7)  # noqa: S311 - a choice of letters, no secret
    threads = []
    ends = time.monotonic() + seconds
    due_junk = due_real = time.monotonic()
    number = 0
    while time.monotonic() < ends:
        now = time.monotonic()
        if now >= due_junk:
            number += 1
            text = f"{lots.choice(OFFERS)} for everybody, come and see offer {number} today {filling}"
            threads.append(start(slug, text, f"198.51.{number % 20}.9", junk, waits=patient, proves=False))
            due_junk += 1 / rate
        if now >= due_real:
            network = f"10.{lots.randrange(256)}.{lots.randrange(256)}.5"
            threads.append(start(slug, lots.choice(letters), network, real, waits=True, proves=True))
            due_real += 1.0
        time.sleep(max(0.0, min(due_junk, due_real) - time.monotonic()))
    for thread in threads:
        thread.join()
    return junk, real


def start(slug: str, text: str, network: str, tally: Tally, *, waits: bool, proves: bool) -> threading.Thread:
    how = {"waits": waits, "proves": proves}
    thread = threading.Thread(target=send, args=(slug, text, network, tally), kwargs=how)
    thread.start()
    return thread


def send(slug: str, text: str, network: str, tally: Tally, *, waits: bool, proves: bool) -> None:
    """Write, check, send. A person takes longer than three seconds and has a browser that does the sum."""
    try:
        began = time.perf_counter()
        fields = hidden(ask("GET", f"/{slug}/write/", network))
        opened = time.perf_counter() - began
        if waits:
            time.sleep(3.2)
        began = time.perf_counter()
        page = ask("POST", f"/{slug}/write/", network, {**fields, "text": text, "consent": "private"})
        checked = time.perf_counter() - began
        fields = {**hidden(page), "text": text, "consent": "private"}
        asked = re.search(r'challenge="([^"]*)"', page)
        if proves and asked:
            challenge = altcha.Challenge.from_dict(json.loads(html.unescape(asked[1])))
            solution = altcha.solve_challenge(challenge)
            fields["altcha"] = altcha.Payload(challenge, solution).to_base64()
        began = time.perf_counter()
        page = ask("POST", f"/{slug}/write/send/", network, fields)
        took = time.perf_counter() - began
    except (OSError, http.client.HTTPException):
        tally.failed += 1
        return
    tally.took.append(took)
    tally.way.append(opened + checked + took)
    tally.receipts += 'class="receipt"' in page


def hidden(page: str) -> dict[str, str]:
    found = re.search(r'name="page" value="([^"]*)"', page)
    return {"page": found[1] if found else ""}


def ask(method: str, path: str, network: str, fields: dict[str, str] | None = None) -> str:
    connection = http.client.HTTPConnection(run.HOST, PORT, timeout=60)
    try:
        body = urlencode(fields) if fields else None
        headers = {HEADER: network, "Content-Type": "application/x-www-form-urlencoded"}
        connection.request(method, path, body, headers)
        return connection.getresponse().read().decode()
    finally:
        connection.close()


def report(junk: Tally, real: Tally, kept: dict[str, int]) -> None:
    posts = len(junk.took) + len(real.took)
    for name, tally in (("junk", junk), ("real", real)):
        slowest = statistics.quantiles(tally.took, n=20)[-1] * 1000 if len(tally.took) > 1 else 0
        way = statistics.quantiles(tally.way, n=20)[-1] * 1000 if len(tally.way) > 1 else 0
        print(
            f"{name}: {len(tally.took)} sent, {tally.receipts} receipts, {tally.failed} failed; p95 of sending "
            f"{slowest:.0f} ms, of all three steps {way:.0f} ms"
        )
    print(f"letters in the database: {kept}; posts answered: {posts}; missing: {posts - sum(kept.values())}")


if __name__ == "__main__":
    os.umask(0o077)
    sys.exit(main())
