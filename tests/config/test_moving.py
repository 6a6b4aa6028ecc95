"""An address that has changed leads to the one of now, for ever."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.test import Client

from columns import moving
from columns.models import Article, Column
from columns.old_addresses import OldAddress
from inbox.editorial import publishing
from inbox.staff import installation
from inbox.workflow import DraftStatus, NotAllowed, Role
from tests import factories
from tests.columns.reading import Page, pages

pytestmark = pytest.mark.databases


@pytest.fixture
def article(column: Column, at: dt.datetime) -> Article:
    return factories.make_article(column, at=at - dt.timedelta(days=2))


def test_everything_below_a_column_moves_with_it(client: Client, column: Column, article: Article) -> None:
    before = {**pages(column, article), "feed": "/plain/feed.atom", "letter": "/plain/letter/"}
    call_command("change_address", "/plain/", "plainer")
    for path in before.values():
        response = client.get(path)
        assert (response.status_code, response.headers["Location"]) == (301, path.replace("/plain/", "/plainer/", 1))
        assert client.get(response.headers["Location"]).status_code == 200
    assert client.get("/plain/archive/?page=1").headers["Location"] == "/plainer/archive/?page=1"
    assert client.get("/plain/nothing/").headers["Location"] == "/plainer/nothing/"
    assert client.get("/plainer/nothing/").status_code == 404


def test_a_letter_that_is_on_its_way_is_sent_on_whole(client: Client, column: Column) -> None:
    moving.move(column, "plainer")
    response = client.post("/plain/write/", {"letter": "words"})
    assert (response.status_code, response.headers["Location"]) == (308, "/plainer/write/")


def test_an_article_and_a_topic_move_alone(client: Client, column: Column, article: Article) -> None:
    old = article.get_absolute_url()
    call_command("change_address", old, "another-slug")
    call_command("change_address", "/plain/topics/pain/", "aches")
    new = f"/plain/{article.year}/another-slug/"
    assert (client.get(old).status_code, client.get(old).headers["Location"]) == (301, new)
    assert client.get("/plain/topics/pain/").headers["Location"] == "/plain/topics/aches/"
    assert client.get(new).status_code == client.get("/plain/topics/aches/").status_code == 200
    call_command("change_address", new, "third")
    assert client.get(old).headers["Location"] == f"/plain/{article.year}/third/", "in one step"
    moving.move(Column.objects.get(pk=column.pk), "plainer")
    assert client.get(old, follow=True).redirect_chain == [(f"/plainer/{article.year}/third/", 301)]


def test_back_at_its_first_address_it_is_there(client: Client, column: Column) -> None:
    moving.move(column, "plainer")
    moving.move(column, "plain")
    assert client.get("/plain/").status_code == 200
    assert client.get("/plainer/").headers["Location"] == "/plain/"
    assert list(OldAddress.objects.values_list("path", flat=True)) == ["/plainer/"]


def test_nothing_else_takes_an_old_address(
    column: Column, other_column: Column, article: Article, at: dt.datetime
) -> None:
    slug = article.slug
    moving.move(article, "another-slug")
    moving.move(column, "plainer")
    with pytest.raises(ValidationError, match="was that of something else"):
        moving.move(other_column, "plain")
    with pytest.raises(ValidationError, match="has this address"):
        installation.create_column("plain", "A title", "A name", "A nurse", at=at)
    moving.move(column, "plain")
    draft = factories.make_draft(column, DraftStatus.APPROVED, at=at)
    author, out = factories.someone(column, Role.AUTHOR), article.publish_at
    with pytest.raises(NotAllowed, match="was that of another article"):
        publishing.publish(draft, by=author, at=at, publish_at=out, slug=slug, keys=factories.desk_keys())


@pytest.mark.parametrize("slug", ["elsewhere", "desk", "two words", ""])
def test_an_address_that_it_cannot_have_is_refused(column: Column, other_column: Column, slug: str) -> None:
    with pytest.raises(ValidationError):
        moving.move(column, slug)
    assert Column.objects.filter(slug="plain").exists()
    assert not OldAddress.objects.exists()


def test_what_readers_cannot_read_is_not_told(client: Client, column: Column, at: dt.datetime) -> None:
    later = factories.make_draft(column, DraftStatus.SCHEDULED, at=at, publish_at=at + dt.timedelta(days=3)).article
    assert later is not None
    old = later.get_absolute_url()
    moving.move(later, "another-slug")
    assert client.get(old).status_code == 404
    hidden = factories.make_column(slug="hidden", practice=True)
    moving.move(hidden, "hidden-too")
    assert client.get("/hidden/").status_code == 404


def test_an_article_that_was_taken_down_is_gone_from_its_old_address_too(
    client: Client, article: Article, at: dt.datetime
) -> None:
    old = article.get_absolute_url()
    moving.move(article, "another-slug")
    article.take_down(at=at)
    assert client.get(old, follow=True).status_code == 410


def test_a_feed_reader_knows_the_entries_again(client: Client, column: Column, article: Article) -> None:
    before = client.get("/plain/feed.json").json()["items"][0]["id"]
    moving.move(article, "another-slug")
    moving.move(column, "plainer")
    assert client.get("/plain/feed.json", follow=True).json()["items"][0]["id"] == before


@pytest.mark.parametrize("path", ["/nobody/", "/plain/2020/nothing/", "/plain/topics/nothing/", "/plain/about/", "/"])
def test_the_command_names_what_is_not_there(column: Column, path: str) -> None:
    with pytest.raises(CommandError, match="There is no"):
        call_command("change_address", path, "new")


def test_the_command_says_why_it_refuses(column: Column, other_column: Column) -> None:
    with pytest.raises(CommandError, match="already exists"):
        call_command("change_address", "/plain/", "elsewhere")


def test_columns_in_several_languages_name_each_other(client: Client, column: Column, other_column: Column) -> None:
    Column.objects.filter(pk=other_column.pk).update(language="de")
    assert not alternates(client, "/plain/")
    call_command("join_columns", "plain", "elsewhere")
    own = "http://127.0.0.1:8000"
    wanted = {"en": f"{own}/plain/", "de": f"{own}/elsewhere/", "x-default": f"{own}/plain/"}
    assert alternates(client, "/plain/") == alternates(client, "/elsewhere/") == wanted
    call_command("join_columns", "plain")
    assert not alternates(client, "/plain/")


def alternates(client: Client, path: str) -> dict[str, str]:
    links = Page(client.get(path).content).all("link")
    return {link["hreflang"]: link["href"] for link in links if "hreflang" in link}


def test_two_columns_of_one_language_are_no_translations(column: Column, other_column: Column) -> None:
    with pytest.raises(CommandError, match="same language"):
        call_command("join_columns", "plain", "elsewhere")
    with pytest.raises(CommandError, match="no column with the address nobody"):
        call_command("join_columns", "plain", "nobody")
