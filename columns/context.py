"""The context processor of all templates."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, Any]:
    return {"demo_mode": settings.DEMO, "site_url": settings.SITE_URL}
