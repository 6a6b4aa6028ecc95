"""A writer and an author with an edited question between them."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from columns.models import Column
from inbox.editorial import draft_case, drafts, publishing, writer_approval
from inbox.keys import vault
from inbox.letters import writer_acts
from inbox.models import Draft, Letter, Message, User
from inbox.workflow import Role
from tests import factories

DAY = dt.timedelta(days=1)
OWN = "For two years now my partner falls asleep before we even talk about the day."
LETTER = f"{OWN} I wonder whether that is me, and whether it will pass."
QUESTION = "Somebody I live with is asleep before we have spoken. Is it my fault?"


@dataclass
class Scene:
    """A letter, its writer's keys, and the draft that answers it."""

    letter: Letter
    writer: vault.Vault
    draft: Draft
    by: User

    def show(self, at: dt.datetime, keys: vault.Vault) -> uuid.UUID:
        """Ask the writer; returns the message."""
        writer_approval.show(self.draft, self.letter, by=self.by, at=at, keys=keys)
        return Message.objects.filter(kind=Message.Kind.APPROVAL).order_by("-number").values_list("pk", flat=True)[0]


def scene_of(column: Column, author: User, at: dt.datetime, keys: vault.Vault, **words: Any) -> Scene:
    taken = factories.take_letter(column, **{"text": LETTER, "email": "somebody.private@example.org", **words})
    _, derived = writer_acts.find(taken.receipt)
    factories.someone(column, Role.REVIEWER)
    taken.letter.shortlist(by=author, at=at)
    draft = drafts.start(column, [taken.letter], by=author, at=at, keys=keys)
    draft.save_version(factories.draft_words(question=QUESTION), by=author, at=at, base=1)
    factories.ten_minutes_pass()
    return Scene(taken.letter, vault.writer(derived.key), draft, author)


def approved_draft(scene: Scene, at: dt.datetime, keys: vault.Vault) -> None:
    """The second reader says yes, so that nothing but the writer stands in the way."""
    reviewer = factories.someone(scene.draft.column, Role.REVIEWER)
    publishing.send_for_review(scene.draft, by=scene.by, at=at, keys=keys)
    newest = scene.draft.newest()
    publishing.decide(scene.draft, newest, approve=True, summary="", remarks=[], by=reviewer, at=at, keys=keys)


def rewrite(scene: Scene, at: dt.datetime, **words: str) -> None:
    old = factories.desk_keys().open(scene.draft.newest())
    scene.draft.save_version({**old, **words}, by=scene.by, at=at, base=scene.draft.latest)


def approval_of(letter: Letter, keys: vault.Vault, at: dt.datetime) -> writer_approval.WriterApproval:
    """The state of one letter as the page of its draft shows it."""
    for draft in Draft.objects.filter(column=letter.column):
        case = draft_case.open_case(draft_case.manuscript_of(draft, keys), keys)
        if letter in case.letters:
            return writer_approval.approvals_in(case, at)[letter.pk]
    raise AssertionError("the letter is in no draft")
