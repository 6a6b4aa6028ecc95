"""Drafts and the letters they answer. Which letters a draft answers is sealed, so every function here needs keys."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from columns.models import Column
from inbox.crypto.sealing import CannotOpen
from inbox.editorial import bundle_store
from inbox.keys.vault import Vault
from inbox.models import Bundle, Draft, Letter, Message, User, bulk_moves, desk_recipient, erase_words
from inbox.models.event import still_in_drafts
from inbox.models.keystore import erase_all_of, remove
from inbox.models.letter import GONE
from inbox.models.sealed_kind import EndsWith
from inbox.workflow import DraftStatus, LetterStatus, NotAllowed

#: Drafts whose letters are being answered.
_AT_WORK = frozenset({DraftStatus.WRITING, DraftStatus.IN_REVIEW, DraftStatus.APPROVED})
#: Where letters stand that come with another one by way of the shortlist.
_NEW = frozenset({LetterStatus.RECEIVED, LetterStatus.HELD})


@dataclass(frozen=True)
class Begun:
    """A new draft, and the letters that lay with its own but may be answered privately alone, so they are left out."""

    draft: Draft
    left_out: list[Letter]

    @property
    def said(self) -> str:
        """What is to be said of those that were left out; empty where there are none."""
        if not self.left_out:
            return ""
        names = ", ".join(one.label for one in self.left_out)
        return _("Left out, since a private answer is all that is allowed: %(names)s. Answer privately there.") % {
            "names": names
        }


def start(column: Column, letters: Sequence[Letter], *, by: User, at: dt.datetime, keys: Vault) -> Draft:
    """``begin``, for those who know that the letters lie in no bundle."""
    return begin(column, letters, by=by, at=at, keys=keys).draft


def begin(column: Column, letters: Sequence[Letter], *, by: User, at: dt.datetime, keys: Vault) -> Begun:
    """A new draft that answers the letters, the first of them leading. The edited question begins as a copy of it.

    A letter that lies together with others brings them along, in the order of their bundle, from wherever they stand;
    only what may be answered privately alone is left out. Their bundle is the draft's from then on.
    """
    if not letters:
        raise NotAllowed(_("Choose at least one letter to answer."))
    with transaction.atomic():
        found = bundle_store.whole(letters, bundle_store.hold(column, at=at, keys=keys))
        lead = found.letters[0]
        new = [letter for letter in found.letters if letter.pk in found.bundled and letter.status in _NEW]
        bundle_store.shortlist(new, by=by, at=at)
        bulk_moves.answer(found.letters, by=by, at=at)
        bundle_store.leave_out(found.left_out, by=by, at=at)
        words = keys.open(lead)
        bundle = found.bundles[0].row if found.bundles else Bundle(column=column, created_at=at)
        remove(one.row for one in found.bundles[1:])
        _reseal(bundle, [letter.pk for letter in found.letters], former=[])
        draft = Draft.objects.create(
            column=column,
            bundle=bundle,
            topic=lead.topic,
            care=any(letter.urgent for letter in found.letters),
            started_by=by,
            started_at=at,
            saved_at=at,
            quiet_since=at.date(),
        )
        draft.save_version(
            {"question": str(words["text"]), "pen_name": str(words["pen_name"])[:80]}, by=by, at=at, base=0
        )
    return Begun(draft, found.left_out)


def letter_ids(bundle: Bundle, keys: Vault) -> list[uuid.UUID]:
    """The letters of a bundle, the lead first."""
    return _members(bundle, keys)[0]


def _members(bundle: Bundle, keys: Vault) -> tuple[list[uuid.UUID], list[uuid.UUID]]:
    """The letters of a bundle, the lead first, and those that its draft once answered and does not any more."""
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
    """The draft that answers the letter now. Opens bundles of the column, since no readable column says it.

    Of drafts that are out, which only grow in number, those alone are opened that went out about when the letter did.
    """
    drafts = Draft.objects.filter(column=letter.column_id)
    if letter.status == LetterStatus.ANSWERING:
        drafts = drafts.filter(status__in=_AT_WORK)
    elif letter.status == LetterStatus.PUBLISHED:
        out = letter.events.filter(verb="publish").order_by("number").last()
        if out is None:
            return None
        day = dt.datetime.combine(out.on, dt.time(), tzinfo=dt.UTC)
        around = (day - dt.timedelta(days=1), day + dt.timedelta(days=2))
        drafts = drafts.filter(events__verb__in=["publish", "schedule"], events__at__range=around).distinct()
    else:
        return None
    by_bundle = {draft.bundle_id: draft for draft in drafts.select_related("bundle", "article")}
    for bundle_id, words in keys.open_many(draft.bundle for draft in by_bundle.values()).items():
        if str(letter.pk) in words["letters"]:
            return by_bundle[bundle_id]
    return None


def join(draft: Draft, more: Sequence[Letter], *, by: User, at: dt.datetime, keys: Vault) -> None:
    """Let the draft answer more letters. They must be shortlisted, and the draft must be in writing."""
    with transaction.atomic():
        _hold_in_writing(draft, care=draft.care or any(letter.urgent for letter in more))
        bulk_moves.answer(more, by=by, at=at)
        added = [letter.pk for letter in more]
        ids, former = _members(draft.bundle, keys)
        _reseal(draft.bundle, [*ids, *added], former=[one for one in former if one not in added])


def take_out(draft: Draft, letter: Letter, *, by: User, at: dt.datetime, keys: Vault) -> None:
    """Take a letter out of the draft; it goes back to the shortlist. The last one stays: then shelve the draft."""
    with transaction.atomic():
        _hold_in_writing(draft)
        ids, former = _members(draft.bundle, keys)
        if letter.pk not in ids:
            raise NotAllowed(_("This draft does not answer that letter."))
        if len(ids) == 1:
            raise NotAllowed(_("A draft answers at least one letter. Shelve the draft instead."))
        if letter.status == LetterStatus.ANSWERING:
            bulk_moves.unanswer([letter], by=by, at=at)
        _let_go(draft.bundle, letter.pk, ids, former)


def leave(letter: Letter, *, by: User, at: dt.datetime, keys: Vault) -> None:
    """The letter leaves the draft that answers it without changing where it stands; a draft left empty is shelved."""
    draft = draft_of(letter, keys)
    if draft is None:
        return
    with transaction.atomic():
        _hold_in_writing(draft)
        ids, former = _members(draft.bundle, keys)
        if ids == [letter.pk]:
            draft.shelve(by=by, at=at)
        else:
            _let_go(draft.bundle, letter.pk, ids, former)


def come_back(letter: Letter, *, by: User, at: dt.datetime, keys: Vault) -> None:
    """The way back from ``leave``: the letter stands as answered again, so its draft holds it again, off the shelf."""
    drafts = Draft.objects.filter(column=letter.column_id, status__in=[*_AT_WORK, DraftStatus.SHELVED])
    by_bundle = {draft.bundle_id: draft for draft in drafts.select_related("bundle")}
    for bundle_id, words in keys.open_many(draft.bundle for draft in by_bundle.values()).items():
        draft = by_bundle[bundle_id]
        if draft.status == DraftStatus.SHELVED and words["letters"] == [str(letter.pk)]:
            draft.unshelve(by=by, at=at)
            return
        if draft.status != DraftStatus.SHELVED and str(letter.pk) in words.get("former", []):
            _hold_in_writing(draft)
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
    """Take the draft up again, with those of its letters that are still on the shortlist; one at least must be."""
    with transaction.atomic():
        draft.unshelve(by=by, at=at)
        back = keep_only(draft, LetterStatus.SHORTLISTED, keys)
        if not back:
            raise NotAllowed(_("None of its letters is on the shortlist any more, so there is nothing left to answer."))
        bulk_moves.answer(back, by=by, at=at)


def keep_only(draft: Draft, status: LetterStatus, keys: Vault) -> list[Letter]:
    """Let go of the draft's letters that do not stand there any more; returns the others. Part of a move's
    transaction, which takes all of it back where none is left."""
    ids, former = _members(draft.bundle, keys)
    back = [letter for letter in _letters(draft, ids) if letter.status == status]
    still = [letter.pk for letter in back]
    _reseal(draft.bundle, still, former=[*former, *(one for one in ids if one not in still)])
    return back


def forget_withdrawn(column: Column, *, at: dt.datetime, keys: Vault) -> int:
    """Erase from the column's drafts what they copied from letters whose words are erased; returns how many letters
    are forgotten by that. One query where there are none.

    A withdrawal happens where no key of the desk is, so it cannot know which draft holds the letter's words. So whoever
    shows, sends or writes down words of drafts or of shown questions calls this first: the guard before each page of
    the desk, and each function that opens such words. All versions and remarks of such a draft are erased; what the
    author wrote themselves (headline, standfirst, answer) begins a new version, with the question empty.

    A letter that is found in none of the drafts that ``keys`` open, while they do not open all of them, goes on
    waiting for somebody whose keys do.
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
    """Erase what writers were shown of questions that answered a letter which is gone too, whatever became of the
    draft: one whose time was over says no more which letters it answered. Returns whether the keys opened all."""
    shown = list(Message.objects.filter(letter__column=column, kind=Message.Kind.PROOF).exclude(sealed=b""))
    opened = keys.open_many(shown)
    made_of = [pk for pk, words in opened.items() if gone & set(words.get("beside", ()))]
    erase_words(Message.objects.filter(pk__in=made_of))
    return len(opened) == len(shown)


def _forget(draft: Draft, *, at: dt.datetime, keys: Vault) -> None:
    newest = draft.newest()
    try:
        own = keys.open(newest) | {"question": "", "pen_name": "", "content_note": ""}
    except CannotOpen:  # erased already: there is nothing of the author's own to keep
        own = {}
    erase_all_of(draft, EndsWith.DRAFT, copied_only=True)
    # what another letter's writer was shown of the question was made of the words that are gone, too
    ids, former = _members(draft.bundle, keys)
    erase_words(Message.objects.filter(letter__in=[*ids, *former], kind=Message.Kind.PROOF))
    # a writer took their letter back shortly before: the draft says on which day, and no more
    day = draft.day(at)
    if draft.status in (DraftStatus.IN_REVIEW, DraftStatus.APPROVED):
        draft.edit(by=None, at=day)
    draft.begin_again(own, by=newest.by, at=day)


def _hold_in_writing(draft: Draft, *, care: bool | None = None) -> None:
    """Make sure, in this transaction, that the draft is being written and stays so until its end, and read its letters
    afresh. On PostgreSQL the UPDATE holds the row; on SQLite there is one writer."""
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
