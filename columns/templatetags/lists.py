"""Lists inside sentences, in the form of the active language."""

from collections.abc import Iterable

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import pgettext

register = template.Library()


@register.filter
def listed(items: Iterable[object]) -> str:
    """The items as a list in a sentence: "one, two and three"."""
    names = [str(item) for item in items]
    if len(names) < 2:
        return "".join(names)
    *first, last = names
    if len(first) == 1:
        return pgettext("a list of two", "%(first)s and %(last)s") % {"first": first[0], "last": last}
    before, *others = first
    for name in others:
        before = pgettext("a list of three or more", "%(before)s, %(next)s") % {"before": before, "next": name}
    return pgettext("the end of a list of three or more", "%(before)s and %(last)s") % {"before": before, "last": last}


@register.filter
def listed_in(items: Iterable[object], element: str) -> SafeString:
    """The same, with each item, escaped, in an HTML element of this name."""
    inside = [format_html("<{}>{}</{}>", element, item, element) for item in items]
    return format_html(listed(["{}"] * len(inside)), *inside) if inside else SafeString()


@register.filter
def shortened(items: Iterable[object], most: int) -> list[str]:
    """Each item with at most so many characters."""
    return [Truncator(str(item)).chars(most) for item in items]
