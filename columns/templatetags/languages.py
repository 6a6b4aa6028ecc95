"""The writing direction of a language."""

from django import template
from django.conf import settings

register = template.Library()


@register.filter
def direction(code: str | None) -> str:
    """``rtl`` for a right-to-left language, else ``ltr`` (also without a code)."""
    return "rtl" if (code or "").split("-")[0] in settings.LANGUAGES_BIDI else "ltr"
