"""Help lines by country."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client

from columns.models import Column, HelpLine
from inbox.models import ColumnEvent, User

SignIn = Callable[[User], Client]
BASE = "/desk/plain/owner/help-lines/"

NEW = {"act": "add", "name": "Kia ora line", "number": "1737", "country": "new zealand"}


def test_a_new_one_stands_under_its_country_on_every_page(column: Column, owner: User, signed_in: SignIn) -> None:
    assert "Wherever you are" not in Client().get("/plain/before-you-write/").text
    assert signed_in(owner).post(BASE, NEW).status_code == 302
    assert HelpLine.objects.get(name="Kia ora line").country == "NZ"
    for path in ("/plain/before-you-write/", "/plain/write/", "/plain/letter/", "/plain/"):
        page = Client().get(path).text
        assert page.index("Wherever you are") < page.index("Night Line") < page.index("New Zealand")
        assert page.index("New Zealand") < page.index("Kia ora line")
    assert ColumnEvent.objects.get(by=owner).verb == "add_help_line"


def test_change_and_reorder_within_a_country(column: Column, owner: User, signed_in: SignIn) -> None:
    client = signed_in(owner)
    client.post(BASE, NEW)
    client.post(BASE, {**NEW, "name": "Second", "country": "NZ"})
    second = HelpLine.objects.get(name="Second")
    client.post(BASE, {"act": "up", "item": second.pk})
    page = Client().get("/plain/before-you-write/").text
    assert page.index("Second") < page.index("Kia ora line")
    client.post(BASE, {**NEW, "act": "change", "item": second.pk, "name": "Everywhere", "country": ""})
    page = Client().get("/plain/before-you-write/").text
    assert page.index("Night Line") < page.index("Everywhere") < page.index("New Zealand")


def test_the_last_one_stays_while_letters_are_taken(column: Column, owner: User, signed_in: SignIn) -> None:
    only = HelpLine.objects.get(column=column)
    response = signed_in(owner).post(BASE, {"act": "remove", "item": only.pk})
    assert response.status_code == 409
    assert "needs a help line" in response.text
    Column.objects.filter(pk=column.pk).update(intake_open=False, reopens_on=dt.date(2090, 1, 1))
    assert signed_in(owner).post(BASE, {"act": "remove", "item": only.pk}).status_code == 409
    Column.objects.filter(pk=column.pk).update(reopens_on=None)
    assert signed_in(owner).post(BASE, {"act": "remove", "item": only.pk}).status_code == 302
    assert "Your local emergency number" in Client().get("/plain/before-you-write/").text


def test_one_of_two_can_be_removed(column: Column, owner: User, signed_in: SignIn) -> None:
    signed_in(owner).post(BASE, NEW)
    only = HelpLine.objects.get(name="Night Line")
    assert signed_in(owner).post(BASE, {"act": "remove", "item": only.pk}).status_code == 302
    assert "Night Line" not in Client().get("/plain/before-you-write/").text


@pytest.mark.parametrize(
    "wrong", [{"country": "Atlantis"}, {"number": ""}, {"name": ""}, {"url": "javascript:alert(1)"}]
)
def test_keeps_what_cannot_be_added(column: Column, owner: User, signed_in: SignIn, wrong: dict[str, str]) -> None:
    response = signed_in(owner).post(BASE, {**NEW, "name": "Kept", **wrong})
    assert response.status_code == 400
    assert HelpLine.objects.count() == 1


def test_countries_cost_the_readers_pages_no_query(column: Column, django_assert_num_queries: object) -> None:
    Client().get("/plain/before-you-write/")  # how long letters wait is worked out once an hour
    with django_assert_num_queries(6):  # type: ignore[operator]
        Client().get("/plain/before-you-write/")  # column, periods, help lines, topics, whether answers changed, …
    for country in ("NZ", "DE", "GB", "US", ""):
        HelpLine.objects.create(column=column, name=f"In {country}", number="1", country=country)
    with django_assert_num_queries(6):  # type: ignore[operator]
        Client().get("/plain/before-you-write/")


def test_one_that_somebody_else_has_removed(column: Column, owner: User, signed_in: SignIn) -> None:
    assert signed_in(owner).post(BASE, {"act": "remove", "item": 999999}).status_code == 409


def test_wrong_method(signed_in: SignIn, owner: User) -> None:
    client = signed_in(owner)
    assert client.delete(BASE).status_code == 405


def test_it_says_what_it_is_for_and_when_and_how_it_answers(column: Column, owner: User, signed_in: SignIn) -> None:
    client = signed_in(owner)
    more = {"concerns": ["minor", "abuse"], "ways": ["phone", "chat"], "hours": "Day & night", "languages": "Māori"}
    assert client.post(BASE, {**NEW, **more}).status_code == 302
    line = HelpLine.objects.get(name="Kia ora line")
    assert set(line.concerns.split()) == {"minor", "abuse"}
    assert line.ways_named == ["phone", "chat"]
    page = Client().get("/plain/before-you-write/").text
    assert "Day &amp; night · phone and chat · Māori" in page
    form = client.get(BASE).text
    assert form.count('value="abuse" id="item') == form.count('value="coercion" id="item') == 2
    assert form.count("checked") == 4
    assert client.post(BASE, {**NEW, "name": "Other", "concerns": ["weather"]}).status_code == 400
