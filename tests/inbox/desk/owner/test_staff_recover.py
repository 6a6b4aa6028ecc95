"""The printed recovery key gives everybody their keys."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.management import get_commands
from django.test import Client
from django.utils import timezone

from columns.models import Column
from config import grants
from inbox.crypto import recovery_sheet
from inbox.keys import keyring
from inbox.models import ColumnEvent, KeyGrant, PublicKey, User
from tests import factories

SignIn = Callable[[User], Client]
BASE = "/desk/plain/staff/"
CONFIRM = {"confirm_password": factories.PASSWORD}


PATH = BASE + "recover/"
SHEET = recovery_sheet.shown(factories.RECOVERY.private_bytes_raw())


def test_after_everybody_forgot_their_password(
    column: Column, signed_in: SignIn, owner: User, moderator: User, author: User
) -> None:
    letter = factories.make_letter(column)
    for user in (moderator, author):
        keyring.make_pair(user, factories.PASSWORD, at=timezone.now())
    assert factories.LETTER_TEXT not in signed_in(moderator).get(f"/desk/plain/letters/{letter.pk}/").text
    factories.give_address(owner)
    done = signed_in(owner).post(PATH, {"key": SHEET.lower().replace("-", " "), **CONFIRM}, follow=True)
    assert "The keys were given to Author and Moderator." in done.text
    assert factories.LETTER_TEXT in signed_in(moderator).get(f"/desk/plain/letters/{letter.pk}/").text
    again = signed_in(owner).post(PATH, {"key": SHEET, **CONFIRM}, follow=True)
    assert "Nobody was waiting for a key." in again.text


def test_an_owner_tries_it_without_giving_a_key(
    column: Column, signed_in: SignIn, owner: User, moderator: User
) -> None:
    keyring.make_pair(moderator, factories.PASSWORD, at=timezone.now())
    factories.give_address(owner)
    granted = KeyGrant.objects.count()
    page = signed_in(owner).post(PATH, {"key": SHEET, "step": "try", **CONFIRM}, follow=True).text
    assert "The recovery key holds every key of this column." in page
    assert KeyGrant.objects.count() == granted
    assert ColumnEvent.objects.get(verb="try_recovery_key").by == owner
    assert SHEET not in page


def test_a_trial_that_fails_is_said_and_not_written_down(column: Column, signed_in: SignIn, owner: User) -> None:
    KeyGrant.objects.filter(user=None).delete()
    factories.give_address(owner)
    page = signed_in(owner).post(PATH, {"key": SHEET, "step": "try", **CONFIRM})
    assert page.status_code == 409
    assert "it does not hold every key of this column" in page.text
    assert SHEET not in page.text
    assert not ColumnEvent.objects.filter(verb="try_recovery_key").exists()


@pytest.mark.parametrize("key", ["", "AAAA", SHEET[:-1], SHEET[:-1] + "7", recovery_sheet.shown(b"x" * 32)])
def test_a_wrong_key_is_refused_in_plain_words(column: Column, signed_in: SignIn, owner: User, key: str) -> None:
    factories.give_address(owner)
    page = signed_in(owner).post(PATH, {"key": key, **CONFIRM})
    assert page.status_code == 400
    assert "recovery key" in page.text or "required" in page.text


def test_only_an_owner_with_a_fresh_sign_in(
    column: Column, signed_in: SignIn, owner: User, moderator: User, author_elsewhere: User, stranger: Client
) -> None:
    assert signed_in(owner).post(PATH, {"key": SHEET}).status_code == 403
    for user, status in ((moderator, 403), (author_elsewhere, 404)):
        factories.give_address(user)
        assert signed_in(user).post(PATH, {"key": SHEET, **CONFIRM}).status_code == status
    assert stranger.post(PATH).status_code == 302


def test_wrong_method(signed_in: SignIn, owner: User) -> None:
    factories.give_address(owner)
    client = signed_in(owner)
    client.post(PATH, {"key": "", **CONFIRM})
    assert client.get(PATH).status_code == 405


def test_an_owner_reads_how_a_lost_sheet_is_replaced_and_why_not_here(
    column: Column, signed_in: SignIn, owner: User, moderator: User
) -> None:
    page = " ".join(signed_in(owner).get(BASE).text.split())
    assert "<code>manage.py new_recovery_key</code>" in page
    assert "new_recovery_key" in get_commands()
    assert "the password of somebody who reads letters" in page
    assert "opens the letters of every column of this site, and your seat is for this one" in page
    assert "it has no right to delete a public key" in page
    assert "DELETE" not in grants.tables("desk")[PublicKey._meta.db_table], "else a button could do it"
    assert "new_recovery_key" not in signed_in(moderator).get(BASE).text
