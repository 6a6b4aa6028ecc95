"""Makes a site with invented content in every state, and dumps its database and the keys that open its letters.

    python bin/make_used_site.py STEM              on SQLite: STEM.sqlite.sql.gz and STEM.sqlite.json
    python -m tests.servers python bin/make_used_site.py STEM      on PostgreSQL: STEM.postgresql.sql.gz and .json

``tests/data/`` has such dumps; ``tests/test_used_site.py`` brings them to the newest tables and opens everything. They
are never made again: each later migration carries them forward. A new one is made beside them only where the old ones
lack something that a site has by then.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import gzip
import json
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from inbox.letters import writer_acts

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
#: Invented secrets, used only for these dumps.
SECRETS = {name: f"used-site-{name.lower()}-{'0123456789' * 3}" for name in (
    "RECEIPT_SALT", "RECEIPT_PEPPER", "FORM_SECRET", "SIGN_IN_KEY", "SECRET_KEY",
)}  # fmt: skip
#: All acts are before this time.
AT = dt.datetime(2026, 11, 27, 15, 0, tzinfo=dt.UTC)
MINUTE, DAY = dt.timedelta(minutes=1), dt.timedelta(days=1)
TEXT = "I have asked myself this for months and nobody at home can know. Is it normal, and what could I do? Number "


def main(stem: Path) -> int:
    with tempfile.TemporaryDirectory(prefix="steady-used-") as folder:
        prepare(Path(folder))
        from django.core.management import call_command  # noqa: PLC0415 - after the settings
        from django.db import connection  # noqa: PLC0415

        call_command("migrate", verbosity=0)
        known = Site().fill(Path(folder))
        name = f"{stem.name}.{connection.vendor}"
        dump = {"sqlite": dump_sqlite, "postgresql": dump_postgresql}[connection.vendor]()
        with stem.with_name(f"{name}.sql.gz").open("wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as file:
            file.write(dump.encode())
        stem.with_name(f"{name}.json").write_text(json.dumps(known, indent=1, ensure_ascii=False) + "\n")
    return 0


def prepare(folder: Path) -> None:
    """A process of the demonstration with these secrets, whose state lies in the folder."""
    os.environ.update(SECRETS)
    os.environ.update({"STEADY_VAR": str(folder), "STEADY_DEMO": "1", "DJANGO_SETTINGS_MODULE": "config.settings"})
    import django  # noqa: PLC0415

    django.setup()


class Site:
    """A site filled by the same acts that people use."""

    def __init__(self) -> None:
        self.receipts: dict[str, str] = {}
        self.names: dict[Any, str] = {}
        self.next_name = ""
        self.count = 0

    def remember_receipts(self) -> None:
        """Record the receipt of every letter that is taken, by a name."""
        from inbox.letters import intake  # noqa: PLC0415

        take = intake.take

        def remembered(*arguments: Any, **named: Any) -> Any:
            taken = take(*arguments, **named)
            name, self.next_name = self.next_name or f"demonstration {len(self.names)}", ""
            self.receipts[name], self.names[taken.letter.pk] = taken.receipt, name
            return taken

        setattr(intake, "take", remembered)  # noqa: B010

    def fill(self, folder: Path) -> dict[str, Any]:
        from inbox.keys import keyring, vault  # noqa: PLC0415
        from inbox.models import Letter, LetterEvent, Seat, User  # noqa: PLC0415
        from inbox.operations import audit_chain  # noqa: PLC0415
        from inbox.operations import demo as demo_rules  # noqa: PLC0415
        from inbox.workflow import Role  # noqa: PLC0415

        whole = demo_rules.read

        def some(demo: Path) -> demo_rules.Content:
            content = whole(demo)
            letters = {entry["state"]: entry for entry in content.letters}
            chosen = [e for e in content.letters if e.get("message") or e.get("draft", {}).get("shown")]
            chosen += [entry for entry in letters.values() if entry not in chosen]
            return dataclasses.replace(content, articles=content.articles[:2], letters=chosen, archive=[], others=[])

        setattr(demo_rules, "read", some)  # noqa: B010 - a program of its own: a few of the letters are enough
        self.remember_receipts()
        filled = demo_rules.fill(ROOT / "demo", at=AT - DAY)
        if filled is None:
            raise SystemExit("the database is not empty")
        self.column = filled.column
        people = {role: User.objects.get(email=address) for role, address in demo_rules.ADDRESSES.items()}
        self.moderator, self.author, self.reviewer, self.owner = (
            people[role] for role in (Role.MODERATOR, Role.AUTHOR, Role.REVIEWER, Role.OWNER)
        )
        self.keys = keyring.recovered(filled.recovery_key)
        for act in (self.marks, self.undone, self.together, self.ends, self.drafts, self.desk):
            act()
        Seat.objects.filter(user=self.moderator, column=self.column).delete()
        keyring.revoke(self.column, self.moderator, by=self.owner, at=AT)
        self.keys = keyring.recovered(filled.recovery_key)
        keyring.reseal(self.column, keys=self.keys, most=40)
        # with items that wait for re-sealing, and items after them
        self.take("after somebody left")
        audit_chain.join()
        gone = {self.names[pk] for pk in Letter.objects.filter(sealed=b"").values_list("pk", flat=True)}
        fields = ("before", "after", "changes")
        events = {
            f"{event.letter_id} {event.number}": [event.verb, *(self.plain(getattr(event, f, None)) for f in fields)]
            for event in LetterEvent.objects.order_by("letter", "number")
        }
        return {
            "recovery_key": filled.recovery_key,
            "password": demo_rules.DEMO_PASSWORD,
            "secrets": SECRETS,
            "receipts": {name: receipt for name, receipt in self.receipts.items() if name not in gone},
            "notice_keys": {name: key.hex() for name, key in vault._read(folder / "keys" / "notice").items()},
            "events": events,
        }

    @staticmethod
    def plain(value: Any) -> Any:
        return json.loads(json.dumps(value, default=str))

    def take(self, name: str, **more: Any) -> Any:
        """Take a letter, whose receipt is recorded by a name."""
        from inbox.letters import intake  # noqa: PLC0415

        self.count += 1
        words = intake.Words(text=f"{TEXT}{self.count}, {name}.", consent=more.pop("consent", "rewritten"), **more)
        self.next_name = name
        taken = intake.take(self.column, words, nonce=f"{self.count:032x}", at=AT - 2 * DAY)
        if taken.letter.status == "held":
            taken.letter.release(by=self.moderator, at=AT - DAY)
        return taken.letter

    def undo(self, letter: Any, event: Any, *, by: Any = None) -> Any:
        from inbox.editorial import decisions  # noqa: PLC0415

        return decisions.undo(letter, event, by=by or self.moderator, at=AT + MINUTE, keys=self.keys)

    def marks(self) -> None:
        """Make every mark, one that is undone, and one with a topic that is removed later."""
        from columns.models import Topic  # noqa: PLC0415

        by: dict[str, Any] = {"by": self.moderator, "at": AT}
        gone = Topic.objects.create(column=self.column, slug="gone", name="Gone", position=99)
        topic = Topic.objects.filter(column=self.column).exclude(pk=gone.pk).earliest("pk")
        letter = self.take("marked")
        letter.mark("topic", gone.pk, **by)
        letter.mark("topic", topic.pk, **by)
        letter.mark("give", self.author.pk, **by)
        letter.mark("limit", 1, **by)
        letter.mark_urgent(urgent=True, **by)
        letter.mark_urgent(urgent=False, **by)
        letter.hold(until=AT.date() + 9 * DAY, **by)
        self.undo(letter, letter.events.get(verb="give"))
        gone.delete()

    def undone(self) -> None:
        """Make and undo each decision."""
        from inbox.editorial import decisions  # noqa: PLC0415

        by: dict[str, Any] = {"by": self.moderator, "at": AT}
        acts: list[Callable[[Any], Any]] = [
            lambda letter: letter.shortlist(**by),
            lambda letter: letter.hold(**by),
            lambda letter: decisions.decline(letter, "We cannot take it up.", **by),
            lambda letter: decisions.ask(letter, "Since when?", **by),
        ]
        for act in acts:
            letter = self.take(f"undone {self.count}")
            letter.note("Before that.", **by)
            self.undo(letter, act(letter))
        letter = self.take("noted", email="somebody@example.org")
        letter.note("Stays.", **by)
        letter.note("Goes.", **by)
        self.undo(letter, letter.events.filter(verb="note").last())
        stopped = self.take("stopped")
        decisions.decline(stopped, "Not this time, and we are sorry.", **by)
        decisions.reopen(stopped, by=self.author, at=AT + MINUTE, keys=self.keys)

    def together(self) -> None:
        from inbox.editorial import bundles  # noqa: PLC0415

        act: dict[str, Any] = {"by": self.moderator, "at": AT, "keys": self.keys}
        one, two, three, four = (self.take(f"together {number}") for number in range(4))
        bundles.join(one, [two, three], **act)
        bundles.lead(two, **act)
        bundles.split(three, **act)
        done = bundles.join(three, [four], **act)
        bundles.undo(three, done.events[0], by=self.moderator, at=AT + MINUTE, keys=self.keys)

    def ends(self) -> None:
        """Make final decisions, some of which wait in the outbox, and the acts of writers."""
        from inbox.editorial import decisions  # noqa: PLC0415
        from inbox.keys import vault  # noqa: PLC0415
        from inbox.letters import intake  # noqa: PLC0415
        from inbox.models import Consent, SecondLook  # noqa: PLC0415

        by: dict[str, Any] = {"by": self.moderator, "at": AT}
        early: dict[str, Any] = {"by": self.moderator, "at": AT - DAY}
        declined = self.take("declined", email="declined@example.org")
        decisions.decline(declined, "We cannot take it up.", **early)
        SecondLook.objects.get_or_create(
            letter=declined, agreed=None, defaults={"declined_by": self.moderator, "asked_on": AT.date()}
        )
        decisions.look_again(declined, agree=True, by=self.author, at=AT, keys=self.keys)
        decisions.point(self.take("pointed"), "It is in the column already.", **by)
        decisions.reply(self.take("replied"), "Nothing is wrong.", by=self.author, at=AT, keys=self.keys)
        allowed = self.take("allowed", consent="private")
        writer_acts.allow(allowed, Consent.LIGHT, at=AT)
        writer_acts.write_back(allowed, "One more thing, which I forgot.", at=AT)
        changed = self.take("changed")
        decisions.ask(changed, "Since when?", **early)
        _, derived = writer_acts.find(self.receipts["changed"])
        self.receipts["changed"] = writer_acts.change_code(changed, derived.key, nonce=intake.new_nonce(), at=AT)
        gone = self.take("withdrawn")
        gone.note("It was noted.", **by)
        _, derived = writer_acts.find(self.receipts["withdrawn"])
        writer_acts.withdraw(gone, vault.writer(derived.key), at=AT)
        lost = self.take("erased")
        decisions.decline(lost, "We cannot take it up.", **early)
        lost.erase(at=AT)

    def drafts(self) -> None:
        """Make a draft of two letters, one taken out, which is shelved and unshelved, and a published draft."""
        from inbox.editorial import drafts as draft_rules  # noqa: PLC0415
        from inbox.editorial import publishing  # noqa: PLC0415

        by: dict[str, Any] = {"by": self.author, "at": AT, "keys": self.keys}
        letters = [self.take(f"drafted {number}") for number in range(3)]
        for letter in letters:
            letter.shortlist(by=self.moderator, at=AT)
        draft = draft_rules.start(self.column, letters[:2], **by)
        draft_rules.join(draft, [letters[2]], **by)
        draft_rules.take_out(draft, letters[1], **by)
        words = {
            "headline": "Is it normal?", "standfirst": "It is.", "content_note": "", "pen_name": "Awake",
            "question": "Is it normal, and what could I do?", "answer": "It is normal. *Talk* about it.",
        }  # fmt: skip
        draft.save_version(words, by=self.author, at=AT, base=1)
        publishing.send_for_review(draft, **by)
        publishing.decide(
            draft, draft.newest(), approve=False, summary="Shorter?", remarks=[], by=self.reviewer, at=AT,
            keys=self.keys,
        )  # fmt: skip
        draft_rules.shelve(draft, **by)
        draft_rules.unshelve(draft, **by)

    def desk(self) -> None:
        """Make an owner's settings, and a saved view of the inbox."""
        from inbox.models import ColumnEvent, LetterTemplate, SavedView  # noqa: PLC0415

        SavedView.objects.create(
            column=self.column, user=self.author, name="Mine", filters={"status": "received"}, shared=True
        )
        LetterTemplate.objects.create(column=self.column, kind="decline", title="Kindly", text="Dear writer,")
        ColumnEvent.write(self.column, "retention", by=self.owner, at=AT, about="declined: 60 days")


def dump_sqlite() -> str:
    from django.conf import settings  # noqa: PLC0415

    with sqlite3.connect(settings.DATABASES["default"]["NAME"]) as database:
        return "\n".join(database.iterdump()) + "\n"


def dump_postgresql() -> str:
    """Plain statements, which any client and a later server understand."""
    from django.db import connection  # noqa: PLC0415

    from tests import servers  # noqa: PLC0415

    given = connection.settings_dict
    command = [
        str(servers.programs() / "pg_dump"), "-h", str(given["HOST"] or given["OPTIONS"].get("host")),
        "-U", str(given["USER"]), "--inserts", "--rows-per-insert=100", "--no-owner", "--no-privileges",
        "--no-comments", str(given["NAME"]),
    ]  # fmt: skip
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    head, first, rest = text.partition("CREATE ")
    # settings and words to psql that another version does not know
    kept = [line for line in head.splitlines() if not re.match(r"\\|SET transaction_timeout|--|$", line)]
    return "\n".join(kept) + "\n" + first + re.sub(r"^\\unrestrict.*$", "", rest, flags=re.MULTILINE)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve()))
