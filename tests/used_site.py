"""Brings a used site from ``tests/data/`` to the newest tables and opens everything that is sealed there.

    python -m tests.used_site DUMP [FOLDER]        in the environment that ``environment`` gives

With a FOLDER, a backup of the site is restored from there instead, or where there is none, one is made there.

A process of its own, since the site has its own settings and secrets. Prints what it found, as JSON.
"""

from __future__ import annotations

import datetime as dt
import gzip
import json
import os
import sqlite3
import sys
from pathlib import Path
from typing import Any
from uuid import UUID

DATA = Path(__file__).resolve().parent / "data"


def known(dump: Path) -> dict[str, Any]:
    """What was written down beside a dump: secrets, keys, receipts by name, and what its events said."""
    found: dict[str, Any] = json.loads(dump.with_suffix("").with_suffix(".json").read_text())
    return found


def environment(dump: Path, folder: Path, **more: str) -> dict[str, str]:
    """The environment of a process of that site, whose state lies in ``folder``; the notice keys are put there."""
    notice = folder / "keys" / "notice"
    notice.mkdir(parents=True)
    for name, key in known(dump)["notice_keys"].items():
        (notice / f"{name}.key").write_bytes(bytes.fromhex(key))
    clean = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
    # DEBUG: pages name static files as they lie
    site = {"STEADY_VAR": str(folder), "STEADY_DEMO": "1", "DEBUG": "true", "DJANGO_SETTINGS_MODULE": "config.settings"}
    return clean | known(dump)["secrets"] | site | {"STEADY_PROCESS": "both"} | more


def load(dump: str) -> None:
    """Fill the empty database of this process."""
    if connection.vendor == "sqlite":
        with sqlite3.connect(settings.DATABASES["default"]["NAME"]) as database:
            database.executescript(dump)
        return
    with connection.cursor() as cursor:
        cursor.execute(dump)
    connection.close()  # the dump has set a path of its own to the tables


def urgent_ones() -> list[str]:
    """The letters that were urgent, before the tables are brought forward."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM inbox_letter WHERE urgent")
        return sorted(str(UUID(str(row[0]))) for row in cursor.fetchall())


def days_of_letters() -> dict[str, str]:
    """The day of each letter with words, before the tables are brought forward."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, received_on FROM inbox_letter WHERE status NOT IN ('withdrawn', 'erased')")
        return {str(UUID(str(row[0]))): str(row[1]) for row in cursor.fetchall()}


def opened(site: dict[str, Any]) -> dict[str, Any]:
    """What is there and what the keys open: of each kind how many rows have words, and how many of them opened."""
    vaults = [keyring.recovered(site["recovery_key"]), vault.notice()]
    turns = {}
    for name, receipt in site["receipts"].items():
        letter, derived = writer_acts.find(receipts.normalise(receipt))
        if letter is not None:
            vaults.append(vault.writer(derived.key))
            later = dt.datetime.combine(letter.quiet_since + dt.timedelta(days=30), dt.time(), tzinfo=dt.UTC)
            turns[name] = [text for _, text in writer_acts.open_letter(letter, vaults[-1], at=later).turns]
    kinds = {}
    for model in sealed_models():
        rows = list(model._default_manager.exclude(sealed=b""))
        kinds[model.__name__] = [len(rows), len({pk for keys in vaults for pk in keys.open_many(rows)})]
    desk = keyring.unlocked(User.objects.get(email="author@example.org"), site["password"])
    newest = desk.open_many(draft.newest() for draft in Draft.objects.all())
    audit_chain.join()
    events = list(LetterEvent.objects.order_by("letter", "number"))
    readable = [event for event in events if event.by_id or event.on.day != 1 or event.changes.keys() & HELD]
    opened_events.open_events(events, vaults[0])
    came = {row.letter_id: words["came"] for row in EventKey.objects.all() if (words := _opened(vaults[0], row))}
    return {
        "kinds": kinds,
        "turns": turns,
        "drafts": sorted(words["headline"] for words in newest.values()),
        "articles": Article.objects.exclude(answer="").count(),
        "not approved": [
            article.slug
            for article in Article.objects.filter(taken_down_at=None).select_related("approval")
            if text_sha256(**article.approved_text()) != article.approval.text_sha256
        ],
        "broken": [one.why for one in audit_chain.broken()] + [one.why for one in as_recorded.differing()],
        "events": {f"{event.letter_id} {event.number}": [event.verb, event.changes] for event in events},
        "letters": sorted(Letter.objects.values_list("status", flat=True).distinct().order_by()),
        "read now": sorted(str(pk) for pk in Letter.objects.filter(need=2).values_list("pk", flat=True)),
        "raised": Letter.objects.filter(need__gt=0).count(),
        "code_changed": Letter.objects.filter(code_changed=True).count(),
        "readable": len(readable),
        "came": {str(letter): day for letter, day in came.items()},
        "who": sum(event.by_id is not None for event in events),
        "days of the ended": sorted(
            {
                day.day
                for letter in Letter.objects.filter(status__in=ENDED)
                for day in (
                    letter.received_on,
                    letter.quiet_since,
                    letter.read_on,
                    *letter.messages.values_list("on", flat=True),
                )
                if day
            }
        ),
        "times of staff": sorted(
            {str(at.time()) for model in OF_STAFF for at in model.objects.values_list("at", flat=True)}
        ),
        "column_events": list(ColumnEvent.objects.order_by("number").values_list("verb", flat=True)),
    }


