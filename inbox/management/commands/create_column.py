"""``manage.py create_column SLUG TITLE --author NAME --credential TEXT``: a column with its keys. It takes no
letters before its owner has confirmed the care cards and opened it."""

from __future__ import annotations

import argparse
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from inbox.keys import keyring
from inbox.staff import installation


class Command(BaseCommand):
    help = "Make a column with its author and its keys."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("slug", metavar="SLUG", help="its address, for example plain-answers")
        parser.add_argument("title", metavar="TITLE")
        parser.add_argument("--author", required=True, metavar="NAME", help="who answers, as readers know them")
        parser.add_argument("--credential", required=True, metavar="TEXT", help="for example: Registered nurse")

    def handle(self, *args: Any, **options: Any) -> None:
        slug, title = options["slug"], options["title"]
        try:
            column = installation.create_column(
                slug, title, options["author"], options["credential"], at=timezone.now()
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except keyring.NoHolder as error:
            raise CommandError("This site has nobody to hold keys yet. Run: manage.py setup") from error
        except OSError as error:
            raise CommandError("A key could not be written. Check who owns the folders of the keys.") from error
        self.stdout.write(f"The column {column.title} is at {column.get_absolute_url()} and has its keys.")
        self.stdout.write(f"Next: manage.py add_staff EMAIL NAME {column.slug}:owner")
        self.stdout.write("It takes no letters yet. “Before your column opens” tells its owner what is left to do.")
