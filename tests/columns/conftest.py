"""Articles to read."""

from __future__ import annotations

import datetime as dt

import pytest

from columns.models import Article, Column
from tests import factories


@pytest.fixture
def article(column: Column, at: dt.datetime) -> Article:
    """An article that has been out for two days, with topic, pen name, note and sources."""
    return factories.make_article(
        column,
        at=at - dt.timedelta(days=2),
        headline="Is it normal to ask? A nurse's view",
        standfirst="The short answer comes first.",
        content_note="Mentions pain.",
        pen_name="Awake",
        question="I have been wondering whether this is *normal*.",
        answer="Nothing is wrong with you.[^1]\n\n## What is happening\n\n[More](/plain/about/).\n\n[^1]: A book.",
    )
