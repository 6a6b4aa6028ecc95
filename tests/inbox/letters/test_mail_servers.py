"""Notices and real mail servers that are slow, lie, hang or are away."""

from __future__ import annotations

import datetime as dt
import itertools
import smtplib
import socket
from collections.abc import Callable
from unittest import mock

import pytest
from django.core import mail as django_mail
from django.core.cache import cache
from pytest_django import Settings
from redis.exceptions import RedisError

from columns.models import Column
from inbox import mail
from inbox.letters import notices
from inbox.models import Letter, Notice, WriterAddress
from tests import factories
from tests.mail_server import DROP, HANG, mail_server, silent_server

pytestmark = pytest.mark.databases

MINUTE = dt.timedelta(minutes=1)
Owed = Callable[[int], list[str]]


@pytest.fixture
def owed(column: Column, at: dt.datetime) -> Owed:
    """Makes letters whose writers are owed the last news; returns their addresses, in the order of their turn."""

    def owe(many: int) -> list[str]:
        addresses = [f"writer{number:02}@example.org" for number in range(many)]
        for number, email in enumerate(addresses):
            letter = factories.take_letter(column, email=email).letter
            notices.owe(letter, Notice.Kind.END, due_on=at.date() - dt.timedelta(days=many - number))
        return addresses

    return owe


def sweep_for(time: dt.timedelta, *, at: dt.datetime) -> dt.datetime:
    """Run a sweep every minute, as beat does; returns the time of the last one."""
    end = at + time
    while at < end:
        notices.send_due(at=at)
        at += MINUTE
    return at


# --- slow ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("run_lasts", [dt.timedelta(hours=1), None])
def test_a_run_longer_than_a_claim_sends_each_mail_once(
    owed: Owed, at: dt.datetime, monkeypatch: pytest.MonkeyPatch, run_lasts: dt.timedelta | None
) -> None:
    """Each mail takes a minute, and another worker looks for work while the last ones are sent."""
    writers = owed(12)
    passed = [0.0]
    monkeypatch.setattr("time.clock_gettime", lambda clock: passed[0])
    if run_lasts:
        monkeypatch.setattr(notices, "RUN_LASTS", run_lasts, raising=False)
    real = notices._mail
    inside: list[str] = []

    def slowly(notice: Notice, email: str) -> None:
        passed[0] += 60
        if passed[0] > 660 and not inside:
            inside.append("another worker")
            notices.send_due(at=at + dt.timedelta(seconds=passed[0]))
            inside.clear()
        real(notice, email)

    with mock.patch.object(notices, "_mail", slowly):
        while Notice.objects.exists():
            notices.send_due(at=at + dt.timedelta(seconds=passed[0]))
    assert sorted(to for message in django_mail.outbox for to in message.to) == writers


