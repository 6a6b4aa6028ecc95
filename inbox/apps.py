from django.apps import AppConfig
from django.conf import settings

from inbox.screening import lexicons


class InboxConfig(AppConfig):
    """Everything private."""

    name = "inbox"

    def ready(self) -> None:
        lexicons.extend_from(settings.LEXICONS)
