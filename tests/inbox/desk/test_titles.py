"""“Error:” before the title of the desk's pages too."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from columns.models import Column
from inbox.models import User

SignIn = Callable[[User], Client]


def test_an_owners_page(column: Column, owner: User, signed_in: SignIn) -> None:
    client, base = signed_in(owner), "/desk/plain/owner/help-lines/"
    assert "<title>Error:" not in client.get(base).text
    response = client.post(base, {"act": "add", "name": "", "number": "", "country": "Atlantis"})
    assert "<title>Error: " in response.text


def test_signing_in(client: Client, db: None) -> None:
    assert "<title>Error:" not in client.get("/accounts/login/").text
    assert "<title>Error: " in client.post("/accounts/login/", {"login": "nobody@example.org", "password": "x"}).text
