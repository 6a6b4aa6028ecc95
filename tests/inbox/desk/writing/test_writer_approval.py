"""The author shows the edited question to the writer of a letter."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from columns.models import Column
from inbox.editorial import drafts, writer_approval
from inbox.keys import vault
from inbox.letters import writer_acts
from inbox.models import Consent, Draft, Letter, Message, User
from inbox.workflow import DraftStatus, LetterStatus, Role
from tests import factories
from tests.access_checks import client_of

DAY = dt.timedelta(days=1)


def path(draft: Draft) -> str:
    return reverse("desk:writer_approval", args=[draft.column.slug, draft.pk])


def page_of(client: Client, draft: Draft) -> str:
    response = client.get(reverse("desk:draft", args=[draft.column.slug, draft.pk]))
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


@pytest.fixture
def receipts() -> list[str]:
    return []


@pytest.fixture
def letter(column: Column, author: User, at: dt.datetime, receipts: list[str]) -> Letter:
    taken = factories.take_letter(column, text="I lie awake since spring and wonder why that is, every night.")
    taken.letter.shortlist(by=author, at=at)
    receipts.append(taken.receipt)
    return taken.letter


@pytest.fixture
def draft(column: Column, author: User, letter: Letter) -> Draft:
    draft = factories.make_draft(column, letters=[letter])
    factories.ten_minutes_pass()
    return draft


@pytest.fixture
def client(author: User) -> Client:
    return client_of(author)


def show(client: Client, draft: Draft, *letters: Letter) -> str:
    response = client.post(path(draft), {"letter": [letter.pk for letter in letters]}, follow=True)
    assert response.redirect_chain == [(reverse("desk:draft", args=["plain", draft.pk]), 302)]
    return " ".join(response.content.decode().split())


def answer(receipt: str, wish: str = "", *, days: int = 1) -> None:
    """The writer's answer, so many days later."""
    letter, derived = writer_acts.find(receipt)
    assert letter is not None
    keys, message = vault.writer(derived.key), Message.objects.filter(kind=Message.Kind.APPROVAL).latest("number").pk
    at = timezone.now() + days * DAY
    if wish:
        writer_approval.correct(letter, message, wish, at=at, keys=keys)
    else:
        writer_approval.approve(letter, message, at=at, keys=keys)


def rewrite(draft: Draft, author: User, question: str) -> None:
    words = {**factories.desk_keys().open(draft.newest()), "question": question}
    draft.refresh_from_db()
    draft.save_version(words, by=author, at=timezone.now(), base=draft.latest)


def test_it_is_shown(draft: Draft, letter: Letter, client: Client) -> None:
    assert "Was not shown the question." in page_of(client, draft)
    page = show(client, draft, letter)
    assert f"The writer of {letter.label} gets the question when the day is over." in page
    assert "Gets the question when the day is over." in page
    assert "was shown the question and may answer until" in page
    assert f"Show the question to the writer of {letter.label}" not in page
    assert Message.objects.get().kind == Message.Kind.APPROVAL


def test_pressing_twice_asks_once(draft: Draft, letter: Letter, client: Client) -> None:
    show(client, draft, letter)
    assert "Nothing was sent." in show(client, draft, letter)
    assert Message.objects.count() == 1


def test_a_yes_is_read_there_until_the_text_changes(
    draft: Draft, letter: Letter, client: Client, author: User, receipts: list[str]
) -> None:
    show(client, draft, letter)
    answer(receipts[0])
    page = page_of(client, draft)
    assert "<strong>Said yes</strong>" in page
    assert "It cannot go out yet." not in page
    rewrite(draft, author, "I have been wondering whether this is usual.")
    page = page_of(client, draft)
    assert "but to another text" in page
    assert "<del>*normal*.</del><ins>usual.</ins>" in page
    assert "said yes to another text" in page
    assert f"Show the question to the writer of {letter.label} again" in page


def test_a_wish_is_read_there_in_their_words(draft: Draft, letter: Letter, client: Client, receipts: list[str]) -> None:
    show(client, draft, letter)
    answer(receipts[0], "Not <b>normal</b>, please.")
    page = page_of(client, draft)
    assert "<strong>Asks for a change</strong>" in page
    assert "Not &lt;b&gt;normal&lt;/b&gt;, please.</blockquote>" in page
    assert "asked for a change. Change the question, and show it to them again." in page


def test_what_they_allow_now_is_seen_there(draft: Draft, letter: Letter, client: Client, receipts: list[str]) -> None:
    show(client, draft, letter)
    answer(receipts[0])
    writer_acts.allow(Letter.objects.get(), Consent.PRIVATE, at=timezone.now())
    page = page_of(client, draft)
    assert '<strong class="allows-not">Answer me privately only</strong>' in page
    assert f"Show the question to the writer of {letter.label}" not in page


def test_each_letter_stands_for_itself(column: Column, draft: Draft, letter: Letter, client: Client) -> None:
    second = factories.make_letter(column, LetterStatus.SHORTLISTED)
    author = factories.someone(column, Role.AUTHOR)
    drafts.join(draft, [second], by=author, at=timezone.now(), keys=factories.desk_keys())
    show(client, draft, second)
    page = page_of(client, draft)
    assert "Was not shown the question." in page
    assert "Gets the question when the day is over." in page
    assert page.index(f"writer of {letter.label}") < page.index("Gets the question when")


def test_nobody_is_asked_from_a_draft_that_is_out(column: Column, client: Client, keys: vault.Vault) -> None:
    out = factories.make_draft(column, DraftStatus.PUBLISHED)
    assert "Nothing was sent." in show(client, out, drafts.letters(out, keys)[0])
    assert "The writer and this question" not in page_of(client, out)


def test_a_letter_that_another_draft_answers_is_refused_in_words(column: Column, draft: Draft, client: Client) -> None:
    assert "Nothing was sent." in show(client, draft, factories.make_letter(column, LetterStatus.ANSWERING))
    assert not Message.objects.exists()


def test_a_letter_that_was_withdrawn_meanwhile_is_refused_in_words(
    draft: Draft, letter: Letter, client: Client, receipts: list[str], at: dt.datetime
) -> None:
    found, derived = writer_acts.find(receipts[0])
    assert found is not None
    writer_acts.withdraw(found, vault.writer(derived.key), at=at)
    assert "Nothing was sent." in show(client, draft, letter)


@pytest.mark.parametrize("letters", [[], ["zz"], [str(uuid.UUID(int=1))]])
def test_what_is_no_letter_of_the_column_is_not_found(draft: Draft, client: Client, letters: list[str]) -> None:
    assert client.post(path(draft), {"letter": letters}).status_code == 404


def test_a_letter_of_another_column_is_not_found(draft: Draft, client: Client, other_column: Column) -> None:
    foreign = factories.make_letter(other_column, LetterStatus.ANSWERING)
    assert client.post(path(draft), {"letter": [foreign.pk]}).status_code == 404
    assert not Message.objects.exists()


def test_a_second_reader_reads_nothing_of_it_here(column: Column, draft: Draft, letter: Letter, client: Client) -> None:
    show(client, draft, letter)
    reviewer = client_of(factories.someone(column, Role.REVIEWER))
    assert "The writer and this question" not in page_of(reviewer, draft)


def test_wrong_method(draft: Draft, client: Client) -> None:
    assert client.get(path(draft)).status_code == 405
