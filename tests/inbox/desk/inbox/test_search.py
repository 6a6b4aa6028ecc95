"""Search at the desk."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from columns.models import Column
from inbox.editorial import decisions
from inbox.letters import writer_acts
from inbox.models import KeyGrant, Letter, User
from inbox.triage import search
from inbox.workflow import LetterStatus
from tests import factories
from tests.hostile import STRINGS

SignIn = Callable[[User], Client]
PATH = "/desk/plain/search/"


def labels(page: str) -> list[str]:
    return re.findall(r'<span class="code">(L-\w+)</span>', page)


def found(client: Client, words: str = "", **narrowed: Any) -> list[str]:
    return labels(client.post(PATH, {"words": words, **narrowed}).content.decode())


@pytest.mark.databases
def test_finds_words_wherever_they_stand(column: Column, moderator: User, signed_in: SignIn, at: dt.datetime) -> None:
    text = "Since the Café closed I cannot sleep. My sister's crème brûlée made it worse, and nobody listens to me."
    letter = factories.make_letter(column, text=text, pen_name="Sleepless")
    other = factories.make_letter(column)
    decisions.ask(other, "Do you eat marmalade?", by=moderator, at=at)
    writer_acts.write_back(other, "Never on Sundays.", at=at)
    other.note("Like the letter about weasels.", by=moderator, at=at)
    client = signed_in(moderator)
    for words in (
        "cafe",
        "CAFÉ slee",
        "sleepless",
        '"creme brulee made"',
        "sister",
        "sister's",
        "sister’s",
        "“creme brulee made”",
        letter.label,
        letter.label[2:].lower(),
    ):
        assert found(client, words) == [letter.label], words
    for words in ("marmalade", "sundays never", "weasel"):
        assert found(client, words) == [other.label], words
    for words in ("afe", "cafe marmalade", '"closed cannot"', "zebra"):
        assert found(client, words) == [], words


def test_what_was_found_is_marked_and_escaped(column: Column, moderator: User, signed_in: SignIn) -> None:
    factories.make_letter(column, text=f"<b>Resum\u00e9</b> & more. {factories.LETTER_TEXT}")
    page = signed_in(moderator).post(PATH, {"words": "resume"}).content.decode()
    assert "&lt;b&gt;<mark>Resum\u00e9</mark>&lt;/b&gt; &amp; more." in page
    assert "<b>Resum" not in page


@pytest.mark.databases
def test_is_narrowed_down(column: Column, moderator: User, signed_in: SignIn, at: dt.datetime) -> None:
    urgent = factories.make_letter(column, text="I wondered. Some nights I think about ending my life, every night.")
    old = factories.make_letter(column, at=at - dt.timedelta(days=40), topic="desire", consent="private")
    listed = factories.make_letter(column, LetterStatus.SHORTLISTED)
    client = signed_in(moderator)
    assert set(found(client, "wondered")) == {urgent.label, old.label, listed.label}
    assert found(client, "wondered")[0] == urgent.label, "by need"
    assert found(client, "wondered", topic="desire") == [old.label]
    assert found(client, "wondered", older="30") == [old.label]
    assert found(client, "wondered", consent="private") == [old.label]
    assert found(client, "wondered", urgent="on") == [urgent.label]
    assert found(client, "wondered", states=["shortlisted"]) == [listed.label]
    assert found(client, concern="self_harm") == [urgent.label]
    assert found(client, concern="abuse") == []


def test_a_concern_is_found_in_what_the_writer_said_later(
    column: Column, moderator: User, signed_in: SignIn, at: dt.datetime
) -> None:
    letter, _ = factories.make_letter(column), factories.make_letter(column)
    client = signed_in(moderator)
    assert found(client, concern="self_harm") == []
    writer_acts.write_back(letter, "I want to kill myself. I have not told anybody.", at=at)
    assert found(client, concern="self_harm") == [letter.label]
    assert found(client, concern="abuse") == []


def test_the_words_of_an_urgent_letter_wait_until_it_is_opened(
    column: Column, moderator: User, signed_in: SignIn
) -> None:
    factories.make_letter(column, text="I wondered. Some nights I think about ending my life, every night.")
    page = signed_in(moderator).post(PATH, {"words": "wondered"}).content.decode()
    assert "ending my life" not in page
    assert "shown when you open it" in page


@pytest.mark.parametrize("words", ["", "   ", '""', "..."])
def test_nothing_to_look_for_is_said(column: Column, moderator: User, signed_in: SignIn, words: str) -> None:
    response = signed_in(moderator).post(PATH, {"words": words})
    assert response.status_code == 400
    assert "Type at least one word" in response.content.decode()


@pytest.mark.databases
@pytest.mark.parametrize(
    "words",
    [*(one for one in STRINGS if one.isprintable()), "(" * 300, "\\b[a-z]+", "a\0b", "x" * 401, "💔", "\u202eabc"],
)
def test_hostile_questions_are_answered(column: Column, moderator: User, signed_in: SignIn, words: str) -> None:
    factories.make_letter(column, text=f"{words} {factories.LETTER_TEXT}"[:8000])
    assert signed_in(moderator).post(PATH, {"words": words}).status_code in (200, 400)


@pytest.mark.databases
def test_goes_on_batch_by_batch(
    column: Column, moderator: User, signed_in: SignIn, at: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "BATCH", 3)
    made = [factories.make_letter(column, at=at - dt.timedelta(days=day)) for day in (0, 0, 0, 2, 2, 5, 5)]
    client, after, seen = signed_in(moderator), "", []
    for scanned in (3, 3, 1):
        answer = client.post(
            PATH, {"words": "wondered", "after": after}, headers={"X-Steady": "batch"}
        ).content.decode()
        assert f'data-scanned="{scanned}" data-total="7"' in answer
        assert "<html" not in answer
        seen += labels(answer)
        after = re.findall(r'data-after="([^"]*)"', answer)[0]
    assert after == ""
    assert sorted(seen) == sorted(letter.label for letter in made)
    assert sorted(found(client, "wondered")) == sorted(seen), "without a script all of it at once"


def test_without_patience_it_offers_to_go_on(
    column: Column, moderator: User, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "BATCH", 1)
    monkeypatch.setattr("inbox.desk.inbox.search._PATIENCE", 0)
    for _ in range(3):
        factories.make_letter(column)
    page = signed_in(moderator).post(PATH, {"words": "wondered", "states": ["received"]}).content.decode()
    assert "1 found in 1 of 3 letters." in page
    assert "Go on with the rest" in page
    assert '<input type="hidden" name="states" value="received">' in page


def test_what_the_keys_do_not_open_is_counted(column: Column, moderator: User, signed_in: SignIn) -> None:
    factories.make_letter(column)
    KeyGrant.objects.filter(user=moderator).delete()
    page = signed_in(moderator).post(PATH, {"words": "wondered"}).content.decode()
    assert "0 found in 1 of 1 letter. 1 could not be opened with your keys." in page


def test_letters_of_another_column_and_erased_ones_are_not_found(
    column: Column, other_column: Column, moderator: User, signed_in: SignIn
) -> None:
    factories.make_letter(other_column)
    factories.make_letter(column, LetterStatus.WITHDRAWN)
    assert found(signed_in(moderator), "wondered") == []
    assert Letter.objects.count() == 2


@pytest.mark.databases
@pytest.mark.parametrize("count", [5, 60])
def test_asks_as_often_for_few_as_for_many(
    column: Column, moderator: User, signed_in: SignIn, django_assert_num_queries: Callable[..., Any], count: int
) -> None:
    for _ in range(count):
        factories.take_letter(column)
    client = signed_in(moderator)
    with django_assert_num_queries(8):
        client.post(PATH, {"words": "wondered"})


def test_nothing_of_it_is_kept(
    column: Column, moderator: User, signed_in: SignIn, caplog: pytest.LogCaptureFixture
) -> None:
    factories.make_letter(column, text=f"Quuxword. {factories.LETTER_TEXT}")
    client = signed_in(moderator)
    response = client.post(PATH, {"words": "quuxword"})
    assert "Quuxword" in response.content.decode()
    assert "quuxword" not in str(getattr(cache, "_cache", "")).lower() + caplog.text.lower()
    assert "quuxword" not in str(client.session.items()).lower()


def test_who_may_not(
    column: Column, stranger: Client, author_elsewhere: User, owner: User, reviewer: User, moderator: User,
    signed_in: SignIn,
) -> None:  # fmt: skip
    assert stranger.get(PATH).status_code == 302
    for person, status in ((author_elsewhere, 404), (owner, 403), (reviewer, 403), (moderator, 200)):
        assert signed_in(person).get(PATH).status_code == status
    assert signed_in(owner).post(PATH, {"words": "wondered"}).status_code == 403
    assert signed_in(moderator).delete(PATH).status_code == 405
