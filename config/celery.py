"""The Celery app, which only starts sweeps. Due work is in database rows; a lost message delays a sweep, nothing
more."""

import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("steady_hands")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def _as_django_does(**kwargs: Any) -> None:
    """Configure logs as Django does. Without this receiver Celery would log exceptions with their messages."""
    # this module is imported with the settings themselves, so nothing that reads them may be imported above
    from django.conf import settings  # noqa: PLC0415
    from django.utils.log import configure_logging  # noqa: PLC0415

    from config.logs import keep_quiet  # noqa: PLC0415

    configure_logging(settings.LOGGING_CONFIG, settings.LOGGING)
    keep_quiet()
