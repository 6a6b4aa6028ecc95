"""The page of topics."""

from __future__ import annotations

import pytest
from django.test import Client

from columns.models import Article, Column
from tests.columns.reading import Page

pytestmark = pytest.mark.databases


def test_topics_with_answers_are_there_with_their_number(client: Client, column: Column, article: Article) -> None:
    topic = article.topic
    assert topic is not None
    page = Page(client.get(f"{column.get_absolute_url()}topics/").content)
    assert topic.get_absolute_url() in page.links()
    assert f"{topic.description} 1 answer" in page.text
    empty = column.topics.exclude(pk=topic.pk)
    assert empty
    assert not {each.get_absolute_url() for each in empty} & set(page.links())


def test_a_column_without_answers_says_so(client: Client, column: Column) -> None:
    assert "Nothing has come out yet." in Page(client.get(f"{column.get_absolute_url()}topics/").content).text
