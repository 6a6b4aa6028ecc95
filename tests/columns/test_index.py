"""The site's front page: one column, several, or none."""

from __future__ import annotations

import pytest
from django.test import Client

from columns.models import Column
from tests import factories
from tests.columns.reading import Page

pytestmark = pytest.mark.databases


def test_a_site_with_one_column_leads_to_it(client: Client, column: Column) -> None:
    response = client.get("/")
    assert response.status_code == 302
    assert response.headers["Location"] == "/plain/"


def test_several_columns_are_listed_by_title(client: Client, column: Column, other_column: Column) -> None:
    page = Page(client.get("/").content)
    assert page.links()[1:] == ["/elsewhere/", "/plain/"]
    assert len(page.all("h1")) == 1
    assert "Plain Answers" in page.text
    assert "Registered nurse" in page.text


def test_a_site_without_a_column_says_how_to_make_one(client: Client, db: None) -> None:
    response = client.get("/")
    assert response.status_code == 200
    assert "create_column" in Page(response.content).text


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_it_is_only_read(client: Client, column: Column, method: str) -> None:
    assert getattr(client, method)("/").status_code == 405


def test_many_columns_cost_as_much_as_two(client: Client, other_column: Column, django_assert_num_queries) -> None:
    for _ in range(10):
        factories.make_column()
    with django_assert_num_queries(1):
        client.get("/")
