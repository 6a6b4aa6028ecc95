"""Drafts and their letters: joined and split without a trace, and always found again."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from columns.models import Column
from inbox.editorial import decisions, draft_case, drafts
from inbox.keys import vault
from inbox.letters import writer_acts
from inbox.models import Bundle, Draft, Letter, User
from inbox.workflow import DraftStatus, LetterStatus, NotAllowed
from tests import factories

pytestmark = pytest.mark.databases

S = LetterStatus
CALM = factories.LETTER_TEXT


def shortlisted(column: Column, count: int) -> list[Letter]:
    return [factories.make_letter(column, S.SHORTLISTED) for _ in range(count)]


def test_the_edited_question_begins_as_a_copy_of_the_lead_letter(
    column: Column, author: User, at: dt.datetime, keys: vault.Vault
) -> None:
    letters = shortlisted(column, 2)
    draft = drafts.start(column, letters, by=author, at=at, keys=keys)
    words = keys.open(draft.newest())
    assert (words["question"], words["pen_name"]) == (factories.LETTER_TEXT, "Awake")
    assert drafts.letters(draft, keys) == letters
    assert {Letter.objects.get(pk=letter.pk).status for letter in letters} == {S.ANSWERING}


def test_the_kinds_of_concern_of_its_letters_are_sealed_with_the_first_version(
    column: Column, author: User, at: dt.datetime, keys: vault.Vault
) -> None:
    heavy = "Some nights I think about ending my life and I cannot tell anyone."
    one, other, calm = (factories.make_letter(column, S.SHORTLISTED, text=text) for text in (heavy, CALM, CALM))
    writer_acts.write_back(other, "I am fourteen years old, and he hits me.", at=at)
    draft = drafts.start(column, [one, other, calm], by=author, at=at, keys=keys)
    expected = sorted({*keys.open(one)["concerns"], *keys.open(other.messages.get())["concerns"]})
    assert len(expected) >= 2
    words = keys.open(draft.newest())
    assert words["concerns"] == expected
    assert sorted(words["help_kinds"]) == expected, "proposed: the author decides"
    case = draft_case.of(draft, keys)
    assert case.concerns == case.manuscript.concerns == expected


def test_one_letter_that_cannot_be_taken_stops_all(
    column: Column, author: User, at: dt.datetime, keys: vault.Vault
) -> None:
    good, held = factories.make_letter(column, S.SHORTLISTED), factories.make_letter(column, S.HELD)
    with pytest.raises(NotAllowed):
        drafts.start(column, [good, held], by=author, at=at, keys=keys)
    assert Letter.objects.get(pk=good.pk).status == S.SHORTLISTED
    assert Draft.objects.count() == Bundle.objects.count() == 0


@settings(max_examples=8)
@given(st.lists(st.integers(0, 3), min_size=1, max_size=4, unique=True))
def test_join_then_take_out_restores_the_exact_state(column: Column, which: list[int]) -> None:
    keys, at, author = factories.desk_keys(), dt.datetime.now(dt.UTC), factories.someone(column, factories.Role.AUTHOR)
    draft = drafts.start(column, shortlisted(column, 1), by=author, at=at, keys=keys)
    pool = shortlisted(column, 4)
    before = (drafts.letter_ids(draft.bundle, keys), [Letter.objects.get(pk=letter.pk).status for letter in pool])
    chosen = [pool[number] for number in which]
    drafts.join(draft, chosen, by=author, at=at, keys=keys)
    assert drafts.letter_ids(draft.bundle, keys) == [*before[0], *(letter.pk for letter in chosen)]
    for letter in reversed(chosen):
        drafts.take_out(draft, letter, by=author, at=at, keys=keys)
    assert (
        drafts.letter_ids(draft.bundle, keys),
        [Letter.objects.get(pk=letter.pk).status for letter in pool],
    ) == before


def test_the_last_letter_stays(column: Column, author: User, at: dt.datetime, keys: vault.Vault) -> None:
    draft = factories.make_draft(column)
    with pytest.raises(NotAllowed, match="Shelve"):
        drafts.take_out(draft, drafts.letters(draft, keys)[0], by=author, at=at, keys=keys)


def test_a_text_under_review_keeps_its_letters(
    column: Column, author: User, at: dt.datetime, keys: vault.Vault
) -> None:
    draft = factories.make_draft(column, DraftStatus.IN_REVIEW)
    with pytest.raises(NotAllowed, match="Edit again"):
        drafts.join(draft, shortlisted(column, 1), by=author, at=at, keys=keys)


@pytest.mark.parametrize(
    "status", [DraftStatus.WRITING, DraftStatus.APPROVED, DraftStatus.SCHEDULED, DraftStatus.PUBLISHED]
)
def test_the_draft_of_a_letter_is_found(column: Column, keys: vault.Vault, status: DraftStatus) -> None:
    other = factories.make_draft(column, status)
    draft = factories.make_draft(column, status)
    letter = drafts.letters(draft, keys)[0]
    assert drafts.draft_of(letter, keys) == draft != other
    assert drafts.draft_of(factories.make_letter(column), keys) is None


def test_shelving_gives_the_letters_back_and_unshelving_takes_those_still_free(
    column: Column, author: User, moderator: User, at: dt.datetime, keys: vault.Vault
) -> None:
    letters = shortlisted(column, 2)
    draft = drafts.start(column, letters, by=author, at=at, keys=keys)
    drafts.shelve(draft, by=author, at=at, keys=keys)
    first, second = (Letter.objects.get(pk=letter.pk) for letter in letters)
    assert (first.status, second.status) == (S.SHORTLISTED, S.SHORTLISTED)
    decisions.decline(first, "We are sorry that we cannot answer this one.", by=moderator, at=at)
    drafts.unshelve(draft, by=author, at=at, keys=keys)
    assert drafts.letters(draft, keys) == [second]
    assert Letter.objects.get(pk=second.pk).status == S.ANSWERING


def test_nothing_to_unshelve_for_leaves_the_draft_on_the_shelf(
    column: Column, author: User, moderator: User, at: dt.datetime, keys: vault.Vault
) -> None:
    draft = factories.make_draft(column, DraftStatus.SHELVED)
    letter = drafts.letters(draft, keys)[0]
    decisions.decline(letter, "We are sorry that we cannot answer this one.", by=moderator, at=at)
    with pytest.raises(NotAllowed, match="nothing left"):
        drafts.unshelve(draft, by=author, at=at, keys=keys)
    assert Draft.objects.get(pk=draft.pk).status == DraftStatus.SHELVED


def test_a_private_answer_takes_the_letter_out_of_its_draft(
    column: Column, author: User, at: dt.datetime, keys: vault.Vault
) -> None:
    letters = shortlisted(column, 2)
    draft = drafts.start(column, letters, by=author, at=at, keys=keys)
    first = Letter.objects.get(pk=letters[0].pk)
    decisions.reply(first, "Here is a private answer.", by=author, at=at, keys=keys)
    assert [letter.pk for letter in drafts.letters(Draft.objects.get(pk=draft.pk), keys)] == [letters[1].pk]
    second = Letter.objects.get(pk=letters[1].pk)
    decisions.reply(second, "Here is another private answer.", by=author, at=at, keys=keys)
    assert Draft.objects.get(pk=draft.pk).status == DraftStatus.SHELVED
    assert Letter.objects.get(pk=second.pk).status == S.REPLIED


@pytest.mark.parametrize("status", [LetterStatus.WITHDRAWN, LetterStatus.ERASED])
def test_a_draft_on_a_letter_without_words_is_refused_in_a_sentence(
    column: Column, author: User, at: dt.datetime, keys: vault.Vault, status: LetterStatus
) -> None:
    with pytest.raises(NotAllowed):
        drafts.start(column, [factories.make_letter(column, status)], by=author, at=at, keys=keys)
