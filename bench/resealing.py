"""How long re-sealing takes after somebody left, and that a crash in the middle loses nothing.

    python bench/resealing.py [--letters 10000]

Makes a site with so many letters, takes the seat of a colleague away, runs ``manage.py reseal``, kills it (SIGKILL) in
the middle, and runs it again. Everything lies in a temporary folder; the measure is taking the letters themselves.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
#: Runs inside Django. The recovery key's text goes to standard output, the way ``setup`` prints it.
FILL = """
import sys, time
from django.utils import timezone
from inbox.keys import keyring
from inbox.letters import intake
from inbox.models import User
from inbox.staff import installation, membership
from inbox.workflow import Role
at = timezone.now()
made = installation.set_up("plain", "Plain", "Nurse", "Nurse", email="owner@example.org", name="Owner",
    password="a long enough first word", roles=[Role.AUTHOR], at=at)
keys = keyring.recovered(made.recovery_key)
leaving = installation.add_staff("leaving@example.org", "Leaving", made.column, [Role.MODERATOR],
    password="a long enough first word", at=at, keys=keys)
text = "I have wondered about this for years and never dared to ask anybody until tonight. " * 24
began = time.perf_counter()
for number in range(LETTERS):
    words = intake.Words(text=f"{number} {text}", consent="rewritten")
    intake.take(made.column, words, nonce=intake.new_nonce(), at=at)
took = time.perf_counter() - began
membership.set_seats(leaving, made.column, frozenset(), by=made.owner, at=at)
print(made.recovery_key, f"{took:.1f}", keyring.left_to_reseal(made.column))
"""
LEFT = """
from columns.models import Column
from inbox.keys import keyring
print(keyring.left_to_reseal(Column.objects.get()))
"""
OPENS = """
import sys
from inbox.keys import keyring
from inbox.models import Letter
keys = keyring.recovered(sys.stdin.readline())
print(len(keys.open_many(Letter.objects.all())))
"""


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure re-sealing.")
    parser.add_argument("--letters", type=int, default=10_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="steady-bench-") as folder:
        os.environ.update(STEADY_DEMO="1", STEADY_VAR=folder)
        manage("migrate", "--verbosity=0")
        sheet, took, left = shell(FILL.replace("LETTERS", str(options.letters))).split()
        print(f"{left} data keys to re-seal; taking the {options.letters} letters themselves took {took} s")
        began = time.perf_counter()
        killed = kill_in_the_middle(sheet, Path(folder), int(left))
        first, half = time.perf_counter() - began, int(shell(LEFT))
        print(f"killed after {first:.1f} s ({'SIGKILL' if killed else 'it had ended'}): {half} left")
        began = time.perf_counter()
        print(manage("reseal", "--key-stdin", stdin=sheet).strip())
        second = time.perf_counter() - began
        both = first + second
        print(f"the second run took {second:.1f} s; both {both:.1f} s, {both / float(took):.2f} of taking them")
        opened = int(shell(OPENS, stdin=sheet))
        print(f"{opened} of {options.letters} letters open")
    return 0 if opened == options.letters and both < 60 else 1


def kill_in_the_middle(sheet: str, folder: Path, everything: int) -> bool:
    command = [sys.executable, "manage.py", "reseal", "--key-stdin"]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    if process.stdin:
        process.stdin.write(sheet + "\n")
        process.stdin.close()
    time.sleep(1.5)  # Django starts, the first batches are done
    while process.poll() is None and not _below(folder, everything * 3 // 4):
        time.sleep(0.05)
    killed = process.poll() is None
    process.kill()
    process.wait()
    return killed


def _below(folder: Path, number: int) -> bool:
    """Whether fewer are left, asked of SQLite's file directly so that the asking costs little."""
    import sqlite3  # noqa: PLC0415 - of no use where the site is elsewhere

    connection = sqlite3.connect(folder / "steady.sqlite3", timeout=10)
    with connection:
        (left,) = connection.execute(
            "SELECT count(*) FROM inbox_keystore JOIN inbox_publickey ON key_id = inbox_publickey.id WHERE retired"
        ).fetchone()
    connection.close()
    return bool(left < number)


def manage(*words: str, stdin: str = "") -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        input=stdin + "\n",
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return done.stdout


def shell(code: str, stdin: str = "") -> str:
    """Run code inside Django; nothing of it is read from standard input but what ``stdin`` gives."""
    begin = "import os, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'config.settings'; django.setup()\n"
    done = subprocess.run(
        [sys.executable, "-c", begin + code],
        cwd=ROOT,
        input=stdin + "\n",
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
