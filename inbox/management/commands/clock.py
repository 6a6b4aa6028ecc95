"""``manage.py clock [--confirm]``: whether the clock is right, and the word of an operator that it is."""

from __future__ import annotations

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from inbox.models.times import clock as clocks
from inbox.operations import clock


class Command(BaseCommand):
    help = "Say what speaks against the clock of this machine; exit status 1 where something does."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--confirm", action="store_true", help="the clock is right: sweeps that stand still go on")

    def handle(self, *args: Any, **options: Any) -> None:
        at = timezone.now()
        found = clocks.doubt(at)
        self.stdout.write(f"The clock shows {timezone.localtime(at):%Y-%m-%d %H:%M %Z}.")
        if found is None:
            self.stdout.write("Nothing speaks against it.")
            return
        self.stdout.write(f"A sweep last saw {timezone.localtime(found.newest):%Y-%m-%d %H:%M %Z}.")
        if found.expected is not None:
            expected = timezone.localtime(found.expected)
            self.stdout.write(f"By the time that this machine has run it is {expected:%Y-%m-%d %H:%M %Z}.")
        if not options["confirm"]:
            raise CommandError(
                "Nothing is erased, mailed or marked as published meanwhile. Put the clock right; if it is right"
                " already, run this with --confirm."
            )
        clock.confirm(at=at)
        self.stdout.write("The sweeps go on.")
