from django.apps import AppConfig


class InboxConfig(AppConfig):
    """Everything private."""

    name = "inbox"