def pages(site: dict[str, Any]) -> dict[str, list[str]]:
    """What people get to see who sign in with the password of then, or type a receipt of then."""
    here = {"host": "localhost"}
    author, column = Client(headers=here), Column.objects.get(practice=False).slug
    author.post("/accounts/login/", {"login": "author@example.org", "password": site["password"]})
    said: dict[str, list[str]] = {"inbox": [author.get(f"/desk/{column}/inbox/").content.decode()]}
    waiting = Letter.objects.filter(status__in=["received", "shortlisted"]).exclude(sealed=b"")
    said["letters"] = [author.get(f"/desk/{column}/letters/{one.pk}/").content.decode() for one in waiting]
    writing = Draft.objects.filter(status="writing")
    said["drafts"] = [author.get(f"/desk/{column}/drafts/{one.pk}/").content.decode() for one in writing]
    said["articles"] = [
        Client(headers=here).get(one.get_absolute_url()).content.decode()
        for one in Article.objects.live(timezone.now())
    ]
    reader = Reader(column, **here)
    reader.open("letter/")
    said["receipts"] = [reader.press("letter/", receipt=site["receipts"]["declined"])]
    return said


def _opened(keys: Any, row: Any) -> dict[str, Any]:
    return keys.open_many([row]).get(row.pk, {})


#: Fields of events whose days are sealed.
HELD = {"held_until_before", "held_until_after"}

if __name__ == "__main__":
    import django

    django.setup()

    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client
    from django.utils import timezone

    from columns.models import Article, Column, text_sha256
    from inbox.crypto import receipts
    from inbox.keys import keyring, opened_events, vault
    from inbox.letters import writer_acts
    from inbox.models import (
        ColumnEvent,
        Draft,
        DraftEvent,
        DraftVersion,
        EventKey,
        Letter,
        LetterEvent,
        Review,
        User,
    )
    from inbox.models.keystore import sealed_models
    from inbox.models.times.days import ENDED
    from inbox.operations import as_recorded, audit_chain
    from tests.reader import Reader

    OF_STAFF = (ColumnEvent, DraftEvent, DraftVersion, Review)
    path, backup = Path(sys.argv[1]), Path(sys.argv[2]) if sys.argv[2:] else None
    before = {}
    if backup is not None and backup.exists():
        call_command("migrate", verbosity=0, skip_checks=False)
        call_command("restore", backup, unproven="backup-2026" in backup.name, stdout=sys.stderr)
    else:
        load(gzip.decompress(path.read_bytes()).decode())
        before = {"urgent": urgent_ones(), "came before": days_of_letters()}
        call_command("migrate", verbosity=0, skip_checks=False)
        if backup is not None:
            call_command("backup", backup, stdout=sys.stderr)
    found = {"pages": pages(known(path))} | opened(known(path)) | before
    sys.stdout.write(json.dumps(found, default=str) + "\n")
