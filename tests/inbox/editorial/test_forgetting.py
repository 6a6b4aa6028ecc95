"""Whoever opens words of drafts or of shown questions makes the desk forget first what writers took back, whichever
page came before. Each function is called by itself here."""

from __future__ import annotations

import datetime as dt

import pytest

from columns.models import Article, Column
from inbox.editorial import drafts, publishing, writer_approval
from inbox.keys.vault import Vault
from inbox.models import Draft, Letter, LetterEvent, Message, User
from inbox.triage import search
from inbox.workflow import AlreadyMoved, DraftStatus, LetterStatus, NotAllowed
from tests import factories
from tests.approval_scene import standing_of

WORD = "zanzibarquux"
TEXT = f"I am writing about a {WORD} that nobody else in the whole wide world would ever mention to anybody."


def a_draft(column: Column, status: DraftStatus, at: dt.datetime) -> tuple[Draft, Letter]:
    """A draft of two letters, whose question holds a word of the first."""
    letters = [factories.make_letter(column, LetterStatus.SHORTLISTED, text=TEXT) for _ in range(2)]
    draft = factories.make_draft(column, status, letters=letters, at=at, words={"question": f"About a {WORD}?"})
    return Draft.objects.select_related("column", "bundle", "article").get(pk=draft.pk), letters[0]


def withdraw(letter: Letter, at: dt.datetime) -> None:
    Letter.objects.get(pk=letter.pk).withdraw(at=at)


def words_in(column: Column) -> str:
    """Every word of drafts and of conversations that the column still has."""
    keys = factories.desk_keys()
    versions = [one for draft in Draft.objects.filter(column=column) for one in draft.versions.all()]
    said = Message.objects.filter(letter__column=column)
    return str(list(keys.open_many(versions).values())) + str(list(keys.open_many(said).values()))


def test_it_is_not_sent_to_the_second_reader(column: Column, author: User, at: dt.datetime, keys: Vault) -> None:
    draft, letter = a_draft(column, DraftStatus.WRITING, at)
    withdraw(letter, at)
    with pytest.raises(AlreadyMoved, match="erased meanwhile"):
        publishing.send_for_review(draft, by=author, at=at, keys=keys)
    assert WORD not in words_in(column)


def test_kinds_of_help_lines_that_came_from_it_are_forgotten(column: Column, at: dt.datetime, keys: Vault) -> None:
    draft, letter = a_draft(column, DraftStatus.WRITING, at)
    words = keys.open(draft.newest()) | {"help_kinds": ["abuse"]}
    draft.save_version(words, by=draft.started_by, at=at, base=draft.latest)
    withdraw(letter, at)
    drafts.forget_withdrawn(column, at=at, keys=keys)
    draft.refresh_from_db()
    newest = keys.open(draft.newest())
    assert (newest["answer"], newest["help_kinds"]) == (words["answer"], [])


@pytest.mark.parametrize("approve", [True, False])
def test_it_is_not_decided_about(
    column: Column, reviewer: User, at: dt.datetime, keys: Vault, *, approve: bool
) -> None:
    draft, letter = a_draft(column, DraftStatus.IN_REVIEW, at)
    version = draft.newest()
    withdraw(letter, at)
    with pytest.raises(AlreadyMoved, match="erased meanwhile"):
        publishing.decide(draft, version, approve=approve, summary="", remarks=[], by=reviewer, at=at, keys=keys)
    assert WORD not in words_in(column)


def test_it_is_not_published(column: Column, author: User, at: dt.datetime, keys: Vault) -> None:
    draft, letter = a_draft(column, DraftStatus.APPROVED, at)
    withdraw(letter, at)
    with pytest.raises(NotAllowed, match="has withdrawn it"):
        publishing.publish(draft, by=author, at=at, publish_at=at, slug="an-answer", keys=keys)
    assert WORD not in words_in(column)
    assert not Article.objects.exists()


