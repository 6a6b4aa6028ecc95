"""``manage.py reseal [COLUMN …]``: seal anew, with the recovery key, what is still sealed to retired keys."""

from __future__ import annotations

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from columns.models import Column
from inbox.crypto import sealing
from inbox.keys import keyring
from inbox.management.commands.recovery_drill import ask_for_recovery_key


class Command(BaseCommand):
    help = "After somebody left: re-seal data keys to the newest key. It may be interrupted and run again."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("columns", nargs="*", metavar="COLUMN", help="addresses of columns; all if none is named")
        parser.add_argument("--key-stdin", action="store_true", help="read the recovery key from standard input")

    def handle(self, *args: Any, **options: Any) -> None:
        columns = Column.objects.order_by("slug")
        if options["columns"]:
            columns = columns.filter(slug__in=options["columns"])
        keys = ask_for_recovery_key(from_stdin=options["key_stdin"])
        for column in columns:
            try:
                done = keyring.reseal(column, keys=keys)
            except (sealing.CannotOpen, keyring.NoHolder) as error:
                raise CommandError(f"{column.slug}: {error}.") from error
            left = keyring.left_to_reseal(column)
            self.stdout.write(f"{column.slug}: {done} data keys are sealed anew, {left} left.")
