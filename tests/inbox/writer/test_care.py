"""The care cards on the pages of the letter's path: before sending, after it, and until the letter ends."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from columns.models import Column, HelpLine
from inbox.editorial import decisions
from inbox.models import Letter
from inbox.workflow import Role
from inbox.writer.write import SENT_PAGE
from tests import factories
from tests.reader import TEXT, Reader, forms

DANGER = "I want to kill myself tonight. My husband would find me. I do not know whom to tell about it."
WORRY = "I am afraid of him in the evenings. Is it normal that I want nothing any more?"
CARD = "Please talk to somebody now"
NAMED = "Your letter has words about dying or self-harm."


def headings(page: str) -> list[str]:
    """The headings of the open cards."""
    return re.findall(r'<section class="care.*?<span dir="auto">(.*?)</span>', page, re.DOTALL)


@pytest.fixture
def reader(column: Column) -> Reader:
    HelpLine.objects.create(column=column, name="Talk", number="+44 555 02", concerns="self_harm", country="GB")
    return Reader()


def test_it_stands_above_everything_from_the_check_page_to_the_last_page(reader: Reader, column: Column) -> None:
    pages = [reader.write(text=DANGER, country="the UK"), reader.press("write/send/")]
    receipt = reader.receipt()
    pages.append(reader.press("write/kept/", last="AAAA"))  # a wrong end shows the page with the receipt again
    pages.append(reader.press("write/kept/", last=receipt.split("-")[-1]))
    pages.append(Reader().open_letter(receipt))
    for page in pages:
        assert headings(page) == [CARD]
        assert page.index(NAMED) < page.index("+44 555 02") < page.index("<h1")
        assert 'href="tel:+4455502"' in page
    assert "You can send it as well." in pages[0]
    assert not any("You can send it as well." in page for page in pages[1:])


def test_a_letter_without_a_concern_has_the_help_box(reader: Reader) -> None:
    for page in (reader.write(text=TEXT), reader.press("write/send/")):
        assert headings(page) == []
        assert "If you need somebody now" in page


def test_what_is_not_sure_claims_nothing(reader: Reader) -> None:
    page = reader.write(text=WORRY)
    assert headings(page) == ["If any of this is urgent"]
    assert "You wrote about" not in page
    assert "care-now" not in page
    assert "<summary>If somebody hurts, threatens or controls you</summary>" in page


def test_a_language_that_is_not_screened_has_the_general_card(reader: Reader) -> None:
    text = "Mein Mann und ich haben seit dem Sommer nicht miteinander geredet, und ich weiß nicht, ob es so bleibt."
    page = reader.write(text=text)
    assert headings(page)[0] == "If any of this is urgent"
    assert headings(reader.press("write/send/"))[0] == "If any of this is urgent"


def test_it_ends_with_the_letter(column: Column, at: dt.datetime) -> None:
    taken = factories.take_letter(column, text=DANGER)
    assert headings(Reader().open_letter(taken.receipt)) == [CARD]
    moderator = factories.make_user("mod", column, Role.MODERATOR)
    Letter.objects.get().mark_urgent(by=moderator, at=at, urgent=False)
    assert headings(Reader().open_letter(taken.receipt)) == [CARD]  # who works here does not take it away
    decisions.decline(Letter.objects.get(), "We cannot answer this one.", by=moderator, at=at)
    assert headings(Reader().open_letter(taken.receipt)) == [CARD]  # the writer does not know of it yet
    factories.ten_minutes_pass()
    ended = Reader()
    page = ended.open_letter(taken.receipt)
    assert headings(page) == []
    assert "If you need somebody now" in page
    # and whoever writes again gets it again
    assert headings(ended.press("letter/reply/", text=DANGER)) == [CARD]


def test_the_size_of_the_page_with_the_receipt_does_not_tell_of_it(column: Column) -> None:
    sizes, tokens = set(), set()
    for text in (TEXT, DANGER, f"{DANGER} He beats me. I am 15 years old."):
        reader = Reader()
        reader.write(text=text)
        reader.press("write/send/")
        sizes.add(len(reader.response.content))
        tokens.add(len(forms(reader.page)["/plain/write/kept/"]["token"]))
        reader.press("write/kept/", last=reader.receipt().split("-")[-1])
        sizes.add(len(reader.response.content))
    assert sizes == {SENT_PAGE}
    assert len(tokens) == 1
