"""The periodic tasks of Celery's beat. Each has no arguments, makes one domain call and may run concurrently.

``send_notices`` waits for the mail server, so it has a queue and a worker of its own (``CELERY_TASK_ROUTES``).
"""

from celery import shared_task
from django.utils import timezone

from columns.search import fill
from inbox.editorial import publishing
from inbox.letters import notices, outbox
from inbox.operations import audit_chain, clock, heartbeat, retention, row_order, write_ahead_log


@shared_task(ignore_result=True)
def send_notices() -> None:
    heartbeat.note(heartbeat.Slot.MAIL, at=timezone.now())
    clock.sweep(notices.send_due, at=timezone.now())


@shared_task(ignore_result=True)
def note_heartbeat() -> None:
    heartbeat.note(heartbeat.Slot.WORKER, at=timezone.now())


@shared_task(ignore_result=True)
def follow_articles() -> None:
    clock.sweep(publishing.follow_articles, at=timezone.now())


@shared_task(ignore_result=True)
def empty_outbox() -> None:
    clock.sweep(outbox.let_go, at=timezone.now())


@shared_task(ignore_result=True)
def release_held() -> None:
    clock.sweep(outbox.release_due, at=timezone.now())


@shared_task(ignore_result=True)
def erase_due() -> None:
    clock.sweep(retention.erase_due, at=timezone.now())


@shared_task(ignore_result=True)
def write_rows_anew() -> None:
    row_order.write_anew()


@shared_task(ignore_result=True)
def empty_write_ahead_log() -> None:
    write_ahead_log.empty()


@shared_task(ignore_result=True)
def join_chains() -> None:
    audit_chain.join(at=timezone.now())


@shared_task(ignore_result=True)
def fill_index() -> None:
    fill.fill()
