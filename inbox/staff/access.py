"""Access to a column and to its letters and drafts at the desk. Somebody without a seat in the column cannot tell what
exists there; a colleague without the right seat is told so."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, F, OuterRef, QuerySet

from columns.models import Column
from inbox.models import Draft, DraftVersion, Letter, Seat, User
from inbox.models.event import still_in_drafts
from inbox.models.letter import GONE, LetterQuerySet
from inbox.workflow import Role

#: Roles that read letters: an owner's seat alone opens none.
READS_LETTERS = frozenset({Role.MODERATOR, Role.AUTHOR})
READS_DRAFTS = frozenset({Role.AUTHOR, Role.REVIEWER})


class NotHere(Exception):
    """The object does not exist, or belongs to a column where the person has no seat: both get the same answer."""


@dataclass(frozen=True)
class Admission:
    """A column with the seats of a person in that column.

    ``to_forget``: whether drafts of the column may still hold words of letters that are gone
    (``editorial.drafts.forget_withdrawn``).
    """

    column: Column
    seats: frozenset[Role]
    to_forget: bool


def admit(user: User, slug: str, allowed: frozenset[Role]) -> Admission:
    """The person's admission to the column, in one query. Raises ``NotHere`` without any seat in the column, and
    ``PermissionDenied`` without one of ``allowed``."""
    held = list(_seats(user).filter(column__slug=slug).select_related("column__author"))
    if not held:
        raise NotHere
    admission = _admission(held)
    need(admission.seats, allowed)
    return admission


def readers(column: Column) -> QuerySet[User]:
    """The people whose seats open letters of the column, to whom one can be given, by name."""
    seats = Seat.objects.filter(column=column, role__in=list(READS_LETTERS), user__is_active=True)
    return User.objects.filter(pk__in=seats.values("user")).order_by("name", "pk")


def admissions(user: User) -> list[Admission]:
    """Every column in which the person has a seat, by title, in one query."""
    held: dict[int, list[Seat]] = {}
    for seat in _seats(user).order_by("column__title"):
        held.setdefault(seat.column_id, []).append(seat)
    return [_admission(seats) for seats in held.values()]


def _seats(user: User) -> QuerySet[Seat]:
    # status first: few letters are withdrawn or erased, and few of these were ever in a draft
    gone = Letter.objects.filter(still_in_drafts(), column=OuterRef("column"), status__in=GONE)
    return Seat.objects.filter(user=user).select_related("column").annotate(to_forget=Exists(gone))


def _admission(held: Sequence[Any]) -> Admission:
    return Admission(held[0].column, frozenset(Role(seat.role) for seat in held), bool(held[0].to_forget))


def letters(column: Column) -> LetterQuerySet:
    """The letters of a column. The caller has called ``admit``, which decides whether the person may see them."""
    return Letter.objects.filter(column=column)


def among(user: User, slug: str, allowed: frozenset[Role], ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Letter]:
    """The letters of the column among ``ids``, each with the fields that presence needs. Raises as ``admit``. One query
    where at least one is found: an open page asks every few seconds."""
    seats_here = Seat.objects.filter(user=user, column=OuterRef("column"), role__in=list(allowed))
    named = Letter.objects.filter(Exists(seats_here), column__slug=slug, pk__in=ids) if ids else Letter.objects.none()
    ours = {letter.pk: letter for letter in named.only("status", "read_on")}
    if not ours:
        admit(user, slug, allowed)
    return ours


def letter(column: Column, letter_id: uuid.UUID) -> Letter:
    """The letter of the column with this id. Raises ``NotHere``."""
    letter = letters(column).select_related("topic", "event_key").filter(pk=letter_id).first()
    if letter is None:
        raise NotHere
    letter.column = column
    return letter


def colleague(column: Column, user_id: int) -> User:
    """The person with this id and a seat in the column. Raises ``NotHere``."""
    user = User.objects.filter(pk=user_id, seats__column=column).distinct().first()
    if user is None:
        raise NotHere
    return user


def draft(column: Column, draft_id: uuid.UUID) -> Draft:
    """The draft of the column with this id. Raises ``NotHere``."""
    drafts = Draft.objects.filter(column=column).select_related("topic", "article", "bundle", "started_by")
    draft = drafts.filter(pk=draft_id).first()
    if draft is None:
        raise NotHere
    draft.column = column
    return draft


def newest(column: Column, draft_id: uuid.UUID) -> DraftVersion:
    """The newest version of a draft of the column, with the same draft that ``draft`` returns, in one query."""
    rows = DraftVersion.objects.filter(draft__column=column, draft=draft_id, number=F("draft__latest"))
    related = ("by", "draft__topic", "draft__article", "draft__bundle", "draft__started_by")
    version = rows.select_related(*related).first()
    if version is None:
        raise NotHere
    version.draft.column = column
    return version


def need(seats: frozenset[Role], allowed: frozenset[Role]) -> None:
    """Raise ``PermissionDenied`` unless one of the person's seats is among ``allowed``."""
    if not seats & allowed:
        raise PermissionDenied
