"""The acts on the care cards of a column: its owner confirms or changes each, and a second reader confirms a change.
Each act is one transaction with its event. A refusal raises ``MoveRefused``, without any change."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from columns import language
from columns.models import CareCard, Column
from inbox.letters.care import cards
from inbox.letters.care.cards import CareWords
from inbox.letters.care.texts import CARDS, CareText
from inbox.models import ColumnEvent, User
from inbox.workflow import AlreadyMoved, NotAllowed

#: The most words of a card before its help lines.
MOST_WORDS = 90
_ELSEWHERE = gettext_lazy("Somebody else has changed this card since you opened the page.")


@dataclass(frozen=True)
class CardState:
    """A card of a column: as it ships, as it is shown, and the change that waits for a second reader."""

    ships: CareText
    shown: CareWords
    row: CareCard
    waiting: CareWords | None

    @property
    def confirmed(self) -> bool:
        """Whether somebody has confirmed the words that are shown now."""
        return self.row.sha256 == self.shown.sha256

    @property
    def own(self) -> bool:
        """Whether the column shows words of its own."""
        return bool(self.row.text)


def states(column: Column) -> list[CardState]:
    """Every card, the one that cannot wait first, in the language of the column."""
    rows = {row.kind: row for row in column.care_cards.select_related("changed_by", "confirmed_by")}
    with language.of(column):
        return [_state(rows.get(kind) or CareCard(column=column, kind=kind), text) for kind, text in CARDS.items()]


def _state(row: CareCard, text: CareText) -> CardState:
    shown, waiting = cards.words(row, text), None
    if row.new_text:
        waiting = CareWords(text.kind, row.new_heading, row.new_text, shown.named)
    return CardState(text, shown, row, waiting)


def unconfirmed(column: Column) -> list[CardState]:
    """The cards whose words nobody has confirmed as they are now."""
    return [one for one in states(column) if not one.confirmed]


def waiting(column: Column) -> int:
    """The number of changes that wait for a second reader."""
    return column.care_cards.exclude(new_text="").count()


def confirm(column: Column, kind: str, *, seen: str, by: User, at: dt.datetime) -> None:
    """The owner confirms the words that are shown. ``seen``: the hash of those that the person saw."""
    with transaction.atomic():
        state = _in_turn(column, kind)
        if state.shown.sha256 != seen:
            raise AlreadyMoved(_ELSEWHERE)
        _keep(state.row, sha256=seen, confirmed_by=by, confirmed_on=timezone.localdate(at))
        ColumnEvent.write(column, "confirm_care_card", by=by, at=at, about=kind)


def change(column: Column, kind: str, heading: str, text: str, *, by: User, at: dt.datetime) -> None:
    """Write other words for a card. They wait for a second reader; until then the card stays as it is."""
    with transaction.atomic():
        state = _in_turn(column, kind)
        if (heading, text) == (state.shown.heading, state.shown.text):
            raise NotAllowed(_("These are the words that the card has already."))
        _keep(state.row, new_heading=heading, new_text=text, changed_by=by, changed_on=timezone.localdate(at))
        ColumnEvent.write(column, "change_care_card", by=by, at=at, about=kind)


def accept(column: Column, kind: str, *, seen: str, by: User, at: dt.datetime) -> None:
    """A second reader confirms a change, which is shown from then on. ``seen``: the hash of what the person read."""
    with transaction.atomic():
        state = _in_turn(column, kind)
        if state.waiting is None or state.waiting.sha256 != seen:
            raise AlreadyMoved(_ELSEWHERE)
        if state.row.changed_by_id == by.pk:
            raise NotAllowed(_("You wrote this change yourself. Somebody else with the seat of a reviewer reads it."))
        with language.of(column):
            shipped = cards.ships(state.ships)
        # words that are the same as those that ship follow them from then on
        same = (state.waiting.heading, state.waiting.text) == (shipped.heading, shipped.text)
        own = ("", "") if same else (state.waiting.heading, state.waiting.text)
        _keep(
            state.row,
            heading=own[0],
            text=own[1],
            new_heading="",
            new_text="",
            sha256=seen,
            confirmed_by=by,
            confirmed_on=timezone.localdate(at),
        )
        ColumnEvent.write(column, "accept_care_card", by=by, at=at, about=kind)


def drop(column: Column, kind: str, *, by: User, at: dt.datetime) -> None:
    """Drop a change that waits for a second reader."""
    with transaction.atomic():
        state = _in_turn(column, kind)
        if state.waiting is None:
            raise AlreadyMoved(_ELSEWHERE)
        _keep(state.row, new_heading="", new_text="")
        ColumnEvent.write(column, "drop_care_card", by=by, at=at, about=kind)


def _in_turn(column: Column, kind: str) -> CardState:
    """The state of a card, after the column's row was locked by an UPDATE, so that acts run one after the other."""
    Column.objects.filter(pk=column.pk).update(slug=F("slug"))
    return next(one for one in states(Column.objects.get(pk=column.pk)) if one.ships.kind == kind)


def _keep(row: CareCard, **fields: object) -> None:
    CareCard.objects.update_or_create(column_id=row.column_id, kind=row.kind, defaults=fields)
