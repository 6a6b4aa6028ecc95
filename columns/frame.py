"""The frame of pages that every column shares: a column's masthead and help lines where it is known which, else the
site's."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from columns.models import Column


def site(request: HttpRequest) -> dict[str, Any]:
    """The context processor of all templates."""
    return {"demo_mode": settings.DEMO, "site_url": settings.SITE_URL}


_COLUMNS = Column.objects.for_readers().select_related("author").prefetch_related("help_lines")


def of(column: Column | None) -> dict[str, Any]:
    """The context of a template that extends ``frame``."""
    return {"frame": "columns/base.html" if column else "base_site.html", "column": column}


def only_column() -> Column | None:
    """The column of a site with a single one."""
    found = list(_COLUMNS.all()[:2])
    return found[0] if len(found) == 1 else None


def column_at(path: str) -> Column | None:
    """The column to whose pages an address belongs, or the only one of the site."""
    return _COLUMNS.filter(slug=path.strip("/").partition("/")[0]).first() or only_column()
