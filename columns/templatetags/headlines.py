"""The two parts of a headline: the question, and the author's angle, which is styled differently."""

import re

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

register = template.Library()
_TWO_PARTS = re.compile(r"(.+?[?:])\s+(\S.*)", re.DOTALL)


@register.filter
def two_parts(headline: str) -> SafeString:
    """The headline, escaped, with its angle ("A nurse's perspective") in an element of its own where it has one."""
    parts = _TWO_PARTS.fullmatch(headline)
    if parts is None:
        return conditional_escape(headline)
    return format_html('{} <span class="angle">{}</span>', parts[1], parts[2])
