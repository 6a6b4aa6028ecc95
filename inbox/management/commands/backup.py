"""``manage.py backup FOLDER``: both files, of one moment."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError
from django.utils import timezone

from inbox.operations import backups


class Command(BaseCommand):
    help = "Write a file with the site and, apart, one with the keystore; delete keys files older than six days."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="FOLDER")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            made = backups.backup(options["folder"], at=timezone.now())
        except backups.NoSecret as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError("The files could not be written. Check the folder, its owner and its space.") from error
        except OperationalError as error:
            raise CommandError("The database cannot be read, or its disk is full. No backup was made.") from error
        self.stdout.write(f"{made.site.name} holds the site without its keystore; it may be kept.")
        self.stdout.write(f"{made.keys.name} holds the keystore; {made.deleted} older ones were deleted.")
