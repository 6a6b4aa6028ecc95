"""Who may be where at the desk, and what they find there. A stranger to a column learns nothing of what exists; a
colleague without the seat is told so."""

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

#: Who reads letters: the owner's seat alone opens none.
READS_LETTERS = frozenset({Role.MODERATOR, Role.AUTHOR})
READS_DRAFTS = frozenset({Role.AUTHOR, Role.REVIEWER})


class NotHere(Exception):
    """There is no such thing, or it is of a column at which the person has no seat: both are answered alike."""


@dataclass(frozen=True)
class Admission:
    """A column with the seats that the person has there.

    ``to_forget``: whether drafts of the column may still hold words of letters that are gone
    (``editorial.drafts.forget_withdrawn``).
    """

    column: Column
    seats: frozenset[Role]
    to_forget: bool


def admit(user: User, slug: str, allowed: frozenset[Role]) -> Admission:
    """Let the person into the column, in one query. ``NotHere`` without any seat there, ``PermissionDenied`` without
    one of ``allowed``."""
    held = list(_seats(user).filter(column__slug=slug).select_related("column__author"))
    if not held:
        raise NotHere
    admission = _admission(held)
    need(admission.seats, allowed)
    return admission


def admissions(user: User) -> list[Admission]:
    """Every column in which the person has a seat, by title, in one query."""
    held: dict[int, list[Seat]] = {}
    for seat in _seats(user).order_by("column__title"):
        held.setdefault(seat.column_id, []).append(seat)
    return [_admission(seats) for seats in held.values()]


def _seats(user: User) -> QuerySet[Seat]:
    # by status first: few letters are gone, and of these few were ever in a draft
    gone = Letter.objects.filter(still_in_drafts(), column=OuterRef("column"), status__in=GONE)
    return Seat.objects.filter(user=user).select_related("column").annotate(to_forget=Exists(gone))


def _admission(held: Sequence[Any]) -> Admission:
    return Admission(held[0].column, frozenset(Role(seat.role) for seat in held), bool(held[0].to_forget))


def letters(column: Column) -> LetterQuerySet:
    """The letters of a column. Call ``admit`` first: it says whether the person may see them."""
    return Letter.objects.filter(column=column)


def among(user: User, slug: str, allowed: frozenset[Role], ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Letter]:
    """Those of ``ids`` that are letters of the column, each with what a sign of life needs; otherwise refused as by
    ``admit``. One query where one of them is: a page that stays open asks it every few seconds."""
    seats_here = Seat.objects.filter(user=user, column=OuterRef("column"), role__in=list(allowed))
    named = Letter.objects.filter(Exists(seats_here), column__slug=slug, pk__in=ids) if ids else Letter.objects.none()
    ours = {letter.pk: letter for letter in named.only("status", "read_on")}
    if not ours:
        admit(user, slug, allowed)
    return ours


def letter(column: Column, letter_id: uuid.UUID) -> Letter:
    """The letter of the column; ``NotHere`` where it has none of this id."""
    letter = letters(column).select_related("topic").filter(pk=letter_id).first()
    if letter is None:
        raise NotHere
    letter.column = column
    return letter


def colleague(column: Column, user_id: int) -> User:
    """Somebody with a seat in the column, or ``NotHere``."""
    user = User.objects.filter(pk=user_id, seats__column=column).distinct().first()
    if user is None:
        raise NotHere
    return user


def draft(column: Column, draft_id: uuid.UUID) -> Draft:
    """The draft of the column; ``NotHere`` where it has none of this id."""
    drafts = Draft.objects.filter(column=column).select_related("topic", "article", "bundle", "started_by")
    draft = drafts.filter(pk=draft_id).first()
    if draft is None:
        raise NotHere
    draft.column = column
    return draft


def newest(column: Column, draft_id: uuid.UUID) -> DraftVersion:
    """The newest version of a draft of the column, and with it the draft as ``draft`` gives it, in one query."""
    rows = DraftVersion.objects.filter(draft__column=column, draft=draft_id, number=F("draft__latest"))
    related = ("by", "draft__topic", "draft__article", "draft__bundle", "draft__started_by")
    version = rows.select_related(*related).first()
    if version is None:
        raise NotHere
    version.draft.column = column
    return version


def need(seats: frozenset[Role], allowed: frozenset[Role]) -> None:
    """``PermissionDenied`` unless one of the person's seats is among ``allowed``."""
    if not seats & allowed:
        raise PermissionDenied
