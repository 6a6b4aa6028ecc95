"""``manage.py reset_second_factor EMAIL``: for somebody who lost their second factor."""

from __future__ import annotations

import argparse
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from inbox.management.commands.add_staff import person
from inbox.staff import account_resets


class Command(BaseCommand):
    help = "Remove somebody's second factor, passkeys and recovery codes, and end their sessions; their keys stay."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("email", metavar="EMAIL")

    def handle(self, *args: Any, **options: Any) -> None:
        user = person(options["email"])
        gone = account_resets.reset_second_factor(user, by=None, at=timezone.now())
        self.stdout.write(f"{gone} authenticators of {user.email} are removed and their sessions are ended.")
        self.stdout.write("At the next sign-in, with their password, the desk asks them to set up a new second factor.")