def test_words_of_a_letter_that_had_left_the_draft_before_are_not_published(
    column: Column, author: User, reviewer: User, at: dt.datetime, keys: Vault
) -> None:
    draft, letter = a_draft(column, DraftStatus.WRITING, at)
    drafts.take_out(draft, letter, by=author, at=at, keys=keys)
    publishing.send_for_review(draft, by=author, at=at, keys=keys)
    read = draft.newest()
    publishing.decide(draft, read, approve=True, summary="", remarks=[], by=reviewer, at=at, keys=keys)
    withdraw(letter, at)
    with pytest.raises(AlreadyMoved, match="erased meanwhile"):
        publishing.publish(draft, by=author, at=at, publish_at=at, slug="an-answer", keys=keys)
    assert WORD not in str(list(keys.open_many(draft.versions.all()).values()))
    assert not Article.objects.exists()


def test_it_is_shown_to_no_other_writer(column: Column, author: User, at: dt.datetime, keys: Vault) -> None:
    draft, letter = a_draft(column, DraftStatus.WRITING, at)
    other = drafts.letters(draft, keys)[1]
    withdraw(letter, at)
    with pytest.raises(AlreadyMoved, match="erased meanwhile"):
        writer_approval.show(draft, other, by=author, at=at, keys=keys)
    assert WORD not in words_in(column)


def test_a_question_that_was_shown_is_neither_found_nor_counted(
    column: Column, author: User, at: dt.datetime, keys: Vault
) -> None:
    draft, letter = a_draft(column, DraftStatus.WRITING, at)
    other = drafts.letters(draft, keys)[1]
    writer_approval.show(draft, other, by=author, at=at, keys=keys)
    question = search.Question.read(f'"about a {WORD}?"')
    found = search.scan(column, question, keys, at=at)
    assert [hit.letter for hit in found.hits] == [other]
    assert standing_of(other, keys, at).question
    withdraw(letter, at)
    assert search.scan(column, question, keys, at=at).hits == []
    assert standing_of(other, keys, at) == writer_approval.Standing()


def test_keys_that_open_nothing_leave_it_to_those_that_do(column: Column, at: dt.datetime, keys: Vault) -> None:
    """A colleague who was given no key yet opens a page: what they cannot erase is not taken for erased."""
    _, letter = a_draft(column, DraftStatus.WRITING, at)
    withdraw(letter, at)
    forgotten = LetterEvent.objects.filter(letter=letter, verb="forget")
    assert drafts.forget_withdrawn(column, at=at, keys=Vault({})) == 0
    assert not forgotten.exists()
    assert drafts.forget_withdrawn(column, at=at, keys=keys) == 1
    assert forgotten.count() == 1
    assert WORD not in words_in(column)


def test_keys_that_open_some_drafts_forget_there_and_once(column: Column, at: dt.datetime, keys: Vault) -> None:
    opened, letter = a_draft(column, DraftStatus.WRITING, at)
    closed, beside = a_draft(column, DraftStatus.WRITING, at)
    some = _SomeOf(keys, opened)
    withdraw(letter, at)
    withdraw(beside, at)
    assert drafts.forget_withdrawn(column, at=at, keys=some) == 1
    latest = Draft.objects.get(pk=opened.pk).latest
    assert drafts.forget_withdrawn(column, at=at, keys=some) == 0
    assert Draft.objects.get(pk=opened.pk).latest == latest
    assert WORD in words_in(column), "whoever opens the other draft is waited for"
    assert drafts.forget_withdrawn(column, at=at, keys=keys) == 1
    assert WORD not in words_in(column)
    assert Draft.objects.get(pk=closed.pk).latest == closed.latest + 1
    assert Draft.objects.get(pk=opened.pk).latest == latest


def test_of_a_draft_whose_time_is_over_there_is_nothing_to_wait_for(
    column: Column, author: User, at: dt.datetime, keys: Vault
) -> None:
    draft, letter = a_draft(column, DraftStatus.WRITING, at)
    drafts.shelve(draft, by=author, at=at, keys=keys)
    draft.erase(at=at)
    withdraw(letter, at)
    assert drafts.forget_withdrawn(column, at=at, keys=keys) == 1
    assert drafts.forget_withdrawn(column, at=at, keys=keys) == 0


class _SomeOf(Vault):
    """Keys that open the words of one draft alone."""

    def __init__(self, keys: Vault, draft: Draft) -> None:
        super().__init__(keys._keys)
        self.known = {draft.bundle_id, *draft.versions.values_list("pk", flat=True)}

    def open_many(self, items):
        return super().open_many(one for one in items if one.pk in self.known)
