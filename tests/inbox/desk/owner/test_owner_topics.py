"""The topics of a column."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from columns.models import Column, Topic
from inbox.models import ColumnEvent, Letter, User
from tests import factories

SignIn = Callable[[User], Client]
BASE = "/desk/plain/owner/topics/"


def names(column: Column) -> list[str]:
    return [topic.name for topic in Topic.objects.filter(column=column)]


def test_add_rename_and_reorder_as_readers_see_it(column: Column, owner: User, signed_in: SignIn) -> None:
    client = signed_in(owner)
    assert client.post(BASE, {"act": "add", "name": "First <times>", "description": "New"}).status_code == 302
    assert names(column) == ["Pain", "Desire", "First <times>"]
    added = Topic.objects.get(column=column, name="First <times>")
    assert added.slug == "first-times"
    client.post(BASE, {"act": "up", "item": added.pk})
    assert names(column) == ["Pain", "First <times>", "Desire"]
    client.post(BASE, {"act": "down", "item": Topic.objects.get(column=column, slug="pain").pk})
    client.post(BASE, {"act": "change", "item": added.pk, "name": "Beginnings", "description": ""})
    assert names(column) == ["Beginnings", "Pain", "Desire"]
    assert Topic.objects.get(pk=added.pk).slug == "first-times"
    page = Client().get("/plain/write/").text
    assert page.index("Beginnings") < page.index("Pain") < page.index("Desire")
    events = list(ColumnEvent.objects.filter(by=owner).values_list("number", "verb"))
    assert [verb for _, verb in events] == ["add_topic", "reorder_topic", "reorder_topic", "change_topic"]
    assert [number - events[0][0] for number, _ in events] == [0, 1, 2, 3]


def test_two_topics_of_one_name_have_two_addresses(column: Column, owner: User, signed_in: SignIn) -> None:
    for _ in range(3):
        signed_in(owner).post(BASE, {"act": "add", "name": "Pain"})
    assert set(Topic.objects.filter(column=column, name="Pain").values_list("slug", flat=True)) == {
        "pain", "pain-2", "pain-3", "pain-4",
    }  # fmt: skip


def test_removing_says_before_what_hangs_on_it_and_keeps_it(column: Column, owner: User, signed_in: SignIn) -> None:
    letter = factories.make_letter(column, topic="pain")
    article = factories.make_article(column, topic="pain")
    pain = Topic.objects.get(column=column, slug="pain")
    page = " ".join(signed_in(owner).get(BASE).text.split())
    assert "1 article, 2 letters and 1 draft stay, but without a topic." in page
    assert signed_in(owner).post(BASE, {"act": "remove", "item": pain.pk}).status_code == 302
    assert names(column) == ["Desire"]
    assert Letter.objects.get(pk=letter.pk).topic is None
    assert Client().get(article.get_absolute_url()).status_code == 200


def test_keeps_what_cannot_be_added(column: Column, owner: User, signed_in: SignIn) -> None:
    response = signed_in(owner).post(BASE, {"act": "add", "name": "", "description": "Kept words"})
    assert response.status_code == 400
    assert "Kept words" in response.text
    assert names(column) == ["Pain", "Desire"]


def test_a_wrong_change_opens_the_form_it_came_from(column: Column, owner: User, signed_in: SignIn) -> None:
    pain = Topic.objects.get(column=column, slug="pain")
    response = signed_in(owner).post(BASE, {"act": "change", "item": pain.pk, "name": "", "description": "Kept"})
    assert response.status_code == 400
    assert "<details open>" in response.text
    assert f'href="#item-{pain.pk}-name"' in response.text


def test_the_ends_of_the_list_go_nowhere(column: Column, owner: User, signed_in: SignIn) -> None:
    pain = Topic.objects.get(column=column, slug="pain")
    assert signed_in(owner).post(BASE, {"act": "up", "item": pain.pk}).status_code == 302
    assert names(column) == ["Pain", "Desire"]
    assert not ColumnEvent.objects.filter(by=owner).exists()


def test_one_that_somebody_else_has_removed(column: Column, owner: User, signed_in: SignIn) -> None:
    pain = Topic.objects.get(column=column, slug="pain")
    pk = pain.pk
    pain.delete()
    for act in ("change", "up", "remove"):
        assert signed_in(owner).post(BASE, {"act": act, "item": pk, "name": "x"}).status_code == 409
    assert signed_in(owner).post(BASE, {"act": "remove", "item": "x"}).status_code == 409


def test_another_columns_topics_are_out_of_reach(
    column: Column, other_column: Column, owner: User, signed_in: SignIn
) -> None:
    theirs = Topic.objects.filter(column=other_column).first()
    assert theirs is not None
    assert signed_in(owner).post(BASE, {"act": "remove", "item": theirs.pk}).status_code == 409
    assert Topic.objects.filter(pk=theirs.pk).exists()
    assert (
        signed_in(owner).post(BASE, {"act": "burn", "item": Topic.objects.filter(column=column)[0].pk}).status_code
        == 400
    )


def test_asks_the_database_as_often_for_many(
    column: Column, owner: User, signed_in: SignIn, django_assert_max_num_queries: object
) -> None:
    for number in range(20):
        Topic.objects.create(column=column, slug=f"t{number}", name=f"T{number}", position=number)
    client = signed_in(owner)
    with django_assert_max_num_queries(10):  # type: ignore[operator]
        client.get(BASE)


def test_wrong_method(signed_in: SignIn, owner: User) -> None:
    client = signed_in(owner)
    assert client.delete(BASE).status_code == 405
