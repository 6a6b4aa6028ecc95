"""Drafts and the letters they answer. The list of letters is sealed, so every function here needs keys."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from columns.models import Column
from columns.site_time import day_of, first_moment, month_of
from columns.templatetags.lists import listed
from columns.text import prose
from inbox.crypto.sealing import CannotOpen
from inbox.editorial import bundle_store
from inbox.keys import opened_events
from inbox.keys.vault import Vault
from inbox.models import Bundle, Draft, Letter, Message, User, bulk_moves, desk_recipient, erase_words
from inbox.models.event import still_in_drafts
from inbox.models.keystore import erase_all_of, remove
from inbox.models.letter import GONE
from inbox.models.sealed_kind import EndsWith
from inbox.workflow import AT_WORK, LETTER_MOVES, DraftStatus, LetterStatus, NotAllowed

#: Statuses of letters that are shortlisted when the rest of their bundle goes to a draft.
_NEW = LETTER_MOVES["shortlist"].sources


@dataclass(frozen=True)
class Begun:
    """A new draft, and the letters of the bundles that were left out since they may only be answered privately."""

    draft: Draft
    left_out: list[Letter]

    @property
    def said(self) -> str:
        """A sentence about the letters left out; "" where there are none."""
        if not self.left_out:
            return ""
        names = listed(letter.label for letter in self.left_out)
        return _("Left out, since a private answer is all that is allowed: %(names)s. Answer privately there.") % {
            "names": names
        }


def start(column: Column, letters: Sequence[Letter], *, by: User, at: dt.datetime, keys: Vault) -> Draft:
    """``begin`` for letters that are in no bundle; returns the draft."""
    return begin(column, letters, by=by, at=at, keys=keys).draft


def begin(column: Column, letters: Sequence[Letter], *, by: User, at: dt.datetime, keys: Vault) -> Begun:
    """A new draft that answers the letters, the first of them leading. The edited question begins as a copy of it.

    The other letters of a bundle come along, in the order of the bundle and from any open status; letters that may only
    be answered privately are left out. The bundle then belongs to the draft.
    """
    if not letters:
        raise NotAllowed(_("Choose at least one letter to answer."))
    with transaction.atomic():
        found = bundle_store.whole(letters, bundle_store.lock_all(column, at=at, keys=keys))
        lead = found.letters[0]
        new = [letter for letter in found.letters if letter.pk in found.bundled and letter.status in _NEW]
        bundle_store.shortlist(new, by=by, at=at)
        bulk_moves.answer(found.letters, by=by, at=at)
        bundle_store.leave_out(found.left_out, by=by, at=at)
        said = Message.objects.filter(letter__in=found.letters).exclude(kind=Message.Kind.ADDRESS)
        opened = keys.open_many([*found.letters, *said])
        words = opened.get(lead.pk) or keys.open(lead)  # which raises
        bundle = found.bundles[0].row if found.bundles else Bundle(column=column, created_at=month_of(at))
        remove(one.row for one in found.bundles[1:])
        _reseal(bundle, [letter.pk for letter in found.letters], former=[])
        draft = Draft.objects.create(
            column=column,
            bundle=bundle,
            topic=lead.topic,
            care=any(bool(letter.need) for letter in found.letters),
            started_by=by,
            started_at=day_of(at),
            saved_at=day_of(at),
            quiet_since=timezone.localdate(at),
        )
        noticed = concerns_of(opened.values())
        draft.save_version(
            {
                "question": prose.from_plain(str(words["text"])),
                "pen_name": str(words["pen_name"])[:80],
                "help_kinds": noticed,  # proposed: the author decides
            },
            by=by,
            at=at,
            base=0,
            kinds=noticed,
        )
    return Begun(draft, found.left_out)


def concerns_of(payloads: Iterable[Mapping[str, Any]]) -> list[str]:
    """The kinds of concern in letters and messages, sorted. ``payloads``: their opened content."""
    return sorted({str(kind) for payload in payloads for kind in payload.get("concerns", ())})


def letter_ids(bundle: Bundle, keys: Vault) -> list[uuid.UUID]:
    """The letters of a bundle, the lead first."""
    return _members(bundle, keys)[0]


def _members(bundle: Bundle, keys: Vault) -> tuple[list[uuid.UUID], list[uuid.UUID]]:
    """The letters of a bundle, the lead first, and those that its draft no longer answers. A bundle that was sealed
    anew since it was read is read again."""
    try:
        words = keys.open(bundle)
    except CannotOpen:
        bundle.refresh_from_db()
        words = keys.open(bundle)
    return [uuid.UUID(one) for one in words["letters"]], [uuid.UUID(one) for one in words.get("former", [])]


def letters(draft: Draft, keys: Vault) -> list[Letter]:
    """The letters that the draft answers, the lead first."""
    return _letters(draft, letter_ids(draft.bundle, keys))


def _letters(draft: Draft, ids: list[uuid.UUID]) -> list[Letter]:
    found = {letter.pk: letter for letter in Letter.objects.filter(pk__in=ids).select_related("topic")}
    for letter in found.values():
        letter.column = draft.column
    return [found[one] for one in ids if one in found]


def draft_of(letter: Letter, keys: Vault) -> Draft | None:
    """The draft that answers the letter, if any. Bundles of the column must be opened, since no readable field has
    this.

    Of published drafts, whose number only grows, those alone are opened that were published near the letter's date.
    """
    drafts = Draft.objects.filter(column=letter.column_id)
    if letter.status == LetterStatus.ANSWERING:
        drafts = drafts.filter(status__in=AT_WORK)
    elif letter.status == LetterStatus.PUBLISHED:
        out = letter.events.filter(verb="publish").order_by("number").last()
        if out is None:
            return None
        opened_events.open_events([out], keys)
        day = first_moment(out.on)
        # an event that no key opens has only its month
        around = (day - dt.timedelta(days=1), day + dt.timedelta(days=32 if out.sealed else 2))
        drafts = drafts.filter(events__verb__in=["publish", "schedule"], events__at__range=around).distinct()
    else:
        return None
    by_bundle = {draft.bundle_id: draft for draft in drafts.select_related("bundle", "article")}
    for bundle_id, words in keys.open_many(draft.bundle for draft in by_bundle.values()).items():
        if str(letter.pk) in words["letters"]:
            return by_bundle[bundle_id]
    return None


def join(draft: Draft, more: Sequence[Letter], *, by: User, at: dt.datetime, keys: Vault) -> None:
    """Add letters to the draft. They must be shortlisted, and the draft must have status WRITING."""
    with transaction.atomic():
        lock_in_writing(draft, care=draft.care or any(bool(letter.need) for letter in more))
        bulk_moves.answer(more, by=by, at=at)
        added = [letter.pk for letter in more]
        ids, former = _members(draft.bundle, keys)
        _reseal(draft.bundle, [*ids, *added], former=[one for one in former if one not in added])


def take_out(draft: Draft, letter: Letter, *, by: User, at: dt.datetime, keys: Vault) -> None:
    """Take a letter out of the draft, back to the shortlist. Refused for the last letter: shelve the draft instead."""
    with transaction.atomic():
        lock_in_writing(draft)
        ids, former = _members(draft.bundle, keys)
        if letter.pk not in ids:
            raise NotAllowed(_("This draft does not answer that letter."))
        if len(ids) == 1:
            raise NotAllowed(_("A draft answers at least one letter. Shelve the draft instead."))
        if letter.status == LetterStatus.ANSWERING:
            bulk_moves.unanswer([letter], by=by, at=at)
        _let_go(draft.bundle, letter.pk, ids, former)


def leave(letter: Letter, *, by: User, at: dt.datetime, keys: Vault) -> None:
    """Take the letter out of its draft without a change of the letter's status; an empty draft is shelved."""
    draft = draft_of(letter, keys)
    if draft is None:
        return
    with transaction.atomic():
        lock_in_writing(draft)
        ids, former = _members(draft.bundle, keys)
        if ids == [letter.pk]:
            draft.shelve(by=by, at=at)
        else:
            _let_go(draft.bundle, letter.pk, ids, former)


