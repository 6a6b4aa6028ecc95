"""The second reading: one version is read, and one decision is made on exactly that."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from columns.models import Column
from inbox.editorial import publishing
from inbox.keys.vault import Vault
from inbox.models import Draft, Review, User
from inbox.workflow import DraftStatus, LetterStatus, Role
from tests import factories
from tests.access_checks import client_of

MARKUP = "<script>alert(1)</script> & <b>words</b>"


def path(draft: Draft) -> str:
    return reverse("desk:review", args=[draft.column.slug, draft.pk])


def decision(draft: Draft, what: str = "approve", **more: str) -> dict[str, Any]:
    return {"version": draft.latest, "decision": what, **more}


@pytest.fixture
def draft(column: Column, reviewer: User) -> Draft:
    return factories.make_draft(
        column, DraftStatus.IN_REVIEW, text="It hurts in Bristol, and I tell nobody at all of it."
    )


@pytest.fixture
def client(reviewer: User) -> Client:
    return client_of(reviewer)


def test_shows_text_checks_and_letter(draft: Draft, client: Client) -> None:
    shown = client.get(path(draft)).content.decode()
    assert f'src="{reverse("desk:review_text", args=["plain", draft.pk])}"' in shown
    assert "A heading says when to be concerned." in shown
    assert re.search(r"Look:</strong>\s*No source is named", shown)
    assert "Each writer allows publication." in shown
    assert re.search(r'<mark class="detail">Bristol<', shown)
    assert "<del>" in shown
    assert f'name="version" value="{draft.latest}"' in shown


def test_an_approval_is_bound_to_the_text_that_was_read(
    draft: Draft, client: Client, reviewer: User, keys: Vault
) -> None:
    response = client.post(path(draft), decision(draft, summary="Good."), follow=True)
    assert "Approved." in response.content.decode()
    draft.refresh_from_db()
    review = Review.objects.get()
    assert (draft.status, review.by, review.decision) == (DraftStatus.APPROVED, reviewer, Review.Decision.APPROVED)
    assert review.text_sha256 == publishing.hash_of(keys.open(draft.newest()))


def test_changes_are_asked_for_beside_the_paragraphs(draft: Draft, client: Client, keys: Vault) -> None:
    sent = decision(
        draft, "changes", **{"remark-answer-1": "Which part?", "remark-question-0": "Shorter.", "summary": ""}
    )
    response = client.post(path(draft), sent, follow=True)
    assert "It is back with the author." in response.content.decode()
    draft.refresh_from_db()
    assert draft.status == DraftStatus.WRITING
    assert keys.open(Review.objects.get())["remarks"] == [
        {"part": "answer", "quote": "## What is happening", "text": "Which part?"},
        {"part": "question", "quote": "I have been wondering whether this is *normal*.", "text": "Shorter."},
    ]


def test_to_ask_for_changes_one_must_say_which(draft: Draft, client: Client) -> None:
    response = client.post(path(draft), decision(draft, "changes", summary="  ", **{"remark-answer-0": " "}))
    assert response.status_code == 400
    assert "Say what should change" in response.content.decode()
    assert not Review.objects.exists()


@pytest.mark.parametrize(
    "name", ["remark-answer-99", "remark-headline-0", "remark-answer-x", "remark-answer-" + "9" * 500]
)
def test_a_remark_on_no_paragraph_is_left_out(draft: Draft, client: Client, keys: Vault, name: str) -> None:
    client.post(path(draft), decision(draft, "changes", summary="Shorter.", **{name: "What?"}))
    assert keys.open(Review.objects.get())["remarks"] == []


def test_who_wrote_on_it_cannot_approve(column: Column, draft: Draft, author: User, keys: Vault) -> None:
    both = factories.make_user("both", column, Role.AUTHOR, Role.REVIEWER)
    client = client_of(both)
    own = factories.make_draft(column)
    own.save_version(factories.draft_words(), by=both, at=own.saved_at, base=own.latest)
    publishing.send_for_review(own, by=author, at=own.saved_at, keys=keys)
    shown = client.get(path(own)).content.decode()
    assert "You have written on this draft, so somebody else has to approve it." in shown
    assert 'value="approve"' not in shown
    response = client.post(path(own), decision(own))
    assert response.status_code == 409
    assert "somebody else has to approve it" in response.content.decode()
    own.refresh_from_db()
    assert own.status == DraftStatus.IN_REVIEW
    assert 'value="approve"' in client.get(path(draft)).content.decode()


def test_in_a_column_of_one_the_writer_may_approve(column: Column) -> None:
    Column.objects.filter(pk=column.pk).update(four_eyes=False)
    both = factories.make_user("both", column, Role.AUTHOR, Role.REVIEWER)
    draft = factories.make_draft(column, DraftStatus.IN_REVIEW)
    assert draft.written_by(both)
    assert 'value="approve"' in client_of(both).get(path(draft)).content.decode()
    assert client_of(both).post(path(draft), decision(draft)).status_code == 302


def test_a_text_that_was_saved_again_is_not_approved_unread(
    draft: Draft, client: Client, author: User, at: dt.datetime, keys: Vault
) -> None:
    read = decision(draft, summary="Good as it is.", **{"remark-answer-0": "A lovely sentence."})
    publishing.edit(draft, by=author, at=at, keys=keys)
    draft.save_version(factories.draft_words(answer="Quite another answer."), by=author, at=at, base=draft.latest)
    publishing.send_for_review(draft, by=author, at=at, keys=keys)
    response = client.post(path(draft), read)
    shown = response.content.decode()
    assert response.status_code == 409
    assert "Please read the newer text." in shown
    for kept in ("Good as it is.", "A lovely sentence.", f'name="version" value="{draft.latest}"'):
        assert kept in shown
    assert not Review.objects.exists()


@pytest.mark.parametrize("status", [DraftStatus.WRITING, DraftStatus.APPROVED, DraftStatus.PUBLISHED])
def test_a_draft_that_was_moved_is_refused_in_words(column: Column, client: Client, status: DraftStatus) -> None:
    draft = factories.make_draft(column, status)
    reviews = Review.objects.count()
    assert "not with the second reader now" in client.get(path(draft)).content.decode()
    response = client.post(path(draft), decision(draft))
    assert response.status_code == 409
    assert "Nothing was decided" in response.content.decode()
    assert Review.objects.count() == reviews


@pytest.mark.parametrize("sent", [{}, {"decision": "approve"}, {"version": 1}, {"version": "x", "decision": "approve"}])
def test_a_form_without_its_parts_decides_nothing(draft: Draft, client: Client, sent: dict[str, Any]) -> None:
    assert client.post(path(draft), sent).status_code == 400
    assert not Review.objects.exists()


def test_a_version_that_never_was_is_not_decided_on(draft: Draft, client: Client) -> None:
    assert client.post(path(draft), {"version": 77, "decision": "approve"}).status_code == 409
    assert not Review.objects.exists()


def test_words_are_escaped(column: Column, client: Client) -> None:
    letter_and_draft: dict[str, Any] = {
        "text": f"{MARKUP} in a letter that is long enough for one.",
        "pen_name": MARKUP,
    }
    words = factories.draft_words(headline=MARKUP, question=MARKUP, answer=MARKUP)
    draft = factories.make_draft(column, DraftStatus.IN_REVIEW, words=words, **letter_and_draft)
    sent = decision(draft, "changes", summary="", **{"remark-answer-0": ""})
    for response in (client.get(path(draft)), client.post(path(draft), sent)):
        shown = response.content.decode()
        assert "<script>alert" not in shown
        assert "<b>words" not in shown
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown


def test_more_letters_ask_no_more_of_the_database(column: Column, client: Client) -> None:
    counts = []
    for many in (1, 4):
        letters = [factories.make_letter(column, LetterStatus.SHORTLISTED) for _ in range(many)]
        draft = factories.make_draft(column, DraftStatus.IN_REVIEW, letters=letters)
        client.get(path(draft))
        with CaptureQueriesContext(connection) as captured:
            client.get(path(draft))
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 12


def test_other_methods_are_refused(draft: Draft, client: Client) -> None:
    assert client.put(path(draft)).status_code == 405
