"""The column of the demonstration with its articles, without letters and staff."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from columns.models import Author, Column, Topic
from inbox.operations.demo import archive, content

DEMO = Path(__file__).parents[3] / "demo"


@pytest.fixture
def answers(db: None, at: dt.datetime) -> Column:
    read = content.read(DEMO)
    author = Author.objects.create(name="Nurse Test", credential="Registered nurse")
    column = Column.objects.create(slug="answers", title="Answers", author=author)
    for topic in read.column["topic"]:
        Topic.objects.create(column=column, **topic)
    entries = [content._article(path) for path in sorted((DEMO / "articles").glob("*.md"))]
    archive.bring(column, entries, {"name": "Second Reader", "credential": "Nurse"}, at=at)
    return column
