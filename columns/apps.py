from django.apps import AppConfig


class ColumnsConfig(AppConfig):
    """Everything public."""

    name = "columns"
