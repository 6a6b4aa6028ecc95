"""The seats of a column: who has which, changing them, leaving. Each act is one transaction with its event."""

from __future__ import annotations

import datetime as dt

from django.db import models, transaction
from django.utils.translation import gettext as _

from columns.models import Column
from inbox.keys import keyring
from inbox.models import ColumnEvent, Letter, Seat, User
from inbox.models.letter import GONE
from inbox.staff import access
from inbox.workflow import MoveRefused, NotAllowed, Role


def set_seats(user: User, column: Column, roles: frozenset[Role], *, by: User, at: dt.datetime) -> None:
    """Set the person's seats in the column to exactly these roles; no role ends their work in the column.

    With the last seat that needs keys the person loses the keys (``keyring.revoke``), and with the last seat that opens
    letters the letters given to them are everybody's again, each with its event. Raises ``NotAllowed`` where the
    column would have no owner.
    """
    with transaction.atomic():
        Column.objects.select_for_update(no_key=True).get(pk=column.pk)  # the column first, as in keyring
        before = frozenset(Role(role) for role in _seats(user, column).values_list("role", flat=True))
        if before == roles:
            return
        _seats(user, column).exclude(role__in=list(roles)).delete()
        for role in roles - before:
            Seat.objects.create(user=user, column=column, role=role)
        if not Seat.objects.filter(column=column, role=Role.OWNER, user__is_active=True).exists():
            raise NotAllowed(_("A column needs an owner. Make somebody else an owner first."))
        now = ", ".join(sorted(roles)) or "none"
        ColumnEvent.write(column, "set_seats", by=by, at=at, about=f"{user}: {now}")
        keyring.revoke(column, user, by=by, at=at)
        if not roles & access.READS_LETTERS:
            _take_letters(user, column, by=by, at=at)


def _take_letters(user: User, column: Column, *, by: User, at: dt.datetime) -> None:
    for letter in Letter.objects.filter(column=column, given_to=user).exclude(status__in=GONE):
        try:
            letter.mark("give", None, by=by, at=at)
        except MoveRefused:  # given to somebody else, or withdrawn, at the same moment
            continue


def _seats(user: User, column: Column) -> models.QuerySet[Seat]:
    return Seat.objects.filter(user=user, column=column)


def people(column: Column) -> list[tuple[User, frozenset[Role]]]:
    """Everybody with a seat in the column, by name, and their roles, in one query."""
    found: dict[User, set[Role]] = {}
    for seat in Seat.objects.filter(column=column).select_related("user").order_by("user__name", "user_id"):
        found.setdefault(seat.user, set()).add(Role(seat.role))
    return [(user, frozenset(roles)) for user, roles in found.items()]