def come_back(letter: Letter, *, by: User, at: dt.datetime, keys: Vault) -> None:
    """Undo ``leave``: the letter, which has the status ANSWERING again, returns to its draft, which is unshelved."""
    drafts = Draft.objects.filter(column=letter.column_id, status__in=[*AT_WORK, DraftStatus.SHELVED])
    by_bundle = {draft.bundle_id: draft for draft in drafts.select_related("bundle")}
    for bundle_id, words in keys.open_many(draft.bundle for draft in by_bundle.values()).items():
        draft = by_bundle[bundle_id]
        if draft.status == DraftStatus.SHELVED and words["letters"] == [str(letter.pk)]:
            draft.unshelve(by=by, at=at)
            return
        if draft.status != DraftStatus.SHELVED and str(letter.pk) in words.get("former", []):
            lock_in_writing(draft)
            ids, former = _members(draft.bundle, keys)
            _reseal(draft.bundle, [*ids, letter.pk], former=[one for one in former if one != letter.pk])
            return
    raise NotAllowed(_("The draft that it belonged to has gone on without it. Answer it anew."))


def shelve(draft: Draft, *, by: User, at: dt.datetime, keys: Vault) -> None:
    """Put the draft aside; its letters go back to the shortlist."""
    with transaction.atomic():
        draft.shelve(by=by, at=at)
        answered = [letter for letter in letters(draft, keys) if letter.status == LetterStatus.ANSWERING]
        bulk_moves.unanswer(answered, by=by, at=at)


