"""What a writer takes back is gone: also from drafts, also at the same moment, and nothing comes after it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from columns.models import Article, Column
from inbox.editorial import decisions, drafts, publishing, writer_approval
from inbox.keys import vault
from inbox.letters import intake, notices, writer_acts
from inbox.models import Draft, Letter, Message, Notice, SealedKey, User, erase_words
from inbox.workflow import AlreadyMoved, DraftStatus, LetterStatus, MoveRefused, NotAllowed, Role
from tests import factories

pytestmark = pytest.mark.databases

WORD = "zanzibarquux"
TEXT = f"I am writing about a {WORD} that nobody else in the whole wide world would ever mention to anybody."
OTHER = "Something quite different happened to me, and I would like to know what it may have been."


def shortlisted(column: Column, text: str = TEXT, **words: Any) -> Letter:
    return factories.make_letter(column, LetterStatus.SHORTLISTED, text=text, **words)


def finish(draft: Draft, at: dt.datetime, **words: str) -> None:
    """Send and approve the draft with these words, the question being what it is."""
    keys, column = factories.desk_keys(), draft.column
    author, reviewer = (factories.someone(column, role) for role in (factories.Role.AUTHOR, factories.Role.REVIEWER))
    text = {**factories.draft_words(), "question": keys.open(draft.newest())["question"], **words}
    draft.save_version(text, by=author, at=at, base=draft.latest)
    publishing.send_for_review(draft, by=author, at=at, keys=keys)
    publishing.decide(draft, draft.newest(), approve=True, summary="", remarks=[], by=reviewer, at=at, keys=keys)


@pytest.mark.parametrize(
    "status", [DraftStatus.WRITING, DraftStatus.IN_REVIEW, DraftStatus.APPROVED, DraftStatus.SHELVED]
)
def test_drafts_forget_it_with_the_next_page_of_the_desk(
    column: Column, author: User, at: dt.datetime, signed_in: Callable[[User], Client], status: DraftStatus
) -> None:
    letter = shortlisted(column)
    draft = factories.make_draft(
        column, status, letters=[letter], at=at, words={"question": f"About a {WORD}?", "answer": "Mine."}
    )
    Letter.objects.get(pk=letter.pk).withdraw(at=at)
    page = signed_in(author).get(f"/desk/plain/drafts/{draft.pk}/").content.decode()
    assert WORD not in page
    keys = factories.desk_keys()
    opened = keys.open_many(draft.versions.all())
    assert WORD not in str(opened.values())
    assert len(opened) == 1
    fresh = Draft.objects.get(pk=draft.pk)
    assert keys.open(fresh.newest())["answer"] == "Mine."
    assert fresh.status == (DraftStatus.SHELVED if status == DraftStatus.SHELVED else DraftStatus.WRITING)
    assert drafts.forget_withdrawn(column, at=at, keys=keys) == 0


def test_a_draft_whose_words_are_erased_already_locks_no_page(
    column: Column, author: User, at: dt.datetime, signed_in: Callable[[User], Client], keys: vault.Vault
) -> None:
    letter = shortlisted(column)
    draft = factories.make_draft(column, letters=[letter], at=at)
    erase_words(draft.versions.all())
    Letter.objects.get(pk=letter.pk).withdraw(at=at)
    for path in ("inbox/", "drafts/", f"drafts/{draft.pk}/"):
        assert signed_in(author).get(f"/desk/plain/{path}").status_code == 200
    assert not any(keys.open(Draft.objects.get(pk=draft.pk).newest()).values())


@pytest.mark.parametrize("path", ["versions/", "preview/"])
def test_no_door_of_the_draft_shows_it(
    column: Column, author: User, at: dt.datetime, signed_in: Callable[[User], Client], path: str
) -> None:
    letter = shortlisted(column)
    draft = factories.make_draft(column, letters=[letter], at=at, words={"question": f"About a {WORD}?"})
    Letter.objects.get(pk=letter.pk).withdraw(at=at)
    response = signed_in(author).get(f"/desk/plain/drafts/{draft.pk}/{path}")
    assert response.status_code == 200
    assert WORD not in response.content.decode()


@pytest.mark.parametrize("path", ["", "text/"])
def test_no_door_of_the_second_reading_shows_it(
    column: Column, reviewer: User, at: dt.datetime, signed_in: Callable[[User], Client], path: str
) -> None:
    letter = shortlisted(column)
    draft = factories.make_draft(
        column, DraftStatus.IN_REVIEW, letters=[letter], at=at, words={"question": f"About a {WORD}?"}
    )
    Letter.objects.get(pk=letter.pk).withdraw(at=at)
    response = signed_in(reviewer).get(f"/desk/plain/reviews/{draft.pk}/{path}")
    assert response.status_code == 200
    assert WORD not in response.content.decode()


def test_words_of_a_letter_that_was_taken_out_are_not_published(
    column: Column, author: User, at: dt.datetime, keys: vault.Vault
) -> None:
    lead, second = shortlisted(column), shortlisted(column, OTHER)
    draft = drafts.start(column, [lead, second], by=author, at=at, keys=keys)
    drafts.take_out(draft, Letter.objects.get(pk=lead.pk), by=author, at=at, keys=keys)
    finish(draft, at)
    with pytest.raises(NotAllowed, match="still holds words"):
        publishing.publish(draft, by=author, at=at, publish_at=at, slug="an-answer", keys=keys)
    assert Article.objects.count() == 0


def test_a_letter_with_leave_for_a_private_answer_alone_never_comes_into_a_draft(
    column: Column, author: User, at: dt.datetime, keys: vault.Vault
) -> None:
    private = shortlisted(column, consent="private")
    with pytest.raises(NotAllowed, match="private answer only"):
        drafts.start(column, [private], by=author, at=at, keys=keys)
    draft = factories.make_draft(column)
    with pytest.raises(NotAllowed, match="private answer only"):
        drafts.join(draft, [private], by=author, at=at, keys=keys)
    assert Letter.objects.get(pk=private.pk).status == LetterStatus.SHORTLISTED


def test_sent_again_after_it_was_taken_back_it_is_a_new_letter(column: Column, at: dt.datetime) -> None:
    nonce, words = intake.new_nonce(), intake.Words(text=TEXT)
    receipts = []
    for _ in range(3):
        taken = intake.take(column, words, nonce=nonce, at=at)
        assert not taken.again
        assert intake.take(column, words, nonce=nonce, at=at).again
        receipts.append(taken.receipt)
        letter, derived = writer_acts.find(taken.receipt)
        assert letter is not None
        writer_acts.withdraw(letter, vault.writer(derived.key), at=at)
    assert len(set(receipts)) == Letter.objects.count() == 3


@pytest.mark.parametrize("first", [Letter.withdraw, Letter.lose])
def test_a_letter_is_lost_only_from_the_status_in_which_it_was_read(
    column: Column, first: Callable[..., None], at: dt.datetime
) -> None:
    stale = factories.make_letter(column)
    first(Letter.objects.get(pk=stale.pk), at=at)
    with pytest.raises(AlreadyMoved):
        stale.lose(at=at)
    assert stale.status == LetterStatus.RECEIVED
    assert Letter.objects.get(pk=stale.pk).events.filter(verb="erase").count() == int(first != Letter.withdraw)
    now = Letter.objects.get(pk=stale.pk)
    if first == Letter.withdraw:
        now.lose(at=at)
        assert Letter.objects.get(pk=stale.pk).status == LetterStatus.ERASED
    else:
        with pytest.raises(AlreadyMoved):
            now.lose(at=at)


def test_nothing_is_added_by_somebody_who_has_not_seen_it_go(column: Column, moderator: User, at: dt.datetime) -> None:
    stale = factories.make_letter(column)
    Letter.objects.get(pk=stale.pk).withdraw(at=at)
    attempts: list[Callable[[], object]] = [
        lambda: writer_acts.write_back(stale, "One more thing.", at=at),
        lambda: decisions.ask(stale, "Since when?", by=moderator, at=at),
        lambda: stale.note("A remark.", by=moderator, at=at),
        lambda: stale.mark_urgent(by=moderator, at=at, urgent=True),
    ]
    for attempt in attempts:
        with pytest.raises(MoveRefused):
            attempt()
    assert stale.messages.count() == stale.notes.count() == 0
    assert not Letter.objects.get(pk=stale.pk).need


def test_a_writer_can_go_on_writing_after_an_article_was_stopped(
    column: Column, author: User, at: dt.datetime, keys: vault.Vault
) -> None:
    letter = shortlisted(column)
    draft = factories.make_draft(
        column, DraftStatus.SCHEDULED, letters=[letter], at=at, words={"question": "Another question altogether?"}
    )
    letter = Letter.objects.get(pk=letter.pk)
    writer_acts.write_back(letter, "One thing.", at=at)
    kept = set(SealedKey.objects.values_list("item", flat=True))
    publishing.edit(Draft.objects.select_related("article").get(pk=draft.pk), by=author, at=at, keys=keys)
    assert len(kept - set(SealedKey.objects.values_list("item", flat=True))) >= 1  # the address has no key left over
    letter.refresh_from_db()
    writer_acts.write_back(letter, "Another thing.", at=at)
    again = Draft.objects.get(pk=draft.pk)
    finish(again, at)
    publishing.publish(again, by=author, at=at, publish_at=at, slug="an-answer", keys=keys)
    assert list(Message.objects.filter(letter=letter).values_list("number", flat=True)) == [2, 3, 4]


def test_letters_of_a_draft_that_was_sent_meanwhile_stay_as_they_are(
    column: Column, author: User, at: dt.datetime, keys: vault.Vault
) -> None:
    draft = factories.make_draft(column)
    stale, more = Draft.objects.get(pk=draft.pk), shortlisted(column, OTHER)
    publishing.send_for_review(draft, by=author, at=at, keys=keys)
    with pytest.raises(NotAllowed, match="not being written"):
        drafts.join(stale, [more], by=author, at=at, keys=keys)
    assert Letter.objects.get(pk=more.pk).status == LetterStatus.SHORTLISTED
    assert len(drafts.letter_ids(Draft.objects.get(pk=draft.pk).bundle, keys)) == 1


def test_two_people_who_add_letters_at_once_lose_neither(
    column: Column, author: User, at: dt.datetime, keys: vault.Vault
) -> None:
    draft = factories.make_draft(column)
    one, two = (Draft.objects.select_related("bundle").get(pk=draft.pk) for _ in range(2))
    first, second = shortlisted(column, OTHER), shortlisted(column, OTHER + " Truly.")
    drafts.join(one, [first], by=author, at=at, keys=keys)
    drafts.join(two, [second], by=author, at=at, keys=keys)
    ids = drafts.letter_ids(Draft.objects.get(pk=draft.pk).bundle, keys)
    assert ids[1:] == [first.pk, second.pk]


def test_a_second_reader_whose_text_was_forgotten_meanwhile_is_told_so(
    column: Column, reviewer: User, at: dt.datetime, keys: vault.Vault
) -> None:
    taken = factories.take_letter(column, at=at)
    taken.letter.shortlist(by=factories.someone(column, Role.MODERATOR), at=at)
    draft = factories.make_draft(column, DraftStatus.IN_REVIEW, letters=[taken.letter], at=at)
    stale, version = Draft.objects.select_related("column").get(pk=draft.pk), draft.newest()
    _, derived = writer_acts.find(taken.receipt)
    writer_acts.withdraw(taken.letter, vault.writer(derived.key), at=at)
    drafts.forget_withdrawn(column, at=at, keys=keys)
    for act in (
        lambda: publishing.decide(stale, version, approve=True, summary="", remarks=[], by=reviewer, at=at, keys=keys),
        lambda: publishing.send_for_review(stale, by=reviewer, at=at, keys=keys),
    ):
        with pytest.raises(AlreadyMoved, match="erased meanwhile"):
            act()


def test_what_is_not_out_yet_is_stopped_and_not_taken_down(column: Column, author: User, at: dt.datetime) -> None:
    draft = factories.make_draft(column, DraftStatus.SCHEDULED, at=at, email="w@example.org")
    with pytest.raises(NotAllowed, match="not out yet"):
        publishing.take_down(Draft.objects.select_related("article").get(pk=draft.pk), by=author, at=at)
    assert Draft.objects.get(pk=draft.pk).status == DraftStatus.SCHEDULED
    assert notices.send_due(at=at) == 0
    assert Notice.objects.count() == 1


@pytest.mark.parametrize("end", [DraftStatus.SHELVED, DraftStatus.PUBLISHED, DraftStatus.WRITING])
def test_what_another_writer_was_shown_of_it_goes_too_when_the_drafts_time_is_over(
    column: Column, author: User, at: dt.datetime, end: DraftStatus
) -> None:
    keys = factories.desk_keys()
    taken = [factories.take_letter(column, at=at, text=text, consent="light") for text in (TEXT, OTHER, OTHER)]
    for one in taken:
        one.letter.shortlist(by=author, at=at)
    draft = drafts.start(column, [one.letter for one in taken[:2]], by=author, at=at, keys=keys)
    alone = drafts.start(column, [taken[2].letter], by=author, at=at, keys=keys)
    writer_approval.show(draft, taken[1].letter, by=author, at=at, keys=keys)
    writer_approval.show(alone, taken[2].letter, by=author, at=at, keys=keys)
    factories.ten_minutes_pass()
    later = at + dt.timedelta(days=2)
    (other, theirs), (lone, its) = (writer_acts.find(one.receipt) for one in taken[1:])
    assert other is not None
    assert lone is not None
    assert WORD in str(writer_acts.open_letter(other, vault.writer(theirs.key), at=later).turns)
    if end == DraftStatus.SHELVED:
        drafts.shelve(draft, by=author, at=later, keys=keys)
    elif end == DraftStatus.PUBLISHED:
        message = Message.objects.get(letter=other, kind=Message.Kind.APPROVAL)
        writer_approval.approve(other, message.pk, at=later, keys=vault.writer(theirs.key))
        finish(draft, later, pen_name=keys.open(draft.newest())["pen_name"])
        publishing.publish(draft, by=author, at=later, publish_at=later, slug="together", keys=keys)
    if end != DraftStatus.WRITING:
        draft.refresh_from_db()
        draft.erase(at=later)
    letter, derived = writer_acts.find(taken[0].receipt)
    assert letter is not None
    writer_acts.withdraw(letter, vault.writer(derived.key), at=later)
    # its writer does not read it from this moment on, and the next page of the desk erases it
    other.refresh_from_db()
    assert WORD not in str(writer_acts.open_letter(other, vault.writer(theirs.key), at=later).turns)
    assert writer_approval.shown_to_writer(other, vault.writer(theirs.key), later).message is None
    assert drafts.forget_withdrawn(column, at=later, keys=keys) == 1
    assert WORD not in str(keys.open_many(Message.objects.filter(letter__column=column)))
    kept = writer_approval.shown_to_writer(lone, vault.writer(its.key), later)
    assert kept.question == OTHER, "a question that held none of its words stays"
