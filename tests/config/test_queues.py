"""What the mail server can slow has a queue and a worker of its own, so no other sweep waits for it."""

from __future__ import annotations

import datetime as dt
import importlib.util
import smtplib
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from celery import current_app
from django.conf import settings
from django.utils.module_loading import import_string

from columns.models import Column
from config.celery import app
from inbox.letters import notices
from inbox.models import Notice
from tests import factories
from tests.config.test_compose import resolved

pytestmark = pytest.mark.databases

TASKS = sorted({str(entry["task"]) for entry in settings.CELERY_BEAT_SCHEDULE.values()})
MAILS = {"inbox.tasks.send_notices"}


def queue_of(task: str) -> str:
    name: str = app.amqp.router.route({}, task)["queue"].name
    return name


def queues(command: list[str]) -> set[str]:
    """The queues that a command of a Celery worker serves."""
    words = " ".join(command).replace("--queues=", "--queues ").split()
    return set(words[words.index("--queues") + 1].split(","))


def test_mail_alone_is_in_its_queue() -> None:
    assert {task for task in TASKS if queue_of(task) == "mail"} == MAILS
    assert {queue_of(task) for task in TASKS} == {"celery", "mail"} == set(app.amqp.queues)
    assert {task for task in current_app.tasks if task.startswith("inbox.")} <= set(TASKS)


@pytest.mark.parametrize("task", [task for task in TASKS if task not in MAILS])
def test_no_other_task_sends_mail(task: str, column: Column, at: dt.datetime, mailoutbox: list[Any]) -> None:
    for kind in Notice.Kind:
        letter = factories.take_letter(column, email=f"{kind}@example.org").letter
        notices.owe(letter, kind, due_on=at.date())
    with mock.patch.object(smtplib, "SMTP", side_effect=AssertionError):
        import_string(task).apply().get()
    assert mailoutbox == []
    assert Notice.objects.count() == len(Notice.Kind)


def test_each_queue_has_a_worker_in_both_kinds_of_site() -> None:
    services = {name: service.get("command") or [] for name, service in resolved()["services"].items()}
    served = {name: queues(words) for name, words in services.items() if "worker" in words}
    assert served == {"worker": {"celery"}, "mailer": {"mail"}}
    spec = importlib.util.spec_from_file_location("run", Path(settings.BASE_DIR) / "bin" / "run.py")
    assert spec is not None
    assert spec.loader is not None
    run = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(run)
    served = {name: queues(words) for name, words in run.commands(8000).items() if "worker" in words}
    assert served == {"worker": {"celery"}, "worker for mail": {"mail"}}


def test_a_worker_that_is_told_of_no_queue_serves_both() -> None:
    app.amqp.queues.select([])
    assert set(app.amqp.queues.consume_from) == {"celery", "mail"}
    for name, queue in app.amqp.queues.items():
        assert (queue.exchange.name, queue.routing_key) == (name, name), "no message goes to both"


def test_whoever_stops_the_mailer_lets_a_mail_that_began_end() -> None:
    grace = resolved()["services"]["mailer"]["stop_grace_period"]
    longest = notices.RUN_LASTS.total_seconds() + settings.EMAIL_LONGEST
    assert {"1m0s": 60}[grace] > longest
    # nor does Redis give the task to another worker meanwhile
    assert settings.CELERY_BROKER_TRANSPORT_OPTIONS.get("visibility_timeout", 60) > longest
