"""The inbox with very many letters, beside django-helpdesk's ticket list with as many tickets, in one run.

    python bench/inbox_scale.py [--letters 20000 100000] [--rounds 40] [--helpdesk PYTHON]

``--helpdesk``: an interpreter that has django-helpdesk (``python3 -m venv x && x/bin/pip install django-helpdesk``).
Each page is asked for through Django's test client, in the process: no server, no network on either side. Both sides
lie on SQLite; with ``DATABASE_URL`` ours lies elsewhere. See README.md.
"""

from __future__ import annotations

import argparse
import datetime as dt
import io
import json
import os
import platform
import random
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TEXT = "I have wondered about this for years and never dared to ask anybody until tonight. " * 24
#: Of a hundred letters so many stand in each state: most of them wait.
STATES = {"received": 70, "held": 5, "shortlisted": 10, "declined": 15}


def main() -> int:
    parser = argparse.ArgumentParser(description="The inbox with very many letters.")
    parser.add_argument("--letters", type=int, nargs="+", default=[20_000, 100_000])
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--helpdesk", help="an interpreter that has django-helpdesk")
    parser.add_argument("--only", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.only:
        print(json.dumps(ours(options.only, options.rounds)))
        return 0
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores")
    lists: dict[str, dict[int, float]] = {"ours": {}, "helpdesk": {}}
    for count in options.letters:
        with tempfile.TemporaryDirectory(prefix="steady-scale-") as folder:
            found = run([sys.executable, __file__, "--only", str(count), "--rounds", str(options.rounds)], folder)
            report(f"{count} letters", found)
            lists["ours"][count] = statistics.median(found["list"])
            if options.helpdesk:
                rounds = str(max(5, options.rounds // 8))
                script = str(Path(__file__).parent / "helpdesk_tickets.py")
                theirs = run([options.helpdesk, script, str(count), folder, rounds], folder)
                report(f"{count} tickets in django-helpdesk", theirs)
                lists["helpdesk"][count] = statistics.median(theirs["list"])
                print(f"  ours is {lists['helpdesk'][count] / lists['ours'][count]:.0f} times as fast as its list")
    if len(options.letters) > 1:
        least, most = min(options.letters), max(options.letters)
        print(f"{most} letters cost {lists['ours'][most] / lists['ours'][least]:.2f} of {least}")
    return 0


def run(command: list[str], folder: str) -> dict[str, Any]:
    environment = {**os.environ, "STEADY_VAR": str(Path(folder) / "var"), "STEADY_DEMO": "1", "STEADY_PROCESS": "both"}
    environment |= {"DJANGO_SETTINGS_MODULE": "config.settings", "PYTHONWARNINGS": "ignore"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr[-3000:])
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def report(name: str, found: dict[str, Any]) -> None:
    queries = found.pop("queries", None)
    print(f"{name} (queries of the list: {queries})" if queries else name)
    for page, seconds in found.items():
        if page == "list" or isinstance(seconds, list):
            ordered = sorted(seconds)
            p95 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
            print(f"  {page:14} median {statistics.median(ordered) * 1000:8.1f} ms   p95 {p95 * 1000:8.1f} ms")


def ours(count: int, rounds: int) -> dict[str, Any]:
    sys.path.insert(0, str(ROOT))
    import django  # noqa: PLC0415 - after the environment is set

    django.setup()
    from django.contrib.staticfiles.storage import staticfiles_storage  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from columns.models import Column  # noqa: PLC0415
    from inbox.models import Letter  # noqa: PLC0415
    from inbox.operations import demo  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    call_command("demo", stdout=io.StringIO())
    call_command("collectstatic", interactive=False, verbosity=0)
    static: Any = staticfiles_storage
    static.hashed_files, static.manifest_hash = static.load_manifest()
    column = Column.objects.get(slug="plain-answers")
    fill(column, count, timezone.now())
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    client = Client(SERVER_NAME="127.0.0.1")
    person = {"login": "moderator@example.org", "password": demo.DEMO_PASSWORD}
    client.post("/accounts/login/", person)
    base = f"/desk/{column.slug}"
    letters = list(Letter.objects.filter(waiting=True).values_list("pk", flat=True)[:rounds])
    middle = Letter.objects.filter(waiting=True, need=0).by_need()[count // 4]
    after = f"0.{middle.received_on:%Y%m%d}.{middle.pk.hex}"

    def get(path: str, **headers: str) -> float:
        start = time.perf_counter()
        response = client.get(base + path, headers=headers)
        taken = time.perf_counter() - start
        if response.status_code != 200:
            raise SystemExit(f"{path} was answered with {response.status_code}")
        return taken

    get("/inbox/")
    with CaptureQueriesContext(connection) as asked:
        get("/inbox/")
    return {
        "list": [get("/inbox/") for _ in range(rounds)],
        "list, middle": [get(f"/inbox/?after={after}") for _ in range(rounds)],
        "urgent": [get("/inbox/urgent/") for _ in range(rounds)],
        "all": [get("/inbox/all/") for _ in range(rounds)],
        "letter, whole": [get(f"/letters/{letter}/") for letter in letters],
        "letter, pane": [get(f"/letters/{letter}/", **{"X-Steady": "pane"}) for letter in letters],
        "new ones": [get("/news/?since=2020-01-01&had=0") for _ in range(rounds)],
        "queries": len(asked),
    }


def fill(column: Any, count: int, at: dt.datetime) -> None:
    """So many letters, really sealed to the desk, written in bulk past the form: what is measured is reading them."""
    from inbox.models import Letter, LetterEvent, SealedKey, desk_recipient  # noqa: PLC0415

    desk, chance, today = desk_recipient(column), random.Random(7), at.date()  # noqa: S311 - the same letters each time
    topics = list(column.topics.all())
    for start in range(0, count, 2000):
        letters, keys = [], []
        for number in range(start, min(count, start + 2000)):
            state = chance.choices(list(STATES), list(STATES.values()))[0]
            day = today - dt.timedelta(days=chance.randrange(400))
            letter = Letter(
                column=column, topic=chance.choice(topics), status=state, need=2 * (chance.random() < 0.03),
                consent="rewritten", received_on=day, quiet_since=day, index=secrets.token_hex(32),
                writer_public=secrets.token_bytes(32), form_hash=secrets.token_hex(16), events_count=1,
            )  # fmt: skip
            words = {"text": f"{TEXT}\n\nLetter {number}.", "pen_name": "", "about": {}, "concerns": [], "details": 0}
            letter.sealed, sealed = _sealed(letter, words, desk)
            letters.append(letter)
            keys += [SealedKey(item=letter.pk, key_id=key_id, sealed=one) for key_id, one in sealed.items()]
        Letter.objects.bulk_create(letters)
        SealedKey.objects.bulk_create(keys)
        LetterEvent.objects.bulk_create(
            LetterEvent(letter=one, number=1, verb="receive", actor="writer", on=one.received_on) for one in letters
        )


def _sealed(letter: Any, words: dict[str, Any], desk: Any) -> tuple[bytes, dict[str, bytes]]:
    from inbox.crypto import sealing  # noqa: PLC0415

    return sealing.seal(letter.place(), words, [desk])


if __name__ == "__main__":
    raise SystemExit(main())
