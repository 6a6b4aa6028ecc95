"""The care cards as their owner confirms and changes them, and as a second reader reads a change."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from columns.models import CareCard, Column
from inbox.letters.care.texts import CARDS
from inbox.models import ColumnEvent, User
from inbox.operations.opening import care_cards
from inbox.workflow import Role
from tests import factories
from tests.reader import Reader

SignIn = Callable[[User], Client]
BASE = "/desk/plain/owner/care/"
DANGER = "I want to kill myself tonight and I do not know whom to tell."
NEW = {
    "act": "change",
    "card": "self_harm",
    "heading": "Please call somebody <now>",
    "text": "Go to a person near you.\n\nSay that you think of dying.",
}


def seen(column: Column, kind: str) -> str:
    state = next(one for one in care_cards.states(column) if one.ships.kind == kind)
    return (state.waiting or state.shown).sha256


def confirmed(column: Column) -> set[str]:
    return {one.ships.kind for one in care_cards.states(column) if one.confirmed}


def test_every_card_is_shown_with_its_words_its_sources_and_who_has_read_it(
    column: Column, owner: User, signed_in: SignIn
) -> None:
    page = signed_in(owner).get(BASE).text
    assert "8 cards are not confirmed." in page
    assert "not yet read by a clinician" in page
    assert "within 72 hours" in page
    assert "https://www.nhs.uk/contraception/emergency-contraception/" in page
    assert page.count("Confirm this card") == len(CARDS)


def test_the_owner_confirms_what_they_saw(column: Column, owner: User, signed_in: SignIn) -> None:
    client = signed_in(owner)
    asked = {"act": "confirm", "card": "self_harm", "seen": seen(column, "self_harm")}
    assert client.post(BASE, {**asked, "seen": seen(column, "abuse")}).status_code == 409
    assert confirmed(column) == set()
    assert client.post(BASE, asked).status_code == 302
    assert confirmed(column) == {"self_harm"}
    row = CareCard.objects.get()
    assert (row.confirmed_by, row.heading, row.text) == (owner, "", "")
    page = client.get(BASE).text
    assert "Confirmed by Owner on" in page
    assert "7 cards are not confirmed." in page
    event = ColumnEvent.objects.get(by=owner)
    assert (event.verb, event.about) == ("confirm_care_card", "self_harm")
    assert "A care card was confirmed. (Self-harm and suicide)" in client.get("/desk/plain/owner/").text


def test_a_change_is_shown_to_writers_when_somebody_else_has_read_it(
    column: Column, owner: User, reviewer: User, signed_in: SignIn
) -> None:
    factories.confirm_cards(column, owner)
    assert signed_in(owner).post(BASE, NEW).status_code == 302
    assert "Please talk to somebody now" in Reader().write(text=DANGER)
    assert confirmed(column) == set(CARDS)  # what is shown is what was confirmed
    asked = {"card": "self_harm", "seen": seen(column, "self_harm"), "act": "accept"}
    assert signed_in(owner).post(BASE, asked).status_code == 403
    assert "1 changed care card waits for a second reader." in signed_in(reviewer).get("/desk/plain/reviews/").text
    page = signed_in(reviewer).get(BASE).text
    assert "Please call somebody &lt;now&gt;" in page
    assert "Confirm this card" not in page
    assert signed_in(reviewer).post(BASE, asked).status_code == 302
    page = Reader().write(text=DANGER)
    assert "Please call somebody &lt;now&gt;" in page
    assert "<p>Go to a person near you.</p>" in page
    assert "Please talk to somebody now" not in page
    assert confirmed(column) == set(CARDS)
    assert CareCard.objects.get(kind="self_harm").confirmed_by == reviewer
    assert "changed care card" not in signed_in(reviewer).get("/desk/plain/reviews/").text
    assert signed_in(reviewer).post(BASE, asked).status_code == 409


def test_nobody_confirms_their_own_change(column: Column, signed_in: SignIn) -> None:
    both = factories.make_user("both", column, Role.OWNER, Role.REVIEWER)
    client = signed_in(both)
    client.post(BASE, NEW)
    assert "Confirm the change" not in client.get(BASE).text
    response = client.post(BASE, {"card": "self_harm", "seen": seen(column, "self_harm"), "act": "accept"})
    assert response.status_code == 409
    assert "You wrote this change yourself." in response.text
    assert confirmed(column) == set()


def test_a_change_back_to_the_words_that_ship_follows_them_again(
    column: Column, owner: User, reviewer: User, signed_in: SignIn
) -> None:
    shipped = next(one.shown for one in care_cards.states(column) if one.ships.kind == "self_harm")
    for words in (NEW, {**NEW, "heading": shipped.heading, "text": shipped.text}):
        assert signed_in(owner).post(BASE, words).status_code == 302
        asked = {"card": "self_harm", "seen": seen(column, "self_harm"), "act": "accept"}
        assert signed_in(reviewer).post(BASE, asked).status_code == 302
    row = CareCard.objects.get()
    assert (row.heading, row.text) == ("", "")
    assert confirmed(column) == {"self_harm"}
    same = signed_in(owner).post(BASE, {**NEW, "heading": shipped.heading, "text": shipped.text})
    assert same.status_code == 409


def test_a_change_can_be_dropped(column: Column, owner: User, signed_in: SignIn) -> None:
    client = signed_in(owner)
    client.post(BASE, NEW)
    assert client.post(BASE, {"act": "drop", "card": "self_harm"}).status_code == 302
    assert "waits for somebody else" not in client.get(BASE).text
    assert client.post(BASE, {"act": "drop", "card": "self_harm"}).status_code == 409


def test_a_card_that_reads_otherwise_after_an_upgrade_is_not_confirmed(
    column: Column, owner: User, signed_in: SignIn
) -> None:
    factories.confirm_cards(column, owner)
    assert "Every care card is confirmed as it is shown." in signed_in(owner).get("/desk/plain/owner/health/").text
    CareCard.objects.filter(kind="minor").update(sha256="0" * 64)  # as of other words
    assert "Nobody has confirmed: Somebody under 18." in signed_in(owner).get("/desk/plain/owner/health/").text
    assert "1 is not confirmed." in signed_in(owner).get("/desk/plain/owner/").text
    assert "<textarea" in Client().get("/plain/write/").text  # intake that is open stays open


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"heading": ""}, "Heading"),
        ({"text": "word " * 100}, "Leave out 10 words."),
        ({"text": "word " * 91}, "Leave out 1 word."),
        ({"text": "short"}, "20"),
    ],
)
def test_keeps_what_cannot_be_a_card(
    column: Column, owner: User, signed_in: SignIn, wrong: dict[str, str], said: str
) -> None:
    response = signed_in(owner).post(BASE, {**NEW, **wrong})
    assert response.status_code == 400
    assert said in response.text
    assert not CareCard.objects.exists()


@pytest.mark.parametrize("asked", [{"act": "burn", "card": "minor"}, {"act": "confirm", "card": "weather"}, {}])
def test_an_act_that_is_none(column: Column, owner: User, signed_in: SignIn, asked: dict[str, str]) -> None:
    assert signed_in(owner).post(BASE, asked).status_code == 400


def test_a_reviewer_neither_confirms_nor_changes(column: Column, reviewer: User, signed_in: SignIn) -> None:
    client = signed_in(reviewer)
    for asked in (NEW, {"act": "confirm", "card": "minor", "seen": seen(column, "minor")}):
        assert client.post(BASE, asked).status_code == 403
    assert not CareCard.objects.exists()
