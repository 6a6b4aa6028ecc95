"""The picture of an article: drawn from its headline, at an address that holds what is drawn."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import threading

import numpy as np
import pytest
from django.test import Client
from numpy.typing import NDArray
from PIL import Image

from columns import drawings
from columns.machine_readable import pictures
from columns.models import Article, Column
from inbox.workflow import DraftStatus
from tests import factories
from tests.columns.reading import Page

Picture = NDArray[np.uint8]


def pixels(png: bytes) -> Picture:
    """The rows of a PNG, as colours."""
    with Image.open(io.BytesIO(png)) as image:
        assert (image.format, image.size) == ("PNG", (1200, 630))
        return np.array(image.convert("RGB"))


def colour(code: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(code[1:]))


PAPER, INK, GENTIAN, TINT = map(colour, (pictures._PAPER, pictures._INK, pictures._GENTIAN, pictures._TINT))


def seen(question: str, angle: str = "", drawing: str = "cup", *, rtl: bool = False) -> Picture:
    png = pictures.png(pictures.svg(question, angle, drawing, rtl=rtl))
    assert len(png) <= 60_000
    return pixels(png)


def inked(rows: Picture, wanted: tuple[int, ...]) -> set[tuple[int, int]]:
    """The places (x, y) of one colour."""
    return {(int(x), int(y)) for y, x in np.argwhere((rows == wanted).all(axis=2))}


def picture_of(client: Client, path: str) -> str:
    return Page(client.get(path).content).meta("og:image").removeprefix("http://127.0.0.1:8000")


def test_the_page_names_its_picture(client: Client, article: Article) -> None:
    page = Page(client.get(article.get_absolute_url()).content)
    assert page.meta("og:image").startswith(f"http://127.0.0.1:8000{article.get_absolute_url()}picture-")
    assert (page.meta("og:image:width"), page.meta("og:image:height")) == ("1200", "630")
    assert page.meta("og:image:alt") == article.headline
    assert page.meta("twitter:card") == "summary_large_image"
    assert json.loads(page.scripts[0])["image"]["url"] == page.meta("og:image")
    response = client.get(picture_of(client, article.get_absolute_url()))
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "image/png"
    assert response.headers["Cache-Control"] == "public, max-age=60"
    assert not response.cookies
    again = client.get(response.request["PATH_INFO"], headers={"If-None-Match": response.headers["ETag"]})
    assert again.status_code == 304


def test_it_shows_the_headline_its_second_half_and_the_drawing_on_a_line() -> None:
    rows = seen("Is it normal?", "A nurse's view")
    words, second, tint = inked(rows, INK), inked(rows, GENTIAN), inked(rows, TINT)
    above = {(x, y) for x, y in words if y < pictures._LINE - pictures._DRAWING}
    assert len(above) > 2000
    assert len(second) > 500
    assert len(tint) > 1000
    assert max(y for _, y in above) < min(y for _, y in second) + 20
    assert max(y for _, y in second) < min(y for _, y in tint)
    line = {x for x, y in words if abs(y - pictures._LINE) < 3}
    assert {0, 1199} <= line
    assert (rows == PAPER).all(axis=2).mean() > 0.8


def test_a_long_headline_is_set_smaller_and_stays_within() -> None:
    rows = seen("Why does it " + "hurt every single time that we try to " * 4 + "?", "A long second half of a headline")
    right = [x for x, y in inked(rows, INK) | inked(rows, GENTIAN) if y < pictures._LINE - pictures._DRAWING]
    assert len(right) > 2000
    assert max(right) <= pictures.WIDTH - pictures._EDGE + 2


@pytest.mark.parametrize("question", ["האם זה נורמלי?", "これは普通ですか", "Is it 🙂?", "W" * 200])
def test_what_the_fonts_cannot_set_is_left_out_and_the_drawing_stays(question: str) -> None:
    rows = seen(question)
    assert not [y for _, y in inked(rows, INK) if y < pictures._LINE - pictures._DRAWING]
    assert len(inked(rows, TINT)) > 1000


@pytest.mark.parametrize(
    "question", ["Czy to możliwe?", "Это нормально?", "Είναι φυσιολογικό;", "Có bình thường không?"]
)
def test_other_scripts_that_they_can_set_are_set(question: str) -> None:
    assert len([y for _, y in inked(seen(question), INK) if y < pictures._LINE - pictures._DRAWING]) > 2000


def test_read_from_the_right_it_begins_there() -> None:
    left, right = inked(seen("A word?"), INK), inked(seen("A word?", rtl=True), INK)
    high = pictures._LINE - pictures._DRAWING
    assert max(x for x, y in left if y < high) < 600 < min(x for x, y in right if y < high)
    assert (
        min(x for x, y in inked(seen("A word?"), TINT))
        > 600
        > max(x for x, y in inked(seen("A word?", rtl=True), TINT))
    )


def test_markup_in_a_headline_is_words() -> None:
    assert "<image" not in pictures.svg('"><image href="file:///etc/passwd"/>', "<b>&", "cup", rtl=False)
    assert len(inked(seen('"><image href="/x"/> & <b>'), INK)) > 2000


@pytest.mark.parametrize("name", sorted(drawings.NAMES - {"nib"}))
def test_every_drawing_can_stand_in_it(name: str) -> None:
    png = pictures.png(pictures.svg("A word?", "", name, rtl=False))
    assert 5_000 < len(png) <= 60_000


def test_an_old_address_leads_to_the_picture_of_now(client: Client, article: Article) -> None:
    now_at = picture_of(client, article.get_absolute_url())
    response = client.get(f"{article.get_absolute_url()}picture-{'0' * 16}.png")
    assert (response.status_code, response.headers["Location"]) == (302, f"http://127.0.0.1:8000{now_at}")


def test_what_readers_cannot_read_has_none(client: Client, column: Column, article: Article, at: dt.datetime) -> None:
    later = factories.make_draft(column, DraftStatus.SCHEDULED, at=at, publish_at=at + dt.timedelta(days=3)).article
    assert later is not None
    assert client.get(f"{later.get_absolute_url()}picture-x.png").status_code == 404
    address = picture_of(client, article.get_absolute_url())
    assert client.get(address).status_code == 200
    article.take_down(at=at)
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    "path", ["/plain/before-you-write/", "/plain/write/", "/plain/letter/", "/privacy/", "/nothing/"]
)
def test_private_pages_have_none(client: Client, column: Column, path: str) -> None:
    page = Page(client.get(path).content)
    assert not [meta for meta in page.all("meta") if meta.get("property", "").startswith("og:")]


def test_one_is_drawn_at_a_time_and_who_would_wait_too_long_is_told(
    client: Client, article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = picture_of(client, article.get_absolute_url())
    pictures._kept.clear()
    monkeypatch.setattr(pictures, "_waiting", threading.BoundedSemaphore(1))
    with pictures._waiting:
        response = client.get(address)
    assert response.status_code == 503
    assert response.headers["Cache-Control"] == "no-store"
    assert client.get(address).status_code == 200
    with pictures._waiting:
        assert client.get(address).status_code == 200, "it is kept, and nothing is to be drawn"


def test_only_the_newest_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    pictures._kept.clear()
    monkeypatch.setattr(pictures, "KEPT", 2)
    monkeypatch.setattr(pictures, "_drawn", lambda picture: hashlib.sha256(picture.encode()).digest())
    for word in ("one", "two", "three"):
        pictures.png(word)
    assert list(pictures._kept) == [pictures.version("two"), pictures.version("three")]
    pictures._kept.clear()


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_it_is_only_read(client: Client, article: Article, method: str) -> None:
    assert getattr(client, method)(f"{article.get_absolute_url()}picture-x.png").status_code == 405
