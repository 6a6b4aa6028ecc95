"""The drawings of the column, within a page."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString

from columns import drawings
from columns.models import Topic

register = template.Library()


@register.simple_tag
def drawing(name: str) -> SafeString:
    """The drawing of that name as SVG."""
    return drawings.inline(name)


@register.simple_tag
def pen_put_down() -> SafeString:
    """The pen below a sign-off."""
    return drawings.put_down()


@register.filter
def drawing_of(topic: Topic | None) -> str:
    """The name of the drawing of a topic, or of an article without one."""
    return drawings.of_topic(topic.slug) if topic else drawings.ANY_TOPIC
