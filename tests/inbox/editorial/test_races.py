"""Pairs of acts on one article, its draft and its letters at the same moment: each is done or refused in words, and the
database ends neither."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection

from config.middleware import retry
from inbox.editorial import decisions, drafts, publishing
from inbox.keys import vault
from inbox.letters import writer_acts
from inbox.models import Consent, Draft, Letter, User
from inbox.operations import column_settings
from inbox.workflow import DraftStatus, LetterStatus, Role
from tests import factories
from tests.inbox.editorial.test_writer_approval_races import at_once

pytestmark = pytest.mark.databases

_D = DraftStatus
#: More of them where two acts can meet within the database.
ROUNDS = 2 if connection.vendor == "postgresql" else 1


class Desk:
    """A column with one draft in a state, the two letters that it answers, and a third one."""

    def __init__(self, status: DraftStatus, at: dt.datetime) -> None:
        self.at = at
        self.column = factories.make_column()
        self.keys = factories.desk_keys()
        taken = factories.take_letter(self.column, at=at)
        self.receipt = taken.receipt
        letters = [taken.letter, factories.make_letter(self.column)]
        self.by: User = factories.someone(self.column, Role.AUTHOR)
        for letter in letters:
            if letter.status != LetterStatus.SHORTLISTED:
                letter.shortlist(by=self.by, at=at)
        self.letter = taken.letter.pk
        self.more = factories.make_letter(self.column, LetterStatus.SHORTLISTED).pk
        self.draft = factories.make_draft(self.column, status, letters=letters, at=at).pk

    def act(self, name: str) -> Callable[[], Any]:
        """The act, on rows that are read at its beginning."""
        now: dict[str, Any] = {"by": self.by, "at": self.at}
        opened = {**now, "keys": self.keys}

        def draft() -> Draft:
            return Draft.objects.select_related("column__author", "bundle", "topic", "article").get(pk=self.draft)

        def letter() -> Letter:
            return Letter.objects.select_related("column", "topic").get(pk=self.letter)

        def withdraw() -> None:
            found, derived = writer_acts.find(self.receipt)
            if found is not None:
                writer_acts.withdraw(found, vault.writer(derived.key), at=self.at)

        def remove_topics() -> None:
            for topic in self.column.topics.all():
                column_settings.remove(topic, **now)

        acts: dict[str, Callable[[], Any]] = {
            "withdraw": withdraw,
            "allow": lambda: writer_acts.allow(letter(), Consent.REWRITTEN, at=self.at),
            "write back": lambda: writer_acts.write_back(letter(), "One thing more.", at=self.at),
            "edit": lambda: publishing.edit(draft(), **opened),
            "take down": lambda: publishing.take_down(draft(), **now),
            "write anew": lambda: publishing.write_anew(draft(), **opened),
            "shelve": lambda: drafts.shelve(draft(), **opened),
            "join": lambda: drafts.join(draft(), [Letter.objects.get(pk=self.more)], **opened),
            "reply": lambda: decisions.reply(letter(), "A private answer for you.", **opened),
            "forget": lambda: drafts.forget_withdrawn(self.column, at=self.at, keys=self.keys),
            "sweep": lambda: publishing.follow_articles(at=self.at),
            "remove topic": remove_topics,
            "publish": lambda: publishing.publish(draft(), publish_at=self.at, slug="a", **opened),
        }
        return lambda: _as_a_request(acts[name])


def _as_a_request(act: Callable[[], Any]) -> None:
    """The topic that a publication is written with may be removed meanwhile, after which the request is run again."""
    try:
        act()
    except IntegrityError as error:
        if not retry.is_conflict(error):
            raise
        act()


#: What the desk does in each state of the draft, each beside a withdrawal; and what two people of the desk do.
DESK = {
    _D.WRITING: ("shelve", "join", "reply", "edit", "forget", "remove topic"),
    _D.APPROVED: ("publish", "edit", "shelve"),
    _D.SCHEDULED: ("edit", "take down", "sweep", "remove topic"),
    _D.TAKEN_DOWN: ("write anew", "forget"),
}
TWO = {
    _D.WRITING: [("shelve", "join"), ("shelve", "reply"), ("write back", "reply"), ("remove topic", "shelve")],
    _D.APPROVED: [("publish", "remove topic"), ("publish", "edit"), ("publish", "allow"), ("publish", "publish")],
    _D.SCHEDULED: [("edit", "edit"), ("edit", "sweep"), ("edit", "remove topic")],
    _D.TAKEN_DOWN: [("write anew", "write anew"), ("write anew", "remove topic")],
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("status", list(DESK))
def test_no_two_acts_end_in_the_database(status: DraftStatus, at: dt.datetime) -> None:
    for names in [*(("withdraw", act) for act in DESK[status]), *TWO[status]]:
        for _round in range(ROUNDS):
            desk = Desk(status, at)
            at_once(*(desk.act(name) for name in names))  # which fails where an act ends otherwise than refused
            _holds(desk, names)


def _holds(desk: Desk, names: tuple[str, ...]) -> None:
    draft, letter = Draft.objects.select_related("article").get(pk=desk.draft), Letter.objects.get(pk=desk.letter)
    assert (letter.status == LetterStatus.WITHDRAWN) == ("withdraw" in names), names  # the writer is never refused
    out = draft.article is not None and draft.article.taken_down_at is None
    assert out == (draft.status in (_D.SCHEDULED, _D.PUBLISHED) and letter.status != LetterStatus.WITHDRAWN), names
