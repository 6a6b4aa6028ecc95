"""``manage.py new_recovery_key``: another recovery key to print, after the sheet with the first one was lost."""

from __future__ import annotations

import argparse
import getpass
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from columns.models import Column
from inbox.crypto import sealing
from inbox.keys import keyring
from inbox.models import User


class Command(BaseCommand):
    help = "Make and print a new recovery key, with the keys of a colleague; the old sheet opens nothing any more."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--email", metavar="EMAIL", help="of a colleague who holds keys; asked for if not given")
        parser.add_argument("--password-stdin", action="store_true", help="read their password from standard input")

    def handle(self, *args: Any, **options: Any) -> None:
        email = (options["email"] or input("E-mail address of a colleague who holds keys: ")).strip().lower()
        from_stdin = options["password_stdin"]
        password = sys.stdin.readline().rstrip("\r\n") if from_stdin else getpass.getpass("Their password: ")
        user, columns = User.objects.filter(email=email, is_active=True).first(), Column.objects.order_by("slug")
        try:
            if user is None:
                raise sealing.CannotOpen("nobody has this address")
            keys = keyring.unlocked(user, password)
        except sealing.CannotOpen as error:
            raise CommandError("This address and this password open no key. Nothing was changed.") from error
        if not keyring.columns_of(keys):
            raise CommandError(f"{user} holds no key of a column. Ask somebody who reads letters. Nothing was changed.")
        sheet = keyring.replace_recovery_key(by=user, at=timezone.now(), keys=keys)
        self.stdout.write(
            "THE NEW RECOVERY KEY. Write it down or print it now; it is shown this once and kept nowhere."
        )
        self.stdout.write(f"    {sheet}")
        self.stdout.write("The old sheet is of no use any more. If it turns up, destroy it.")
        for column in columns:
            self._reseal(column, sheet)

    def _reseal(self, column: Column, sheet: str) -> None:
        """With the new sheet, which holds what the colleague held, so that this proves it as well."""
        try:
            done = keyring.reseal(column, keys=keyring.recovered(sheet))
        except (sealing.CannotOpen, keyring.NoHolder):
            done = 0
        left = keyring.left_to_reseal(column)
        more = " Let somebody who reads letters there press “Seal them anew” on “Staff and keys”." if left else ""
        self.stdout.write(f"{column.slug}: {done} data keys are sealed anew, {left} left.{more}")
