from django.apps import AppConfig


class ColumnsConfig(AppConfig):
    """The app of the public side: columns and their articles."""

    name = "columns"
