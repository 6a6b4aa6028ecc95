"""``manage.py reset_account second-factor|sessions|password EMAIL``: for somebody who lost a second factor or a device,
or whose password others may know."""

from __future__ import annotations

import argparse
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from inbox.management.commands.add_staff import person
from inbox.models import User
from inbox.staff import account_resets

ACTS = ("second-factor", "sessions", "password")


class Command(BaseCommand):
    help = (
        "Reset somebody's second factor, sessions or password, whichever columns they work in; they are told by mail."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("act", choices=ACTS)
        parser.add_argument("email", metavar="EMAIL")

    def handle(self, *args: Any, **options: Any) -> None:
        user = person(options["email"])
        acts = {"second-factor": self._second_factor, "sessions": self._sessions, "password": self._password}
        acts[options["act"]](user)

    def _second_factor(self, user: User) -> None:
        gone = account_resets.reset_second_factor(user, by=None, at=timezone.now())
        self.stdout.write(f"{gone} authenticators of {user.email} are removed and their sessions are ended.")
        self.stdout.write("At the next sign-in, with their password, the desk asks them to set up a new second factor.")

    def _sessions(self, user: User) -> None:
        account_resets.end_sessions(user, by=None, at=timezone.now())
        self.stdout.write(f"The sessions of {user.email} are ended.")

    def _password(self, user: User) -> None:
        link, mailed = account_resets.reset_password(user, by=None, at=timezone.now())
        self.stdout.write(f"The password of {user.email} lets nobody in any more, and their sessions are ended.")
        how = (
            "It was mailed to them"
            if mailed
            else "The mail server did not confirm that it took the mail, so give it to them in a way you trust"
        )
        self.stdout.write(f"Here they choose a new one, once, within three days. {how}:")
        self.stdout.write(f"    {link}")
        self.stdout.write("With the new password a colleague has to give them the keys of their columns again.")
