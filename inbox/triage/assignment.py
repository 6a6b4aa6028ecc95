"""The assignment of letters to people: who is away, who can be assigned letters, and reassigning all of a person."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from columns.models import Column
from inbox.keys import opened_events
from inbox.keys.vault import Vault
from inbox.letters import undo
from inbox.models import Letter, LetterEvent, User
from inbox.models.letter import GONE
from inbox.staff import access
from inbox.workflow import AlreadyMoved, NotAllowed


def away(user: User, at: dt.datetime) -> bool:
    """Whether the person is away. On the day of their return they count as back."""
    return user.away_until is not None and user.away_until > timezone.localdate(at)


def theirs(user: User, at: dt.datetime) -> Q:
    """A condition on letters: given to this person, who is not away."""
    return Q(pk__in=[]) if away(user, at) else Q(given_to=user)


def readers(column: Column) -> list[User]:
    """The people to whom a letter of the column can be given, by name."""
    return list(access.readers(column))


def given(column: Column) -> dict[int, int]:
    """The number of letters given to each person, by the person's id; one query."""
    rows = Letter.objects.filter(column=column, given_to__isnull=False).exclude(status__in=GONE).order_by()
    return dict(rows.values_list("given_to").annotate(number=Count("pk")))


def reassign(column: Column, user: User, to: User, *, by: User, at: dt.datetime) -> list[LetterEvent]:
    """Give every letter of ``user`` to a colleague, in one transaction; returns the events, one for each letter.

    A letter that somebody else gives away or takes back at the same moment stays as they left it.
    """
    if to == user:
        raise NotAllowed(_("These letters are given to them already."))
    if to not in readers(column):
        raise NotAllowed(_("%(to)s has no seat that opens letters here.") % {"to": to})
    events = []
    with transaction.atomic():
        for letter in Letter.objects.filter(column=column, given_to=user).exclude(status__in=GONE).by_need():
            try:
                events.append(letter.mark("give", to.pk, by=by, at=at))
            except AlreadyMoved:
                continue
    return events


def undo_reassignment(
    column: Column, events: Iterable[uuid.UUID], *, by: User, at: dt.datetime, keys: Vault
) -> list[LetterEvent]:
    """Undo the ``events`` of a reassignment of ``by``, in one transaction; returns the new events.

    The events are those that ``presence.together`` remembers of the person's own acts, so that also an owner
    without keys, to whom the events do not open, takes back what they did. Each letter that was not assigned again
    since goes back to the person before. A letter that was withdrawn or erased since stays as it is.
    """
    assignments = LetterEvent.objects.filter(pk__in=list(events), verb="give", letter__column=column)
    assignments = assignments.exclude(letter__status__in=GONE)
    undone = []
    with transaction.atomic():
        given = list(assignments.select_related("letter").order_by("letter"))
        opened_events.open_events(given, keys)
        for event in given:
            event.by = event.by or by
            try:
                undone.append(undo.undo(event.letter, event, by=by, at=at))
            except AlreadyMoved:
                continue
    return undone
