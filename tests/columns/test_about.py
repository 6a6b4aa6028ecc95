"""Who answers, what the column is, and what becomes of a letter."""

from __future__ import annotations

import pytest
from django.test import Client

from columns.models import Column
from tests.columns.reading import Page


def test_author_column_and_terms_are_told(client: Client, column: Column) -> None:
    column.about = "Why there *is* a column.\n\n## A heading of its own"
    column.terms = "Letters are kept sealed."
    column.author.bio = "Nineteen years in clinics."
    column.author.save()
    column.save()
    page = Page(client.get("/plain/about/").content)
    for words in (
        "Nurse Test",
        "Registered nurse",
        "Nineteen years in clinics.",
        "Why there is a column.",
        "kept sealed",
    ):
        assert words in page.text
    assert len(page.all("h1")) == 1


def test_a_column_that_tells_nothing_is_still_a_page(client: Client, column: Column) -> None:
    column.about = column.terms = column.tagline = ""
    column.save()
    page = Page(client.get("/plain/about/").content)
    assert "Nurse Test" in page.text
    assert "What becomes of a letter" not in page.text


def test_a_column_that_is_not_there_is_not_found(client: Client, column: Column) -> None:
    assert client.get("/nobody/about/").status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_it_is_only_read(client: Client, column: Column, method: str) -> None:
    assert getattr(client, method)("/plain/about/").status_code == 405
