"""Grouping letters before a draft answers them, and taking groups apart. No status changes and no letter is merged:
each writer keeps their receipt. Each public function is one transaction."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from inbox.editorial import bundle_store, drafts
from inbox.editorial.bundle_store import OPEN, Gathered, Open, of
from inbox.keys import opened_events
from inbox.keys.vault import Vault
from inbox.letters import undo as undo_rules
from inbox.models import Draft, Letter, LetterEvent, User
from inbox.models.keystore import remove
from inbox.models.letter import GONE
from inbox.workflow import AlreadyMoved, LetterStatus, NotAllowed, Undo

__all__ = ["VERBS", "BundleChange", "Open", "join", "lead", "of", "split", "touched", "undo"]

#: The verbs of acts on bundles in the audit trail.
VERBS = undo_rules.verbs(Undo.BUNDLE)
_BACK = frozenset(f"undo_{verb}" for verb in VERBS)


@dataclass(frozen=True)
class BundleChange:
    """The result of an act. ``events``: one for each letter, that of the chosen letter first; undo of any of them
    undoes the whole act.

    ``draft``: the draft to which the letters went instead, without events of a bundle; ``left_out``: letters that did
    not go to it, since their writers allow a private answer only.
    """

    events: list[LetterEvent] = field(default_factory=list)
    draft: Draft | None = None
    left_out: list[Letter] = field(default_factory=list)


def join(lead: Letter, others: Sequence[Letter], *, by: User, at: dt.datetime, keys: Vault) -> BundleChange:
    """Group the letters and their bundles into one bundle, led by ``lead``.

    If a draft that is being written answers ``lead``, the others are shortlisted and added to that draft.
    """
    more = list({one.pk: one for one in others if one.pk != lead.pk}.values())
    if not more:
        raise NotAllowed(_("Choose at least one other letter."))
    if any(one.column_id != lead.column_id for one in more):
        raise NotAllowed(_("Letters of two columns cannot be put together."))
    with transaction.atomic():
        found = bundle_store.lock_all(lead.column, at=at, keys=keys)
        lead.refresh_from_db(fields=["status"])
        if lead.status == LetterStatus.ANSWERING:
            return _into_draft(lead, more, found, by=by, at=at, keys=keys)
        return _together(lead, more, found, by=by, at=at)


def touched(lead: Letter, others: Iterable[Letter], *, keys: Vault) -> list[Letter]:
    """Every letter that ``join`` would group: the given ones and those of their bundles."""
    chosen = {one.pk: one for one in [lead, *others]}
    lying = of(lead.column, keys)
    beside = {pk for one in chosen if one in lying for pk in lying[one].ids} - set(chosen)
    found = Letter.objects.filter(pk__in=beside, column=lead.column_id)
    return [*chosen.values(), *(found.order_by("received_on", "pk") if beside else ())]


def split(letter: Letter, *, by: User, at: dt.datetime, keys: Vault) -> BundleChange:
    """Take the letter out of its bundle. If it was the lead, the next letter leads. A single letter left is no
    bundle."""
    with transaction.atomic():
        gathered, letters_by_id = _find(letter, bundle_store.lock_all(letter.column, at=at, keys=keys))
        rest = [one for one in _open_ids(gathered, letters_by_id) if one != str(letter.pk)]
        alone = rest if len(rest) == 1 else []
        events = _record("split", [letter, *(letters_by_id[one] for one in alone)], by=by, at=at)
        before = _group(gathered)
        gathered.letters = [] if alone else rest
        _keep(gathered, "split", events, [{**before, "past": []}], at=at)
    return BundleChange(events)


def lead(letter: Letter, *, by: User, at: dt.datetime, keys: Vault) -> BundleChange:
    """Make the letter the lead of its bundle: the edited question begins with the words of the lead."""
    with transaction.atomic():
        gathered, letters_by_id = _find(letter, bundle_store.lock_all(letter.column, at=at, keys=keys))
        open_ids = _open_ids(gathered, letters_by_id)
        if open_ids[0] == str(letter.pk):
            raise NotAllowed(_("%(label)s leads already.") % {"label": letter.label})
        events = _record("lead", [letter, letters_by_id[open_ids[0]]], by=by, at=at)
        before = _group(gathered)
        gathered.letters = [str(letter.pk), *(one for one in open_ids if one != str(letter.pk))]
        _keep(gathered, "lead", events, [{**before, "past": []}], at=at)
    return BundleChange(events)


def undo(letter: Letter, event: LetterEvent, *, by: User, at: dt.datetime, keys: Vault) -> LetterEvent:
    """Undo an act on bundles of the same person that no later act has followed; returns the event for this letter.

    The bundles of all letters concerned are restored. Raises ``NotAllowed`` or ``AlreadyMoved`` otherwise, without any
    change.
    """
    opened_events.open_events([event], keys)
    if event.by_id != by.pk:
        raise NotAllowed(_("Somebody else did that, so it is theirs to take back."))
    with transaction.atomic():
        found = bundle_store.lock_all(letter.column, at=at, keys=keys)
        gathered = next((one for one in found if one.past and str(event.pk) in one.past[-1]["events"]), None)
        if gathered is None or event.verb not in VERBS:
            raise _too_late()
        act = gathered.past[-1]
        events = list(LetterEvent.objects.filter(pk__in=act["events"]).select_related("letter"))
        if _followed(events):
            raise _too_late()
        readable = [one for one in events if one.letter.status not in GONE]
        back = {
            one.letter_id: one.letter.record(f"undo_{event.verb}", by=by, at=at, undoes=one.number) for one in readable
        }
        if letter.pk not in back:  # withdrawn or erased at this moment
            raise _too_late()
        _restore(gathered, act, at=at)
    return back[letter.pk]


def _restore(gathered: Gathered, act: dict[str, Any], *, at: dt.datetime) -> None:
    if act["verb"] != "join":
        gathered.letters, gathered.past = act["was"][0]["letters"], gathered.past[:-1]
        bundle_store.save(gathered)
        return
    groups = [group for group in act["was"] if len(group["letters"]) > 1]
    if not groups:
        remove([gathered.row])
    for number, group in enumerate(groups):
        bundle = bundle_store.new(gathered.row.column, at=at) if number else gathered
        bundle.letters, bundle.past = group["letters"], group["past"]
        bundle_store.save(bundle)


def _together(lead: Letter, more: list[Letter], found: list[Gathered], *, by: User, at: dt.datetime) -> BundleChange:
    bundles_by_letter = {one.pk: bundle_store.holding(found, one.pk) for one in [lead, *more]}
    own = bundles_by_letter[lead.pk]
    if own and all(bundles_by_letter[one.pk] is own for one in more):
        raise NotAllowed(_("These letters lie together already."))
    merged = list({bundle.row.pk: bundle for bundle in bundles_by_letter.values() if bundle}.values())
    ids = {*(str(pk) for pk in bundles_by_letter), *(one for bundle in merged for one in bundle.letters)}
    letters_by_id = _current_rows(ids, lead)
    for one in [lead, *more]:
        _must_be_open(letters_by_id.get(str(one.pk)), one)
    members: dict[str, None] = {str(lead.pk): None}
    was = []
    for one in [lead, *more]:
        bundle = bundles_by_letter[one.pk]
        group = _group(bundle) if bundle else {"letters": [str(one.pk)], "past": []}
        if group not in was:
            was.append(group)
        # a letter chosen from the middle of another bundle keeps the order of that bundle
        members |= dict.fromkeys(_open_ids(bundle, letters_by_id) if bundle else group["letters"])
    before = set(own.letters) if own else set()
    touched = [lead, *(letters_by_id[one] for one in members if one not in before and one != str(lead.pk))]
    events = _record("join", touched, by=by, at=at)
    gathered = merged[0] if merged else bundle_store.new(lead.column, at=at)
    remove(bundle.row for bundle in merged[1:])
    gathered.letters, gathered.past = list(members), []
    _keep(gathered, "join", events, was, at=at)
    return BundleChange(events)


def _into_draft(
    lead: Letter, more: list[Letter], found: list[Gathered], *, by: User, at: dt.datetime, keys: Vault
) -> BundleChange:
    draft = drafts.draft_of(lead, keys)
    if draft is None:
        raise AlreadyMoved(_("The draft that answers it has changed meanwhile."))
    draft.column = lead.column
    drafts.lock_in_writing(draft)  # before any letter, as everywhere
    whole = bundle_store.whole(more, found)
    letters_by_id = _current_rows({str(one.pk) for one in more}, lead)
    for one in more:
        _must_be_open(letters_by_id.get(str(one.pk)), one)
    newcomers = [letters_by_id.get(str(one.pk), one) for one in whole.letters]
    bundle_store.shortlist([one for one in newcomers if one.status != LetterStatus.SHORTLISTED], by=by, at=at)
    drafts.join(draft, newcomers, by=by, at=at, keys=keys)
    bundle_store.leave_out(whole.left_out, by=by, at=at)
    remove(one.row for one in whole.bundles)
    return BundleChange(draft=draft, left_out=whole.left_out)


def _find(letter: Letter, found: list[Gathered]) -> tuple[Gathered, dict[str, Letter]]:
    """The bundle of the letter, and the bundle's letters by id."""
    gathered = bundle_store.holding(found, letter.pk)
    if gathered is not None:
        letters_by_id = _current_rows(gathered.letters, letter)
        open_ids = _open_ids(gathered, letters_by_id)
        if str(letter.pk) in open_ids and len(open_ids) > 1:
            return gathered, letters_by_id
    raise NotAllowed(_("%(label)s does not lie together with others any more.") % {"label": letter.label})


