"""``manage.py verify_chains [--heads FILE] [--write-heads FILE] [--begin WHY]``: whether the audit trail is what it
was."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from inbox.operations import audit_chain, kept_heads


class Command(BaseCommand):
    help = "Compute every chain of events anew and name those that do not hold; exit status 1 where there is one."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--heads", type=Path, metavar="FILE", help="compare with what was written before")
        parser.add_argument(
            "--write-heads",
            type=Path,
            metavar="FILE",
            help="afterwards write the root over all heads there, to be kept elsewhere",
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
        self.stdout.write(f"Every chain holds: {len(audit_chain.heads())}.")
        if options["write_heads"]:
            with options["write_heads"].open("w", encoding="utf-8") as file:
                written = kept_heads.write_heads(file)
            self.stdout.write(f"{written} heads are written. Keep the file where this machine cannot change it.")

    @staticmethod
    def _earlier(path: Path | None) -> audit_chain.Kept | None:
        if path is None:
            return None
        try:
            with path.open(encoding="utf-8") as file:
                return kept_heads.read_heads(file)
        except (OSError, ValueError) as error:
            raise CommandError(f"The file of heads cannot be read: {error}") from error
