"""The only ways in: a stranger learns nothing, a colleague without the role is told so."""

from __future__ import annotations

import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from columns.models import Column
from inbox.models import User
from inbox.staff import access
from inbox.workflow import LetterStatus, Role
from tests import factories

pytestmark = pytest.mark.databases


def test_seats_combine(column: Column, other_column: Column) -> None:
    both = factories.make_user("both", column, Role.MODERATOR, Role.REVIEWER)
    assert access.roles(both, column) == {Role.MODERATOR, Role.REVIEWER}
    assert access.roles(both, other_column) == frozenset()
    assert access.seats(both) == {column: frozenset({Role.MODERATOR, Role.REVIEWER})}


def test_a_stranger_to_a_column_learns_nothing_of_it(column: Column, author_elsewhere: User) -> None:
    for slug in (column.slug, "does-not-exist"):
        with pytest.raises(Http404):
            access.column(author_elsewhere, slug, frozenset(Role))


def test_a_colleague_without_the_role_is_told(column: Column, owner: User) -> None:
    with pytest.raises(PermissionDenied):
        access.column(owner, column.slug, access.READS_LETTERS)
    assert access.column(owner, column.slug, frozenset({Role.OWNER}))[0] == column


def test_letters_and_drafts_are_found_in_their_own_column_alone(column: Column, other_column: Column) -> None:
    letter, draft = factories.make_letter(column), factories.make_draft(column)
    assert access.letter(column, letter.pk) == letter
    assert access.draft(column, draft.pk) == draft
    for of, item in ((other_column, letter.pk), (column, uuid.uuid4())):
        with pytest.raises(Http404):
            access.letter(of, item)
    for of, item in ((other_column, draft.pk), (column, uuid.uuid4())):
        with pytest.raises(Http404):
            access.draft(of, item)


def test_need_asks_for_one_of_the_roles() -> None:
    access.need(frozenset({Role.AUTHOR}), frozenset({Role.AUTHOR, Role.OWNER}))
    for allowed in (frozenset({Role.OWNER}), frozenset[Role]()):
        with pytest.raises(PermissionDenied):
            access.need(frozenset({Role.AUTHOR}), allowed)


def test_every_status_is_among_the_letters_of_a_column(column: Column) -> None:
    made = {factories.make_letter(column, status).pk for status in LetterStatus}
    assert made <= set(access.letters(column).values_list("pk", flat=True))