def test_a_run_ends_after_its_time_and_the_next_goes_on(
    owed: Owed, at: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    owed(5)
    passed = [0.0]
    monkeypatch.setattr("time.clock_gettime", lambda clock: passed[0])
    real = notices._mail

    def slowly(notice: Notice, email: str) -> None:
        passed[0] += 9
        real(notice, email)

    with mock.patch.object(notices, "_mail", slowly):
        assert notices.send_due(at=at) == 3
        assert notices.send_due(at=at + MINUTE) == 2


def test_a_whole_mail_has_a_limit_however_short_each_wait(
    settings: Settings, owed: Owed, at: dt.datetime, caplog: pytest.LogCaptureFixture
) -> None:
    """A server that says each time something just before the time-out would hold a worker for minutes."""
    owed(1)
    settings.EMAIL_LONGEST = 0
    with mail_server(settings) as server:
        assert notices.send_due(at=at) == 0
    assert server.taken == []
    assert "SMTPServerDisconnected" in caplog.text


# --- hangs -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "TEXT"])
def test_a_run_ends_at_the_first_time_out_and_all_wait(
    settings: Settings, owed: Owed, at: dt.datetime, step: str
) -> None:
    writers = owed(3)
    settings.EMAIL_TIMEOUT = 0.2
    with mail_server(settings, **{step: HANG}) as server:
        assert notices.send_due(at=at) == 0
        assert server.conversations == 1
        for second in (1, 20, 40, 59):
            assert notices.send_due(at=at + dt.timedelta(seconds=second)) == 0
        assert server.conversations == 1
        server.answers.clear()
        assert notices.send_due(at=at + 2 * MINUTE) == 2, "those that did not meet it are first"
        assert notices.send_due(at=at + 4 * MINUTE) == 1
    assert sorted(set(server.taken)) == writers
    assert mail.outage(at=at) is None


def test_a_server_that_says_nothing_is_asked_ever_more_seldom(settings: Settings, owed: Owed, at: dt.datetime) -> None:
    owed(3)
    settings.EMAIL_TIMEOUT = 0.05
    tried = []
    with silent_server(settings) as listening:
        for minute in range(3 * 60):
            now = at + minute * MINUTE
            notices.send_due(at=now)
            listening.setblocking(False)
            try:
                listening.accept()[0].close()
                tried.append(minute)
            except BlockingIOError:
                pass
            listening.setblocking(True)
    gaps = [later - earlier for earlier, later in itertools.pairwise(tried)]
    assert gaps[:5] == [2, 3, 5, 9, 17]
    assert set(gaps[5:]) == {31}, "never more seldom than that"
    known = mail.outage(at=at + 3 * 60 * MINUTE)
    assert known is not None
    assert known.tries == len(tried)


def test_an_outage_of_days_uses_up_no_tries(settings: Settings, owed: Owed, at: dt.datetime) -> None:
    writers = owed(5)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        settings.EMAIL_BACKEND = "config.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = taken.getsockname()[:2]
    end = sweep_for(dt.timedelta(days=2), at=at)
    assert notices.stuck() == 0
    assert Notice.objects.filter(failures__gt=1).count() == 0
    with mail_server(settings) as server:
        sweep_for(dt.timedelta(hours=2), at=end)
    assert sorted(server.taken) == writers


def test_one_address_that_makes_the_server_fail_keeps_back_no_other(
    settings: Settings, owed: Owed, at: dt.datetime
) -> None:
    """It rests after its tries; the others go out in the meantime."""
    first, *others = owed(3)
    with mail_server(settings, **{first: DROP}) as server:
        sweep_for(dt.timedelta(minutes=5), at=at)
        assert sorted(server.taken) == others
        owed(1)
        for day in range(1, 20):
            letter = factories.take_letter(Column.objects.get(), email=f"later{day}@example.org").letter
            notices.owe(letter, Notice.Kind.QUESTION, due_on=at.date())
            sweep_for(dt.timedelta(minutes=5), at=at + dt.timedelta(days=day))
    assert {f"later{day}@example.org" for day in range(1, 20)} <= set(server.taken)
    assert first not in server.taken
    assert notices.stuck() >= 1


# --- lies ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("end", [DROP, HANG])
def test_a_mail_of_which_nobody_knows_the_end_is_sent_twice_at_most(
    settings: Settings, owed: Owed, at: dt.datetime, end: str
) -> None:
    writers = owed(3)
    settings.EMAIL_TIMEOUT = 0.2
    with mail_server(settings, TEXT=end) as server:
        sweep_for(dt.timedelta(hours=8), at=at)
    assert sorted(server.taken) == sorted(writers * 2)
    assert Notice.objects.count() == 0
    assert WriterAddress.objects.count() == 0, "it counts as sent"


def test_a_worker_killed_again_and_again_sends_it_twice_at_most(owed: Owed, at: dt.datetime) -> None:
    (writer,) = owed(1)
    real = notices._mail

    def killed(notice: Notice, email: str) -> None:
        real(notice, email)
        raise KeyboardInterrupt

    with mock.patch.object(notices, "_mail", killed):
        for hour in range(6):
            try:
                notices.send_due(at=at + dt.timedelta(hours=hour))
            except KeyboardInterrupt:
                continue
    assert [message.to for message in django_mail.outbox] == [[writer]] * 2
    assert not Notice.objects.exists()
    assert not WriterAddress.objects.exists()


def test_a_refusal_is_no_unclear_end(settings: Settings, owed: Owed, at: dt.datetime) -> None:
    """What was surely not taken counts neither as sent nor as a second mail."""
    (writer,) = owed(1)
    with mail_server(settings, RCPT="450 4.2.1 try again") as server:
        sweep_for(dt.timedelta(hours=1), at=at)
        assert server.taken == []
        assert Notice.objects.get().handovers == 0
        server.answers.clear()
        sweep_for(dt.timedelta(hours=6), at=at + dt.timedelta(hours=1))
    assert server.taken == [writer]


def test_a_fault_of_ours_counts_no_mail_as_sent(owed: Owed, at: dt.datetime) -> None:
    """It is seen in the log, and once it is mended the mails go out."""
    writers = owed(2)
    with mock.patch.object(notices, "_mail", side_effect=RuntimeError):
        for hour in range(6):
            try:
                notices.send_due(at=at + dt.timedelta(hours=hour))
            except RuntimeError:
                continue
    assert set(Notice.objects.values_list("handovers", flat=True)) == {0}
    sweep_for(dt.timedelta(minutes=3), at=at + dt.timedelta(days=1))
    assert sorted(to for message in django_mail.outbox for to in message.to) == writers


# --- refuses ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("step", "answer"),
    [("RCPT", "450 4.2.1 later"), ("RCPT", "550 5.1.1 no such user"), ("TEXT", "554 5.7.1 we do not like it")],
)
def test_one_refused_mail_keeps_back_no_other(
    settings: Settings, owed: Owed, at: dt.datetime, step: str, answer: str
) -> None:
    owed(3)
    with mail_server(settings, **{step: answer}) as server:
        assert notices.send_due(at=at) == 0
        assert server.conversations == 3
        assert mail.outage(at=at) is None
        server.answers.clear()
        sweep_for(dt.timedelta(minutes=3), at=at + MINUTE)
    assert not Notice.objects.exists()


