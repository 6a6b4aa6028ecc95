"""The views of the inbox, each with an address of its own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client

from columns.models import Column
from inbox.editorial import decisions
from inbox.letters import writer_acts
from inbox.models import Letter, SecondLook, User
from inbox.triage.queues import TITLES
from inbox.workflow import LETTER_ENDS, LetterStatus, Role
from tests import factories
from tests.inbox.desk.inbox.test_inbox import labels

pytestmark = pytest.mark.databases

SignIn = Callable[[User], Client]
S = LetterStatus


def test_each_letter_stands_in_the_views_it_belongs_to(
    column: Column, moderator: User, signed_in: SignIn, at: dt.datetime
) -> None:
    letters = {status: factories.make_letter(column, status) for status in S}
    SecondLook.objects.all().delete()
    wrote = factories.make_letter(column)
    writer_acts.write_back(wrote, "One more thing.", at=at)
    urgent = factories.make_letter(column, text="Some nights I think about ending my life and I cannot tell anyone.")
    asked, mine, later, again = (factories.make_letter(column, S.SHORTLISTED) for _ in range(4))
    decisions.ask(asked, "Since when?", by=moderator, at=at)
    mine.mark("give", moderator.pk, by=moderator, at=at)
    later.put_back(by=moderator, at=at)
    later.hold(by=moderator, at=at, until=at.date() + dt.timedelta(days=7))
    again.mark_urgent(by=moderator, at=at, urgent=True)
    decisions.decline(again, "We cannot take it up.", by=factories.make_user("b", column, Role.MODERATOR), at=at)
    wanted = {
        "new": {letters[S.RECEIVED], letters[S.HELD], wrote, urgent},
        "light": {letters[S.RECEIVED], letters[S.HELD], wrote},
        "mine": {mine},
        "held": {later},
        "asked": {asked},
        "outbox": {asked, again},
        "second": {again},
        "urgent": {urgent},
        "replies": {wrote},
        "shortlist": {letters[S.SHORTLISTED], asked, mine},
        "answering": {letters[S.ANSWERING]},
        "ended": {again, *(letters[status] for status in (*LETTER_ENDS, S.ERASED))},
        "all": set(Letter.objects.filter(column=column)),
    }
    assert set(wanted) == set(TITLES)
    client = signed_in(moderator)
    for view, expected in wanted.items():
        page = client.get(f"/desk/plain/inbox/{view}/").content.decode()
        assert sorted(labels(page)) == sorted(letter.label for letter in expected), view


def test_an_unknown_view_is_not_found(moderator: User, signed_in: SignIn) -> None:
    assert signed_in(moderator).get("/desk/plain/inbox/nonsense/").status_code == 404


def test_erased_letters_say_so(column: Column, moderator: User, signed_in: SignIn) -> None:
    factories.make_letter(column, S.ERASED)
    assert "words are erased" in signed_in(moderator).get("/desk/plain/inbox/ended/").content.decode()


def test_an_author_may_choose_several_to_answer(
    column: Column, author: User, moderator: User, signed_in: SignIn
) -> None:
    factories.make_letter(column, S.SHORTLISTED)
    assert "Answer those chosen together" in signed_in(author).get("/desk/plain/inbox/shortlist/").content.decode()
    assert (
        "Answer those chosen together" not in signed_in(moderator).get("/desk/plain/inbox/shortlist/").content.decode()
    )


@pytest.mark.parametrize("view", sorted(TITLES))
def test_who_may_not(
    column: Column, stranger: Client, author_elsewhere: User, owner: User, moderator: User, signed_in: SignIn, view: str
) -> None:
    path = f"/desk/plain/inbox/{view}/"
    assert stranger.get(path).status_code == 302
    assert signed_in(author_elsewhere).get(path).status_code == 404
    assert signed_in(owner).get(path).status_code == 403
    assert signed_in(moderator).post(path).status_code == 405
