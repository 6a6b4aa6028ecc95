"""Whether a column takes letters today."""

from django import template
from django.utils import timezone

from columns.models import Column

register = template.Library()


@register.filter
def takes_letters(column: Column) -> bool:
    """``column.takes_letters`` for today, in the site's time zone."""
    return column.takes_letters(timezone.localdate())
