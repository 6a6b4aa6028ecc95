"""System checks that stop a wrong deployment. Each has an id and says what to do."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register

_LOOPBACK = {"localhost", "127.0.0.1", "[::1]", "::1", "testserver"}


@register(Tags.security)
def demo_stays_at_home(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Demo mode has known passwords, so it may answer on the loopback address alone."""
    if settings.DEMO and set(settings.ALLOWED_HOSTS) - _LOOPBACK:
        hint = "Unset STEADY_DEMO, or take every other name out of ALLOWED_HOSTS."
        return [Error("Demo mode must not be reachable from elsewhere.", hint=hint, id="steady.E001")]
    return []


@register(Tags.security)
def no_debug_outside_the_demo(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    if settings.DEBUG and not settings.DEMO:
        return [Error("DEBUG shows what passes through the site.", hint="Unset DEBUG.", id="steady.E002")]
    return []


@register(Tags.security)
def site_has_an_address(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    if not settings.DEMO and not settings.SITE_URL.startswith("https://"):
        hint = "Set SITE_URL to the public address, beginning with https://."
        return [Error("Feeds and mails need the site's address.", hint=hint, id="steady.E003")]
    return []


@register(Tags.security)
def secrets_differ(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """One leaked secret must not be all of them."""
    names = ["SECRET_KEY", "RECEIPT_SALT", "RECEIPT_PEPPER", "FORM_SECRET", "SIGN_IN_KEY"]
    values = [getattr(settings, name) for name in names if getattr(settings, name)]
    if len(set(values)) < len(values):
        hint = "Make one value for each of " + ", ".join(names) + "."
        return [Error("Two secrets have the same value.", hint=hint, id="steady.E004")]
    return []


@register(Tags.security, deploy=True)
def production_keeps_processes_apart(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """In production the side that strangers reach holds no private key."""
    found: list[CheckMessage] = []
    if settings.PROCESS == "both" and not settings.DEMO:
        hint = "Start one process with STEADY_PROCESS=public and one with STEADY_PROCESS=desk."
        found.append(checks.Warning("One process serves both the public and the desk.", hint=hint, id="steady.W001"))
    if "sqlite" in settings.DATABASES["default"]["ENGINE"] and not settings.DEMO:
        hint = "Use PostgreSQL, so that each process can have its own database role."
        found.append(checks.Warning("On SQLite both sides share one file.", hint=hint, id="steady.W002"))
    return found
