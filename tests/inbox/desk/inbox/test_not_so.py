"""The desk says that screening is wrong: about one finding, or about all of the letter."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from columns.models import Column
from inbox.letters import writer_acts
from inbox.models import Letter, Need, Note, RuleCount, User
from inbox.screening import concerns
from inbox.screening.concerns import Concern
from inbox.workflow import LetterStatus
from tests import factories

SignIn = Callable[[User], Client]
TEXT = "He hits me at home, and I feel hopeless. My friend Judith Kraft says so too. What can I do now?"
QUICK = {"X-Steady": "decision"}


def path(letter: Letter) -> str:
    return f"/desk/plain/letters/{letter.pk}/not-so/"


def page_of(letter: Letter, client: Client) -> str:
    return client.get(f"/desk/plain/letters/{letter.pk}/").content.decode()


def place(words: str, kind: str, certainty: float, rule: str) -> Concern:
    start = TEXT.index(words)
    return Concern(kind, start, start + len(words), certainty, rule)


@pytest.fixture
def letter(column: Column, monkeypatch: pytest.MonkeyPatch) -> Letter:
    found = [
        place("He hits me", "abuse", 0.9, "hits"),
        place("I feel hopeless", "self_harm", 0.5, "hopeless"),
        place("My friend Judith", "self_harm", 0.634, "classifier"),
    ]
    monkeypatch.setattr(concerns, "find_concerns", lambda text: found if text == TEXT else [])
    return factories.make_letter(column, text=TEXT)


def plain(page: str) -> str:
    """The page's words without its elements."""
    return " ".join(re.sub(r"<[^>]+>", "", page).split())


def names(page: str) -> list[str]:
    return re.findall(r'name="finding" value="([^"]+)"', page)


def test_each_finding_stands_above_the_text_and_in_it(letter: Letter, moderator: User, signed_in: SignIn) -> None:
    page = page_of(letter, signed_in(moderator))
    assert len(names(page)) == 3
    assert "Look first:</strong> screening noticed abuse and self-harm." in page
    flat = plain(page)
    assert "abuse · hits · read now" in flat
    assert "self-harm · hopeless · read today" in flat, "a run of its own"
    assert "self-harm · by the whole of the words: 63 % sure · read today" in flat
    marks = re.findall(r'<mark class="finding" id="finding-(\d)">(.*?)<span class="finding-kind"> \((.*?)\)', page)
    assert [(number, kind) for number, _, kind in marks] == [
        ("1", "noticed: abuse"), ("2", "noticed: self-harm"), ("3", "noticed: self-harm"),
    ]  # fmt: skip
    # the name is a detail; its mark is whole, and inside that of the finding
    assert '<mark class="detail detail-name" tabindex="-1">Judith Kraft<' in marks[2][1]


def test_one_is_denied_and_the_others_stay(letter: Letter, moderator: User, signed_in: SignIn) -> None:
    client = signed_in(moderator)
    first = names(page_of(letter, client))[0]
    page = client.post(path(letter), {"finding": first}, follow=True).content.decode()
    assert "noted that screening was wrong" in page
    assert first not in names(page)
    assert len(names(page)) == 2
    assert ">He hits me<" in page, "it stands in the list"
    assert page.count('<mark class="finding"') == 2
    assert "noticed: abuse" not in page
    assert '<span class="flag">not so</span>' in page
    now = Letter.objects.get(pk=letter.pk)
    assert (now.status, now.need) == (LetterStatus.HELD, Need.NOW)
    assert "Notes (0)" in page, "it is no note that anybody reads"


def test_all_are_denied_by_one_key_and_it_is_taken_back(letter: Letter, moderator: User, signed_in: SignIn) -> None:
    client = signed_in(moderator)
    assert 'data-act="not_so"' in page_of(letter, client)
    answer = client.post(path(letter), headers=QUICK).json()
    assert answer["stay"] is True
    page = page_of(letter, client)
    assert names(page) == []
    assert 'data-act="not_so"' not in page
    assert {one.not_so for one in RuleCount.objects.all()} == {1}
    assert client.post(answer["undo"], headers=QUICK).status_code == 200
    assert len(names(page_of(letter, client))) == 3
    assert {one.not_so for one in RuleCount.objects.all()} == {0}
    assert not Note.objects.exists()


def test_what_lies_on_the_same_words_is_one_line(
    column: Column, moderator: User, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [
        place("hits me", "abuse", 0.5, "weak"),
        place("He hits me", "abuse", 0.9, "hits"),
        place("me at home", "assault", 0.5, "home"),
    ]
    monkeypatch.setattr(concerns, "find_concerns", lambda text: found if text == TEXT else [])
    letter, client = factories.make_letter(column, text=TEXT), signed_in(moderator)
    page = page_of(letter, client)
    assert page.count('<mark class="finding"') == 1
    assert page.count('aria-label="Not so: ') == 2, "one line for each kind"
    assert "abuse · hits · weak · read now" in plain(page)
    client.post(path(letter), {"finding": [name for name in names(page) if ".abuse." in name]})
    page = page_of(letter, client)
    assert [name.split(".")[1] for name in names(page)] == ["assault"]
    assert {one.rule: one.not_so for one in RuleCount.objects.all()} == {"hits": 1, "weak": 1, "home": 0}


def test_what_a_message_raised_is_denied_too(
    column: Column, moderator: User, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter = factories.make_letter(column)
    found = [place("He hits me", "abuse", 0.9, "hits")]
    monkeypatch.setattr(concerns, "find_concerns", lambda text: found if text == TEXT else [])
    writer_acts.write_back(letter, TEXT, at=factories.timezone.now())
    client = signed_in(moderator)
    page = page_of(letter, client)
    assert len(names(page)) == 1
    assert '<mark class="finding" id="finding-1">He hits me<' in page
    client.post(path(letter), {"finding": names(page)[0]})
    assert names(page_of(letter, client)) == []


def test_what_is_said_already_or_was_never_found(letter: Letter, moderator: User, signed_in: SignIn) -> None:
    client = signed_in(moderator)
    assert client.post(path(letter), {"finding": "nonsense"}, headers=QUICK).status_code == 409
    assert client.post(path(letter), headers=QUICK).status_code == 200
    assert client.post(path(letter), headers=QUICK).status_code == 409
    assert letter.events.filter(verb="not_so").count() == 1


def test_a_letter_of_before_says_its_kinds_alone(
    column: Column, moderator: User, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inbox.letters.screened.MOST", 0)
    letter = factories.make_letter(column, text="Some nights I think about ending my life and cannot tell anyone.")
    page = page_of(letter, signed_in(moderator))
    assert "screening noticed self-harm" in page
    assert names(page) == []
    assert 'data-act="not_so"' not in page


def test_nothing_of_a_finding_stands_in_an_address(letter: Letter, moderator: User, signed_in: SignIn) -> None:
    page = page_of(letter, signed_in(moderator))
    for name in names(page):
        assert not re.search(rf'(?:href|action)="[^"]*{re.escape(name)}', page)


def test_nothing_but_sending(letter: Letter, moderator: User, signed_in: SignIn) -> None:
    assert signed_in(moderator).get(path(letter)).status_code == 405
