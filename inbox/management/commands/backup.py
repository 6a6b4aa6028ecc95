"""``manage.py backup FOLDER``: both dumps, of one moment."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from inbox.operations import backups


class Command(BaseCommand):
    help = "Write a dump of the site and, apart, one of the keystore; delete keystore dumps older than six days."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="FOLDER")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            made = backups.backup(options["folder"], at=timezone.now())
        except OSError as error:
            raise CommandError("The dumps could not be written. Check the folder and its owner.") from error
        self.stdout.write(f"{made.site.name} holds the site without its keystore; it may be kept.")
        self.stdout.write(f"{made.keys.name} holds the keystore; {made.deleted} older ones were deleted.")
