"""People work at a site whose clock is turned at random, and whose machine is started anew at random."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core import mail
from django.db import transaction
from django.test import override_settings
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from columns.models import Article, Column
from inbox.editorial import decisions, publishing
from inbox.keys.vault import Vault
from inbox.letters import retention_periods
from inbox.models import Draft, Letter, Outgoing, Period
from inbox.models.times import clock as clocks
from inbox.models.times.days import month_after
from inbox.operations import clock
from inbox.workflow import AlreadyMoved, DraftStatus, LetterStatus, NotAllowed
from tests import factories
from tests.machine import Machine

pytestmark = pytest.mark.databases

DAY, HOUR, MINUTE = dt.timedelta(days=1), dt.timedelta(hours=1), dt.timedelta(minutes=1)
S = LetterStatus
REASON = "We cannot answer every letter, and we are sorry."


def status(letter: Letter) -> LetterStatus:
    return LetterStatus(Letter.objects.get(pk=letter.pk).status)


OFF = st.one_of(
    st.just(dt.timedelta()),
    st.sampled_from([-HOUR, HOUR, -HOUR / 2, 366 * DAY, -366 * DAY]),
    st.integers(min_value=30, max_value=730).map(lambda days: days * DAY),
    st.integers(min_value=30, max_value=730).map(lambda days: -days * DAY),
)
ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("turn"), OFF),
        st.tuples(st.just("wait"), st.sampled_from([MINUTE, 12 * MINUTE, DAY, 31 * DAY, 100 * DAY])),
        st.tuples(st.just("restart"), st.sampled_from([MINUTE, 5 * HOUR, 7 * DAY])),
        st.tuples(st.just("right"), st.just(dt.timedelta())),
        st.tuples(st.sampled_from(["decline", "withdraw", "schedule", "stop"]), st.just(dt.timedelta())),
    ),
    min_size=4,
    max_size=12,
)


class Story:
    """What people do at a site whose clock is turned, and what really happened when."""

    def __init__(self, column: Column, machine: Machine, keys: Vault) -> None:
        self.column, self.machine, self.keys = column, machine, keys
        self.ends: dict[Letter, tuple[LetterStatus, dt.date]] = {}
        self.stopped: set[str] = set()
        self.drafts: list[Draft] = []

    def act(self, act: str, time: dt.timedelta) -> None:
        machine, now = self.machine, self.machine.now
        match act:
            case "turn" | "wait" | "restart":
                getattr(machine, act)(time)
            case "right":
                self.put_right()
            case "decline" | "withdraw":
                letter = factories.take_letter(self.column, at=now, email=f"writer{len(self.ends)}@example.org").letter
                if act == "decline":
                    by = factories.someone(self.column, factories.Role.MODERATOR)
                    decisions.decline(letter, REASON, by=by, at=now)
                else:
                    letter.withdraw(at=now)
                self.ends[letter] = (S.DECLINED if act == "decline" else S.WITHDRAWN, timezone.localdate(machine.true))
            case "schedule":
                self.schedule(now)
            case "stop":
                self.stop()

    def schedule(self, now: dt.datetime) -> None:
        doubted = clocks.doubt(now) is not None
        try:
            made = factories.make_draft(self.column, DraftStatus.SCHEDULED, at=now, publish_at=now + 5 * DAY)
        except NotAllowed:
            assert doubted
        else:
            assert not doubted
            self.drafts.append(made)

    def stop(self) -> None:
        if not self.drafts:
            return
        draft = Draft.objects.select_related("article", "column").get(pk=self.drafts[-1].pk)
        slug = draft.article.slug if draft.article else ""
        really_out = draft.article is not None and draft.article.publish_at <= self.machine.true
        try:
            publishing.edit(draft, by=draft.started_by, at=self.machine.now, keys=self.keys)
        except (AlreadyMoved, NotAllowed):
            # while the clock is right, whatever is not out can be stopped
            assert really_out or self.machine.off or draft.status == DraftStatus.WRITING
        else:
            self.stopped.add(slug)

    def put_right(self) -> None:
        self.machine.turn(dt.timedelta())
        if clocks.doubt(self.machine.now):
            clock.confirm(at=self.machine.now)

    def check(self) -> None:
        for letter, (end, day) in self.ends.items():
            if status(letter) == S.ERASED:
                kept = Period.DEFAULTS[next(k for k, s in retention_periods.LETTERS.items() if s == end)]
                assert timezone.localdate(self.machine.true) >= month_after(day) + kept * DAY, "erased too early"
        assert len({message.to[0] for message in mail.outbox}) == len(mail.outbox), "mailed twice"
        assert not Article.objects.filter(slug__in=self.stopped).exists(), "out although it was stopped"


#: Days before a change of the clocks, and before a leap day.
STARTS = [
    ("Europe/London", dt.datetime(2026, 10, 24, 12, 0, tzinfo=dt.UTC)),
    ("Pacific/Auckland", dt.datetime(2027, 4, 3, 0, 0, tzinfo=dt.UTC)),
    ("America/New_York", dt.datetime(2028, 2, 28, 17, 0, tzinfo=dt.UTC)),
    ("UTC", dt.datetime(2026, 12, 30, 12, 0, tzinfo=dt.UTC)),
]


@settings(max_examples=15)
@given(acts=ACTS, start=st.sampled_from(STARTS))
def test_whatever_the_clock_does_nothing_is_erased_early_hidden_for_ever_or_out_twice(
    column: Column,
    keys: Vault,
    monkeypatch: pytest.MonkeyPatch,
    acts: list[tuple[str, dt.timedelta]],
    start: tuple[str, dt.datetime],
) -> None:
    zone, noon = start
    with override_settings(TIME_ZONE=zone), transaction.atomic():
        mail.outbox.clear()
        machine = Machine(noon, monkeypatch)
        machine.sweep()
        story = Story(column, machine, keys)
        for act, time in acts:
            story.act(act, time)
            machine.sweep()
            story.check()
        story.put_right()
        for time in (MINUTE, 12 * MINUTE, DAY, 12 * MINUTE):
            machine.sweep()
            story.check()
            machine.wait(time)
        machine.sweep()
        assert not Outgoing.objects.exists(), "hidden for ever"
        for letter, (end, _) in story.ends.items():
            assert Letter.objects.get(pk=letter.pk).seen_by_writer(machine.now) in (end, S.ERASED)
        for draft in Draft.objects.select_related("article").filter(article__isnull=False):
            assert draft.article is not None
            verbs = list(draft.events.values_list("verb", flat=True))
            out = draft.article.is_live(machine.now)
            assert (draft.status == DraftStatus.PUBLISHED) == out
            assert verbs.count("go_live") - verbs.count("not_live") == out, "published twice"
        transaction.set_rollback(True)
