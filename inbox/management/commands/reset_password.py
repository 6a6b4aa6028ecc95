"""``manage.py reset_password EMAIL``: for somebody whose password others may know."""

from __future__ import annotations

import argparse
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from inbox.management.commands.add_staff import person
from inbox.staff import account_resets


class Command(BaseCommand):
    help = "End somebody's password and sessions, and mail and print the address at which they set a new password."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("email", metavar="EMAIL")

    def handle(self, *args: Any, **options: Any) -> None:
        user = person(options["email"])
        link, mailed = account_resets.reset_password(user, by=None, at=timezone.now())
        self.stdout.write(f"The password of {user.email} lets nobody in any more, and their sessions are ended.")
        how = "It was mailed to them" if mailed else "The mail could not be sent, so give it to them in a way you trust"
        self.stdout.write(f"Here they choose a new one, once, within three days. {how}:")
        self.stdout.write(f"    {link}")
        self.stdout.write("With the new password a colleague has to give them the keys of their columns again.")
