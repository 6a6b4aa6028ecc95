"""The only ways in: a stranger learns nothing, a colleague without the role is told so."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.core.exceptions import PermissionDenied

from columns.models import Column
from inbox.editorial import drafts
from inbox.keys.vault import Vault
from inbox.models import Letter, User
from inbox.staff import access
from inbox.workflow import LetterStatus, Role
from tests import factories

pytestmark = pytest.mark.databases


def test_seats_combine(column: Column, other_column: Column) -> None:
    both = factories.make_user("both", column, Role.MODERATOR, Role.REVIEWER)
    seats = frozenset({Role.MODERATOR, Role.REVIEWER})
    admitted = access.admit(both, column.slug, frozenset({Role.REVIEWER}))
    assert admitted == access.Admission(column, seats, to_forget=False)
    assert [(one.column, one.seats) for one in access.admissions(both)] == [(column, seats)]
    with pytest.raises(access.NotHere):
        access.admit(both, other_column.slug, frozenset(Role))


def test_a_stranger_to_a_column_learns_nothing_of_it(column: Column, author_elsewhere: User) -> None:
    for slug in (column.slug, "does-not-exist"):
        with pytest.raises(access.NotHere):
            access.admit(author_elsewhere, slug, frozenset(Role))


def test_a_colleague_without_the_role_is_told(column: Column, owner: User) -> None:
    with pytest.raises(PermissionDenied):
        access.admit(owner, column.slug, access.READS_LETTERS)
    assert access.admit(owner, column.slug, frozenset({Role.OWNER})).column == column


def test_letters_and_drafts_are_found_in_their_own_column_alone(column: Column, other_column: Column) -> None:
    letter, draft = factories.make_letter(column), factories.make_draft(column)
    assert access.letter(column, letter.pk) == letter
    assert access.draft(column, draft.pk) == draft
    for of, item in ((other_column, letter.pk), (column, uuid.uuid4())):
        with pytest.raises(access.NotHere):
            access.letter(of, item)
    for of, item in ((other_column, draft.pk), (column, uuid.uuid4())):
        with pytest.raises(access.NotHere):
            access.draft(of, item)


def test_need_asks_for_one_of_the_roles() -> None:
    access.need(frozenset({Role.AUTHOR}), frozenset({Role.AUTHOR, Role.OWNER}))
    for allowed in (frozenset({Role.OWNER}), frozenset[Role]()):
        with pytest.raises(PermissionDenied):
            access.need(frozenset({Role.AUTHOR}), allowed)


def test_every_status_is_among_the_letters_of_a_column(column: Column) -> None:
    made = {factories.make_letter(column, status).pk for status in LetterStatus}
    assert made <= set(access.letters(column).values_list("pk", flat=True))


def test_a_column_says_whether_its_drafts_may_hold_words_of_letters_that_are_gone(
    column: Column, other_column: Column, author_elsewhere: User, author: User, at: dt.datetime, keys: Vault
) -> None:
    answered, other = factories.make_letter(column, LetterStatus.ANSWERING), factories.make_letter(column)
    Letter.objects.get(pk=other.pk).withdraw(at=at)
    assert not access.admit(author, column.slug, access.READS_DRAFTS).to_forget
    Letter.objects.get(pk=answered.pk).withdraw(at=at)
    assert access.admit(author, column.slug, access.READS_DRAFTS).to_forget
    assert [one.to_forget for one in access.admissions(author)] == [True]
    assert not access.admit(author_elsewhere, other_column.slug, access.READS_DRAFTS).to_forget
    drafts.forget_withdrawn(column, at=at, keys=keys)
    assert not access.admit(author, column.slug, access.READS_DRAFTS).to_forget
