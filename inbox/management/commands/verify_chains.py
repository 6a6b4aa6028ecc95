"""``manage.py verify_chains [--heads FILE] [--write-heads FILE] [--as-events-say] [--begin WHY]``: whether the audit
trail is what it was, and letters and drafts are as it says."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from inbox.operations import as_recorded, audit_chain, kept_heads


class Command(BaseCommand):
    help = (
        "Compute every chain of events anew and compare letters and drafts with them; name what does not hold, with"
        " exit status 1."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--heads", type=Path, metavar="FILE", help="compare with what was written before")
        parser.add_argument(
            "--write-heads",
            type=Path,
            metavar="FILE",
            help="afterwards write the root over all heads there, to be kept elsewhere",
        )
        parser.add_argument(
            "--as-events-say", action="store_true", help="set letters and drafts right that are not as their events say"
        )
        parser.add_argument(
            "--begin", metavar="WHY", help="throw all chains away and begin new ones; each column's history says why"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["begin"]:
            audit_chain.begin(at=timezone.now(), why=options["begin"])
        found = audit_chain.broken(self._earlier(options["heads"]))
        for one in found:
            self.stderr.write(f"{one.kind} {one.subject}: {one.why}.")
        if found:
            raise CommandError("The audit trail is not what it was. The chains that are broken are named above.")
        self._compare(as_events_say=options["as_events_say"])
        heads = len(audit_chain.heads())
        if not heads:
            self.stdout.write("There is nothing to verify yet: no chain has begun. The worker joins events by and by.")
            return
        self.stdout.write(f"Every chain holds: {heads}. Letters and drafts are as their events say.")
        if options["write_heads"]:
            with options["write_heads"].open("w", encoding="utf-8") as file:
                written = kept_heads.write_heads(file)
            self.stdout.write(f"{written} heads are written. Keep the file where this machine cannot change it.")

    def _compare(self, *, as_events_say: bool) -> None:
        """Letters and drafts with their events, which hold."""
        if as_events_say:
            self.stdout.write(f"Set right by their events: {as_recorded.set_right(at=timezone.now())}.")
        differing = as_recorded.differing()
        for row in differing:
            self.stderr.write(f"{row.kind} {row.subject}: {row.why}.")
        if differing:
            raise CommandError(
                "Every chain holds, but the letters and drafts that are named above are not as their events say:"
                " somebody changed them in the database. No sweep erases them. With --as-events-say they are set right."
            )

    @staticmethod
    def _earlier(path: Path | None) -> audit_chain.Kept | None:
        if path is None:
            return None
        try:
            with path.open(encoding="utf-8") as file:
                return kept_heads.read_heads(file)
        except (OSError, ValueError) as error:
            raise CommandError(f"The file of heads cannot be read: {error}") from error
