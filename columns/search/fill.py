"""Articles that are not in the index as they are: those from before there was one, restored ones, and those whose words
changed by a way that forgot the index."""

from __future__ import annotations

from django.db.models import F, Q

from columns.models import Article
from columns.search import index
from columns.search.tables import SearchEntry

#: The most articles of one run.
AT_ONCE = 200


def fill(limit: int = AT_ONCE) -> int:
    """Index what is missing or was indexed with other words, and remove what was taken down; returns how many."""
    for down in SearchEntry.objects.filter(article__taken_down_at__isnull=False).values_list("article", flat=True):
        index.forget(down)
    stale = Q(search_entry=None) | ~Q(search_entry__approval=F("approval_id"))
    found = list(Article.objects.filter(stale, taken_down_at=None).select_related("column").order_by("pk")[:limit])
    for article in found:
        index.put(article)
    return len(found)
