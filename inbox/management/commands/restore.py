"""``manage.py restore FOLDER``: an empty database is filled from a site dump and the newest keystore dump."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from inbox.operations import backups


class Command(BaseCommand):
    help = "Fill an empty, migrated database. What was erased after the site dump was made stays erased."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="FOLDER")
        parser.add_argument("--site", type=Path, metavar="FILE", help="an older site dump; the newest if none is named")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = backups.restore(options["folder"], at=timezone.now(), site=options["site"])
        except backups.CannotRestore as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError("A dump could not be read. Nothing was restored.") from error
        self.stdout.write(f"From {done.site.name} and {done.keys.name}:")
        self.stdout.write(f"{done.rows} rows are back, among them {done.letters} letters.")
        self.stdout.write(f"{done.erased} letters had been erased after that dump was made; they stay erased.")
        if done.older:
            self.stdout.write("CORRECTED SINCE, AND BACK WITH THE OLDER TEXT:")
            for article in done.older:
                self.stdout.write(f"    {article.headline}: {settings.SITE_URL}{article.get_absolute_url()}")
            self.stdout.write(
                "The correction of these is not in that site dump. Before readers come, restore a newer site dump, or "
                "let an author take them down (“Take down” at their draft) until the correction is in again."
            )
