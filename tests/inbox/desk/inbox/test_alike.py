"""Letters that are like one, at the desk."""

from __future__ import annotations

import datetime as dt
import re
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from columns.models import Column
from inbox.keys import vault
from inbox.letters import writer_acts
from inbox.models import KeyGrant, Letter, User
from inbox.triage import related_letters
from inbox.workflow import LETTER_VERBS, LetterStatus
from tests import factories

SignIn = Callable[[User], Client]
ASKS = "Since I take the pill my periods have become very light. Is that something to worry about?"
SAME = "Could contraceptives be the reason why my menstruation nearly stopped? I am worried about it."
OTHER = "My boyfriend leaves the room whenever I want to speak about moving in together. I feel unheard."


def path(letter: Letter) -> str:
    return f"/desk/plain/letters/{letter.pk}/alike/"


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Any:
    related_letters.forget()
    yield
    related_letters.forget()


@pytest.mark.encoder
def test_shows_the_letters_that_ask_the_same_and_why(column: Column, moderator: User, signed_in: SignIn) -> None:
    letter, same, other = (factories.make_letter(column, text=text) for text in (ASKS, SAME, OTHER))
    client = signed_in(moderator)
    page = client.get(path(letter)).content.decode()
    assert same.label in page
    assert other.label not in page
    words = re.findall(r"same words: ([^<]+)<", page)
    assert [sorted(re.split(", | and ", one)) for one in words] == [["periods", "pill", "worry"]]
    part = client.get(path(letter), headers={"X-Steady": "part"}).content.decode()
    assert same.label in part
    assert "<html" not in part


@pytest.mark.encoder
def test_letters_that_came_since_are_found_and_those_taken_back_are_gone(
    column: Column, moderator: User, signed_in: SignIn, at: dt.datetime
) -> None:
    letter = factories.make_letter(column, text=ASKS)
    client = signed_in(moderator)
    client.get(path(letter))
    taken = factories.take_letter(column, text=SAME)
    assert taken.letter.label in client.get(path(letter)).content.decode()
    _, derived = writer_acts.find(taken.receipt)
    writer_acts.withdraw(taken.letter, vault.writer(derived.key), at=at)
    assert taken.letter.label not in client.get(path(letter)).content.decode()
    (memory,) = related_letters._memories.values()
    assert memory.seen == {letter.pk}
    assert "contraceptiv" not in str(memory.prepared._postings.keys())


def test_nothing_is_remembered_after_somebody_signed_out_or_nobody_asked(
    column: Column, moderator: User, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter = factories.make_letter(column, text=ASKS)
    client = signed_in(moderator)
    client.get(path(letter))
    assert len(related_letters._memories) == 1
    client.post("/accounts/logout/")
    assert related_letters._memories == {}
    signed_in(moderator).get(path(letter))
    monkeypatch.setattr(related_letters, "LASTS", -1)
    related_letters.sweep()
    assert related_letters._memories == {}


def test_one_thread_waits_to_forget_and_goes_on_while_anything_is_remembered(
    column: Column, moderator: User, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter = factories.make_letter(column, text=ASKS)
    client = signed_in(moderator)
    client.get(path(letter))
    before = threading.active_count()
    for _ in range(5):
        client.get(path(letter))
    assert threading.active_count() == before
    (first,) = related_letters._sweepers
    assert first.interval == pytest.approx(related_letters.LASTS + 1, abs=5)
    # it finds that somebody has asked meanwhile, and waits anew
    first.function()
    assert related_letters._memories
    (second,) = related_letters._sweepers
    assert second is not first
    # nobody has: all is let go of, and nothing waits any more
    monkeypatch.setattr(related_letters, "LASTS", -1)
    second.function()
    assert related_letters._memories == {}
    assert related_letters._sweepers == []
    for timer in (first, second):
        timer.cancel()


def test_a_sign_out_in_another_process_is_followed_with_the_next_question(
    column: Column, moderator: User, signed_in: SignIn
) -> None:
    letters = [factories.make_letter(column, text=text) for text in (ASKS, SAME)]
    client = signed_in(moderator)
    client.get(path(letters[0]))
    (first,) = related_letters._memories.values()
    client.get(path(letters[0]))
    assert list(related_letters._memories.values()) == [first]
    here, related_letters._memories = related_letters._memories, {}
    related_letters.forget()  # what another process does: its own memory is another one, the cache is shared
    related_letters._memories = here
    assert letters[1].label in client.get(path(letters[0])).content.decode()
    (anew,) = related_letters._memories.values()
    assert anew is not first


def test_other_keys_have_a_memory_of_their_own(
    column: Column, moderator: User, author: User, signed_in: SignIn
) -> None:
    letter, same = factories.make_letter(column, text=ASKS), factories.make_letter(column, text=SAME)
    assert same.label in signed_in(moderator).get(path(letter)).content.decode()
    KeyGrant.objects.filter(user=author).delete()
    assert same.label not in signed_in(author).get(path(letter)).content.decode()


def test_letters_of_another_column_are_not_compared(
    column: Column, other_column: Column, moderator: User, signed_in: SignIn
) -> None:
    elsewhere = factories.make_letter(other_column, text=SAME)
    page = signed_in(moderator).get(path(factories.make_letter(column, text=ASKS))).content.decode()
    assert elsewhere.label not in page


@pytest.mark.parametrize("count", [3, 40])
def test_asks_as_often_for_few_as_for_many(
    column: Column, moderator: User, signed_in: SignIn, django_assert_max_num_queries: Callable[..., Any], count: int
) -> None:
    letters = [factories.make_letter(column, text=SAME) for _ in range(count)]
    client = signed_in(moderator)
    client.get(path(letters[0]))
    with django_assert_max_num_queries(9):
        client.get(path(letters[0]))


def test_who_may_not(
    column: Column, stranger: Client, author_elsewhere: User, owner: User, reviewer: User, moderator: User,
    signed_in: SignIn,
) -> None:  # fmt: skip
    letter = factories.make_letter(column)
    assert stranger.get(path(letter)).status_code == 302
    for person, status in ((author_elsewhere, 404), (owner, 403), (reviewer, 403)):
        assert signed_in(person).get(path(letter)).status_code == status
    assert signed_in(moderator).post(path(letter)).status_code == 405


@pytest.mark.encoder
def test_shows_published_answers_and_why(column: Column, moderator: User, signed_in: SignIn) -> None:
    factories.make_article(column, headline="Why do my periods become light on the pill?", question=SAME)
    other = factories.make_article(column, headline="How do two people speak about money?", question=OTHER)
    letter = factories.make_letter(column, text=ASKS)
    page = signed_in(moderator).get(path(letter)).content.decode()
    assert "Why do my periods become light on the pill?" in page
    assert other.headline not in page, "its topic alone does not make an answer one that helps"
    assert [set(re.split(", | and ", one)) for one in re.findall(r"same words: ([^<]+)<", page)] == [
        {"periods", "become", "light"}
    ]


@pytest.mark.parametrize("status", sorted(set(LetterStatus) - {LetterStatus.WITHDRAWN, LetterStatus.ERASED}))
def test_is_put_together_with_what_can_lie_in_a_bundle(
    column: Column, moderator: User, signed_in: SignIn, status: LetterStatus
) -> None:
    shown, near = factories.make_letter(column, text=ASKS), factories.make_letter(column, status, text=SAME)
    page = signed_in(moderator).get(path(shown)).text
    assert near.label in page
    assert (f"?with={near.pk}" in page) == (status in LETTER_VERBS["split"].sources)
