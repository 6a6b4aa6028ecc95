"""Pages that belong to no column: health, crawlers, site map, and what is said when something is not there."""

from __future__ import annotations

import datetime as dt
import xml.etree.ElementTree as ET

import pytest
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.test import Client, RequestFactory, modify_settings, override_settings

from columns import views as column_views
from columns.models import Column
from config import views
from tests import factories
from tests.columns.reading import Page

pytestmark = pytest.mark.databases

MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def test_healthz_asks_the_database(client: Client, db: None, django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")
    assert response.headers["Cache-Control"] == "no-store"
    assert client.post("/healthz").status_code == 405


def test_robots_leave_the_letters_path_and_the_desk_alone(client: Client) -> None:
    response = client.get("/robots.txt")
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    lines = response.content.decode().splitlines()
    for path in ("/desk/", "/accounts/", "/*/before-you-write/", "/*/write/", "/*/letter/"):
        assert f"Disallow: {path}" in lines
    assert "Sitemap: http://127.0.0.1:8000/sitemap.xml" in lines
    assert client.post("/robots.txt").status_code == 405


def locations(client: Client) -> dict[str, str | None]:
    response = client.get("/sitemap.xml", headers={"Host": "localhost"})
    assert response.status_code == 200
    root = ET.fromstring(response.content)  # noqa: S314 - our own
    return {url.findtext(f"{MAP}loc") or "": url.findtext(f"{MAP}lastmod") for url in root.findall(f"{MAP}url")}


def test_sitemap_names_every_public_page_under_the_sites_own_name(
    client: Client, column: Column, other_column: Column
) -> None:
    article = factories.make_article(column, at=dt.datetime(2024, 5, 12, 9, tzinfo=dt.UTC))
    found = locations(client)
    own = "http://127.0.0.1:8000"
    assert found == {
        f"{own}/plain/": "2024-05-12",
        f"{own}/plain/about/": None,
        f"{own}/plain/archive/": None,
        f"{own}/plain/topics/": None,
        f"{own}/plain/topics/pain/": "2024-05-12",
        f"{own}{article.get_absolute_url()}": "2024-05-12",
        f"{own}/elsewhere/": None,
        f"{own}/elsewhere/about/": None,
        f"{own}/elsewhere/archive/": None,
        f"{own}/elsewhere/topics/": None,
    }
    for location in found:
        assert client.get(location.removeprefix(own)).status_code == 200
    assert client.post("/sitemap.xml").status_code == 405


@override_settings(SITE_URL="https://column.example")
def test_sitemap_takes_scheme_and_name_from_the_settings(client: Client, column: Column) -> None:
    assert all(location.startswith("https://column.example/plain/") for location in locations(client))


def test_what_is_not_there_is_said_kindly_and_kept_by_nobody(client: Client, db: None) -> None:
    response = client.get("/nothing/at/all/")
    assert response.status_code == 404
    assert response.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in response.headers
    assert response.headers["X-Robots-Tag"] == "noindex"
    page = Page(response.content)
    assert "Nothing is here" in page.text
    assert "Your local emergency number" in page.text
    assert "/" in page.links()


@pytest.mark.parametrize(
    "path", ["/plain/nothing/", "/plain/1999/nothing/", "/plain/letter/nothing/", "/plain/?page=9"]
)
def test_below_a_column_it_is_said_in_the_columns_frame(
    client: Client, column: Column, other_column: Column, path: str
) -> None:
    response = client.get(f"/plain/{path}")
    assert response.status_code == 404
    page = Page(response.content)
    assert "Nothing is here" in page.text
    assert {"/plain/", "/plain/before-you-write/", "/plain/letter/"} <= set(page.links())
    assert "Night Line" in page.text


def test_at_the_desk_it_is_said_without_a_column(client: Client, column: Column) -> None:
    assert "/plain/" not in Page(client.get("/desk/nothing/").content).links()


def test_it_is_said_without_the_database_too(client: Client, column: Column, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(path: str) -> Column:
        raise OperationalError

    monkeypatch.setattr("columns.frame.column_at", broken)
    response = client.get("/nothing/at/all/")
    assert response.status_code == 404
    assert "Nothing is here" in response.text


@pytest.mark.parametrize("urls", ["config.urls", "config.urls_public"])
@pytest.mark.parametrize("path", ["/plain/write/", "/desk/plain/inbox/"])
def test_a_refusal_renders_in_every_process(rf: RequestFactory, urls: str, path: str) -> None:
    with override_settings(ROOT_URLCONF=urls):
        response = views.forbidden(rf.get(path), PermissionDenied())
    assert response.status_code == 403
    assert response.headers["Cache-Control"] == "no-store"
    page = Page(response.content)
    assert "nothing has been changed" in page.text.lower()
    at_desk = path.startswith("/desk/") and urls == "config.urls"
    assert ("/desk/" in page.links()) == at_desk


def test_a_post_without_its_token_gets_the_page_of_a_refusal(column: Column) -> None:
    response = Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": "a"})
    assert response.status_code == 403
    assert response.headers["Cache-Control"] == "no-store"
    page = Page(response.content)
    assert "nothing has been changed" in page.text.lower()
    assert b"<style" not in response.content
    at_desk = views.form_refused(RequestFactory().post("/desk/plain/inbox/"))
    assert "seat" not in Page(at_desk.content).text


def test_a_failure_is_told_without_database_or_context(monkeypatch: pytest.MonkeyPatch, column: Column) -> None:
    def broken(slug: str) -> Column:
        raise OperationalError

    monkeypatch.setattr(column_views, "_column", broken)
    response = Client(raise_request_exception=False).get("/plain/")
    assert response.status_code == 500
    assert response.headers["Cache-Control"] == "no-store"
    assert "went wrong on our side" in Page(response.content).text


def test_the_page_of_a_failure_asks_nothing_of_the_request(rf: RequestFactory) -> None:
    """No fixture gives this test a database, so a query would fail it."""
    response = views.server_error(rf.get("/"))
    assert response.status_code == 500
    page = Page(response.content)
    sheets = ("tokens.css", "page.css", "column/column.css")
    assert page.all("link") == [{"rel": "stylesheet", "href": f"/static/{sheet}"} for sheet in sheets]


@override_settings(ROOT_URLCONF="config.urls_public")
@modify_settings(MIDDLEWARE={"remove": "inbox.desk.middleware.DeskMiddleware"})
def test_an_invitation_and_all_of_sign_in_are_the_desks_alone(client: Client, db: None) -> None:
    for path in ("/accounts/invitation/1-x/", "/accounts/login/", "/desk/"):
        assert client.get(path).status_code == 404
