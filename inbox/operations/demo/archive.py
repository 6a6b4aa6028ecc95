"""Articles that a column brought along: they were out before anybody could write here, so there is neither a letter nor
a draft. The rows are those that publishing writes, without an event."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import timezone

from columns.models import APPROVED_BESIDE, APPROVED_TEXT, Approval, Article, Column, text_sha256
from columns.search import index
from columns.site_time import day_of
from columns.text import prose

_DAY = dt.timedelta(days=1)
#: The hour of the day at which they came out, and for how many days an answer lay with its second reader.
_HOUR = 9
_DAYS_OF_REVIEW = 3


def bring(
    column: Column, entries: Iterable[Mapping[str, Any]], reviewer: Mapping[str, str], *, at: dt.datetime
) -> None:
    """Write the articles of ``entries`` as they would be after years of a column. ``at``: their days are counted from
    it."""
    topics = {topic.slug: topic for topic in column.topics.all()}
    articles = []
    for entry in entries:
        kinds = " ".join(entry.get("help_kinds", []))
        text = {name: entry.get(name, "") for name in (*APPROVED_TEXT, *APPROVED_BESIDE)} | {"help_kinds": kinds}
        out = day_of(at) - entry["days_ago"] * _DAY + _HOUR * _DAY / 24
        read = day_of(at) - entry.get("reviewed_days_ago", entry["days_ago"] + _DAYS_OF_REVIEW) * _DAY
        approval = Approval(
            text_sha256=text_sha256(**text),
            reviewer_name=reviewer["name"],
            reviewer_credential=reviewer["credential"],
            approved_at=read,
        )
        articles.append(
            Article(
                column=column,
                author=column.author,
                topic=topics[entry["topic"]],
                slug=entry["slug"],
                approval=approval,
                care=bool(kinds or entry.get("care")),
                reading_minutes=prose.reading_minutes(text["question"], text["answer"]),
                publish_at=out,
                reviewed_on=timezone.localdate(read),
                **text,
            )
        )
    Approval.objects.bulk_create([article.approval for article in articles])
    Article.objects.bulk_create(articles)
    for article in articles:
        index.put(article)
