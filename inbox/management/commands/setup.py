"""``manage.py setup``: the first column of a site, its owner, its keys, and the recovery key to print."""

from __future__ import annotations

import argparse
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from inbox.management.commands.add_staff import first_password
from inbox.models import User
from inbox.staff import installation
from inbox.workflow import Role

_ASKED = {
    "slug": "Address of the column, for example plain-answers: ",
    "title": "Title of the column: ",
    "author": "Who answers, as readers know them: ",
    "credential": "Their credential, for example Registered nurse: ",
    "email": "Your e-mail address, to sign in with: ",
    "name": "Your name, as colleagues know it: ",
}


class Command(BaseCommand):
    help = "Set up an empty site: its first column, its owner, its keys and the printed recovery key."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        for option, question in _ASKED.items():
            parser.add_argument(f"--{option}", metavar="TEXT", help=f"{question.rstrip(': ')}; asked for if not given")
        seats = [role.value for role in Role if role != Role.OWNER]
        parser.add_argument("--seats", nargs="*", default=["moderator", "author"], choices=seats, metavar="ROLE",
                            help="the owner's other seats (default: moderator author)")  # fmt: skip
        parser.add_argument("--password-stdin", action="store_true", help="read the password from standard input")

    def handle(self, *args: Any, **options: Any) -> None:
        said = {name: (options[name] or input(question)).strip() for name, question in _ASKED.items()}
        try:
            password = first_password(from_stdin=options["password_stdin"])
            validate_password(password, User(email=said["email"].lower(), name=said["name"]))
            made = installation.set_up(
                said["slug"],
                said["title"],
                said["author"],
                said["credential"],
                email=said["email"],
                name=said["name"],
                password=password,
                roles=[Role(role) for role in options["seats"]],
                at=timezone.now(),
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except OSError as error:
            raise CommandError("The notice key could not be written. Check who owns its folder.") from error
        self.stdout.write(f"The column {made.column.title} is at {made.column.get_absolute_url()}.")
        self.stdout.write("It takes no letters yet. At the desk, “Before your column opens” says what is left to do.")
        self.stdout.write("At the first sign-in the desk asks you to set up a second factor.")
        self.stdout.write("")
        self.stdout.write("THE RECOVERY KEY. Write it down or print it now; it is shown this once and kept nowhere.")
        self.stdout.write(f"    {made.recovery_key}")
        self.stdout.write("It opens every letter of this site. Keep it on paper, in a safe, away from the computers.")
        self.stdout.write("Without it, letters are lost if everybody forgets their password.")
