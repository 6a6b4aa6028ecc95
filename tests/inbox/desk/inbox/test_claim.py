"""Having a letter in hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from columns.models import Column
from inbox.models import Letter, User
from inbox.triage import presence
from tests import factories

SignIn = Callable[[User], Client]


def path(letter: Letter) -> str:
    return f"/desk/plain/letters/{letter.pk}/claim/"


def holder(letter: Letter, at: dt.datetime) -> str:
    found = presence.holder(letter.pk, at=at)
    return found.name if found else ""


def test_claimed_taken_over_and_let_go(
    column: Column, moderator: User, author: User, signed_in: SignIn, at: dt.datetime
) -> None:
    letter = factories.make_letter(column)
    hers, his = signed_in(moderator), signed_in(author)
    hers.post(path(letter), {"act": "claim"})
    assert holder(letter, at) == "Moderator"
    quietly = {"X-Steady": "decision"}
    assert his.post(path(letter), {"act": "claim"}, headers=quietly).json()["claim"] == {
        "name": "Moderator",
        "mine": False,
    }
    assert his.post(path(letter), {"act": "take"}, headers=quietly).json()["claim"] == {"name": "Author", "mine": True}
    hers.post(path(letter), {"act": "release"})
    assert holder(letter, at) == "Author", "only whoever has it lets it go"
    his.post(path(letter), {"act": "release"})
    assert holder(letter, at) == ""


@pytest.mark.parametrize("verb", ["move/shortlist", "decline", "point"])
def test_what_a_colleague_has_in_hand_is_not_decided_over_their_head(
    column: Column, moderator: User, author: User, signed_in: SignIn, at: dt.datetime, verb: str
) -> None:
    letter = factories.make_letter(column)
    presence.claim(letter.pk, author, at=at)
    fields = {"text": "Thank you for your letter. We have read it with care today.", "step": "send"}
    response = signed_in(moderator).post(f"/desk/plain/letters/{letter.pk}/{verb}/", fields, follow=True)
    assert "Author has this letter in hand" in response.content.decode()
    assert Letter.objects.get(pk=letter.pk).status == "received"


def test_whoever_decides_over_a_colleagues_head_is_told_who_has_it_and_since_when(
    column: Column, moderator: User, author: User, signed_in: SignIn
) -> None:
    letter = factories.make_letter(column)
    client = signed_in(moderator)
    presence.claim(letter.pk, author, at=timezone.now() - dt.timedelta(minutes=3))
    page = client.post(f"/desk/plain/letters/{letter.pk}/move/shortlist/", follow=True).text
    assert "Author has this letter in hand. They took it 3 minutes ago." in page
    assert "Take it over" in page


@pytest.mark.parametrize("page", ["decline", "point", "ask", "note"])
@pytest.mark.parametrize("button", [True, False])
def test_a_page_on_which_one_writes_lets_go_only_what_it_took_itself(
    column: Column, moderator: User, signed_in: SignIn, page: str, button: bool
) -> None:
    letter = factories.make_letter(column)
    client = signed_in(moderator)
    if button:
        client.post(path(letter), {"act": "claim"})
    client.get(f"/desk/plain/letters/{letter.pk}/{page}/")
    client.post(path(letter), {"act": "write"})  # its script, while something is typed
    client.post("/desk/plain/pulse/", {"letter": letter.pk, "doing": "writing"})
    assert holder(letter, timezone.now()) == "Moderator"
    client.post("/desk/plain/pulse/", {"left": letter.pk, "wrote": "yes"})
    assert holder(letter, timezone.now()) == ("Moderator" if button else "")
    client.post(path(letter), {"act": "write"})
    client.post(path(letter), {"act": "cancel"})
    assert holder(letter, timezone.now()) == ("Moderator" if button else "")
    client.post("/desk/plain/pulse/", {"left": letter.pk})
    assert holder(letter, timezone.now()) == "", "the letter itself was left"


def test_what_its_writer_took_becomes_theirs_by_the_button(
    column: Column, moderator: User, author: User, signed_in: SignIn, at: dt.datetime
) -> None:
    letter = factories.make_letter(column)
    client = signed_in(moderator)
    presence.claim(letter.pk, author, at=timezone.now())
    client.post(path(letter), {"act": "take"})
    client.get(f"/desk/plain/letters/{letter.pk}/decline/")
    client.post("/desk/plain/pulse/", {"left": letter.pk, "wrote": "yes"})
    assert holder(letter, timezone.now()) == "Moderator"
    taken = presence.holder(letter.pk, at=timezone.now())
    assert taken is not None
    assert taken.taken_from == author.pk, "it is still told from whom it was taken"


@pytest.mark.parametrize("page", ["ask", "note", "together"])
def test_on_the_way_to_another_page_about_it_the_letter_stays_in_hand(
    column: Column, moderator: User, signed_in: SignIn, page: str
) -> None:
    letter = factories.make_letter(column)
    client = signed_in(moderator)
    presence.claim(letter.pk, moderator, at=timezone.now() - dt.timedelta(minutes=2), by_button=True)
    client.get(f"/desk/plain/letters/{letter.pk}/{page}/")
    # said by the page of the letter, on its way out
    client.post("/desk/plain/pulse/", {"left": letter.pk, "gone": "yes"})
    assert holder(letter, timezone.now()) == "Moderator"


def test_a_decision_lets_it_go(column: Column, moderator: User, signed_in: SignIn, at: dt.datetime) -> None:
    letter = factories.make_letter(column)
    client = signed_in(moderator)
    client.post(path(letter), {"act": "claim"})
    client.post(f"/desk/plain/letters/{letter.pk}/move/hold/")
    assert holder(letter, at) == ""


def test_five_minutes_later_it_is_free(column: Column, moderator: User, author: User, at: dt.datetime) -> None:
    letter = factories.make_letter(column)
    presence.claim(letter.pk, moderator, at=at)
    assert presence.claim(letter.pk, author, at=at + dt.timedelta(seconds=299)).user == moderator.pk
    assert presence.holder(letter.pk, at=at + dt.timedelta(seconds=300)) is None


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
    assert stranger.post(path(letter)).status_code == 302
    for person, status in ((author_elsewhere, 404), (owner, 403), (reviewer, 403)):
        assert signed_in(person).post(path(letter)).status_code == status
    assert signed_in(moderator).get(path(letter)).status_code == 405
