"""“Your letter” begins with what the desk wants of its writer, or with what helps where there will be no answer."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from columns.models import Column
from inbox.editorial import decisions
from inbox.keys import vault
from inbox.letters import related_answers, writer_acts
from inbox.letters.intake import Taken
from inbox.models import Consent, Letter, User
from tests import factories
from tests.reader import Reader, forms

QUESTION = "Since when?\nAnd <i>who</i> knows?"


def headline(page: str) -> str:
    return re.findall(r"<h1>(.*?)</h1>", page)[0]


def in_order(page: str, *parts: str) -> bool:
    places = [page.index(part) for part in parts]
    return places == sorted(places)


def asked(letter: Letter, by: User, at: dt.datetime, keys: vault.Vault) -> None:
    decisions.ask(letter, QUESTION, by=by, at=at)
    factories.ten_minutes_pass()


def test_an_open_question_stands_first_with_its_box(
    column: Column, writer: Taken, moderator: User, at: dt.datetime, keys: vault.Vault
) -> None:
    assert headline(Reader().open_letter(writer.receipt)) == "Your letter"
    asked(writer.letter, moderator, at, keys)
    reader = Reader()
    page = reader.open_letter(writer.receipt)
    assert headline(page) == "We have a question for you"
    assert in_order(
        page,
        "<h1>",
        "Since when?<br>And &lt;i&gt;who&lt;/i&gt; knows?",
        "Your answer",
        "Send my answer",
        'id="standing',
    )
    assert "Their question is above." in page
    assert "The question is higher up on this page." in page
    assert page.count("Since when?") == page.count("letter/reply/") == page.count('id="id_text"') == 1
    assert "Say something more" not in page


def test_an_empty_answer_comes_back_beside_its_question(
    column: Column, writer: Taken, moderator: User, at: dt.datetime, keys: vault.Vault
) -> None:
    asked(writer.letter, moderator, at, keys)
    reader = Reader()
    reader.open_letter(writer.receipt)
    page = reader.press("letter/reply/", text=" ")
    assert in_order(page, "Your message was not sent yet", "<h1>", "Since when?", 'id="id_text_error"', 'id="standing')


def test_what_is_answered_asks_no_more(
    column: Column, writer: Taken, moderator: User, at: dt.datetime, keys: vault.Vault
) -> None:
    asked(writer.letter, moderator, at, keys)
    reader = Reader()
    reader.open_letter(writer.receipt)
    page = reader.press("letter/reply/", text="Since spring.")
    assert headline(page) == "Your letter"
    assert in_order(page, 'id="standing', "What was said", "Since when?", "Since spring.", "Say something more")
    assert "letter/reply/" in page


def test_a_letter_that_came_to_its_end_asks_nothing(
    column: Column, writer: Taken, moderator: User, at: dt.datetime, keys: vault.Vault
) -> None:
    asked(writer.letter, moderator, at, keys)
    decisions.decline(Letter.objects.get(), "We are sorry.", by=moderator, at=at)
    factories.ten_minutes_pass()
    page = Reader().open_letter(writer.receipt)
    assert headline(page) == "Your letter"
    assert "Say something more" in page
    writer_acts.withdraw(Letter.objects.get(), keys, at=at)
    assert "Since when?" not in Reader().open_letter(writer.receipt)


@pytest.mark.parametrize("consent", list(Consent))
def test_a_declined_writer_gets_answers_and_help_at_once(
    column: Column, moderator: User, at: dt.datetime, monkeypatch: pytest.MonkeyPatch, consent: Consent
) -> None:
    article = factories.make_article(column)
    monkeypatch.setattr(related_answers, "alike", lambda text, answers, **more: list(answers))
    taken = factories.take_letter(column, consent=consent.value)
    decisions.decline(taken.letter, "We are sorry.", by=moderator, at=at)
    assert "Answers that may help" not in Reader().open_letter(taken.receipt)
    factories.ten_minutes_pass()
    page = Reader().open_letter(taken.receipt)
    standing = page[page.index('id="standing-title"') : page.index('id="turns-title"')]
    assert ("in the column" in standing) == (consent != Consent.PRIVATE)
    assert "Not chosen" in standing
    assert in_order(
        page,
        "We are sorry.",
        "Answers that may help",
        article.get_absolute_url(),
        "Night Line",
        "Your letter as you sent it",
        "Say something more",
    )
    assert page.count("<b>Night Line</b>") == 1
    assert "/plain/letter/withdraw/" in forms(page)
