"""A letter from the first page to the last, by somebody whose browser runs no script and keeps no cookie."""

from __future__ import annotations

import datetime as dt

import pytest

from columns.models import Column
from inbox.editorial import decisions
from inbox.keys import vault
from inbox.models import Letter, Message
from inbox.workflow import LetterStatus, Role
from tests import factories
from tests.reader import Reader

pytestmark = pytest.mark.databases

FIRST = "My name is Anna Bell, and my husband has not touched me since spring. Is that normal?"
SECOND = "My husband has not touched me since spring. Is that normal? I do not know what to think."


def test_a_letter_goes_all_the_way_and_comes_back(column: Column, at: dt.datetime, keys: vault.Vault) -> None:
    reader = Reader()
    assert 'href="/plain/write/"' in reader.open("before-you-write/")
    reader.open("write/")
    assert "(name)" in reader.press("write/", text=FIRST, pen_name="Awake", topic="desire", consent="rewritten")
    reader.press("write/send/", path="write/", action="change")
    assert "We found nothing that could point to you." in reader.press("write/", text=SECOND)
    reader.press("write/send/")
    receipt = reader.receipt()
    assert "That is not the end of this receipt" in reader.press("write/kept/", last_group="00000")
    reader.press("write/file/")
    assert reader.response.content.decode().strip() == receipt
    letter = Letter.objects.get()
    assert keys.open(letter)["text"] == SECOND

    decisions.ask(
        letter, "Has something else changed since spring?", by=factories.someone(column, Role.MODERATOR), at=at
    )
    factories.ten_minutes_pass()
    back = Reader()
    back.find(receipt.lower().replace("-", " "))
    assert "Has something else changed since spring?" in back.press("letter/open/")
    assert "He lost his job." in back.press("letter/reply/", text="He lost his job.")
    said = keys.open(Message.objects.get(kind=Message.Kind.FROM_WRITER))
    assert (said["text"], said["findings"]) == ("He lost his job.", [])

    assert "From now on you allow: Answer me privately only." in back.press("letter/allow/", consent="private")
    back.press("letter/change/")
    changed = back.receipt()
    assert "You kept it" in back.press("write/kept/", last_group=changed[-6:])
    assert "We found no letter with this receipt" in back.find(receipt)
    assert "He lost his job." in back.open_letter(changed)

    page = back.press("letter/withdraw/", sure="on")
    assert "You have taken your letter back." in page
    assert SECOND not in page
    assert Letter.objects.get().status == LetterStatus.WITHDRAWN


def test_nothing_on_the_way_needs_a_script_or_another_site(column: Column) -> None:
    reader = Reader()
    pages = [reader.open("before-you-write/"), reader.write(), reader.press("write/send/")]
    receipt = reader.receipt()
    pages += [reader.press("write/kept/", last_group=receipt[-6:]), reader.find(receipt), reader.press("letter/open/")]
    pages += [reader.press("letter/allow/", consent="light"), reader.press("letter/change/")]
    for page in pages:
        assert "<title>Notes</title>" in page
        assert "Exit this page" in page
        assert page.count("<script") == 1  # the three presses of Shift, and nothing else
        assert " onclick" not in page
        assert " style=" not in page
        assert 'src="http' not in page
        assert '<link rel="stylesheet" href="/static/' in page
