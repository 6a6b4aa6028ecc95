"""What worker and beat do while their broker is away."""

from __future__ import annotations

from config.celery import app


def test_worker_and_beat_wait_for_a_broker_however_long_it_is_away() -> None:
    assert app.conf.broker_connection_max_retries is None
    assert app.conf.broker_connection_retry_on_startup
