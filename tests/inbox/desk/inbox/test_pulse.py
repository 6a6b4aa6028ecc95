"""A sign of life from an open page."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from columns.models import Column
from inbox.models import Letter, User
from inbox.triage import presence
from inbox.workflow import LetterStatus
from tests import factories

pytestmark = pytest.mark.databases

SignIn = Callable[[User], Client]
PATH = "/desk/plain/pulse/"


def test_says_who_else_is_here_whose_it_is_and_what_was_decided(
    column: Column, moderator: User, author: User, signed_in: SignIn, at: dt.datetime
) -> None:
    letter, other = factories.make_letter(column), factories.make_letter(column)
    hers, his = signed_in(moderator), signed_in(author)
    assert his.post(PATH, {"letter": letter.pk, "doing": "writing"}).json()["here"] == []
    told = hers.post(PATH, {"letter": letter.pk, "doing": "reading", "rows": [letter.pk, other.pk]}).json()
    assert told["here"] == ["Author is writing"]
    assert told["claim"] == {"name": "Author", "mine": False, "taken": False}
    assert told["rows"] == {str(letter.pk): "Author"}
    his.post(f"/desk/plain/letters/{letter.pk}/move/shortlist/")
    told = hers.post(PATH, {"letter": letter.pk}).json()
    assert re.fullmatch(rf"Author, \d+ (?:second|minute)s? ago: {letter.label} is on the shortlist\.", told["decided"])
    assert "claim" not in told


def test_what_was_decided_before_the_page_was_made_is_no_news(
    column: Column, moderator: User, author: User, signed_in: SignIn
) -> None:
    letter = factories.make_letter(column)
    hers, his = signed_in(moderator), signed_in(author)

    def since() -> str:
        found = re.search(r'data-since="([\d.]+)"', hers.get(f"/desk/plain/letters/{letter.pk}/").text)
        assert found
        return found[1]

    old = since()
    his.post(f"/desk/plain/letters/{letter.pk}/move/shortlist/")
    news = hers.post(PATH, {"letter": letter.pk, "since": old}).json()["decided"]
    assert news.startswith("Author, ")
    assert news.endswith(f"{letter.label} is on the shortlist.")
    assert "decided" not in hers.post(PATH, {"letter": letter.pk, "since": since()}).json()
    for unknown in ({}, {"since": ""}, {"since": "soon"}):
        assert "decided" in hers.post(PATH, {"letter": letter.pk, **unknown}).json()


def test_of_what_a_draft_or_the_writer_did_an_old_page_is_told_without_who_and_when_which_are_sealed(
    column: Column, moderator: User, author: User, signed_in: SignIn, at: dt.datetime
) -> None:
    letter = factories.make_letter(column, LetterStatus.SHORTLISTED)
    hers, his = signed_in(moderator), signed_in(author)
    page = {"letter": letter.pk, "seen": "shortlisted"}
    assert "decided" not in hers.post(PATH, page).json()
    his.post(reverse("desk:draft_start", args=["plain"]), {"letters": [letter.pk]})
    assert hers.post(PATH, page).json()["decided"] == f"{letter.label} went into a draft."
    assert "decided" not in hers.post(PATH, page | {"seen": "answering"}).json()
    Letter.objects.get(pk=letter.pk).withdraw(at=at)
    news = hers.post(PATH, page | {"seen": "answering"}).json()["decided"]
    assert news == f"{letter.label} was withdrawn."
    assert "decided" not in hers.post(PATH, page | {"seen": "nonsense"}).json()


@pytest.mark.parametrize(("moves", "told"), [(True, True), (False, False)])
def test_of_a_move_that_is_taken_back_colleagues_hear_and_of_a_mark_they_do_not(
    column: Column, moderator: User, author: User, signed_in: SignIn, moves: bool, told: bool, at: dt.datetime
) -> None:
    letter = factories.make_letter(column)
    done = letter.shortlist(by=author, at=at) if moves else letter.mark("give", author.pk, by=author, at=at)
    signed_in(author).post(f"/desk/plain/letters/{letter.pk}/undo/{done.pk}/")
    assert ("decided" in signed_in(moderator).post(PATH, {"letter": letter.pk}).json()) == told


def test_whoever_leaves_lets_go(column: Column, moderator: User, signed_in: SignIn, at: dt.datetime) -> None:
    letter = factories.make_letter(column)
    client = signed_in(moderator)
    client.post(PATH, {"letter": letter.pk, "doing": "writing"})
    client.post(PATH, {"left": letter.pk, "gone": "yes"})
    assert presence.holder(letter.pk, at=at) is not None, "the next page may have taken it a moment before"
    client.post(PATH, {"left": letter.pk})
    assert presence.holder(letter.pk, at=at) is None


def test_whoever_had_it_is_told_that_it_was_taken_over(
    column: Column, moderator: User, author: User, signed_in: SignIn, at: dt.datetime
) -> None:
    letter = factories.make_letter(column)
    hers = signed_in(moderator)
    hers.post(PATH, {"letter": letter.pk, "doing": "writing"})
    presence.claim(letter.pk, author, at=at, take_over=True)
    assert hers.post(PATH, {"letter": letter.pk}).json()["claim"] == {"name": "Author", "mine": False, "taken": True}


@pytest.mark.parametrize(
    "given", [{"letter": "x", "left": "y", "rows": ["z"]}, {}, {"letter": "0" * 32, "doing": "dancing"}]
)
def test_nonsense_is_answered_calmly(
    column: Column, moderator: User, signed_in: SignIn, given: dict[str, object]
) -> None:
    assert signed_in(moderator).post(PATH, given).status_code == 200


def test_a_letter_of_another_column_is_ignored(
    column: Column, other_column: Column, moderator: User, author_elsewhere: User, signed_in: SignIn, at: dt.datetime
) -> None:
    own, foreign = factories.make_letter(column), factories.make_letter(other_column)
    presence.note(foreign.pk, author_elsewhere, "reading", at=at)
    presence.decided(foreign.pk, author_elsewhere, "decline", at=at)
    client = signed_in(moderator)
    for more in ({}, {"left": own.pk}):
        told = client.post(PATH, {"letter": foreign.pk, "doing": "writing", "rows": [own.pk, foreign.pk], **more})
        assert told.json() == {"here": [], "rows": {}}
    assert presence.holder(foreign.pk, at=at) is None
    presence.claim(foreign.pk, moderator, at=at)  # as if they had had a seat there once
    assert client.post(PATH, {"left": foreign.pk, "letter": own.pk}).status_code == 200
    assert presence.holder(foreign.pk, at=at) is not None
    assert presence.others([foreign.pk], moderator, at=at)[foreign.pk][0].user == author_elsewhere.pk
    assert moderator.pk not in {
        one.user for one in presence.others([foreign.pk], author_elsewhere, at=at).get(foreign.pk, [])
    }


def test_it_costs_two_queries(
    column: Column, moderator: User, signed_in: SignIn, django_assert_max_num_queries: Callable[..., object]
) -> None:
    letters = [factories.make_letter(column).pk for _ in range(9)]
    client = signed_in(moderator)
    with django_assert_max_num_queries(3):  # type: ignore[attr-defined]
        client.post(PATH, {"letter": letters[0], "doing": "reading"})  # the first of all notes the day
    with django_assert_max_num_queries(2):  # type: ignore[attr-defined]
        client.post(PATH, {"letter": letters[0], "doing": "writing", "rows": letters})


def test_who_may_not(
    column: Column,
    stranger: Client,
    author_elsewhere: User,
    owner: User,
    reviewer: User,
    moderator: User,
    signed_in: SignIn,
) -> None:
    assert stranger.post(PATH).status_code == 302
    for person, status in ((author_elsewhere, 404), (owner, 403), (reviewer, 403)):
        assert signed_in(person).post(PATH).status_code == status
    assert signed_in(moderator).get(PATH).status_code == 405
