"""Drafts and the letters they answer. Which letters a draft answers is sealed, so every function here needs keys."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence

from django.db import transaction

from columns.models import Column
from inbox.models import Bundle, Draft, Letter, User, desk_recipient
from inbox.vault import Vault
from inbox.workflow import DraftStatus, LetterStatus, NotAllowed

#: Drafts whose letters are being answered.
_AT_WORK = frozenset({DraftStatus.WRITING, DraftStatus.IN_REVIEW, DraftStatus.APPROVED})


def start(column: Column, letters: Sequence[Letter], *, by: User, at: dt.datetime, keys: Vault) -> Draft:
    """A new draft that answers the letters, the first of them leading. The edited question begins as a copy of it."""
    if not letters:
        raise NotAllowed("Choose at least one letter to answer.")
    lead = letters[0]
    words = keys.open(lead)
    with transaction.atomic():
        for letter in letters:
            letter.answer(by=by, at=at)
        bundle = Bundle(column=column, created_at=at)
        bundle.seal({"letters": [str(letter.pk) for letter in letters]}, to=[desk_recipient(column)])
        draft = Draft.objects.create(
            column=column,
            bundle=bundle,
            topic=lead.topic,
            care=any(letter.urgent for letter in letters),
            started_by=by,
            started_at=at,
            saved_at=at,
        )
        draft.save_version(
            {"question": str(words["text"]), "pen_name": str(words["pen_name"])[:80]}, by=by, at=at, base=0
        )
    return draft


def letter_ids(bundle: Bundle, keys: Vault) -> list[uuid.UUID]:
    """The letters of a bundle, the lead first."""
    return [uuid.UUID(one) for one in keys.open(bundle)["letters"]]


def letters(draft: Draft, keys: Vault) -> list[Letter]:
    """The letters that the draft answers, the lead first."""
    ids = letter_ids(draft.bundle, keys)
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
    _must_be_writing(draft)
    with transaction.atomic():
        for letter in more:
            letter.answer(by=by, at=at)
        ids = [*letter_ids(draft.bundle, keys), *(letter.pk for letter in more)]
        _reseal(draft.bundle, ids)
        if any(letter.urgent for letter in more) and not draft.care:
            Draft.objects.filter(pk=draft.pk).update(care=True)
            draft.care = True


def take_out(draft: Draft, letter: Letter, *, by: User, at: dt.datetime, keys: Vault) -> None:
    """Take a letter out of the draft; it goes back to the shortlist. The last one stays: then shelve the draft."""
    _must_be_writing(draft)
    ids = letter_ids(draft.bundle, keys)
    if letter.pk not in ids:
        raise NotAllowed("This draft does not answer that letter.")
    if len(ids) == 1:
        raise NotAllowed("A draft answers at least one letter. Shelve the draft instead.")
    with transaction.atomic():
        if letter.status == LetterStatus.ANSWERING:
            letter.unanswer(by=by, at=at)
        _reseal(draft.bundle, [one for one in ids if one != letter.pk])


def leave(letter: Letter, *, by: User, at: dt.datetime, keys: Vault) -> None:
    """The letter leaves the draft that answers it without changing where it stands; a draft left empty is shelved."""
    draft = draft_of(letter, keys)
    if draft is None:
        return
    _must_be_writing(draft)
    rest = [one for one in letter_ids(draft.bundle, keys) if one != letter.pk]
    with transaction.atomic():
        if rest:
            _reseal(draft.bundle, rest)
        else:
            draft.shelve(by=by, at=at)


def shelve(draft: Draft, *, by: User, at: dt.datetime, keys: Vault) -> None:
    """Put the draft aside; its letters go back to the shortlist."""
    with transaction.atomic():
        draft.shelve(by=by, at=at)
        for letter in letters(draft, keys):
            if letter.status == LetterStatus.ANSWERING:
                letter.unanswer(by=by, at=at)


def unshelve(draft: Draft, *, by: User, at: dt.datetime, keys: Vault) -> None:
    """Take the draft up again, with those of its letters that are still on the shortlist; one at least must be."""
    with transaction.atomic():
        draft.unshelve(by=by, at=at)
        back = [letter for letter in letters(draft, keys) if letter.status == LetterStatus.SHORTLISTED]
        if not back:
            raise NotAllowed("None of its letters is on the shortlist any more, so there is nothing left to answer.")
        for letter in back:
            letter.answer(by=by, at=at)
        _reseal(draft.bundle, [letter.pk for letter in back])


def _must_be_writing(draft: Draft) -> None:
    if draft.status != DraftStatus.WRITING:
        raise NotAllowed("The draft that answers it is not being written now. Choose “Edit again” there first.")


def _reseal(bundle: Bundle, ids: Iterable[uuid.UUID]) -> None:
    bundle.seal({"letters": [str(one) for one in ids]}, to=[desk_recipient(bundle.column)])