@pytest.mark.parametrize(
    ("step", "answer"),
    [
        ("MAIL", "451 4.3.0 later"),
        ("MAIL", "550 5.7.1 no empty sender here"),
        ("RCPT", "421 4.3.2 closing"),
        ("TEXT", "452 4.3.1 no room on the disk"),
    ],
)
def test_a_server_that_takes_nothing_is_left_alone(
    settings: Settings, owed: Owed, at: dt.datetime, step: str, answer: str
) -> None:
    writers = owed(3)
    with mail_server(settings, **{step: answer}) as server:
        assert notices.send_due(at=at) == 0
        assert server.conversations == 1
        known = mail.outage(at=at)
        assert known is not None
        server.answers.clear()
        server.taken.clear()
        sweep_for(dt.timedelta(minutes=4), at=known.until)
    assert sorted(server.taken) == writers


def test_a_refused_mail_is_tried_for_more_than_a_day(owed: Owed, at: dt.datetime) -> None:
    owed(1)
    tried = []

    def refuse(notice: Notice, email: str) -> None:
        tried.append(now)
        raise smtplib.SMTPRecipientsRefused({email: (451, b"later")})

    with mock.patch.object(notices, "_mail", refuse):
        for minute in range(0, 4 * 24 * 60, 30):
            now = at + minute * MINUTE
            notices.send_due(at=now)
    assert len(tried) == notices.MOST_FAILURES
    assert tried[-1] - tried[0] > dt.timedelta(days=1)


# --- what keeps the pause --------------------------------------------------------------------------------------------


def test_without_the_cache_mails_go_out_and_an_outage_costs_one_try_a_run(
    settings: Settings, owed: Owed, at: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    writers = owed(3)
    gone = mock.Mock(side_effect=RedisError("127.0.0.1"))
    monkeypatch.setattr("inbox.mail.cache", mock.Mock(get=gone, set=gone, delete=gone))
    with mail_server(settings, MAIL="451 later") as server:
        assert notices.send_due(at=at) == 0
        assert server.conversations == 1
        server.answers.clear()
        assert notices.send_due(at=at + MINUTE) == 2
        assert notices.send_due(at=at + 3 * MINUTE) == 1
    assert sorted(server.taken) == writers


def test_a_cache_that_is_emptied_costs_one_try(settings: Settings, owed: Owed, at: dt.datetime) -> None:
    owed(2)
    with mail_server(settings, MAIL="451 later") as server:
        notices.send_due(at=at)
        cache.clear()
        for second in (10, 30, 50):
            notices.send_due(at=at + dt.timedelta(seconds=second))
        assert server.conversations == 2


def test_what_was_withdrawn_between_list_and_claim_is_not_mailed(owed: Owed, at: dt.datetime) -> None:
    owed(2)
    real = notices._mail

    def withdrawing(notice: Notice, email: str) -> None:
        real(notice, email)
        Notice.objects.exclude(pk=notice.pk).delete()

    with mock.patch.object(notices, "_mail", withdrawing):
        assert notices.send_due(at=at) == 1
    assert len(django_mail.outbox) == 1
    assert Letter.objects.count() == 2
