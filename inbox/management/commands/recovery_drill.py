"""``manage.py recovery_drill``: does the printed recovery key open what it should? It changes and shows nothing."""

from __future__ import annotations

import argparse
import getpass
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from columns.models import Column
from inbox.crypto import recovery_sheet
from inbox.keys import keyring
from inbox.keys.vault import Vault
from inbox.models import Letter, PublicKey, SealedKey


class Command(BaseCommand):
    help = "Try the printed recovery key on everything that is sealed to the desk; change and show nothing."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--key-stdin", action="store_true", help="read the recovery key from standard input")

    def handle(self, *args: Any, **options: Any) -> None:
        keys = ask_for_recovery_key(from_stdin=options["key_stdin"])
        missing = shut = 0
        for column in Column.objects.for_readers().order_by("slug"):
            desk = PublicKey.objects.filter(kind=PublicKey.Kind.DESK, column=column)
            # a retired key to which nothing is sealed any more opens nothing, so nobody needs it
            needed = [key for key in desk if not key.retired or SealedKey.objects.filter(key_id=key.pk).exists()]
            held = sum(key.pk in keys for key in needed)
            missing += len(needed) - held
            found = {model: (there, opened) for model, there, opened in keyring.tried(column, keys)}
            there, opened = (sum(numbers) for numbers in zip(*found.values(), strict=True))
            shut += there - opened
            self.stdout.write(
                f"{column.slug}: {held} of {len(needed)} keys, {found[Letter][1]} of {found[Letter][0]} letters tried."
                f" Of everything sealed to the desk: {opened} of {there}."
            )
        if shut:
            raise CommandError(
                f"The recovery key opens {shut} sealed things of the desk NOT. After a restore, take a newer pair of"
                " dumps; otherwise let a colleague who can read them press “Seal them anew” on “Staff and keys”."
            )
        if missing:
            raise CommandError("The recovery key does not open everything. Give it the missing keys from the desk.")
        self.stdout.write("The recovery key opens everything. Put the sheet back into its safe.")


def ask_for_recovery_key(*, from_stdin: bool) -> Vault:
    """The vault of the recovery key that somebody types; ``CommandError`` where it is not this site's."""
    typed = sys.stdin.readline() if from_stdin else getpass.getpass("Recovery key: ")
    try:
        return keyring.recovered(typed)
    except recovery_sheet.BadRecoveryKey as error:
        raise CommandError(str(error)) from error
