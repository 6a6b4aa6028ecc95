"""Storage of bundles: letters that are grouped before a draft answers them. The lists are sealed, so every function
needs keys.

A bundle without a draft seals ``letters`` (ids, the lead first) and ``past``: its acts, the newest last, each with the
state before, for undo. A bundle that was taken apart seals no letters, and its past for a few days. ``bundles`` makes
the acts; ``bundles`` and ``drafts`` read and write through this module.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import BinaryField, F, OuterRef, Subquery
from django.utils import timezone

from columns.models import Column
from columns.site_time import first_moment, month_of
from inbox.crypto import sealing
from inbox.keys.vault import Vault
from inbox.models import Bundle, Consent, Letter, Outgoing, SealedKey, User, bulk_moves, desk_recipient
from inbox.models.keystore import remove
from inbox.models.letter import GONE
from inbox.models.times.clock import believed_day
from inbox.workflow import LETTER_VERBS, LetterStatus

#: Statuses of letters in a bundle without a draft: those in which a letter can be taken out of it. A letter in another
#: status has left the bundle.
OPEN = LETTER_VERBS["split"].sources
#: How long a bundle that was taken apart can be restored by undo.
KEPT = dt.timedelta(days=7)
#: The most acts of a bundle kept for undo, with those of bundles that were merged into it.
ACTS = 24


@dataclass(frozen=True)
class Open:
    """A bundle without a draft: its id, and its letters with a status in ``OPEN``, the lead first."""

    bundle: uuid.UUID
    ids: tuple[uuid.UUID, ...]

    @property
    def lead(self) -> uuid.UUID:
        return self.ids[0]

    @property
    def others(self) -> int:
        """The number of other letters beside each letter."""
        return len(self.ids) - 1


@dataclass
class Gathered:
    """The sealed content of a bundle. Letters that have left the bundle stay listed until its next change."""

    row: Bundle
    letters: list[str]
    past: list[dict[str, Any]] = field(default_factory=list)

    def named(self) -> set[str]:
        """The ids of all letters that the content names: its letters, and those of the newest act."""
        before = [one for group in self.past[-1]["was"] for one in group["letters"]] if self.past else []
        return {*self.letters, *before}


def of(column: Column, keys: Vault) -> dict[uuid.UUID, Open]:
    """The bundles of the column without a draft, by the id of each of their letters; at most two queries.

    A bundle without any letter that still has words is deleted.
    """
    found = _read(column, keys)
    if not found:
        return {}
    named = {one for gathered in found for one in gathered.named()}
    status_by_id = {str(pk): status for pk, status in Letter.objects.filter(pk__in=named).values_list("pk", "status")}
    together: dict[uuid.UUID, Open] = {}
    for gathered in found:
        if all(status_by_id.get(one, LetterStatus.ERASED) in GONE for one in gathered.named()):
            _forget(gathered)
            continue
        ids = tuple(uuid.UUID(one) for one in gathered.letters if status_by_id.get(one) in OPEN)
        if len(ids) > 1:
            opened = Open(gathered.row.pk, ids)
            together |= {one: opened for one in ids if one not in together}
    return together


def lock_all(column: Column, *, at: dt.datetime, keys: Vault) -> list[Gathered]:
    """The bundles of the column, locked until the end of the transaction. A bundle that was taken apart longer than
    ``KEPT`` ago is deleted."""
    # an UPDATE of the column's row is the lock, since a new bundle has no row to lock; SQLite has a single writer
    Column.objects.filter(pk=column.pk).update(title=F("title"))
    kept = []
    for gathered in _read(column, keys):
        day = gathered.past[-1]["on"] if gathered.past else ""
        if not gathered.letters and day < (believed_day(at) - KEPT).isoformat():
            remove([gathered.row])
        else:
            kept.append(gathered)
    return kept


def holding(found: Iterable[Gathered], letter_id: uuid.UUID) -> Gathered | None:
    """The bundle of the letter, if there is one."""
    return next((gathered for gathered in found if str(letter_id) in gathered.letters), None)


def new(column: Column, *, at: dt.datetime) -> Gathered:
    """An unsaved bundle without letters, dated with the month alone."""
    return Gathered(Bundle(column=column, created_at=month_of(at)), [])


def save(gathered: Gathered) -> None:
    """Seal and save the bundle."""
    words = {"letters": gathered.letters, "former": [], "past": shortened(gathered.past, ACTS)}
    gathered.row.seal(words, to=[desk_recipient(gathered.row.column)])


def shortened(past: Sequence[dict[str, Any]], most: int) -> list[dict[str, Any]]:
    """The newest acts, at most ``most`` with those of merged bundles."""
    kept: list[dict[str, Any]] = []
    for act in reversed(past):
        if most < 1:
            break
        most -= 1
        groups = []
        for group in act["was"]:
            inner = shortened(group["past"], most)
            most -= acts(inner)
            groups.append({"letters": group["letters"], "past": inner})
        kept.append({**act, "was": groups})
    return kept[::-1]


def acts(past: Iterable[dict[str, Any]]) -> int:
    """The number of acts, with those of merged bundles."""
    return sum(1 + sum(acts(group["past"]) for group in act["was"]) for act in past)


@dataclass(frozen=True)
class Whole:
    """The chosen letters with the other letters of their bundles.

    ``letters``: the chosen letters, each followed by the rest of its bundle, the lead first. ``bundled``: the ids of
    letters in a bundle. ``left_out``: letters whose writers allow a private answer only. ``bundles``: their bundles.
    """

    letters: list[Letter]
    bundled: frozenset[uuid.UUID]
    left_out: list[Letter]
    bundles: list[Gathered]


def whole(chosen: Sequence[Letter], found: Sequence[Gathered]) -> Whole:
    """The letters that a draft for the chosen letters answers: each with the rest of its bundle."""
    bundles_by_letter = {one.pk: holding(found, one.pk) for one in chosen}
    named = {one for gathered in bundles_by_letter.values() if gathered for one in gathered.letters}
    rows = Letter.objects.filter(pk__in=named, status__in=OPEN).select_related("topic") if named else []
    known = {str(one.pk): one for one in rows} | {str(one.pk): one for one in chosen}
    by_hand = {one.pk for one in chosen}
    letters: dict[uuid.UUID, Letter] = {}
    left_out: list[Letter] = []
    bundled: set[uuid.UUID] = set()
    for one in chosen:
        gathered = bundles_by_letter[one.pk]
        members = [known[member] for member in (gathered.letters if gathered else [str(one.pk)]) if member in known]
        bundled |= {letter.pk for letter in members if len(members) > 1}
        for letter in members:
            if letter.pk in letters or letter in left_out:
                continue
            letter.column = one.column
            if letter.consent == Consent.PRIVATE and letter.pk not in by_hand:
                left_out.append(letter)
            else:
                letters[letter.pk] = letter
    bundles = list({gathered.row.pk: gathered for gathered in bundles_by_letter.values() if gathered}.values())
    return Whole(list(letters.values()), frozenset(bundled), left_out, bundles)


def leave_out(letters: Iterable[Letter], *, by: User, at: dt.datetime) -> None:
    """Write the event that these letters left their bundle, whose answer will be public: theirs may not be."""
    for letter in letters:
        letter.record("left_out", by=by, at=at)


def shortlist(letters: Sequence[Letter], *, by: User, at: dt.datetime) -> None:
    """Put letters on the shortlist in the same act in which a draft begins to answer them."""
    events = bulk_moves.shortlist(letters, by=by, at=at)
    if events:
        # the day alone, as for "answer": a time would lead to the draft
        tomorrow = first_moment(timezone.localdate(at) + dt.timedelta(days=1))
        Outgoing.objects.filter(event__in=events).update(due_at=tomorrow - dt.timedelta(microseconds=1))


def _read(column: Column, keys: Vault) -> list[Gathered]:
    """Every bundle of the column without a draft that the keys open, in one query, the oldest first."""
    rows = Bundle.objects.filter(column=column, draft=None).exclude(sealed=b"")
    body = Subquery(rows.filter(pk=OuterRef("item")).values("sealed"), output_field=BinaryField())
    made = Subquery(rows.filter(pk=OuterRef("item")).values("created_at"))
    found: dict[uuid.UUID, Gathered] = {}
    held = SealedKey.objects.filter(item__in=rows.values("pk")).annotate(body=body, made=made).order_by("made", "item")
    for key in held:
        if key.key_id not in keys or key.item in found:
            continue
        sealed = bytes(key.body)
        row = Bundle(pk=key.item, column=column, created_at=key.made, sealed=sealed)
        row._state.adding = False
        try:
            data_key = sealing.open_key(row.place(), sealed, bytes(key.sealed), keys.private(key.key_id))
            words = sealing.open_body(row.place(), sealed, data_key)
        except sealing.CannotOpen:
            continue
        found[key.item] = Gathered(row, words["letters"], words.get("past", []))
    return list(found.values())


def _forget(gathered: Gathered) -> None:
    """Delete a bundle, unless it was changed since it was read."""
    with transaction.atomic():
        as_read = Bundle.objects.filter(pk=gathered.row.pk, draft=None, sealed=gathered.row.sealed)
        if as_read.update(created_at=F("created_at")):
            remove([gathered.row])
