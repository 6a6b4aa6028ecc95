"""``manage.py recovery_drill``: does the printed recovery key open what it should? It changes and shows nothing."""

from __future__ import annotations

import argparse
import getpass
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from columns.models import Column
from inbox import keyring, recovery
from inbox.models import Letter, PublicKey, SealedKey
from inbox.vault import Vault


class Command(BaseCommand):
    help = "Try the printed recovery key on every desk key and on a letter of each; change and show nothing."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--key-stdin", action="store_true", help="read the recovery key from standard input")

    def handle(self, *args: Any, **options: Any) -> None:
        keys = ask_for_recovery_key(from_stdin=options["key_stdin"])
        missing = 0
        for column in Column.objects.for_readers().order_by("slug"):
            desk = PublicKey.objects.filter(kind=PublicKey.Kind.DESK, column=column)
            held = [key.pk for key in desk if key.pk in keys]
            missing += desk.count() - len(held)
            tried = [letter for letter in (_a_letter(key_id) for key_id in held) if letter is not None]
            opened = len(keys.open_many(tried))
            missing += len(tried) - opened
            self.stdout.write(
                f"{column.slug}: {len(held)} of {desk.count()} keys, {opened} of {len(tried)} letters tried."
            )
        if missing:
            raise CommandError("The recovery key does not open everything. Give it the missing keys from the desk.")
        self.stdout.write("The recovery key opens everything. Put the sheet back into its safe.")


def _a_letter(key_id: str) -> Letter | None:
    items = SealedKey.objects.filter(key_id=key_id).values("item")
    return Letter.objects.filter(pk__in=items).first()


def ask_for_recovery_key(*, from_stdin: bool) -> Vault:
    """The vault of the recovery key that somebody types; ``CommandError`` where it is not this site's."""
    typed = sys.stdin.readline() if from_stdin else getpass.getpass("Recovery key: ")
    try:
        return keyring.recovered(typed)
    except recovery.BadRecoveryKey as error:
        raise CommandError(str(error)) from error
