"""``manage.py add_staff EMAIL NAME COLUMN:ROLE …``: an account, if there is none, and seats."""

from __future__ import annotations

import argparse
import getpass
import sys
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from columns.models import Column
from inbox.models import User
from inbox.staff import installation
from inbox.workflow import Role


class Command(BaseCommand):
    help = "Give somebody seats in columns; ask for a first password if they have no account yet."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("email", metavar="EMAIL")
        parser.add_argument("name", metavar="NAME")
        parser.add_argument("seats", nargs="+", metavar="COLUMN:ROLE", help=f"a role is {', '.join(Role)}")
        parser.add_argument("--credential", default="", metavar="TEXT", help="published beside this person's approvals")
        parser.add_argument("--password-stdin", action="store_true", help="read the password from standard input")

    def handle(self, *args: Any, **options: Any) -> None:
        email, name = options["email"], options["name"]
        seats = [_seat(text) for text in options["seats"]]
        at = timezone.now()
        try:
            password = None
            if not User.objects.filter(email=email.lower()).exists():
                password = first_password(from_stdin=options["password_stdin"])
                validate_password(password, User(email=email.lower(), name=name))
            with transaction.atomic():
                for column, role in seats:
                    installation.add_staff(
                        email, name, column, [role], password=password, credential=options["credential"], at=at
                    )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        given = ", ".join(f"{role.value} of {column.slug}" for column, role in seats)
        self.stdout.write(f"{email.lower()} is now {given}.")
        if password is not None:
            self.stdout.write("At the first sign-in the desk asks them to set up a second factor.")


def person(email: str) -> User:
    """The account with this address."""
    user = User.objects.filter(email=email.lower()).first()
    if user is None:
        raise CommandError("Nobody signs in with this address.")
    return user


def _seat(text: str) -> tuple[Column, Role]:
    slug, _, role = text.partition(":")
    column = Column.objects.filter(slug=slug).first()
    if column is None:
        raise CommandError(f"There is no column with the address {slug}.")
    if role not in list(Role):
        raise CommandError(f"Write a seat as COLUMN:ROLE; a role is one of {', '.join(Role)}.")
    return column, Role(role)


def first_password(*, from_stdin: bool) -> str:
    """A password typed twice, or one line of standard input."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    password = getpass.getpass("Password: ")
    if getpass.getpass("The same again: ") != password:
        raise CommandError("The two passwords differ. Nothing was changed.")
    return password
