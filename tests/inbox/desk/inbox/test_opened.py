"""A raised letter that the page had fetched ahead is opened: how long it waited is counted then."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from columns.models import Column
from inbox.models import EyeCount, Letter, User
from tests import factories

SignIn = Callable[[User], Client]
RAISED = "Some nights I think about ending my life and I cannot tell anyone."


def path(letter: Letter) -> str:
    return f"/desk/plain/letters/{letter.pk}/opened/"


def test_fetching_ahead_counts_nothing_and_opening_does_once(
    column: Column, moderator: User, signed_in: SignIn
) -> None:
    letter = factories.make_letter(column, text=RAISED)
    client = signed_in(moderator)
    page = client.get(f"/desk/plain/letters/{letter.pk}/", headers={"X-Steady": "pane"}).text
    assert f'data-opened="{path(letter)}"' in page
    assert letter.arrivals.exists()
    for _ in range(2):
        response = client.post(path(letter))
        assert (response.status_code, response.json()) == (200, {})
    assert not letter.arrivals.exists()
    assert EyeCount.objects.get(column=column).quarter == 1


def test_the_sign_of_life_alone_is_given_no_keys_and_leaves_the_minute(
    column: Column, moderator: User, signed_in: SignIn
) -> None:
    letter = factories.make_letter(column, text=RAISED)
    signed_in(moderator).post("/desk/plain/pulse/", {"letter": letter.pk, "doing": "reading"})
    assert letter.arrivals.exists()


def test_a_calm_letter_is_not_asked_about(column: Column, moderator: User, signed_in: SignIn) -> None:
    letter = factories.make_letter(column)
    client = signed_in(moderator)
    assert "data-opened" not in client.get(f"/desk/plain/letters/{letter.pk}/").text
    assert client.post(path(letter)).status_code == 200
    assert not EyeCount.objects.exists()


def test_a_letter_of_another_column_is_not_found_here(
    column: Column, other_column: Column, moderator: User, signed_in: SignIn
) -> None:
    letter = factories.make_letter(other_column, text=RAISED)
    assert signed_in(moderator).post(path(letter)).status_code == 404
    assert letter.arrivals.exists()


def test_the_page_of_many_declines_shows_their_words_too(column: Column, moderator: User, signed_in: SignIn) -> None:
    letter = factories.make_letter(column, text=RAISED)
    assert RAISED in signed_in(moderator).get("/desk/plain/decline/", {"letters": [str(letter.pk)]}).text
    assert not letter.arrivals.exists()
