"""That a lost receipt is lost is said before it can be, and where somebody looks for help with it."""

from __future__ import annotations

import pytest

from columns.models import Column
from inbox.letters.intake import Taken
from tests.reader import Reader

SAID = (
    "A lost receipt cannot be found again.",
    "Nobody can give it back to you, and nobody can make a new one for your letter. We cannot either.",
    "We keep no list of receipts, and we do not know which letter is yours.",
    "Write again, and say in the letter that you wrote before.",
)


@pytest.mark.parametrize("typed", ["", "7QM2"])
def test_where_a_receipt_is_asked_for(column: Column, typed: str) -> None:
    reader = Reader()
    pages = [reader.open("letter/"), reader.find(typed)]
    for page in pages:
        for sentence in SAID:
            assert sentence in " ".join(page.split())


def test_where_it_is_given_and_where_it_is_changed(column: Column, writer: Taken) -> None:
    reader = Reader()
    reader.send()
    pages = [reader.page]
    reader.open_letter(writer.receipt)
    pages.append(reader.press("letter/change/"))
    for page in pages:
        for sentence in SAID:
            assert sentence in " ".join(page.split())


def test_it_is_not_printed(column: Column) -> None:
    """On paper the receipt stands alone."""
    reader = Reader()
    reader.send()
    assert '<section class="no-print" aria-labelledby="lost-title">' in reader.page
