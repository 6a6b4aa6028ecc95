"""A headline on a page: its angle is styled differently."""

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

from columns.text import headlines

register = template.Library()


@register.filter
def two_parts(headline: str) -> SafeString:
    """The headline, escaped, with its angle in an element of its own where it has one."""
    question, angle = headlines.parts(headline)
    if not angle:
        return conditional_escape(headline)
    return format_html('{} <span class="angle">{}</span>', question, angle)


@register.filter
def question_of(headline: str) -> str:
    """The question alone, for lists with little room."""
    return headlines.parts(headline)[0]
