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


def locations(client: Client, path: str, entry: str = "url") -> dict[str, str | None]:
    response = client.get(path, headers={"Host": "localhost"})
    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith("application/xml")
    root = ET.fromstring(response.content)  # noqa: S314 - our own
    return {one.findtext(f"{MAP}loc") or "": one.findtext(f"{MAP}lastmod") for one in root.findall(f"{MAP}{entry}")}


def listed(client: Client) -> dict[str, dict[str, str | None]]:
    """The addresses of each list that the index names."""
    lists = locations(client, "/sitemap.xml", "sitemap")
    return {address: locations(client, address.split("8000", 1)[1]) for address in lists}


def test_sitemap_is_an_index_of_a_list_for_each_column(client: Client, column: Column, other_column: Column) -> None:
    factories.make_article(column, at=dt.datetime(2024, 5, 12, 9, tzinfo=dt.UTC))
    factories.make_column(slug="secret", practice=True)
    own = "http://127.0.0.1:8000/sitemap"
    assert locations(client, "/sitemap.xml", "sitemap") == {
        f"{own}-elsewhere.xml": None,
        f"{own}-plain.xml": "2024-05-12",
    }
    assert client.get("/sitemap-secret.xml").status_code == client.get("/sitemap-nobody.xml").status_code == 404
    assert client.post("/sitemap.xml").status_code == client.post("/sitemap-plain.xml").status_code == 405


def test_sitemap_of_column_names_every_page_under_the_sites_own_name(
    client: Client, column: Column, other_column: Column, at: dt.datetime
) -> None:
    article = factories.make_article(column, at=dt.datetime(2024, 5, 12, 9, tzinfo=dt.UTC))
    factories.make_article(other_column, at=at - dt.timedelta(days=1)).take_down(at=at)
    own = "http://127.0.0.1:8000"
    always = ("about", "topics", "archive", "feeds")
    assert listed(client) == {
        f"{own}/sitemap-elsewhere.xml": {
            f"{own}/elsewhere/": None,
            **{f"{own}/elsewhere/{name}/": None for name in always},
        },
        f"{own}/sitemap-plain.xml": {
            f"{own}/plain/": "2024-05-12",
            f"{own}/plain/topics/pain/": "2024-05-12",
            **{f"{own}/plain/{name}/": None for name in always},
            f"{own}{article.get_absolute_url()}": "2024-05-12",
        },
    }
    for found in listed(client).values():
        for location in found:
            assert client.get(location.removeprefix(own)).status_code == 200


def test_sitemap_of_column_goes_on_where_a_list_is_full(
    client: Client, column: Column, monkeypatch: pytest.MonkeyPatch
) -> None:
    for day in (10, 11, 12):
        factories.make_article(column, at=dt.datetime(2024, 5, day, 9, tzinfo=dt.UTC))
    whole = locations(client, "/sitemap-plain.xml")
    monkeypatch.setattr("columns.machine_readable.sitemaps.LONGEST", 4)
    lists = listed(client)
    assert [address.partition("?")[2] for address in lists] == ["", "p=2", "p=3"]
    assert [len(found) for found in lists.values()] == [4, 4, 1]
    assert {location: day for found in lists.values() for location, day in found.items()} == whole
    assert client.get("/sitemap-plain.xml?p=4").status_code == 404


@override_settings(SITE_URL="https://column.example")
def test_sitemap_takes_scheme_and_name_from_the_settings(client: Client, column: Column) -> None:
    assert list(locations(client, "/sitemap.xml", "sitemap")) == ["https://column.example/sitemap-plain.xml"]
    found = locations(client, "/sitemap-plain.xml")
    assert all(location.startswith("https://column.example/plain/") for location in found)


LATER = dt.datetime(2999, 1, 31, tzinfo=dt.UTC)


@override_settings(
    SECURITY_CONTACT=["mailto:safe@column.example", "https://column.example/a?b&c"], SECURITY_EXPIRES=LATER
)
def test_security_txt_says_whom_to_tell_and_until_when(client: Client) -> None:
    response = client.get("/.well-known/security.txt")
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert response.text.splitlines() == [
        "Contact: mailto:safe@column.example",
        "Contact: https://column.example/a?b&c",
        "Expires: 2999-01-31T00:00:00Z",
        "Canonical: http://127.0.0.1:8000/.well-known/security.txt",
    ]
    assert client.post("/.well-known/security.txt").status_code == 405


@pytest.mark.parametrize(
    ("contact", "expires"),
    [([], LATER), (["mailto:a@b.example"], None), (["mailto:a@b.example"], dt.datetime(2020, 1, 1, tzinfo=dt.UTC))],
)
def test_security_txt_is_not_there_where_it_would_not_hold(
    client: Client, db: None, contact: list[str], expires: dt.datetime | None
) -> None:
    with override_settings(SECURITY_CONTACT=contact, SECURITY_EXPIRES=expires):
        assert client.get("/.well-known/security.txt").status_code == 404


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
