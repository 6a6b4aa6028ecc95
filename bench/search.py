"""How long the desk's search takes over very many letters, beside a plain scan of the same texts in the open.

    python bench/search.py [--letters 10000] [--rounds 5]

The letters are sealed as all are, 2 KiB each, on SQLite in a temporary folder; the search opens and looks through every
one. The comparison is what it cannot do: LIKE over a table in which the same texts lie readable. See README.md.
"""

from __future__ import annotations

import argparse
import io
import os
import sqlite3
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    parser = argparse.ArgumentParser(description="The desk's search.")
    parser.add_argument("--letters", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="steady-search-") as folder:
        os.environ.update(STEADY_VAR=folder, STEADY_DEMO="1", STEADY_PROCESS="both")
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
        sys.path[:0] = [str(ROOT), str(ROOT / "bench")]
        measure(Path(folder), options.letters, options.rounds)
    return 0


def measure(folder: Path, count: int, rounds: int) -> None:
    import django  # noqa: PLC0415 - after the environment is set

    django.setup()
    import inbox_scale  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from columns.models import Column  # noqa: PLC0415
    from inbox.crypto import sealing  # noqa: PLC0415
    from inbox.keys import vault  # noqa: PLC0415
    from inbox.models import Letter, StaffKey  # noqa: PLC0415
    from inbox.operations.demo import DEMO_PASSWORD  # noqa: PLC0415
    from inbox.triage.search import Question  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    call_command("demo", stdout=io.StringIO())
    column, at = Column.objects.get(slug="plain-answers"), timezone.now()
    inbox_scale.fill(column, count, at)
    pair = StaffKey.objects.get(user__email="moderator@example.org")
    keys = vault.holder(sealing.unwrap(bytes(pair.wrapped), DEMO_PASSWORD))
    plain = sqlite3.connect(folder / "plain.sqlite3")
    plain.execute("CREATE TABLE letter (text TEXT)")
    letters = Letter.objects.filter(column=column)
    texts = [(words["text"],) for words in keys.open_many(letters).values()]
    plain.executemany("INSERT INTO letter VALUES (?)", texts)
    plain.commit()
    for name, words in (("in none", "unfindable"), ("in one", f'"letter {count // 2}."'), ("in all", "wondered")):
        ours, theirs = [], []
        for _ in range(rounds):
            start = time.perf_counter()
            hits = whole(column, Question.read(words), keys, at)
            ours.append(time.perf_counter() - start)
            start = time.perf_counter()
            plain.execute("SELECT count(*) FROM letter WHERE text LIKE ?", [f"%{words.strip(chr(34))}%"]).fetchone()
            theirs.append(time.perf_counter() - start)
        ours_s, theirs_s = statistics.median(ours), statistics.median(theirs)
        print(
            f"{name:8} {ours_s:6.2f} s for {len(texts)} letters ({ours_s / len(texts) * 1e6:4.0f} us each, {hits}); "
            f"LIKE in the open {theirs_s:6.3f} s: {ours_s / theirs_s:.0f} times"
        )


def whole(column: Any, question: Any, keys: Any, at: Any) -> int:
    """The whole search, batch by batch, as a page asks for it."""
    from inbox.triage import search  # noqa: PLC0415

    after, hits = "", 0
    while True:
        batch = search.scan(column, question, keys, at=at, after=after)
        hits, after = hits + len(batch.hits), batch.after
        if not after:
            return hits


if __name__ == "__main__":
    raise SystemExit(main())
