"""``manage.py end_sessions EMAIL``: for somebody who lost a device, or whose session others may use."""

from __future__ import annotations

import argparse
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from inbox.management.commands.add_staff import person
from inbox.staff import account_resets


class Command(BaseCommand):
    help = "End every session of somebody, on every device; their password, second factor and keys stay."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("email", metavar="EMAIL")

    def handle(self, *args: Any, **options: Any) -> None:
        user = person(options["email"])
        account_resets.end_sessions(user, by=None, at=timezone.now())
        self.stdout.write(f"The sessions of {user.email} are ended.")
