"""What is out is corrected: other words go into the article with an approval of their own, and with nothing less."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from columns.models import Approval, Article, Column
from inbox.editorial import corrections, drafts, publishing
from inbox.keys import vault
from inbox.keys.vault import Vault
from inbox.letters import writer_acts
from inbox.models import Correction, Draft, Period, SealedKey, User
from inbox.operations import as_recorded, retention
from inbox.workflow import AlreadyMoved, DraftStatus, LetterStatus, NotAllowed
from tests import factories

pytestmark = pytest.mark.databases
DAY = dt.timedelta(days=1)
OTHER = "Nothing is wrong with you.\n\n## What is happening\n\nMuch.\n\n## When to worry\n\n- If it bleeds for a week."


class Scene:
    def __init__(self, column: Column, author: User, reviewer: User, at: dt.datetime) -> None:
        self.column, self.author, self.reviewer, self.at = column, author, reviewer, at
        self.keys = factories.desk_keys()
        self.taken = factories.take_letter(column, at=at)
        self.taken.letter.shortlist(by=author, at=at)
        self.pk = factories.make_draft(column, DraftStatus.PUBLISHED, letters=[self.taken.letter], at=at).pk

    @property
    def draft(self) -> Draft:
        return Draft.objects.select_related("column", "bundle", "article").get(pk=self.pk)

    @property
    def article(self) -> Article:
        return Article.objects.select_related("approval", "review", "column", "author").get()

    def send(self, *, note: str = "The sign is a week.", by: User | None = None, **other: Any) -> None:
        draft = self.draft
        assert draft.article is not None
        after = corrections.words_of(draft.article) | {"answer": OTHER}
        known: dict[str, Any] = {"base": corrections.sha256_of(draft.article), "seen": draft.events_count, "ask": ""}
        known |= {"by": by or self.author, "at": self.at + DAY, "keys": self.keys} | other
        corrections.send(known.pop("draft", draft), known.pop("after", after), note=note, **known)

    def approve(self, *, by: User | None = None, at: dt.datetime | None = None) -> None:
        known: dict[str, Any] = {"number": Correction.objects.latest("number").number, "by": by or self.reviewer}
        corrections.approve(self.draft, at=at or self.at + DAY, keys=self.keys, **known)


@pytest.fixture
def scene(column: Column, author: User, reviewer: User, at: dt.datetime) -> Scene:
    return Scene(column, author, reviewer, at)


def test_the_page_changes_when_the_second_reader_has_approved_and_not_before(scene: Scene, client: Client) -> None:
    address, before = scene.article.get_absolute_url(), scene.article
    scene.send()
    assert "bleeds for a week" not in client.get(address).text
    scene.approve()
    page, article = client.get(address).text, scene.article
    assert "bleeds for a week" in page
    assert "The sign is a week." in page
    day = timezone.localdate(scene.at + DAY)
    assert article.corrections == [(day, "The sign is a week.")]
    assert (article.corrected_on, article.reviewed_on) == (day, before.reviewed_on)
    assert article.approval_id != before.approval_id
    assert article.reviewer == before.approval, "who read the whole of it is named"
    assert f'"dateModified": "{day.isoformat()}"' in page
    feed = client.get(reverse("columns:feed", args=[scene.column.slug])).text
    assert "bleeds for a week" in feed
    assert f"<published>{article.publish_at.isoformat()[:10]}" in feed
    assert feed.count("<updated>") == 2
    assert [event.verb for event in scene.draft.events.all()][-2:] == ["correct", "approve_correction"]
    assert as_recorded.differing() == []
    assert corrections.opened(scene.draft, scene.keys)[0][1]["before"]["answer"] == before.answer


def test_a_slip_of_the_pen_has_no_note_and_earlier_notes_keep_their_days(scene: Scene) -> None:
    scene.send()
    scene.approve()
    first = scene.article.corrections
    scene.send(note="", after=corrections.words_of(scene.article) | {"headline": "A better one"})
    scene.approve(at=scene.at + 3 * DAY)
    assert scene.article.corrections == first
    assert scene.article.corrected_on == timezone.localdate(scene.at + 3 * DAY)
    scene.send(after=corrections.words_of(scene.article) | {"headline": "The best"}, note="It was\nanother.")
    scene.approve(at=scene.at + 5 * DAY)
    assert [note for _day, note in scene.article.corrections] == ["It was another.", "The sign is a week."]
    assert Approval.objects.count() == 2, "of the words, and of the last review of the whole"


def test_of_two_who_correct_at_once_the_second_is_told(scene: Scene, author: User) -> None:
    seen, draft = scene.draft.events_count, scene.draft
    scene.send()
    with pytest.raises(AlreadyMoved, match="Somebody else"):
        scene.send(seen=seen)
    with pytest.raises(AlreadyMoved, match="already moved"):
        scene.send(draft=draft, seen=seen)
    assert Correction.objects.count() == 1


def test_nobody_approves_what_they_wrote_also_after_another_round(scene: Scene, author: User) -> None:
    scene.send(by=scene.reviewer)
    number = Correction.objects.get().number
    known: dict[str, Any] = {"number": number, "at": scene.at + DAY, "keys": scene.keys}
    corrections.ask_changes(scene.draft, remark="Say it shorter.", by=scene.author, **known)
    assert corrections.in_work(scene.draft, scene.keys).words["remark"] == "Say it shorter."  # type: ignore[union-attr]
    scene.send()
    with pytest.raises(NotAllowed, match="somebody else"):
        scene.approve(by=scene.reviewer)
    assert scene.article.correction == ""


def test_a_column_of_one_person_rests_a_day(scene: Scene, author: User) -> None:
    Column.objects.update(four_eyes=False)
    scene.send()
    with pytest.raises(NotAllowed, match="rests for a day"):
        scene.approve(by=author, at=scene.at + DAY + dt.timedelta(hours=23))
    scene.approve(by=author, at=scene.at + 2 * DAY)
    assert scene.article.answer == OTHER


def test_an_old_page_approves_nothing(scene: Scene, reviewer: User) -> None:
    scene.send()
    old = Correction.objects.get().number
    scene.send(note="Other.")
    with pytest.raises(AlreadyMoved):
        corrections.approve(scene.draft, number=old, by=reviewer, at=scene.at + DAY, keys=scene.keys)
    scene.approve()
    with pytest.raises(AlreadyMoved):
        scene.approve()


@pytest.mark.parametrize("after", [{}, {"headline": " "}, {"answer": ""}])
def test_what_changes_nothing_or_leaves_nothing_is_refused(scene: Scene, after: dict[str, str]) -> None:
    with pytest.raises(NotAllowed):
        scene.send(after=corrections.words_of(scene.article) | after)
    assert not Correction.objects.exists()


def test_the_database_takes_no_corrected_word_without_its_approval(scene: Scene) -> None:
    scene.send()
    for values in ({"answer": OTHER}, {"correction": "2026-01-01 smuggled"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Article.objects.update(**values)
    scene.approve()
    with pytest.raises(DatabaseError), transaction.atomic():
        Article.objects.update(correction="")
    with pytest.raises(DatabaseError), transaction.atomic():
        Article.objects.update(approval=scene.article.review_id)


def test_it_works_after_the_drafts_words_are_erased_and_is_erased_in_its_turn(scene: Scene) -> None:
    scene.draft.erase(at=scene.at)
    scene.send()
    scene.approve()
    assert scene.article.answer == OTHER
    row = Correction.objects.get()
    assert SealedKey.objects.filter(item=row.pk).exists()
    assert retention.erase_due(at=scene.at + 2 * DAY) == 0
    kept = max(Period.of(scene.column).values())
    assert retention.erase_due(at=scene.at + (kept + 40) * DAY) >= 1
    row.refresh_from_db()
    assert (bytes(row.sealed), SealedKey.objects.filter(item=row.pk).exists()) == (b"", False)
    assert scene.article.answer == OTHER


@pytest.mark.parametrize("erased", [True, False])
def test_a_withdrawal_erases_the_words_of_corrections(scene: Scene, erased: bool) -> None:
    scene.send()
    scene.approve()
    if erased:
        scene.draft.erase(at=scene.at)
        scene.send(note="", after=corrections.words_of(scene.article) | {"question": "Another question?"})
    _letter, derived = writer_acts.find(scene.taken.receipt)
    writer_acts.withdraw(scene.taken.letter, vault.writer(derived.key), at=scene.at + DAY)
    drafts.forget_withdrawn(scene.column, at=scene.at + DAY, keys=scene.keys)
    publishing.follow_articles(at=scene.at + DAY)
    assert {bytes(row.sealed) for row in Correction.objects.all()} == {b""}
    assert not SealedKey.objects.filter(item__in=Correction.objects.values("pk")).exists()
    with pytest.raises(NotAllowed, match="no article"):
        scene.send(after=dict.fromkeys(corrections.words_of(scene.article), "x"))


def test_reviewed_and_nothing_to_change_moves_the_day_with_a_name(scene: Scene, author: User) -> None:
    scene.send()
    scene.approve()
    later, base = scene.at + 300 * DAY, corrections.sha256_of(scene.article)
    with pytest.raises(NotAllowed, match="somebody else"):
        corrections.confirm(scene.draft, base=base, by=author, at=later)
    with pytest.raises(AlreadyMoved, match="read it again"):
        corrections.confirm(scene.draft, base="0" * 64, by=scene.reviewer, at=later)
    corrections.confirm(scene.draft, base=base, by=scene.reviewer, at=later)
    article = scene.article
    assert (article.reviewed_on, article.reviewer.reviewer_name) == (timezone.localdate(later), scene.reviewer.name)
    assert article.corrected_on == timezone.localdate(scene.at + DAY)
    assert (article.review_id, Approval.objects.count()) == (None, 1)


@pytest.mark.parametrize("status", [one for one in DraftStatus if one != DraftStatus.PUBLISHED])
def test_only_what_is_out_is_corrected(column: Column, author: User, at: dt.datetime, keys: Vault, status: Any) -> None:
    draft = factories.make_draft(column, status, at=at)
    with pytest.raises(NotAllowed, match="no article"):
        corrections.send(draft, {}, note="", ask="", base="", seen=0, by=author, at=at, keys=keys)
    with pytest.raises(NotAllowed, match="no article"):
        corrections.confirm(draft, base="", by=author, at=at)


def test_only_what_changed_is_shown_in_its_context() -> None:
    text = dict.fromkeys(("headline", "standfirst", "content_note", "pen_name", "question"), "")
    before = text | {"answer": "\n\n".join(f"Paragraph {number}." for number in range(9))}
    after = before | {"answer": before["answer"].replace("Paragraph 4", "Section 4")}
    ((name, parts),) = corrections.changed(before, after)
    shown = "".join(part for _kind, part in parts)
    assert name == "answer"
    assert [f"{number}." in shown for number in range(9)] == [number in (3, 4, 5) for number in range(9)]
    assert ("new", "Section ") in parts


def test_the_letter_stays_published_and_is_not_told(scene: Scene) -> None:
    scene.send()
    scene.approve()
    scene.taken.letter.refresh_from_db()
    assert scene.taken.letter.status == LetterStatus.PUBLISHED
