"""What I did."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from columns.models import Column
from inbox.desk.inbox import history
from inbox.editorial import decisions
from inbox.keys import vault
from inbox.letters import writer_acts
from inbox.models import User
from tests import factories

SignIn = Callable[[User], Client]
PATH = "/desk/plain/did/"


def test_shows_ones_own_decisions_the_last_first_with_their_way_back(
    column: Column, moderator: User, author: User, signed_in: SignIn
) -> None:
    letters = [factories.make_letter(column) for _ in range(3)]
    client = signed_in(moderator)
    for letter, verb in zip(letters, ("hold", "shortlist", "hold"), strict=True):
        client.post(f"/desk/plain/letters/{letter.pk}/move/{verb}/")
    theirs = factories.make_letter(column)
    signed_in(author).post(f"/desk/plain/letters/{theirs.pk}/move/hold/")
    page = client.get(PATH).content.decode()
    assert re.findall(r">(L-\w{4}) was [^<]*</a>", page) == [letter.label for letter in reversed(letters)]
    assert page.partition('<ol class="did">')[2].count("/undo/") == 3
    assert theirs.label not in page


def test_what_was_undone_says_so_and_cannot_be_undone_again(
    column: Column, moderator: User, signed_in: SignIn, at: dt.datetime
) -> None:
    letter = factories.make_letter(column)
    event = decisions.decline(letter, "We cannot take it up.", by=moderator, at=at)
    decisions.undo(letter, event, by=moderator, at=at, keys=factories.desk_keys())
    page = signed_in(moderator).get(PATH).content.decode()
    assert "undone" in page
    assert f"{letter.label} is not declined any more; its writer never hears of it." in page
    assert "/undo/" not in page


def entries(page: str) -> list[tuple[str, bool]]:
    """Each line in its order, and whether it offers a way back."""
    found = re.findall(r"<li>\s*<span>(.*?)</span>\s*(<form)?", page.partition('<ol class="did">')[2], re.DOTALL)
    return [(" ".join(re.sub(r"<[^>]*>", "", said).split()), bool(form)) for said, form in found]


def test_the_newest_stand_first_whatever_their_letters_are_called_and_page_by_page(
    column: Column, moderator: User, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "PAGE", 2)
    letters = sorted((factories.make_letter(column) for _ in range(5)), key=lambda letter: letter.pk)
    client = signed_in(moderator)
    for letter in letters:  # the one that comes last by its id was decided last
        client.post(f"/desk/plain/letters/{letter.pk}/move/shortlist/")
    newest = [f"{letter.label} was put on the shortlist." for letter in reversed(letters)]
    for page, lines in ((1, newest[:2]), (2, newest[2:4]), (3, newest[4:])):
        shown = client.get(PATH, {"page": page}).text
        assert entries(shown) == [(line, True) for line in lines]
        assert (f"?page={page + 1}" in shown) == (page < 3)
    assert entries(client.get(PATH, {"page": 4}).text) == []


def test_what_the_writer_reads_is_taken_back_while_it_waits_alone(
    column: Column, moderator: User, signed_in: SignIn, at: dt.datetime
) -> None:
    declined, asked = factories.make_letter(column), factories.make_letter(column)
    client = signed_in(moderator)
    decisions.decline(declined, "We cannot take it up.", by=moderator, at=at)
    decisions.ask(asked, "Since when?", by=moderator, at=at)
    assert [way for _, way in entries(client.get(PATH).text)] == [True, True]
    factories.ten_minutes_pass()
    assert [way for _, way in entries(client.get(PATH).text)] == [False, False]


def test_a_mark_that_was_set_back_is_undone_and_both_are_over(
    column: Column, moderator: User, author: User, signed_in: SignIn
) -> None:
    letter, client = factories.make_letter(column, topic=""), signed_in(moderator)
    pain = column.topics.get(slug="pain")
    mark = f"/desk/plain/letters/{letter.pk}/mark/"
    quick = {"X-Steady": "decision"}
    for act in ({"act": "topic", "topic": pain.pk}, {"act": "urgent", "urgent": "1"}):
        client.post(client.post(mark, act, headers=quick).json()["undo"], headers=quick)
    client.post(mark, {"act": "give", "give": author.pk})
    client.post(mark, {"act": "give", "give": moderator.pk})
    it = letter.label
    assert entries(client.get(PATH).text) == [
        (f"{it} was given to Moderator.", True),
        (f"{it} was given to Author.", False),
        (f"{it} is no longer urgent.", False),
        (f"{it} was marked urgent. undone", False),
        (f"{it} has no topic now.", False),
        (f"{it} has the topic “Pain”. undone", False),
    ]


def test_an_undo_stands_where_it_was_done_and_what_is_offered_works(
    column: Column, moderator: User, signed_in: SignIn
) -> None:
    one, two = factories.make_letter(column), factories.make_letter(column)
    client = signed_in(moderator)
    quick = {"X-Steady": "decision"}
    first = client.post(f"/desk/plain/letters/{one.pk}/move/shortlist/", headers=quick).json()["undo"]
    client.post(f"/desk/plain/letters/{two.pk}/move/hold/", {"until": "7"})
    client.post(first, headers=quick)
    client.post(f"/desk/plain/letters/{one.pk}/move/shortlist/")
    day = timezone.now().date() + dt.timedelta(days=7)
    page = client.get(PATH).text
    assert entries(page) == [
        (f"{one.label} was put on the shortlist.", True),
        (f"This was taken back: {one.label} was put on the shortlist.", False),
        (f"{two.label} was held until {day.day} {day:%B}.", True),
        (f"{one.label} was put on the shortlist. undone", False),
    ]
    for address in re.findall(r'action="([^"]+/undo/[^"]+)"', page.partition('<ol class="did">')[2]):
        assert client.post(address, headers=quick).status_code == 200


def test_nothing_is_offered_for_a_letter_that_is_gone(
    column: Column, moderator: User, signed_in: SignIn, at: dt.datetime
) -> None:
    taken = factories.take_letter(column)
    taken.letter.mark("give", moderator.pk, by=moderator, at=at)
    writer_acts.withdraw(taken.letter, vault.writer(writer_acts.find(taken.receipt)[1].key), at=at)
    # who did something with it was sealed with its words, and is erased with them
    assert entries(signed_in(moderator).get(PATH).text) == []


@pytest.mark.parametrize("count", [2, 30])
def test_asks_as_often_for_few_as_for_many(
    column: Column,
    moderator: User,
    signed_in: SignIn,
    at: dt.datetime,
    django_assert_max_num_queries: Callable[..., object],
    count: int,
) -> None:
    for _ in range(count):
        letter = factories.make_letter(column)
        letter.hold(by=moderator, at=at)
        letter.mark("give", moderator.pk, by=moderator, at=at)
        letter.mark("topic", column.topics.get(slug="desire").pk, by=moderator, at=at)
        decisions.decline(letter, "We cannot take it up.", by=moderator, at=at)
    client = signed_in(moderator)
    # two for the guard; the month's events and their keys, whether there are older ones, their trails, what waits, and
    # what topics and colleagues are called
    with django_assert_max_num_queries(10):  # type: ignore[attr-defined]
        client.get(PATH)


def test_who_may_not(
    column: Column,
    stranger: Client,
    author_elsewhere: User,
    owner: User,
    reviewer: User,
    moderator: User,
    signed_in: SignIn,
) -> None:
    assert stranger.get(PATH).status_code == 302
    for person, status in ((author_elsewhere, 404), (owner, 403), (reviewer, 403)):
        assert signed_in(person).get(PATH).status_code == status
    assert signed_in(moderator).post(PATH).status_code == 405
