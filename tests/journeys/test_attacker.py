"""What a copy of the database, or a dump that was kept for long, tells of letters: of one that waits its day, of one
that came to its end its month, by value or by order, and nothing else that is not said here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from columns.models import Column
from inbox.editorial import decisions, drafts, publishing
from inbox.keys import vault
from inbox.letters import outbox, read_receipts, writer_acts
from inbox.models import Draft, Letter, User
from inbox.models.times.days import ENDED
from inbox.models.times.listed import TIMES, Exactness
from inbox.operations import audit_chain, backups, row_order
from inbox.workflow import Role
from tests import attacker, factories

pytestmark = [pytest.mark.databases, pytest.mark.django_db(transaction=True)]

DAY = dt.timedelta(days=1)
FIRST = dt.datetime(2026, 10, 5, 7, 11, 23, 481_516, tzinfo=dt.UTC)
ANSWERED, WAITING = 10, 14


@dataclass
class Site:
    """Some weeks of a column: letters come every day, some are answered, each day has its work. All acts happen in the
    order of their times, each in a transaction of its own."""

    column: Column
    #: The times that have to stay hidden, by letter: when it came, and what its writer did.
    truth: dict[str, list[dt.datetime]] = field(default_factory=dict)
    acts: list[tuple[dt.datetime, Callable[[dt.datetime], object]]] = field(default_factory=list)

    def plan(self, at: dt.datetime, act: Callable[[dt.datetime], object]) -> None:
        self.acts.append((at, act))

    def letter(self, at: dt.datetime, name: str) -> dict[str, Any]:
        """A letter that comes at this time. Returned is what will be known of it."""
        known: dict[str, Any] = {}

        def come(at: dt.datetime) -> None:
            text = f"I never told anybody about {name}, and I wonder whether it is as it should be."
            topic = ("pain", "desire")[len(self.truth) % 2]
            taken = factories.take_letter(self.column, at=at, text=text, topic=topic, email=f"{name}@example.org")
            known.update(pk=taken.letter.pk, receipt=taken.receipt)
            self.truth[taken.letter.pk.hex] = [at]

        self.plan(at, come)
        return known

    def now(self, known: Mapping[str, Any]) -> Letter:
        return Letter.objects.select_related("column", "topic").get(pk=known["pk"])

    def live(self) -> None:
        moderator, author = (factories.someone(self.column, role) for role in (Role.MODERATOR, Role.AUTHOR))
        keys = factories.desk_keys()
        for number in range(ANSWERED):
            self._answered(number)
        for number in range(WAITING):
            known = self.letter(FIRST + (1.7 * number + 0.29) * DAY, f"waiting{number}")
            if number % 3 == 0:
                self.plan(FIRST + (1.7 * number + 1.2) * DAY, partial(self._write, known))
            if number % 3 == 1:
                self.plan(FIRST + (1.7 * number + 1.4) * DAY, partial(self._hold, known, moderator))
        declined, private, back = (self.letter(FIRST + n * DAY, f"other{n}") for n in (2.6, 3.3, 4.4))
        text = "We cannot answer every letter, and we are sorry."
        self.plan(FIRST + 4 * DAY, lambda at: self._write(declined, at))
        self.plan(FIRST + 11.3 * DAY, lambda at: decisions.decline(self.now(declined), text, by=moderator, at=at))
        self.plan(
            FIRST + 12.1 * DAY,
            lambda at: decisions.reply(self.now(private), "A private answer.", by=author, at=at, keys=keys),
        )
        self.plan(FIRST + 14.2 * DAY, lambda at: self._withdraw(back, at))
        self._nights()
        for at, act in sorted(self.acts, key=lambda one: one[0]):
            act(at)

    def _answered(self, number: int) -> None:
        """A letter, with the days of work until its answer is out."""
        moderator, author, reviewer = (
            factories.someone(self.column, role) for role in (Role.MODERATOR, Role.AUTHOR, Role.REVIEWER)
        )
        known, keys = self.letter(FIRST + number * DAY, f"answered{number}"), factories.desk_keys()
        drafted: list[Draft] = []
        came = FIRST + number * DAY

        def save(at: dt.datetime) -> None:
            drafted[0].save_version(factories.draft_words(), by=author, at=at, base=drafted[0].latest)

        def review(at: dt.datetime) -> None:
            publishing.send_for_review(drafted[0], by=author, at=at, keys=keys)
            newest, later = drafted[0].newest(), at + DAY / 90
            publishing.decide(
                drafted[0], newest, approve=True, summary="", remarks=[], by=reviewer, at=later, keys=keys
            )

        def start(at: dt.datetime) -> None:
            drafted.append(drafts.start(self.column, [self.now(known)], by=author, at=at, keys=keys))

        def publish(at: dt.datetime) -> None:
            publishing.publish(drafted[0], by=author, at=at, publish_at=at, slug=f"a{number}", keys=keys)

        self.plan(came + DAY, lambda at: read_receipts.opened(self.now(known), at=at))
        self.plan(came + 1.1 * DAY, lambda at: self.now(known).shortlist(by=moderator, at=at))
        self.plan(came + 1.3 * DAY, start)
        for minutes in (9, 31, 47):
            self.plan(came + 1.3 * DAY + dt.timedelta(minutes=minutes), save)
        self.plan(came + 9.2 * DAY, review)
        self.plan(came + 10.4 * DAY, publish)

    def _nights(self) -> None:
        """What runs by itself."""
        for day in range(26):
            self.plan(FIRST + (day + 0.01) * DAY, lambda at: audit_chain.join(at=at))
            self.plan(FIRST + (day + 0.5) * DAY, lambda at: outbox.let_go(at=at))
            self.plan(FIRST + (day + 0.6) * DAY, lambda at: row_order.write_anew())

    def _write(self, known: Mapping[str, Any], at: dt.datetime) -> None:
        writer_acts.write_back(self.now(known), f"One thing more, number {at.day}.", at=at)
        self.truth[known["pk"].hex].append(at)

    def _hold(self, known: Mapping[str, Any], by: User, at: dt.datetime) -> None:
        self.now(known).hold(by=by, at=at)

    def _withdraw(self, known: Mapping[str, Any], at: dt.datetime) -> None:
        _, derived = writer_acts.find(known["receipt"])
        writer_acts.withdraw(self.now(known), vault.writer(derived.key), at=at)


def passed_over(table: str, column: str, row: Mapping[str, Any]) -> bool:
    """Times that are finer, with the reason that the list gives."""
    time = TIMES.get((table, column))
    return time is not None and time.kept == Exactness.EXACT


def copies(folder: Path) -> Iterator[tuple[str, list[attacker.Row]]]:
    yield "database", attacker.of_the_database()
    dumped = backups.backup(folder, at=FIRST + 26 * DAY)
    yield "dump", attacker.of_a_dump(dumped.site)


def test_a_copy_tells_the_day_of_what_waits_and_the_month_of_what_has_ended(column: Column, tmp_path: Path) -> None:
    site = Site(column)
    site.live()
    for name, rows in copies(tmp_path):
        attack = attacker.Attack(rows, passed_over)
        told: dict[str, list[str]] = {}
        reached = set()
        for one in attack.learned():
            allowed = attacker.MONTH if one.status in ENDED else attacker.DAY
            if found := one.finer_than(allowed, site.truth[one.letter]):
                for place, span in found.items():
                    told.setdefault(place, []).append(f"{one.status} {one.letter[:4]} to {span.width}")
            reached |= one.reached
        assert len(attack.letters) == ANSWERED + WAITING + 3
        assert [f"{place}: {len(letters)}, {letters[0]}" for place, letters in told.items()] == [], name
        assert attacker.ARTICLES not in reached, name
