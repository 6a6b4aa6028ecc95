"""Urgent or not, a topic, somebody whom it is given to."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.test import Client

from columns.models import Column, Topic
from inbox.models import Letter, Need, User
from tests import factories

SignIn = Callable[[User], Client]


def path(letter: Letter) -> str:
    return f"/desk/plain/letters/{letter.pk}/mark/"


def test_each_mark_is_set_and_can_be_undone(column: Column, moderator: User, author: User, signed_in: SignIn) -> None:
    letter, desire = factories.make_letter(column), Topic.objects.get(column=column, slug="desire")
    client = signed_in(moderator)
    for given, field, value, said in (
        ({"act": "urgent", "urgent": "1"}, "need", Need.NOW, "is urgent"),
        ({"act": "urgent", "urgent": "today"}, "need", Need.TODAY, "is not urgent any more"),
        ({"act": "urgent", "urgent": ""}, "need", Need.NONE, "is not urgent any more"),
        ({"act": "topic", "topic": desire.pk}, "topic_id", desire.pk, "has the topic “Desire”"),
        ({"act": "topic", "topic": ""}, "topic_id", None, "has no topic now"),
        ({"act": "give", "give": author.pk}, "given_to_id", author.pk, "is given to Author"),
        ({"act": "give", "give": ""}, "given_to_id", None, "is everybody’s again"),
    ):
        before = Letter.objects.values_list(field, flat=True).get(pk=letter.pk)
        page = client.post(path(letter), given, follow=True).content.decode()
        assert said in page
        assert Letter.objects.values_list(field, flat=True).get(pk=letter.pk) == value
        client.post(re.findall(r'action="([^"]+/undo/[^"]+)"', page)[-1])
        assert Letter.objects.values_list(field, flat=True).get(pk=letter.pk) == before
        client.post(path(letter), given)


def test_the_page_has_a_field_for_each(column: Column, moderator: User, signed_in: SignIn) -> None:
    page = signed_in(moderator).get(path(factories.make_letter(column))).content.decode()
    for words in ("Set the topic", "Give it", "Mark it", "Hold until"):
        assert words in page


@pytest.mark.parametrize(
    "given", [{}, {"act": "erase"}, {"act": "topic", "topic": "999"}, {"act": "give", "give": "x"}]
)
def test_what_there_is_not_changes_nothing(
    column: Column, moderator: User, signed_in: SignIn, given: dict[str, str]
) -> None:
    letter = factories.make_letter(column)
    assert signed_in(moderator).post(path(letter), given).status_code == 400
    assert Letter.objects.get(pk=letter.pk).events_count == letter.events_count


def test_already_so(column: Column, moderator: User, signed_in: SignIn, at: dt.datetime) -> None:
    letter = factories.make_letter(column)
    letter.mark_urgent(by=moderator, at=at, urgent=True)
    response = signed_in(moderator).post(
        path(letter), {"act": "urgent", "urgent": "1"}, headers={"X-Steady": "decision"}
    )
    assert response.status_code == 409
    assert "already marked" in response.json()["refused"]


def test_nobody_without_letters_is_given_one(column: Column, moderator: User, owner: User, signed_in: SignIn) -> None:
    letter = factories.make_letter(column)
    assert signed_in(moderator).post(path(letter), {"act": "give", "give": owner.pk}).status_code == 400


def test_who_may_not(
    column: Column,
    stranger: Client,
    author_elsewhere: User,
    owner: User,
    reviewer: User,
    moderator: User,
    signed_in: SignIn,
) -> None:
    letter = factories.make_letter(column)
    assert stranger.get(path(letter)).status_code == 302
    for person, status in ((author_elsewhere, 404), (owner, 403), (reviewer, 403)):
        assert signed_in(person).get(path(letter)).status_code == status
    assert signed_in(moderator).delete(path(letter)).status_code == 405
