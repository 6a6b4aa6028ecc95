"""``manage.py make_keys [COLUMN …]``: this month's desk keys, and the site's notice key."""

from __future__ import annotations

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from columns.models import Column
from inbox.keys import keyring
from inbox.staff import installation


class Command(BaseCommand):
    help = "Make this month's desk key for each column that has none yet, and the notice key if the site has none."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("columns", nargs="*", metavar="COLUMN", help="addresses of columns; all if none is named")

    def handle(self, *args: Any, **options: Any) -> None:
        slugs, columns = options["columns"], Column.objects.for_readers().order_by("slug")
        if slugs:
            columns = columns.filter(slug__in=slugs)
        missing = sorted(set(slugs) - {column.slug for column in columns})
        if missing:
            raise CommandError(f"There is no column with the address {', '.join(missing)}.")
        if not columns:
            raise CommandError("There is no column yet. Make one with create_column; it makes its keys as well.")
        for column in columns:
            try:
                made = installation.make_keys(column, at=timezone.now())
            except OSError as error:
                raise CommandError("A key could not be written. Check who owns the folders of the keys.") from error
            except keyring.NoHolder as error:
                raise CommandError("This site has nobody to hold keys yet. Run: manage.py setup") from error
            words = " and ".join(f"the {key.kind} key {key.pk}" for key in made)
            self.stdout.write(f"{column.slug}: made {words}." if made else f"{column.slug}: it has its keys already.")
