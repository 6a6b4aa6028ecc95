"""Publication while something happens to the draft or one of its letters, and of many letters: all of it or nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from django.db import connection
from django.test.utils import CaptureQueriesContext

from columns.models import Approval, Article, Column
from inbox.crypto import sealing
from inbox.editorial import draft_case, drafts, publishing
from inbox.letters import writer_acts
from inbox.models import Consent, Draft, Letter, LetterEvent, Message, SealedKey, User
from inbox.workflow import AlreadyMoved, DraftStatus, LetterStatus, NotAllowed, Role
from tests import factories


def publish(
    draft: Draft, by: User, at: dt.datetime, *, when: dt.datetime | None = None, slug: str = "an-answer"
) -> Article:
    return publishing.publish(draft, by=by, at=at, publish_at=when or at, slug=slug, keys=factories.desk_keys())


def three_approved(column: Column) -> tuple[list[Letter], Draft]:
    letters = [factories.make_letter(column, LetterStatus.SHORTLISTED, consent="light") for _ in range(3)]
    draft = factories.make_draft(column, DraftStatus.APPROVED, letters=letters)
    return letters, Draft.objects.select_related("column__author", "bundle", "topic").get(pk=draft.pk)


def meanwhile(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Let something happen between the look at what stands in the way of publication and the publication."""
    looked = publishing.obstacles

    def slowly(case: draft_case.Case, *, at: dt.datetime) -> list[str]:
        found = looked(case, at=at)
        act()
        return found

    monkeypatch.setattr(publishing, "obstacles", slowly)


def test_one_writer_of_three_who_takes_it_back_at_this_moment_stops_it(
    column: Column, author: User, at: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    letters, draft = three_approved(column)
    meanwhile(monkeypatch, lambda: Letter.objects.get(pk=letters[1].pk).withdraw(at=at))
    with pytest.raises(AlreadyMoved):
        publish(draft, author, at)
    assert Article.objects.count() == Approval.objects.count() == Message.objects.count() == 0
    assert Draft.objects.get(pk=draft.pk).status == DraftStatus.APPROVED
    assert [Letter.objects.get(pk=one.pk).status for one in letters] == ["answering", "withdrawn", "answering"]
    assert not LetterEvent.objects.filter(verb="publish").exists()


def test_what_one_writer_of_three_allows_at_this_moment_counts(
    column: Column, author: User, at: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    letters, draft = three_approved(column)
    words = {**factories.draft_words(), "question": factories.LETTER_TEXT}
    keys, reviewer = factories.desk_keys(), factories.someone(column, Role.REVIEWER)
    publishing.edit(draft, by=author, at=at, keys=keys)
    draft.save_version(words, by=author, at=at, base=draft.latest)
    publishing.send_for_review(draft, by=author, at=at, keys=keys)
    publishing.decide(draft, draft.newest(), approve=True, summary="", remarks=[], by=reviewer, at=at, keys=keys)
    one = Letter.objects.get(pk=letters[2].pk)
    meanwhile(monkeypatch, lambda: writer_acts.allow(one, Consent.REWRITTEN, at=at))
    with pytest.raises(NotAllowed, match=f"{one.label} allowed their question in other words"):
        publish(draft, author, at)
    assert Article.objects.count() == 0


def test_a_receipt_that_is_changed_at_this_moment_finds_the_article(
    column: Column, author: User, at: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    letters, draft = three_approved(column)
    new = sealing.public_half(X25519PrivateKey.generate())
    meanwhile(monkeypatch, lambda: Letter.objects.get(pk=letters[0].pk).change_code(index="another", public=new, at=at))
    publish(draft, author, at)
    message = Message.objects.get(letter=letters[0], kind=Message.Kind.ADDRESS)
    assert SealedKey.objects.get(item=message.pk).key_id == sealing.key_id(new)


def test_a_draft_that_was_taken_up_and_approved_again_at_this_moment_is_read_again_first(
    column: Column, author: User, at: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its letters may be others by then, though it stands where it stood and its words are the same."""
    _, draft = three_approved(column)
    more, keys = factories.make_letter(column, LetterStatus.SHORTLISTED), factories.desk_keys()

    def answer_one_more() -> None:
        other = Draft.objects.select_related("column", "bundle").get(pk=draft.pk)
        publishing.edit(other, by=author, at=at, keys=keys)
        drafts.join(other, [more], by=author, at=at, keys=keys)
        publishing.send_for_review(other, by=author, at=at, keys=keys)
        by = factories.someone(column, Role.REVIEWER)
        publishing.decide(other, other.newest(), approve=True, summary="", remarks=[], by=by, at=at, keys=keys)

    meanwhile(monkeypatch, answer_one_more)
    with pytest.raises(AlreadyMoved):
        publish(draft, author, at)
    assert Article.objects.count() == 0
    monkeypatch.undo()
    fresh = Draft.objects.select_related("column__author", "bundle", "topic").get(pk=draft.pk)
    publish(fresh, author, at)
    assert Letter.objects.get(pk=more.pk).status == LetterStatus.PUBLISHED


def test_more_letters_are_published_and_stopped_with_no_more_statements(
    column: Column, author: User, at: dt.datetime
) -> None:
    counts = []
    for many in (3, 8):
        letters = [factories.make_letter(column, LetterStatus.SHORTLISTED, email="w@example.org") for _ in range(many)]
        draft = factories.make_draft(column, DraftStatus.APPROVED, letters=letters)
        with CaptureQueriesContext(connection) as published:
            publish(draft, author, at, when=at + dt.timedelta(days=3), slug=f"for-{many}")
        with CaptureQueriesContext(connection) as stopped:
            publishing.edit(draft, by=author, at=at, keys=factories.desk_keys())
        counts.append((len(published), len(stopped)))
    assert counts[0] == counts[1]
    assert counts[0][0] <= 30