def _current_rows(ids: Iterable[str], beside: Letter) -> dict[str, Letter]:
    """The current rows of the letters, by id."""
    found = {str(one.pk): one for one in Letter.objects.filter(pk__in=set(ids), column=beside.column_id)}
    for one in found.values():
        one.column = beside.column
    return found


def _open_ids(gathered: Gathered, letters_by_id: dict[str, Letter]) -> list[str]:
    return [one for one in gathered.letters if one in letters_by_id and letters_by_id[one].status in OPEN]


def _must_be_open(now: Letter | None, letter: Letter) -> None:
    if now is not None and now.status == LetterStatus.ANSWERING:
        raise NotAllowed(
            _("A draft answers %(label)s already. Open that letter, and put this one with it.")
            % {"label": letter.label}
        )
    if now is None or now.status not in OPEN:
        raise NotAllowed(
            _("%(label)s has come to its end, so it cannot be put together with others.") % {"label": letter.label}
        )


def _record(verb: str, letters: Iterable[Letter], *, by: User, at: dt.datetime) -> list[LetterEvent]:
    return [one.record(verb, by=by, at=at) for one in letters]


def _group(gathered: Gathered) -> dict[str, Any]:
    return {"letters": list(gathered.letters), "past": list(gathered.past)}


def _keep(
    gathered: Gathered, verb: str, events: list[LetterEvent], was: list[dict[str, Any]], *, at: dt.datetime
) -> None:
    """Save the bundle with one more act, which contains the state before."""
    ids = [str(one.pk) for one in events]
    gathered.past.append({"verb": verb, "events": ids, "on": timezone.localdate(at).isoformat(), "was": was})
    bundle_store.save(gathered)


def _followed(events: list[LetterEvent]) -> bool:
    """Whether another act that was not undone itself followed these events."""
    upto = {one.letter_id: one.number for one in events}
    open_: dict[uuid.UUID, int] = dict.fromkeys(upto, 0)
    later = LetterEvent.objects.filter(letter__in=upto, verb__in=VERBS | _BACK)
    for letter_id, number, verb in later.values_list("letter_id", "number", "verb"):
        if number > upto[letter_id]:
            open_[letter_id] += 1 if verb in VERBS else -1
    return any(open_.values())


def _too_late() -> AlreadyMoved:
    return AlreadyMoved(_("Letters were put together or taken apart since, so this cannot be taken back any more."))
