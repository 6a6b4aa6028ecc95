"""A machine whose clock can be set to any time, and that can be started anew."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine

from inbox import tasks
from inbox.models.times import clock

SWEEPS = (tasks.send_notices, tasks.follow_articles, tasks.empty_outbox, tasks.release_held, tasks.erase_due)


class Machine:
    """``true``: the time that it is; ``now``: what the clock shows."""

    def __init__(self, true: dt.datetime, patched: pytest.MonkeyPatch) -> None:
        self.true, self.off = true, dt.timedelta()
        self.boots, self.uptime = 1, dt.timedelta()
        patched.setattr(clock, "machine", lambda: (f"start {self.boots}", int(self.uptime.total_seconds())))

    @property
    def now(self) -> dt.datetime:
        return self.true + self.off

    def turn(self, off: dt.timedelta) -> None:
        """Set the clock, so that it is ahead by so much, or behind."""
        self.off = off

    def wait(self, time: dt.timedelta) -> None:
        self.true += time
        self.uptime += time

    def restart(self, stop: dt.timedelta) -> None:
        """Stand still for so long, and start anew."""
        self.true += stop
        self.boots, self.uptime = self.boots + 1, dt.timedelta()

    def sweep(self) -> None:
        """Every sweep, as beat starts them."""
        with time_machine.travel(self.now, tick=False):
            for task in SWEEPS:
                task()
