"""In which direction a language is written."""

from django import template
from django.conf import settings

register = template.Library()


@register.filter
def direction(code: str | None) -> str:
    """``rtl`` for a language that is written from right to left, else ``ltr`` (no code too)."""
    return "rtl" if (code or "").split("-")[0] in settings.LANGUAGES_BIDI else "ltr"
