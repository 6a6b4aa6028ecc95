"""A wrong clock does nothing that cannot be undone."""

from __future__ import annotations

import datetime as dt
from io import StringIO

import pytest
import time_machine
from django.core import mail
from django.core.management import CommandError, call_command

from columns.models import Article, Column
from inbox.editorial import decisions, publishing
from inbox.keys.vault import Vault
from inbox.models import Draft, Letter, Notice, Outgoing, User
from inbox.models.times import clock as clocks
from inbox.models.times.days import month_after
from inbox.operations import clock, health
from inbox.workflow import AlreadyMoved, DraftStatus, LetterStatus, NotAllowed
from tests import factories
from tests.machine import Machine

pytestmark = pytest.mark.databases

DAY, HOUR, MINUTE = dt.timedelta(days=1), dt.timedelta(hours=1), dt.timedelta(minutes=1)
AT = dt.datetime(2026, 11, 16, 12, 0, tzinfo=dt.UTC)
S = LetterStatus
REASON = "We cannot answer every letter, and we are sorry."


@pytest.fixture
def machine(column: Column, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """A machine at work, with a clock that is right."""
    made = Machine(AT, monkeypatch)
    made.sweep()
    return made


def status(letter: Letter) -> LetterStatus:
    return LetterStatus(Letter.objects.get(pk=letter.pk).status)


def why(column: Column, machine: Machine) -> tuple[bool | None, str]:
    """What the health page says of the clock."""
    found = next(one for one in health.findings(column, at=machine.now) if one.title == "Clock")
    return found.well, found.text


# --- what was seen ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("restarted", [False, True])
def test_what_ended_while_the_clock_was_behind_has_its_whole_time(
    column: Column, moderator: User, author: User, keys: Vault, machine: Machine, *, restarted: bool
) -> None:
    letters = [factories.make_letter(column, at=AT) for _ in range(3)]
    if restarted:
        machine.restart(5 * MINUTE)
    machine.turn(-400 * DAY)
    machine.sweep()
    decisions.decline(letters[0], REASON, by=moderator, at=machine.now)
    decisions.reply(letters[1], "Here is a private answer.", by=author, at=machine.now, keys=keys)
    letters[2].withdraw(at=machine.now)
    machine.wait(HOUR)
    machine.sweep()
    machine.turn(dt.timedelta())
    for _ in range(3):
        machine.sweep()
        machine.wait(HOUR)
    assert [status(letter) for letter in letters] == [S.DECLINED, S.REPLIED, S.WITHDRAWN]
    for letter in letters:
        assert Letter.objects.get(pk=letter.pk).quiet_since == month_after(AT.date())


def test_nothing_is_erased_and_nothing_goes_out_while_the_clock_is_ahead(
    column: Column, author: User, keys: Vault, machine: Machine
) -> None:
    ended = [factories.make_letter(column, end, at=AT) for end in (S.DECLINED, S.REPLIED, S.WITHDRAWN, S.PUBLISHED)]
    draft = factories.make_draft(column, DraftStatus.SCHEDULED, at=AT, publish_at=AT + 5 * DAY)
    machine.turn(400 * DAY)
    for _ in range(3):
        machine.sweep()
        machine.wait(MINUTE)
    assert [status(letter) for letter in ended] == [S.DECLINED, S.REPLIED, S.WITHDRAWN, S.PUBLISHED]
    machine.turn(dt.timedelta())
    machine.sweep()
    draft.refresh_from_db()
    assert draft.status == DraftStatus.SCHEDULED
    publishing.edit(draft, by=author, at=machine.now, keys=keys)
    machine.wait(6 * DAY)
    machine.sweep()
    assert not Article.objects.filter(pk=draft.article_id or 0).exists()
    assert Article.objects.live(machine.now).count() == 1  # that of the ended letter


def test_an_article_that_was_marked_as_published_too_early_can_be_stopped(
    column: Column, author: User, keys: Vault, machine: Machine
) -> None:
    draft = factories.make_draft(column, DraftStatus.SCHEDULED, at=AT, publish_at=AT + 5 * DAY)
    publishing.follow_articles(at=AT + 400 * DAY)  # as a sweep of a version before, whose clock was ahead
    draft.refresh_from_db()
    assert draft.status == DraftStatus.PUBLISHED
    publishing.edit(draft, by=author, at=AT, keys=keys)
    draft.refresh_from_db()
    assert (draft.status, draft.article) == (DraftStatus.WRITING, None)
    assert not Article.objects.exists()
    assert [event.verb for event in draft.events.order_by("number")][-3:] == ["go_live", "not_live", "edit"]


def test_a_sweep_puts_right_what_was_marked_as_published_too_early(
    column: Column, machine: Machine, author: User
) -> None:
    draft = factories.make_draft(column, DraftStatus.SCHEDULED, at=AT, publish_at=AT + 5 * DAY)
    publishing.follow_articles(at=AT + 400 * DAY)
    machine.sweep()
    draft.refresh_from_db()
    assert draft.status == DraftStatus.SCHEDULED
    machine.wait(6 * DAY)
    machine.sweep()
    draft.refresh_from_db()
    assert draft.status == DraftStatus.PUBLISHED
    assert Article.objects.live(machine.now).count() == 1


def test_an_article_that_is_out_is_not_deleted_while_the_clock_is_behind(
    column: Column, author: User, keys: Vault, machine: Machine
) -> None:
    scheduled = factories.make_draft(column, DraftStatus.SCHEDULED, at=AT, publish_at=AT + DAY)
    out = factories.make_draft(column, DraftStatus.PUBLISHED, at=AT)
    machine.wait(2 * DAY)
    machine.turn(-400 * DAY)
    for draft in (scheduled, out):
        with pytest.raises((AlreadyMoved, NotAllowed)):
            publishing.edit(Draft.objects.get(pk=draft.pk), by=author, at=machine.now, keys=keys)
    machine.turn(dt.timedelta())
    assert Article.objects.live(machine.now).count() == 2


def test_what_was_decided_while_the_clock_was_ahead_is_seen_and_mailed(
    column: Column, moderator: User, machine: Machine
) -> None:
    letter = factories.take_letter(column, at=AT, email="somebody.private@example.org").letter
    machine.turn(400 * DAY)
    machine.sweep()
    decisions.decline(letter, REASON, by=moderator, at=machine.now)
    machine.wait(HOUR)
    machine.sweep()
    machine.turn(dt.timedelta())
    assert letter.seen_by_writer(machine.now) != S.DECLINED
    for _ in range(3):
        machine.sweep()
        machine.wait(11 * MINUTE)
    assert Letter.objects.get(pk=letter.pk).seen_by_writer(machine.now) == S.DECLINED
    assert not Outgoing.objects.exists()
    assert [message.to for message in mail.outbox] == [["somebody.private@example.org"]]


def test_a_mail_that_was_claimed_while_the_clock_was_ahead_is_sent_once(column: Column, machine: Machine) -> None:
    letter = factories.make_letter(column, S.DECLINED, at=AT, email="somebody.private@example.org")
    mail.outbox.clear()
    assert letter.notices.update(claimed_at=AT + 400 * DAY) == 1
    for _ in range(3):
        machine.wait(MINUTE)
        machine.sweep()
    assert len(mail.outbox) == 1
    assert not Notice.objects.exists()


def test_nothing_is_scheduled_by_a_clock_that_may_be_wrong(
    column: Column, author: User, keys: Vault, machine: Machine
) -> None:
    draft = factories.make_draft(column, DraftStatus.APPROVED, at=AT)
    machine.turn(-400 * DAY)
    with pytest.raises(NotAllowed, match="clock of the site may be wrong"):
        publishing.publish(draft, by=author, at=machine.now, publish_at=machine.now + DAY, slug="one", keys=keys)
    machine.turn(dt.timedelta())
    publishing.publish(draft, by=author, at=machine.now, publish_at=machine.now + DAY, slug="one", keys=keys)


# --- what is a jump, and what is not ----------------------------------------------------------------------------------


@pytest.mark.parametrize("off", [-730 * DAY, -DAY, -HOUR, -11 * MINUTE, 11 * MINUTE, HOUR, DAY, 730 * DAY])
def test_a_clock_that_is_set_is_found_by_the_uptime(column: Column, machine: Machine, off: dt.timedelta) -> None:
    machine.wait(9 * HOUR)
    machine.turn(off)
    assert clocks.doubt(machine.now) == clocks.Doubt(machine.now, AT, machine.true)
    assert clocks.believed(machine.now) == machine.true
    well, text = why(column, machine)
    assert well is False
    assert "the clock was set to another time" in text
    machine.turn(dt.timedelta())
    assert clocks.doubt(machine.now) is None
    assert why(column, machine)[0] is None


@pytest.mark.parametrize("stop", [MINUTE, HOUR, 23 * HOUR])
def test_a_machine_that_is_started_anew_goes_on(machine: Machine, stop: dt.timedelta) -> None:
    machine.restart(stop)
    assert clocks.doubt(machine.now) is None
    machine.sweep()
    machine.turn(HOUR)
    assert clocks.doubt(machine.now) is not None  # its uptime is known again


def test_a_small_difference_is_no_jump(machine: Machine) -> None:
    for off in (-9 * MINUTE, 9 * MINUTE):
        machine.turn(off)
        assert clocks.doubt(machine.now) is None


def test_without_an_uptime_the_newest_moment_counts(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clocks, "machine", lambda: ("", 0))
    for off, right in ((HOUR, True), (-HOUR, False), (25 * HOUR, False)):
        machine.turn(off)
        assert (clocks.doubt(machine.now) is None) is right


def test_the_system_tells_its_uptime() -> None:
    first, second = clocks.machine(), clocks.machine()
    assert first[0] == second[0]
    assert 0 <= second[1] - first[1] < 3600
    if first[0]:
        assert len(first[0]) == 36
        assert first[1] > 0


def test_after_a_long_stop_an_operator_is_asked(column: Column, machine: Machine, moderator: User) -> None:
    letter = factories.make_letter(column, S.DECLINED, at=AT - 150 * DAY)
    assert Letter.objects.filter(pk=letter.pk).update(quiet_since=AT.date() - 85 * DAY) == 1
    machine.sweep()
    machine.restart(7 * DAY)
    machine.sweep()
    assert status(letter) == S.DECLINED
    well, text = why(column, machine)
    assert well is False
    assert "it stood still for long, or the clock is ahead" in text
    with time_machine.travel(machine.now, tick=False):
        said = StringIO()
        with pytest.raises(CommandError, match="--confirm"):
            call_command("clock", stdout=said)
        assert "2026-11-16 12:00 UTC" in said.getvalue()
        machine.sweep()
        assert status(letter) == S.DECLINED
        call_command("clock", "--confirm", stdout=said)
        call_command("clock", stdout=said)
    assert said.getvalue().endswith("Nothing speaks against it.\n")
    machine.sweep()
    assert status(letter) == S.ERASED


def test_a_clock_that_is_behind_after_a_start_says_so(column: Column, machine: Machine) -> None:
    machine.restart(HOUR)
    machine.turn(-30 * DAY)
    assert "the clock is behind" in why(column, machine)[1]


def test_the_log_says_that_sweeps_stand_still(machine: Machine, caplog: pytest.LogCaptureFixture) -> None:
    machine.turn(DAY)
    machine.sweep()
    machine.sweep()
    said = [record.getMessage() for record in caplog.records if "stand still" in record.getMessage()]
    assert len(said) == 1


def test_drafts_that_rest_count_by_the_right_day(column: Column, machine: Machine) -> None:
    machine.turn(-400 * DAY)
    draft = factories.make_draft(column, DraftStatus.SHELVED, at=machine.now)
    assert draft.quiet_since == AT.date()
    machine.restart(3 * DAY)
    machine.turn(dt.timedelta())
    clock.confirm(at=machine.now)
    draft.refresh_from_db()
    assert draft.quiet_since == machine.now.date()
