"""The picture of a page for social cards, in its head."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from columns.machine_readable import pictures
from columns.models import Article, Column

register = template.Library()


@register.simple_tag
def share_picture(column: Column, article: Article | None = None) -> SafeString:
    """The picture of an article, or of the column, as Open Graph and X read it."""
    return format_html(
        '<meta property="og:image" content="{}"><meta property="og:image:type" content="image/png">'
        '<meta property="og:image:width" content="{}"><meta property="og:image:height" content="{}">'
        '<meta property="og:image:alt" content="{}"><meta name="twitter:card" content="summary_large_image">',
        pictures.address(column, article),
        pictures.WIDTH,
        pictures.HEIGHT,
        article.headline if article else column.title,
    )
