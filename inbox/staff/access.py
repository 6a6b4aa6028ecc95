"""The only ways in. A stranger to a column gets 404, so that nothing is said about what exists; a colleague without the
role gets 403."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, F, OuterRef
from django.http import Http404, HttpRequest

from columns.models import Column
from inbox.keys import unlock
from inbox.models import Draft, DraftVersion, Letter, Seat, User
from inbox.models.letter import LetterQuerySet
from inbox.workflow import Role

#: Who reads letters: the owner's seat alone opens none.
READS_LETTERS = frozenset({Role.MODERATOR, Role.AUTHOR})
READS_DRAFTS = frozenset({Role.AUTHOR, Role.REVIEWER})


def staff(request: HttpRequest) -> User:
    """The signed-in person; 404 for anybody else (the desk's middleware has sent them to the sign-in before)."""
    if not isinstance(request.user, User) or not request.user.is_active:
        raise Http404
    return request.user


def roles(user: User, column: Column) -> frozenset[Role]:
    """The seats of the person in the column."""
    return frozenset(
        Role(role) for role in Seat.objects.filter(user=user, column=column).values_list("role", flat=True)
    )


def seats(user: User) -> dict[Column, frozenset[Role]]:
    """Every column in which the person has a seat, by title, in one query."""
    found: dict[Column, set[Role]] = {}
    for seat in Seat.objects.filter(user=user).select_related("column").order_by("column__title"):
        found.setdefault(seat.column, set()).add(Role(seat.role))
    return {column: frozenset(held) for column, held in found.items()}


def column(user: User, slug: str, allowed: frozenset[Role]) -> tuple[Column, frozenset[Role]]:
    """The column and the person's roles in it. 404 without any seat there, 403 without one of ``allowed``."""
    held = list(Seat.objects.filter(user=user, column__slug=slug).select_related("column", "column__author"))
    if not held:
        raise Http404
    mine = frozenset(Role(seat.role) for seat in held)
    if not mine & allowed:
        raise PermissionDenied
    return held[0].column, mine


def keys(request: HttpRequest) -> unlock.Vault:
    """The desk keys of the person's unlocked session."""
    return unlock.keys(request)


def letters(of: Column) -> LetterQuerySet:
    """The letters of a column. Call ``column`` first: it says whether the person may see them."""
    return Letter.objects.filter(column=of)


def among(user: User, slug: str, allowed: frozenset[Role], ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Letter]:
    """Those of ``ids`` that are letters of the column, each with what a sign of life needs; 404 or 403 as with
    ``column``. One query where one of them is: a page that stays open asks it every few seconds."""
    seats_here = Seat.objects.filter(user=user, column=OuterRef("column"), role__in=list(allowed))
    found = Letter.objects.filter(Exists(seats_here), column__slug=slug, pk__in=ids) if ids else Letter.objects.none()
    ours = {one.pk: one for one in found.only("status", "read_on")}
    if not ours:
        column(user, slug, allowed)
    return ours


def letter(of: Column, letter_id: uuid.UUID) -> Letter:
    found = letters(of).select_related("topic").filter(pk=letter_id).first()
    if found is None:
        raise Http404
    found.column = of
    return found


def colleague(of: Column, user_id: int) -> User:
    """Somebody with a seat in the column."""
    found = User.objects.filter(pk=user_id, seats__column=of).distinct().first()
    if found is None:
        raise Http404
    return found


def draft(of: Column, draft_id: uuid.UUID) -> Draft:
    found = (
        Draft.objects.filter(column=of, pk=draft_id).select_related("topic", "article", "bundle", "started_by").first()
    )
    if found is None:
        raise Http404
    found.column = of
    return found


def newest(of: Column, draft_id: uuid.UUID) -> DraftVersion:
    """The newest version of a draft of the column, and with it the draft as ``draft`` gives it, in one query."""
    rows = DraftVersion.objects.filter(draft__column=of, draft=draft_id, number=F("draft__latest"))
    found = rows.select_related("by", "draft__topic", "draft__article", "draft__bundle", "draft__started_by").first()
    if found is None:
        raise Http404
    found.draft.column = of
    return found


def need(mine: frozenset[Role], allowed: frozenset[Role]) -> None:
    """403 unless one of the person's roles is among ``allowed``."""
    if not mine & allowed:
        raise PermissionDenied
