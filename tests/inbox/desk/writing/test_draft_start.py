"""A draft is begun from letters on the shortlist."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse
from django.utils import timezone

from columns.models import Column
from inbox.editorial import bundles, drafts
from inbox.keys.vault import Vault
from inbox.models import Draft, User
from inbox.triage import presence
from inbox.workflow import LetterStatus
from tests import factories
from tests.access_checks import client_of

PATH = reverse("desk:draft_start", args=["plain"])


def test_begins_with_the_words_of_the_letter(column: Column, author: User, keys: Vault) -> None:
    letter = factories.make_letter(column, LetterStatus.SHORTLISTED)
    response = client_of(author).post(PATH, {"letters": [letter.pk]})
    draft = Draft.objects.get()
    assert response.status_code == 302
    assert response.headers["Location"] == reverse("desk:draft", args=["plain", draft.pk])
    assert keys.open(draft.newest())["question"] == factories.LETTER_TEXT
    assert draft.started_by == author
    letter.refresh_from_db()
    assert letter.status == LetterStatus.ANSWERING


def test_one_draft_answers_several(column: Column, author: User, keys: Vault) -> None:
    letters = [factories.make_letter(column, LetterStatus.SHORTLISTED) for _ in range(3)]
    client_of(author).post(PATH, {"letters": [letter.pk for letter in letters]})
    assert drafts.letters(Draft.objects.get(), keys) == letters


def test_a_letter_brings_along_those_that_lie_with_it(
    column: Column, author: User, at: dt.datetime, keys: Vault
) -> None:
    letters = [factories.make_letter(column) for _ in range(3)]
    private = factories.make_letter(column, consent="private")
    bundles.join(letters[0], [*letters[1:], private], by=author, at=at, keys=keys)
    page = client_of(author).post(PATH, {"letters": [letters[2].pk]}, follow=True).content.decode()
    assert drafts.letters(Draft.objects.get(), keys) == letters
    assert f"Left out, since a private answer is all that is allowed: {private.label}" in page


def test_a_letter_that_a_colleague_has_in_hand_is_left_to_them(
    column: Column, author: User, moderator: User, at: dt.datetime, keys: Vault
) -> None:
    letter, beside = factories.make_letter(column, LetterStatus.SHORTLISTED), factories.make_letter(column)
    client = client_of(author)
    presence.claim(letter.pk, moderator, at=timezone.now())
    page = client.post(PATH, {"letters": [letter.pk]}, follow=True).content.decode()
    assert f"Moderator has {letter.label} in hand." in page
    assert "Nothing was changed." in page
    # also one that only comes along
    presence.release(letter.pk, moderator)
    bundles.join(letter, [beside], by=author, at=at, keys=keys)
    presence.claim(beside.pk, moderator, at=timezone.now())
    assert f"{beside.label} in hand" in client.post(PATH, {"letters": [letter.pk]}, follow=True).content.decode()
    assert not Draft.objects.exists()
    presence.claim(beside.pk, author, at=timezone.now(), take_over=True)
    presence.claim(letter.pk, author, at=timezone.now())
    client.post(PATH, {"letters": [letter.pk]})
    assert drafts.letters(Draft.objects.get(), keys) == [letter, beside]
    assert presence.holder(letter.pk, at=timezone.now()) is None, "it is the draft's now"


def test_a_letter_that_somebody_has_moved_is_refused_in_words(column: Column, author: User) -> None:
    free = factories.make_letter(column, LetterStatus.SHORTLISTED)
    moved = factories.make_letter(column, LetterStatus.ANSWERING)
    response = client_of(author).post(PATH, {"letters": [free.pk, moved.pk]}, follow=True)
    assert "Nothing was changed." in response.content.decode()
    assert Draft.objects.count() == 1
    free.refresh_from_db()
    assert free.status == LetterStatus.SHORTLISTED


def test_no_letter_chosen_is_said(column: Column, author: User) -> None:
    response = client_of(author).post(PATH, follow=True)
    assert "Choose at least one letter to answer." in response.content.decode()
    assert not Draft.objects.exists()


def test_a_letter_of_another_column_is_not_there(column: Column, other_column: Column, author: User) -> None:
    letter = factories.make_letter(other_column, LetterStatus.SHORTLISTED)
    for ids in ([letter.pk], ["no-id"]):
        assert client_of(author).post(PATH, {"letters": ids}).status_code == 404
    letter.refresh_from_db()
    assert letter.status == LetterStatus.SHORTLISTED


def test_looking_begins_nothing(column: Column, author: User) -> None:
    assert client_of(author).get(PATH).status_code == 405
