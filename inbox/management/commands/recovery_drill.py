"""``manage.py recovery_drill``: does the printed recovery key open what it should? It shows nothing and changes
nothing but the columns' history, which says that it was tried."""

from __future__ import annotations

import argparse
import getpass
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from columns.models import Column
from inbox.crypto import recovery_sheet
from inbox.keys import drill, keyring
from inbox.keys.vault import Vault
from inbox.models import Letter


class Command(BaseCommand):
    help = "Try the printed recovery key on everything that is sealed to the desk, and show nothing of it."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--key-stdin", action="store_true", help="read the recovery key from standard input")

    def handle(self, *args: Any, **options: Any) -> None:
        keys = ask_for_recovery_key(from_stdin=options["key_stdin"])
        missing = shut = 0
        columns = list(Column.objects.for_readers().order_by("slug"))
        for column in columns:
            held, needed = drill.held(column, keys)
            missing += needed - held
            found = {model: (there, opened) for model, there, opened in keyring.tried(column, keys)}
            there, opened = (sum(numbers) for numbers in zip(*found.values(), strict=True))
            shut += there - opened
            self.stdout.write(
                f"{column.slug}: {held} of {needed} keys, {found[Letter][1]} of {found[Letter][0]} letters tried."
                f" Of everything sealed to the desk: {opened} of {there}."
            )
        if shut:
            raise CommandError(
                f"The recovery key opens {shut} sealed things of the desk NOT. After a restore, take a newer pair of"
                " dumps; otherwise let a colleague who can read them press “Seal them anew” on “Staff and keys”."
            )
        if missing:
            raise CommandError("The recovery key does not open everything. Give it the missing keys from the desk.")
        with transaction.atomic():
            for column in columns:
                drill.passed(column, by=None, at=timezone.now())
        self.stdout.write("The recovery key opens everything. Put the sheet back into its safe.")


def ask_for_recovery_key(*, from_stdin: bool) -> Vault:
    """The vault of the recovery key that somebody types; ``CommandError`` where it is not this site's."""
    typed = sys.stdin.readline() if from_stdin else getpass.getpass("Recovery key: ")
    try:
        return keyring.recovered(typed)
    except recovery_sheet.BadRecoveryKey as error:
        raise CommandError(str(error)) from error
