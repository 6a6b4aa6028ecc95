from django.apps import AppConfig
from django.conf import settings

from inbox.screening import lexicons


class InboxConfig(AppConfig):
    """The app of the private side: letters, drafts, staff and the desk."""

    name = "inbox"

    def ready(self) -> None:
        lexicons.extend_from(settings.LEXICONS)
