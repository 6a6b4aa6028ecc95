"""What was declined by one press is taken back by one."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable

import pytest
from django.test import Client

from columns.models import Column
from inbox.models import Letter, User
from tests import factories

SignIn = Callable[[User], Client]
PATH = "/desk/plain/decline/"
TEXT = "Thank you for your letter. We have read it with care, and cannot take it up."


def declined(client: Client, letters: list[Letter]) -> str:
    """The address of the button that stands in the answer."""
    fields = {"letters": [letter.pk for letter in letters], "text": TEXT, "step": "send", "view": "all"}
    page = client.post(PATH, fields, follow=True).text
    found = re.search(r'action="(/desk/plain/decline/undo/[^"]+)"', page)
    assert found
    assert "Undo all" in page
    return found[1].replace("&amp;", "&")


def test_takes_all_of_them_back(column: Column, moderator: User, signed_in: SignIn) -> None:
    letters = [factories.make_letter(column) for _ in range(3)]
    client = signed_in(moderator)
    address = declined(client, letters)
    assert {Letter.objects.get(pk=letter.pk).status for letter in letters} == {"declined"}
    response = client.post(address, follow=True)
    assert response.redirect_chain[0][0] == "/desk/plain/inbox/all/"
    assert "3 as they were before." in response.text
    assert {Letter.objects.get(pk=letter.pk).status for letter in letters} == {"received"}


def test_what_is_out_by_now_is_named(column: Column, moderator: User, signed_in: SignIn) -> None:
    letters = [factories.make_letter(column) for _ in range(2)]
    client = signed_in(moderator)
    address = declined(client, letters)
    factories.ten_minutes_pass()
    page = client.post(address, follow=True).text
    assert "Not taken back" in page
    assert all(letter.label in page for letter in letters)
    assert {Letter.objects.get(pk=letter.pk).status for letter in letters} == {"declined"}


def test_nobody_takes_back_what_a_colleague_did(
    column: Column, moderator: User, author: User, signed_in: SignIn
) -> None:
    letter = factories.make_letter(column)
    address = declined(signed_in(moderator), [letter])
    assert "is forgotten by now" in signed_in(author).post(address, follow=True).text
    assert Letter.objects.get(pk=letter.pk).status == "declined"


@pytest.mark.parametrize("method", ["get", "put"])
def test_wrong_method(column: Column, moderator: User, signed_in: SignIn, method: str) -> None:
    assert getattr(signed_in(moderator), method)(f"{PATH}undo/{uuid.uuid4()}/").status_code == 405


def test_who_may_not(
    column: Column, stranger: Client, author_elsewhere: User, owner: User, moderator: User, signed_in: SignIn
) -> None:
    letter = factories.make_letter(column)
    address = declined(signed_in(moderator), [letter])
    assert stranger.post(address).status_code == 302
    assert signed_in(author_elsewhere).post(address).status_code == 404
    assert signed_in(owner).post(address).status_code == 403
    assert Letter.objects.get(pk=letter.pk).status == "declined"
