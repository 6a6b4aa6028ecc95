from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Registers the system checks that stop a wrong deployment."""

    name = "config"
    verbose_name = "Steady Hands"

    def ready(self) -> None:
        from config import checks  # noqa: F401, PLC0415 - registering is the import's purpose
