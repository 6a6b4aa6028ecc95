"""Celery only wakes sweeps. What is due stands in rows; a lost message costs one beat, never a row."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("steady_hands")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
