"""Publishing: only approved words cross, all of it happens or nothing, and what is out can be taken back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any
from unittest import mock

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from columns.models import APPROVED_TEXT, Approval, Article, Column, text_sha256
from inbox.editorial import draft_case, publishing
from inbox.editorial import drafts as draft_rules
from inbox.keys import vault
from inbox.letters import intake, writer_acts
from inbox.models import Draft, DraftVersion, Letter, Message, Notice, Review, User
from inbox.workflow import AlreadyMoved, DraftStatus, LetterStatus, MoveRefused, NotAllowed, Role
from tests import factories
from tests.reader import Reader

pytestmark = pytest.mark.databases


def approved(column: Column, **words: str) -> Draft:
    return factories.make_draft(column, DraftStatus.APPROVED, words=words)


def publish(
    draft: Draft, by: User, at: dt.datetime, *, when: dt.datetime | None = None, slug: str = "an-answer"
) -> Article:
    return publishing.publish(draft, by=by, at=at, publish_at=when or at, slug=slug, keys=factories.desk_keys())


def test_publishing_writes_the_article_and_moves_draft_and_letters(
    column: Column, author: User, at: dt.datetime
) -> None:
    draft = approved(column, headline="Is it: yes", pen_name="Awake")
    article = publish(draft, author, at)
    assert (article.headline, article.pen_name, article.publish_at) == ("Is it: yes", "Awake", at)
    assert article.author == column.author
    assert Draft.objects.get(pk=draft.pk).status == DraftStatus.PUBLISHED
    assert {letter.status for letter in draft_rules.letters(draft, factories.desk_keys())} == {LetterStatus.PUBLISHED}
    assert list(Article.objects.live(at)) == [article]


def test_the_hash_of_every_live_row_is_the_hash_that_was_approved(column: Column) -> None:
    for number in range(3):
        kinds = ["self_harm", "abuse"][:number]
        factories.make_article(column, answer=f"Ünïcode {number} 😀 and 'quotes' || --", help_kinds=kinds)
    rows = Article.objects.filter(taken_down_at=None).select_related("approval")
    assert len(rows) == 3
    for article in rows:
        assert text_sha256(**article.approved_text()) == article.approval.text_sha256
    assert sorted(article.help_kinds for article in rows) == ["", "self_harm", "self_harm abuse"]


@pytest.mark.parametrize("name", APPROVED_TEXT)
def test_raw_sql_cannot_change_a_published_word(column: Column, name: str) -> None:
    article = factories.make_article(column)
    with pytest.raises(DatabaseError, match="approval"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE columns_article SET {name} = %s WHERE id = %s", ["other words", article.pk])
    assert getattr(Article.objects.get(pk=article.pk), name) == getattr(article, name)


def test_raw_sql_cannot_insert_revive_or_reapprove(column: Column, at: dt.datetime) -> None:
    article, other = factories.make_article(column, at=at), factories.make_article(column, at=at)
    other.take_down(at=at)
    approval = article.approval_id.hex if connection.vendor == "sqlite" else article.approval_id
    attempts: list[tuple[str, list[Any]]] = [
        ("UPDATE columns_approval SET text_sha256 = %s WHERE id = %s", ["0" * 64, approval]),
        (
            "UPDATE columns_article SET taken_down_at = NULL, headline='x', question='x', answer='x' WHERE id = %s",
            [other.pk],
        ),
        ("UPDATE columns_article SET taken_down_at = NULL WHERE id = %s", [other.pk]),
        (
            """
            INSERT INTO columns_article (column_id, author_id, slug, approval_id, headline, standfirst, content_note,
            pen_name, question, answer, correction, care, reading_minutes, publish_at, reviewed_on)
            SELECT column_id, author_id, 'smuggled', approval_id, 'other', standfirst, content_note,
            pen_name, question, answer, correction, care, reading_minutes, publish_at, reviewed_on
            FROM columns_article WHERE id = %s
            """,
            [article.pk],
        ),
    ]
    for sql, values in attempts:
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, values)
    assert Article.objects.count() == 2
    assert list(Article.objects.live(at)) == [article]


def test_new_words_with_a_new_approval_of_exactly_them_are_let_in(column: Column, at: dt.datetime) -> None:
    article = factories.make_article(column)
    text = {**article.approved_text(), "correction": "A number was wrong."}
    approval = Approval.objects.create(text_sha256=text_sha256(**text), approved_at=at)
    Article.objects.filter(pk=article.pk).update(correction="A number was wrong.", approval=approval)
    assert Article.objects.get(pk=article.pk).correction == "A number was wrong."


def test_changed_words_lose_their_approval(column: Column, author: User, at: dt.datetime) -> None:
    draft = approved(column)
    keys = factories.desk_keys()
    publishing.edit(draft, by=author, at=at, keys=keys)
    draft.save_version(factories.draft_words(), by=author, at=at, base=draft.latest)
    with pytest.raises(NotAllowed, match="approval"):
        publish(draft, author, at)
    assert Article.objects.count() == 0


def test_nobody_approves_their_own_words(column: Column, author: User, at: dt.datetime, keys: vault.Vault) -> None:
    draft = factories.make_draft(column, DraftStatus.IN_REVIEW)
    with pytest.raises(NotAllowed, match="somebody else"):
        publishing.decide(draft, draft.newest(), approve=True, summary="", remarks=[], by=author, at=at, keys=keys)
    assert Review.objects.count() == 0


def test_a_column_of_one_waits_a_day_instead(column: Column, author: User, at: dt.datetime, keys: vault.Vault) -> None:
    column.four_eyes = False
    column.save()
    draft = factories.make_draft(column, DraftStatus.IN_REVIEW)
    publishing.decide(draft, draft.newest(), approve=True, summary="", remarks=[], by=author, at=at, keys=keys)
    with pytest.raises(NotAllowed, match="rests for a day"):
        publish(draft, author, at + dt.timedelta(hours=23))
    assert publish(draft, author, at + dt.timedelta(hours=25))


def test_a_review_of_an_older_text_is_refused(
    column: Column, author: User, reviewer: User, at: dt.datetime, keys: vault.Vault
) -> None:
    draft = factories.make_draft(column, DraftStatus.IN_REVIEW)
    read = draft.newest()
    publishing.edit(draft, by=author, at=at, keys=keys)
    draft.save_version(factories.draft_words(), by=author, at=at, base=draft.latest)
    publishing.send_for_review(draft, by=author, at=at, keys=keys)
    with pytest.raises(AlreadyMoved, match="newer text"):
        publishing.decide(draft, read, approve=True, summary="", remarks=[], by=reviewer, at=at, keys=keys)
    assert Draft.objects.get(pk=draft.pk).status == DraftStatus.IN_REVIEW


def test_a_withdrawn_or_private_letter_stops_publication(column: Column, author: User, at: dt.datetime) -> None:
    draft = approved(column)
    letter = draft_rules.letters(draft, factories.desk_keys())[0]
    Letter.objects.filter(pk=letter.pk).update(consent="private")
    with pytest.raises(NotAllowed, match="private answer only"):
        publish(draft, author, at)
    letter.withdraw(at=at)
    with pytest.raises(NotAllowed, match="withdrawn"):
        publish(draft, author, at)
    assert Article.objects.count() == 0


def test_an_error_at_the_very_end_leaves_nothing_half_done(column: Column, author: User, at: dt.datetime) -> None:
    draft = approved(column)
    with (
        mock.patch("inbox.letters.notices.owe_each", side_effect=RuntimeError("power cut")),
        pytest.raises(RuntimeError),
    ):
        publish(draft, author, at)
    assert Article.objects.count() == Approval.objects.count() == 0
    assert Message.objects.filter(kind=Message.Kind.ADDRESS).count() == 0
    fresh = Draft.objects.get(pk=draft.pk)
    assert fresh.status == DraftStatus.APPROVED
    assert draft_rules.letters(fresh, factories.desk_keys())[0].status == LetterStatus.ANSWERING


def test_an_address_is_used_once(column: Column, author: User, at: dt.datetime) -> None:
    publish(approved(column), author, at, slug="taken")
    with pytest.raises(NotAllowed, match="address"):
        publish(approved(column), author, at, slug="taken")


def test_a_scheduled_article_goes_out_at_its_minute_with_no_task(column: Column, author: User, at: dt.datetime) -> None:
    when = at + dt.timedelta(days=3)
    article = publish(approved(column), author, at, when=when)
    draft = Draft.objects.get(article=article)
    assert not Article.objects.live(when - dt.timedelta(seconds=1)).exists()
    assert Article.objects.live(when).exists()
    assert draft.status_at(at) == DraftStatus.SCHEDULED
    assert draft.status_at(when) == DraftStatus.PUBLISHED


def test_the_history_follows_by_a_sweep_that_may_run_twice(column: Column, author: User, at: dt.datetime) -> None:
    when = at + dt.timedelta(days=3)
    draft = approved(column)
    publish(draft, author, at, when=when)
    assert publishing.follow_articles(at=at) == 0
    assert publishing.follow_articles(at=when) == 1
    assert publishing.follow_articles(at=when) == 0
    assert Draft.objects.get(pk=draft.pk).status == DraftStatus.PUBLISHED


def test_editing_a_scheduled_draft_removes_the_future_article_without_a_trace(
    column: Column, author: User, at: dt.datetime
) -> None:
    taken = factories.take_letter(column, email="w@example.org")
    taken.letter.shortlist(by=author, at=at)
    draft = factories.make_draft(column, DraftStatus.SCHEDULED, letters=[taken.letter], at=at)
    publishing.edit(
        Draft.objects.select_related("article").get(pk=draft.pk), by=author, at=at, keys=factories.desk_keys()
    )
    assert Article.objects.count() == Approval.objects.count() == 0
    assert Draft.objects.get(pk=draft.pk).status == DraftStatus.WRITING
    letter = Letter.objects.get(pk=taken.letter.pk)
    assert letter.status == LetterStatus.ANSWERING
    assert letter.messages.count() == 0
    assert Notice.objects.count() == 0
    assert letter.addresses.count() == 1


def test_what_went_out_meanwhile_is_not_edited_in_silence(column: Column, author: User, at: dt.datetime) -> None:
    draft = factories.make_draft(column, DraftStatus.SCHEDULED, at=at)
    with pytest.raises(AlreadyMoved, match="out already"):
        publishing.edit(draft, by=author, at=at + dt.timedelta(days=4), keys=factories.desk_keys())
    fresh = Draft.objects.get(pk=draft.pk)
    assert fresh.status == DraftStatus.SCHEDULED
    assert fresh.article is not None


def test_taking_down_empties_the_row_and_relinks_the_neighbours(column: Column, author: User, at: dt.datetime) -> None:
    drafts = [factories.make_draft(column, DraftStatus.PUBLISHED, at=at - dt.timedelta(days=n)) for n in (3, 2, 1)]
    first, middle, last = (draft.article for draft in drafts)
    assert first
    assert middle
    assert last
    assert last.neighbours(at)[:2] == (middle, None)
    publishing.take_down(drafts[1], by=author, at=at)
    middle.refresh_from_db()
    assert {getattr(middle, name) for name in APPROVED_TEXT} == {""}
    assert list(Article.objects.live(at).newest_first()) == [last, first]
    assert first.neighbours(at)[:2] == (None, last)
    assert last.neighbours(at)[:2] == (first, None)


def test_one_receipt_takes_the_article_down_at_once(column: Column, author: User, at: dt.datetime) -> None:
    taken = factories.take_letter(column)
    taken.letter.shortlist(by=author, at=at)
    other = factories.make_letter(column, LetterStatus.SHORTLISTED)
    draft = factories.make_draft(column, DraftStatus.PUBLISHED, letters=[taken.letter, other], at=at)
    letter, derived = writer_acts.find(taken.receipt)
    assert letter is not None
    assert writer_acts.withdraw(letter, vault.writer(derived.key), at=at)
    assert not Article.objects.live(at).exists()
    fresh = Draft.objects.select_related("article").get(pk=draft.pk)
    assert fresh.status_at(at) == DraftStatus.TAKEN_DOWN
    assert publishing.follow_articles(at=at) == 1
    assert Draft.objects.get(pk=draft.pk).status == DraftStatus.TAKEN_DOWN


def test_each_writer_of_a_bundle_finds_the_article_behind_the_own_receipt(
    column: Column, author: User, at: dt.datetime
) -> None:
    taken = [factories.take_letter(column) for _ in range(3)]
    for one in taken:
        one.letter.shortlist(by=author, at=at)
    draft = factories.make_draft(column, DraftStatus.PUBLISHED, letters=[one.letter for one in taken], at=at)
    for one in taken:
        letter, derived = writer_acts.find(one.receipt)
        assert letter is not None
        assert writer_acts.open_letter(letter, vault.writer(derived.key), at=timezone.now()).article == draft.article


def test_an_unfinished_draft_is_not_sent_for_review(
    column: Column, author: User, at: dt.datetime, keys: vault.Vault
) -> None:
    draft = factories.make_draft(column)
    draft.save_version(factories.draft_words(answer=" ", headline=""), by=author, at=at, base=draft.latest)
    with pytest.raises(NotAllowed, match=r"headline.*answer"):
        publishing.send_for_review(draft, by=author, at=at, keys=keys)


def test_saving_over_a_newer_text_is_refused_and_keeps_both(
    column: Column, author: User, at: dt.datetime, keys: vault.Vault
) -> None:
    draft = factories.make_draft(column)
    base = draft.latest
    mine, theirs = Draft.objects.get(pk=draft.pk), Draft.objects.get(pk=draft.pk)
    theirs.save_version({"answer": "theirs"}, by=author, at=at, base=base)
    with pytest.raises(MoveRefused, match="newer text"):
        mine.save_version({"answer": "mine"}, by=author, at=at, base=base)
    newest = Draft.objects.get(pk=draft.pk).newest()
    assert keys.open(newest)["answer"] == "theirs"
    assert DraftVersion.objects.filter(draft=draft).count() == base + 1


def test_no_readable_column_ties_an_article_or_a_draft_to_a_letter() -> None:
    private = {
        "inbox_letter",
        "inbox_message",
        "inbox_note",
        "inbox_letterevent",
        "inbox_notice",
        "inbox_writeraddress",
    }
    public = {
        "inbox_draft",
        "inbox_bundle",
        "inbox_draftversion",
        "inbox_draftevent",
        "inbox_review",
        "columns_article",
    }
    from django.apps import apps  # noqa: PLC0415 - needed by this test alone

    for model in apps.get_models():
        for field in model._meta.get_fields():
            target = getattr(field, "related_model", None)
            if target is None or not getattr(field, "concrete", False):
                continue
            pair = {model._meta.db_table, target._meta.db_table}
            assert not (pair & private and pair & public), field


# --- written anew after it was taken down -----------------------------------------------------------------------------

SECRET = "zanzibarquux"


def two_published(column: Column, at: dt.datetime) -> tuple[list[intake.Taken], Draft]:
    taken = [
        factories.take_letter(column, at=at, text=f"{word} is what I think about whenever I cannot sleep at night.")
        for word in (SECRET, "Something")
    ]
    for one in taken:
        one.letter.shortlist(by=factories.someone(column, Role.MODERATOR), at=at)
    words = {"question": f"Two of you think about a {SECRET}.", "answer": "That is quite usual."}
    letters = [one.letter for one in taken]
    return taken, factories.make_draft(column, DraftStatus.PUBLISHED, letters=letters, at=at, words=words)


@pytest.mark.parametrize("swept", [True, False])
def test_after_one_of_two_writers_took_it_back_the_other_is_answered_anew(
    column: Column, author: User, reviewer: User, at: dt.datetime, signed_in: Callable[[User], Client], swept: bool
) -> None:
    keys, desk = factories.desk_keys(), signed_in(author)
    (first, second), draft = two_published(column, at)
    factories.ten_minutes_pass()
    down, path = draft.article, f"/desk/plain/drafts/{draft.pk}/"
    assert down is not None
    address = down.get_absolute_url()
    gone, derived = writer_acts.find(first.receipt)
    assert gone is not None
    writer_acts.withdraw(gone, vault.writer(derived.key), at=at)
    assert "The answer was in the column and has been taken down." in Reader().open_letter(second.receipt)
    if swept:
        publishing.follow_articles(at=at)

    page = desk.post(f"{path}move/write_anew/", follow=True).content.decode()
    assert "this goes out as a new article" in page
    assert SECRET not in page
    draft = Draft.objects.get(pk=draft.pk)
    assert (draft.status, draft.article) == (DraftStatus.WRITING, None)
    assert [one.pk for one in draft_rules.letters(draft, keys)] == [second.letter.pk]
    other = Letter.objects.get(pk=second.letter.pk)
    assert other.status == LetterStatus.ANSWERING
    assert not other.messages.filter(kind=Message.Kind.ADDRESS).exists()
    assert "Somebody is writing an answer." in Reader().open_letter(second.receipt)

    # the old approval is of no use: the words that it was for are gone
    words = keys.open(draft.newest()) | {"question": "Somebody thinks about something.", "pen_name": "Awake"}
    draft.save_version(words, by=author, at=at, base=draft.latest)
    assert "approval" in publishing.obstacles(draft_case.of(draft, keys), at=at)[0]
    publishing.send_for_review(draft, by=author, at=at, keys=keys)
    publishing.decide(draft, draft.newest(), approve=True, summary="", remarks=[], by=reviewer, at=at, keys=keys)
    with pytest.raises(NotAllowed, match="has this address already"), transaction.atomic():
        publishing.publish(draft, by=author, at=at, publish_at=at, slug=down.slug, keys=keys)
    draft.refresh_from_db()
    new = publishing.publish(draft, by=author, at=at, publish_at=at, slug="anew", keys=keys)
    assert new.pk != down.pk
    assert (new.question, new.answer) == ("Somebody thinks about something.", "That is quite usual.")
    assert list(Article.objects.live(at)) == [new]
    reader = Reader().client
    assert reader.get(address).status_code == 410
    assert reader.get(new.get_absolute_url()).status_code == 200
    assert new.get_absolute_url() in Reader().open_letter(second.receipt)
    assert Letter.objects.get(pk=first.letter.pk).status == LetterStatus.WITHDRAWN


def test_what_the_desk_took_down_can_be_written_anew_too(column: Column, author: User, at: dt.datetime) -> None:
    keys = factories.desk_keys()
    _, draft = two_published(column, at)
    publishing.take_down(draft, by=author, at=at)
    publishing.write_anew(draft, by=author, at=at, keys=keys)
    assert {one.status for one in draft_rules.letters(draft, keys)} == {LetterStatus.ANSWERING}
    assert keys.open(draft.newest())["question"] == f"Two of you think about a {SECRET}."


def test_without_a_letter_or_without_words_nothing_is_written_anew(
    column: Column, author: User, at: dt.datetime
) -> None:
    keys = factories.desk_keys()
    taken, draft = two_published(column, at)
    for one in taken:
        letter, derived = writer_acts.find(one.receipt)
        assert letter is not None
        writer_acts.withdraw(letter, vault.writer(derived.key), at=at)
    publishing.follow_articles(at=at)
    erased = factories.make_draft(column, DraftStatus.TAKEN_DOWN, at=at)
    erased.erase(at=at)
    for down, why in ((draft, "nothing left to answer"), (erased, "were erased")):
        fresh = Draft.objects.get(pk=down.pk)
        with pytest.raises(NotAllowed, match=why):
            publishing.write_anew(fresh, by=author, at=at, keys=keys)
        assert Draft.objects.get(pk=down.pk).status == DraftStatus.TAKEN_DOWN
        assert Draft.objects.get(pk=down.pk).article is not None
