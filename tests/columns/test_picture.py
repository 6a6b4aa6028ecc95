"""The picture of a column, which its other pages have."""

from __future__ import annotations

import pytest
from django.test import Client

from columns.models import Article, Column
from tests.columns.reading import Page, pages


def test_every_page_but_an_article_has_the_columns_picture(client: Client, column: Column, article: Article) -> None:
    found = {
        Page(client.get(path).content).meta("og:image")
        for kind, path in pages(column, article).items()
        if kind != "article"
    }
    (address,) = found
    assert address.startswith("http://127.0.0.1:8000/plain/picture-")
    response = client.get(address.removeprefix("http://127.0.0.1:8000"))
    assert (response.status_code, response.headers["Content-Type"]) == (200, "image/png")


def test_another_title_is_another_picture(client: Client, column: Column) -> None:
    before = Page(client.get("/plain/").content).meta("og:image").removeprefix("http://127.0.0.1:8000")
    Column.objects.filter(pk=column.pk).update(title="Another Title")
    after = Page(client.get("/plain/").content).meta("og:image")
    assert after != f"http://127.0.0.1:8000{before}"
    response = client.get(before)
    assert (response.status_code, response.headers["Location"]) == (302, after)


def test_a_practice_column_has_none(client: Client, column: Column) -> None:
    Column.objects.filter(pk=column.pk).update(practice=True)
    assert client.get("/plain/picture-x.png").status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_it_is_only_read(client: Client, column: Column, method: str) -> None:
    assert getattr(client, method)("/plain/picture-x.png").status_code == 405
