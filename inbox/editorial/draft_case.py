"""A draft read and opened once: newest version, reviews, and the letters that it answers. Pages and acts pass the
result on, so that nothing is queried twice."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from inbox.crypto.sealing import CannotOpen
from inbox.editorial.drafts import concerns_of
from inbox.keys import opened_events
from inbox.keys.vault import Vault
from inbox.letters import restored_days
from inbox.models import Draft, DraftVersion, Letter, Message, Note, Review
from inbox.workflow import AlreadyMoved, LetterStatus


@dataclass(frozen=True)
class Manuscript:
    """The opened newest version of a draft.

    ``words``: by the names of ``DRAFT_FIELDS``. ``reviews``: all reviews, the newest first; ``remarks``: the words of
    the newest review, if there is one and it was not erased.
    """

    version: DraftVersion
    words: dict[str, Any] = field(repr=False)
    reviews: list[Review]
    remarks: Mapping[str, Any] | None = field(repr=False)
    _bundle: Mapping[str, list[str]] | None = field(repr=False)

    @property
    def draft(self) -> Draft:
        return self.version.draft

    @property
    def concerns(self) -> list[str]:
        """The kinds of concern in the letters that the draft answered when the version was saved."""
        return [str(kind) for kind in self.words.get("concerns", ())]

    @property
    def approval(self) -> Review | None:
        """The valid approval of these words, if there is one."""
        return self.draft.approving_review(self.reviews)

    @property
    def letter_ids(self) -> list[uuid.UUID]:
        """The letters that the draft answers, the lead first."""
        return self._ids("letters")

    @property
    def former_ids(self) -> list[uuid.UUID]:
        """The letters that the draft no longer answers. Its text may still contain words of them."""
        return self._ids("former")

    def _ids(self, name: str) -> list[uuid.UUID]:
        if self._bundle is None:
            raise CannotOpen("no key at hand opens which letters the draft answers")
        return [uuid.UUID(one) for one in self._bundle.get(name, [])]


@dataclass(frozen=True)
class Case:
    """A manuscript with the opened letters that it answers.

    ``letters``: the lead first; ``former``: of ``Manuscript.former_ids``. ``turns``: the messages of ``letters`` in
    order, without those sealed to writers alone. ``notes``, ``shortlist`` (by need): only on request. ``opened``: the
    words of all of these by id, without erased ones.
    """

    manuscript: Manuscript
    letters: list[Letter]
    former: list[Letter]
    turns: list[Message]
    notes: list[Note]
    shortlist: list[Letter]
    opened: dict[uuid.UUID, dict[str, Any]] = field(repr=False)

    def text(self, letter: Letter) -> str:
        """The text of the letter; "" once the words are erased."""
        return str(self.opened.get(letter.pk, {}).get("text", ""))

    @property
    def concerns(self) -> list[str]:
        """The kinds of concern that screening found in the letters that the draft answers, and in their messages."""
        return concerns_of(self.opened.get(item.pk, {}) for item in (*self.letters, *self.turns))

    def with_turns(self, said: Iterable[Message], keys: Vault) -> Case:
        """A copy with current messages: new ones are opened, and those erased meanwhile are left out."""
        turns = [turn for turn in said if turn.kind != Message.Kind.ADDRESS]
        erased = {turn.pk for turn in turns if not turn.sealed}
        opened = {pk: words for pk, words in self.opened.items() if pk not in erased}
        new = keys.open_many(turn for turn in turns if turn.pk not in opened)
        return replace(self, turns=turns, opened=opened | new)


def open_manuscript(version: DraftVersion, keys: Vault) -> Manuscript:
    """Open the newest version of a draft, in two queries. Raises ``CannotOpen`` where no key opens the version, or it
    was erased."""
    draft = version.draft
    reviews = list(draft.all_reviews())
    of_version = [review for review in reviews[1:] if review.version_id == version.pk]
    opened = keys.open_many([version, draft.bundle, *reviews[:1], *of_version])
    if version.pk not in opened:
        raise CannotOpen("no key at hand opens the draft's newest version")
    show_times([version, *reviews], opened)
    remarks = opened.get(reviews[0].pk) if reviews else None
    return Manuscript(version, opened[version.pk], reviews, remarks, opened.get(draft.bundle_id))


def show_times(rows: Iterable[DraftVersion | Review], opened: Mapping[uuid.UUID, Mapping[str, Any]]) -> None:
    """Fill in the exact times of opened versions and reviews, in memory; the others keep the day."""
    for row in rows:
        if at := opened.get(row.pk, {}).get("at"):
            row.at, row.is_exact = dt.datetime.fromisoformat(at), True


def open_case(manuscript: Manuscript, keys: Vault, *, notes: bool = False, shortlist: bool = False) -> Case:
    """Read and open the letters of a manuscript, in three queries, and one for the notes on them.

    ``shortlist``: with the column's shortlisted letters that the draft could answer too.
    """
    draft, ids, former = manuscript.draft, manuscript.letter_ids, manuscript.former_ids
    wanted, listed = Q(pk__in=[*ids, *former]), Q(column=draft.column_id, status=LetterStatus.SHORTLISTED)
    rows = Letter.objects.filter(wanted | listed if shortlist else wanted).select_related("topic").by_need()
    found = {letter.pk: letter for letter in rows}
    for letter in found.values():
        letter.column = draft.column
    waiting = [one for one in found.values() if one.status == LetterStatus.SHORTLISTED] if shortlist else []
    turns = Message.objects.filter(letter__in=ids).exclude(kind=Message.Kind.ADDRESS).order_by("letter", "number")
    said = list(turns)
    noted = list(Note.objects.filter(letter__in=ids)) if notes else []
    opened = keys.open_many([*found.values(), *said, *noted])
    opened_events.show_notes(noted, opened)
    opened_events.name_people(noted)
    restored_days.show(said, opened)
    return Case(
        manuscript=manuscript,
        letters=[found[one] for one in ids if one in found],
        former=[found[one] for one in former if one in found],
        turns=said,
        notes=noted,
        shortlist=waiting,
        opened=opened,
    )


def of(draft: Draft, keys: Vault) -> Case:
    """The case of a draft for an act. Raises ``AlreadyMoved`` where the words were erased meanwhile."""
    return open_case(manuscript_of(draft, keys), keys)


def manuscript_of(draft: Draft, keys: Vault) -> Manuscript:
    """The manuscript of a draft for an act. Raises ``AlreadyMoved`` as ``of``."""
    version = draft.newest()
    try:
        return open_manuscript(version, keys)
    except CannotOpen as error:
        if _is_erased(version):
            raise _erased() from error
        raise


def words_of(version: DraftVersion, keys: Vault) -> dict[str, Any]:
    """The words of a version for an act. Raises ``AlreadyMoved`` where they were erased meanwhile."""
    try:
        return keys.open(version)
    except CannotOpen as error:
        if _is_erased(version):
            raise _erased() from error
        raise


def _is_erased(version: DraftVersion) -> bool:
    return not DraftVersion.objects.filter(pk=version.pk).exclude(sealed=b"").exists()


def _erased() -> AlreadyMoved:
    return AlreadyMoved(_("The words of this draft were erased meanwhile. Please open it again."))
