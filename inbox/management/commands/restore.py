"""``manage.py restore FOLDER``: an empty database is filled from a site file and the newest keys file."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError
from django.utils import timezone

from inbox.operations import backups


class Command(BaseCommand):
    help = "Fill an empty, migrated database. What was erased after the site file was written stays erased."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="FOLDER")
        parser.add_argument("--site", type=Path, metavar="FILE", help="an older site file; the newest if none is named")
        parser.add_argument(
            "--unproven",
            action="store_true",
            help="you answer for files of an earlier version, or of the same site with another AUDIT_SECRET",
        )
        parser.add_argument(
            "--as-events-say", action="store_true", help="set letters and drafts right that are not as their events say"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = backups.restore(
                options["folder"],
                at=timezone.now(),
                site=options["site"],
                unproven=options["unproven"],
                as_events_say=options["as_events_say"],
            )
        except (backups.CannotRestore, backups.NoSecret) as error:
            raise CommandError(f"{error} Nothing was restored.") from error
        except OSError as error:
            raise CommandError("A file could not be read. Nothing was restored.") from error
        except OperationalError as error:
            raise CommandError("The database cannot be written to. Nothing was restored.") from error
        self.stdout.write(f"From {done.site.name} and {done.keys.name}:")
        self.stdout.write(f"{done.rows} rows are back, among them {done.letters} letters.")
        self.stdout.write(f"{done.erased} letters had been erased after that site file was written; they stay erased.")
        if done.set_right:
            self.stdout.write(f"{done.set_right} letters and drafts were set right by their events.")
        if done.older:
            self.stdout.write("CORRECTED SINCE, AND BACK WITH THE OLDER TEXT:")
            for article in done.older:
                self.stdout.write(f"    {article.headline}: {settings.SITE_URL}{article.get_absolute_url()}")
            self.stdout.write(
                "The correction of these is not in that site file. Before readers come, restore a newer site file, or "
                "let an author take them down (“Take down” at their draft) until the correction is in again."
            )