def unshelve(draft: Draft, *, by: User, at: dt.datetime, keys: Vault) -> None:
    """Return the draft to writing with those of its letters that are still shortlisted; at least one must be."""
    with transaction.atomic():
        draft.unshelve(by=by, at=at)
        back = keep_only(draft, LetterStatus.SHORTLISTED, keys)
        if not back:
            raise NotAllowed(_("None of its letters is on the shortlist any more, so there is nothing left to answer."))
        bulk_moves.answer(back, by=by, at=at)


def keep_only(draft: Draft, status: LetterStatus, keys: Vault) -> list[Letter]:
    """Remove the draft's letters without this status; returns the others. Part of the transaction of a move, which is
    rolled back where no letter is left."""
    ids, former = _members(draft.bundle, keys)
    back = [letter for letter in _letters(draft, ids) if letter.status == status]
    still = [letter.pk for letter in back]
    _reseal(draft.bundle, still, former=[*former, *(one for one in ids if one not in still)])
    return back


def forget_withdrawn(column: Column, *, at: dt.datetime, keys: Vault) -> int:
    """Erase from the column's drafts the words copied from letters whose words are erased; returns the number of such
    letters. One query where there are none.

    A withdrawal is made without a key of the desk, so it cannot find the draft with the letter's words. Therefore this
    function is called before words of drafts or of shown questions are shown, sent or exported: by the guard before
    each page of the desk, and by each function that opens such words. All versions and remarks of the draft are erased;
    the author's own fields (headline, standfirst, answer) begin a new version, with an empty question and no kinds of
    help lines.

    Where ``keys`` do not open all drafts and the letter is in none of the opened ones, it stays marked for somebody
    whose keys do.
    """
    waiting = Letter.objects.filter(still_in_drafts(), column=column, status__in=GONE)
    gone = {str(letter.pk): letter for letter in waiting}
    if not gone:
        return 0
    drafts = {draft.bundle_id: draft for draft in Draft.objects.filter(column=column).select_related("bundle")}
    bundles = [draft.bundle for draft in drafts.values() if draft.bundle.sealed]
    with transaction.atomic():
        opened, found = keys.open_many(bundles), set[str]()
        for bundle_id, words in opened.items():
            if held := gone.keys() & {*words["letters"], *words.get("former", [])}:
                draft = drafts[bundle_id]
                draft.column = column
                _forget(draft, at=at, keys=keys)
                found |= held
        all_shown = _forget_shown(column, gone.keys(), keys)
        if len(opened) == len(bundles) and all_shown:
            found = set(gone)
        for one in found:
            gone[one].forget(at=at)
    return len(found)


def _forget_shown(column: Column, gone: Set[str], keys: Vault) -> bool:
    """Erase messages with an edited question that was also made of one of the ``gone`` letters, in any status of the
    draft (an erased draft no longer has its list of letters). Returns whether the keys opened all."""
    shown = list(Message.objects.filter(letter__column=column, kind=Message.Kind.APPROVAL).exclude(sealed=b""))
    opened = keys.open_many(shown)
    made_of = [pk for pk, words in opened.items() if gone & set(words.get("beside", ()))]
    erase_words(Message.objects.filter(pk__in=made_of))
    return len(opened) == len(shown)


def _forget(draft: Draft, *, at: dt.datetime, keys: Vault) -> None:
    newest = draft.newest()
    try:
        own = keys.open(newest) | {"question": "", "pen_name": "", "content_note": "", "help_kinds": []}
    except CannotOpen:  # erased already: no fields of the author to keep
        own = {}
    erase_all_of(draft, EndsWith.DRAFT, copied_only=True)
    # edited questions shown to other writers were made of the erased words too
    ids, former = _members(draft.bundle, keys)
    erase_words(Message.objects.filter(letter__in=[*ids, *former], kind=Message.Kind.APPROVAL))
    if draft.status in (DraftStatus.IN_REVIEW, DraftStatus.APPROVED):
        draft.edit(by=None, at=at)
    draft.begin_again(own, by=newest.by, at=at)


def lock_in_writing(draft: Draft, *, care: bool | None = None) -> None:
    """Check that the draft has status WRITING, and lock it until the end of the transaction. On PostgreSQL the UPDATE
    locks the row; SQLite has a single writer."""
    fields: dict[str, object] = {"latest": F("latest")} if care is None else {"care": care}
    if not Draft.objects.filter(pk=draft.pk, status=DraftStatus.WRITING).update(**fields):
        raise NotAllowed(_("The draft that answers it is not being written now. Choose “Edit again” there first."))
    draft.bundle.refresh_from_db()
    if care is not None:
        draft.care = care


def _let_go(bundle: Bundle, letter_id: uuid.UUID, ids: list[uuid.UUID], former: list[uuid.UUID]) -> None:
    _reseal(bundle, [one for one in ids if one != letter_id], former=[*former, letter_id])


def _reseal(bundle: Bundle, ids: Iterable[uuid.UUID], *, former: Iterable[uuid.UUID]) -> None:
    words = {"letters": [str(one) for one in ids], "former": [str(one) for one in dict.fromkeys(former)]}
    bundle.seal(words, to=[desk_recipient(bundle.column)])
