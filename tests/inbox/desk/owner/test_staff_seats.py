"""An owner changes which seats somebody holds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client

from columns.models import Column
from inbox.keys import keyring
from inbox.letters import undo
from inbox.models import ColumnEvent, KeyGrant, Letter, LetterEvent, Seat, User
from inbox.staff import membership
from inbox.workflow import NotAllowed, Role
from tests import factories

SignIn = Callable[[User], Client]
BASE = "/desk/plain/staff/"
CONFIRM = {"confirm_password": factories.PASSWORD}


def path(user: User) -> str:
    return f"{BASE}{user.pk}/seats/"


def test_a_seat_more_and_a_seat_less(column: Column, signed_in: SignIn, owner: User, moderator: User) -> None:
    factories.give_address(owner)
    client = signed_in(owner)
    client.post(path(moderator), {"seats": ["author", "reviewer"], **CONFIRM})
    assert set(Seat.objects.filter(user=moderator).values_list("role", flat=True)) == {"author", "reviewer"}
    assert KeyGrant.objects.filter(user=moderator).exists()
    assert ColumnEvent.objects.get(verb="set_seats").about == "Moderator: author, reviewer"


def test_whoever_leaves_is_out_at_once_and_their_keys_are_taken(
    column: Column, signed_in: SignIn, owner: User, moderator: User, author: User
) -> None:
    letter = factories.make_letter(column)
    theirs = signed_in(moderator)
    assert theirs.get(f"/desk/plain/letters/{letter.pk}/").status_code == 200
    factories.give_address(owner)
    signed_in(owner).post(path(moderator), CONFIRM)
    assert theirs.get(f"/desk/plain/letters/{letter.pk}/").status_code == 404
    assert not KeyGrant.objects.filter(user=moderator).exists()
    assert keyring.left_to_reseal(column) > 0
    assert "sealed to a key of somebody who left" in signed_in(author).get(BASE).text


def test_of_somebody_with_several_seats(column: Column, signed_in: SignIn, owner: User) -> None:
    colleague = factories.make_user("several", column, Role.AUTHOR, Role.REVIEWER, Role.MODERATOR)
    factories.give_address(owner)
    assert signed_in(owner).post(path(colleague), {"seats": ["author"], **CONFIRM}).status_code == 302
    assert KeyGrant.objects.filter(user=colleague).exists()
    assert keyring.left_to_reseal(column) == 0


def test_the_last_owner_stays(column: Column, signed_in: SignIn, owner: User) -> None:
    factories.give_address(owner)
    refused = signed_in(owner).post(path(owner), {"seats": ["moderator"], **CONFIRM})
    assert refused.status_code == 409
    assert "A column needs an owner" in refused.text
    assert set(Seat.objects.filter(user=owner).values_list("role", flat=True)) == {"owner"}


def test_only_an_owner_and_only_of_people_here(
    column: Column, signed_in: SignIn, owner: User, moderator: User, author_elsewhere: User, stranger: Client
) -> None:
    for user in (owner, moderator, author_elsewhere):
        factories.give_address(user)
    assert signed_in(moderator).post(path(owner), CONFIRM).status_code == 403
    assert signed_in(author_elsewhere).post(path(owner), CONFIRM).status_code == 404
    assert signed_in(owner).post(path(author_elsewhere), CONFIRM).status_code == 404
    assert stranger.post(path(owner)).status_code == 302
    assert Seat.objects.filter(user=owner, column=column).exists()


def test_wrong_method_and_wrong_seat(column: Column, signed_in: SignIn, owner: User, moderator: User) -> None:
    factories.give_address(owner)
    client = signed_in(owner)
    assert client.post(path(moderator), {"seats": ["king"], **CONFIRM}).status_code == 400
    assert client.get(path(moderator)).status_code == 405


def test_letters_of_somebody_who_leaves_are_everybodys(
    column: Column, signed_in: SignIn, owner: User, moderator: User, author: User, at: dt.datetime
) -> None:
    open_letter, ended, theirs, elsewhere = (factories.make_letter(column) for _ in range(4))
    for letter in (open_letter, ended, elsewhere):
        letter.mark("give", moderator.pk, by=author, at=at)
    theirs.mark("give", author.pk, by=author, at=at)
    factories.give_address(owner)
    client = signed_in(author)
    page = f"/desk/plain/letters/{open_letter.pk}/"
    assert "· given to <bdi>Moderator</bdi>" in client.get(page).text
    ended.decline(by=author, at=at, reason="We cannot answer each letter.")
    elsewhere.withdraw(at=at)
    assert signed_in(owner).post(path(moderator), CONFIRM).status_code == 302
    assert "· given to" not in client.get(page).text
    assert "for Moderator" not in client.get("/desk/plain/inbox/").text
    assert "· given to" not in client.get(f"/desk/plain/letters/{elsewhere.pk}/").text
    assert list(Letter.objects.filter(given_to=author)) == [theirs]
    events = factories.opened(LetterEvent.objects.filter(verb="give", given_to_before=moderator))
    assert {(event.letter_id, event.given_to_after, event.by) for event in events} == {
        (letter.pk, None, owner) for letter in (open_letter, ended)
    }


def test_letters_stay_with_somebody_who_keeps_a_seat_that_opens_them(
    column: Column, signed_in: SignIn, owner: User, moderator: User, at: dt.datetime
) -> None:
    letter = factories.make_letter(column)
    letter.mark("give", moderator.pk, by=moderator, at=at)
    factories.give_address(owner)
    signed_in(owner).post(path(moderator), {"seats": ["author"], **CONFIRM})
    letter.refresh_from_db()
    assert letter.given_to == moderator


def test_undo_gives_no_letter_back_to_somebody_who_left(
    column: Column, owner: User, moderator: User, author: User, at: dt.datetime
) -> None:
    letter = factories.make_letter(column)
    letter.mark("give", moderator.pk, by=author, at=at)
    event = letter.mark("give", author.pk, by=author, at=at)
    membership.set_seats(moderator, column, frozenset(), by=owner, at=at)
    with pytest.raises(NotAllowed, match="no seat here any more"):
        undo.undo(letter, event, by=author, at=at)
    letter.refresh_from_db()
    assert letter.given_to == author
