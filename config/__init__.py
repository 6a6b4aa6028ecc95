"""The Django project. The import of the Celery app binds the tasks to it."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
