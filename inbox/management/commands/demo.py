"""``manage.py demo``: an invented column with its desk, to look around in."""

from __future__ import annotations

import time
from collections import Counter
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from inbox.crypto import receipts
from inbox.keys import vault
from inbox.models import User
from inbox.models.times import clock as clocks
from inbox.operations import clock, demo


class Command(BaseCommand):
    help = "Fill an invented column: letters, drafts, articles, staff. Works in demo mode only; once is enough."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("The demonstration has a known password, so it needs demo mode: STEADY_DEMO=1.")
        began = time.monotonic()
        try:
            filled = demo.fill(settings.BASE_DIR / "demo", at=timezone.now())
        except (demo.BadContent, vault.Locked) as error:
            raise CommandError(f"The demonstration was not made: {error}.") from error
        except ValidationError as error:
            raise CommandError(f"The demonstration was not made: {' '.join(error.messages)}") from error
        except OSError as error:
            raise CommandError("The demonstration was not made: its files or its keys could not be reached.") from error
        if filled is None:
            self.stdout.write("The demonstration is here already. Nothing was changed.")
        else:
            self._tell(filled, time.monotonic() - began)
        if clocks.doubt(timezone.now()):  # a demonstration stands still for days, and nobody operates it
            clock.confirm(at=timezone.now())
        accounts = User.objects.filter(demo=True).order_by("pk").values_list("email", flat=True)
        self.stdout.write(f"To sign in: {', '.join(accounts)}")
        self.stdout.write(f"The password of all: {demo.DEMO_PASSWORD}")

    def _tell(self, filled: demo.Filled, seconds: float) -> None:
        self.stdout.write(f"The column {filled.column.title}, made in {seconds:.1f} seconds")
        self.stdout.write(f"Letters: {_counted(filled.letters)}")
        self.stdout.write(f"Drafts: {_counted(filled.drafts)}")
        self.stdout.write("Recovery key, which a real site prints once and locks away:")
        self.stdout.write(f"  {filled.recovery_key}")
        self.stdout.write("Receipts to try under “Your letter”:")
        self.stdout.write(f"  {receipts.shown(filled.published)}  its answer is out")
        self.stdout.write(f"  {receipts.shown(filled.asked)}  the desk has asked something")
        self.stdout.write(f"  {receipts.shown(filled.shown)}  the edited question waits for its writer's yes")


def _counted(counts: Counter[str]) -> str:
    each = ", ".join(f"{number} {status.replace('_', ' ')}" for status, number in sorted(counts.items()))
    return f"{counts.total()} ({each})"
