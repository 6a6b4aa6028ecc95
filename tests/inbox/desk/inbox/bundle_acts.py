"""What holds for each act on one letter of a bundle, whichever it is."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from columns.models import Column
from inbox.editorial import bundles
from inbox.keys.vault import Vault
from inbox.models import Letter, User
from inbox.triage import presence
from inbox.workflow import LetterStatus, Role
from tests import factories
from tests.access_checks import access_statuses, client_of


def order(column: Column, letter: Letter) -> list[Letter]:
    found = bundles.of(column, factories.desk_keys()).get(letter.pk)
    return [Letter.objects.get(pk=one) for one in found.ids] if found else []


class ActOnABundle:
    """``name``: of its address; ``said``: after the letter's label, once it is done."""

    name: str
    said: str

    def path(self, letter: Letter) -> str:
        return reverse(f"desk:{self.name}", args=["plain", letter.pk])

    def test_goes_back_to_the_letter_on_whose_page_it_was_pressed(
        self, column: Column, moderator: User, three: list[Letter]
    ) -> None:
        data = {"from": three[0].pk, "view": "shortlist", "next": "x"}
        response = client_of(moderator).post(self.path(three[1]), data)
        assert response.status_code == 302
        where = reverse("desk:letter", args=["plain", three[0].pk])
        assert response.headers["Location"] == f"{where}?view=shortlist"

    @pytest.mark.parametrize("held", [0, 1])
    def test_a_letter_that_a_colleague_has_in_hand_is_left_to_them(
        self, column: Column, moderator: User, author: User, keys: Vault, held: int
    ) -> None:
        letters = [factories.make_letter(column) for _ in range(2)]
        bundles.join(letters[0], letters[1:], by=moderator, at=timezone.now(), keys=keys)
        theirs = letters[held]
        presence.claim(theirs.pk, author, at=timezone.now() - dt.timedelta(minutes=2))
        client, data = client_of(moderator), {"from": letters[1].pk}
        page = client.post(self.path(letters[1]), data, follow=True).text
        assert f"Author has {theirs.label} in hand. They took it 2 minutes ago." in page
        assert page.count("Take it over</button>") == 1
        assert order(column, letters[0]) == letters
        client.post(f"/desk/plain/letters/{theirs.pk}/claim/", {"act": "take"})
        assert self.said in client.post(self.path(letters[1]), data, follow=True).text

    @pytest.mark.parametrize("origin", ["", "no-id", "00000000-0000-4000-8000-000000000000"])
    def test_without_a_page_to_go_back_to_it_is_the_letter_itself(
        self, column: Column, moderator: User, three: list[Letter], origin: str
    ) -> None:
        response = client_of(moderator).post(self.path(three[1]), {"from": origin})
        assert response.headers["Location"] == reverse("desk:letter", args=["plain", three[1].pk]) + "?view=new"

    def test_it_is_taken_back_by_the_button_beside_what_was_said(
        self, column: Column, moderator: User, three: list[Letter]
    ) -> None:
        client = client_of(moderator)
        page = client.post(self.path(three[1]), {"from": three[0].pk}, follow=True).content.decode()
        address = re.search(r'action="([^"]+/undo/[^"]+)"', page)
        assert address
        assert order(column, three[0]) != three
        page = client.post(address[1], follow=True).content.decode()
        assert "is as it was before" in page
        assert order(column, three[0]) == three

    def test_one_that_lies_there_no_more_is_said(
        self, column: Column, moderator: User, three: list[Letter], at: dt.datetime, keys: Vault
    ) -> None:
        bundles.split(three[1], by=moderator, at=at, keys=keys)
        page = client_of(moderator).post(self.path(three[1]), follow=True).content.decode()
        assert "does not lie together with others any more. Nothing was changed." in page
        assert order(column, three[0]) == [three[0], three[2]]

    def test_a_letter_of_another_column_is_not_there(
        self, column: Column, other_column: Column, moderator: User
    ) -> None:
        far = factories.make_letter(other_column, LetterStatus.RECEIVED)
        assert client_of(moderator).post(self.path(far)).status_code == 404

    def test_who_may_not(self, column: Column, three: list[Letter]) -> None:
        assert access_statuses(column, self.path(three[1]), Role.REVIEWER, Role.OWNER, method="post") == {
            "stranger": 302,
            "elsewhere": 404,
            "reviewer": 403,
            "owner": 403,
        }
        assert client_of(factories.someone(column, Role.MODERATOR)).get(self.path(three[1])).status_code == 405
        assert order(column, three[0]) == three
