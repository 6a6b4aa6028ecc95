"""A message from the writer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from columns.models import Column
from inbox.keys import vault
from inbox.letters import writer_acts
from inbox.letters.intake import Taken
from inbox.models import Letter, Message, User
from tests.reader import Reader, forms

WORDS = "It began in spring.\nNobody knows of it."


def test_the_desk_can_read_it(column: Column, writer: Taken, keys: vault.Vault) -> None:
    reader = Reader()
    reader.open_letter(writer.receipt)
    page = reader.press("letter/reply/", text=WORDS)
    assert "Your message is with the column." in page
    assert "It began in spring.<br>Nobody knows of it." in page
    assert forms(page)["/plain/letter/reply/"]["text"] == ""
    message = Message.objects.get()
    assert message.kind == Message.Kind.FROM_WRITER
    said = keys.open(message)
    assert (said["text"], said["findings"]) == (WORDS, [])


def test_pressing_twice_is_one_message_and_other_words_are_another(column: Column, writer: Taken) -> None:
    reader = Reader()
    reader.open_letter(writer.receipt)
    before = reader.response
    for text in (WORDS, WORDS, WORDS + " One more thing."):
        reader.response = before
        assert "Your message is with the column." in reader.press("letter/reply/", text=text)
    assert Message.objects.count() == 2
    assert [event.verb for event in writer.letter.events.all()] == ["receive", "write_back", "write_back"]


def test_the_same_words_from_a_new_page_are_a_new_message(column: Column, writer: Taken) -> None:
    reader = Reader()
    reader.open_letter(writer.receipt)
    for _ in range(2):
        reader.press("letter/reply/", text="Yes.")
    assert Message.objects.count() == 2


@pytest.mark.parametrize("nonce", ["", "zz", "\x00", "A" * 32])
def test_a_changed_nonce_loses_nothing(column: Column, writer: Taken, nonce: str) -> None:
    reader = Reader()
    reader.open_letter(writer.receipt)
    reader.press("letter/reply/", text=WORDS, nonce=nonce)
    assert Message.objects.count() == 1


@pytest.mark.parametrize(
    ("text", "sentence"), [(" \n", "Write your message first."), ("a" * 16_001, "the most we can take is 16,000")]
)
def test_an_error_keeps_every_word(column: Column, writer: Taken, text: str, sentence: str) -> None:
    reader = Reader()
    reader.open_letter(writer.receipt)
    page = reader.press("letter/reply/", text=text)
    assert sentence in page
    assert forms(page)["/plain/letter/reply/"]["text"].strip() == text.strip()
    assert Message.objects.count() == 0


def test_the_longest_message_is_taken(column: Column, writer: Taken) -> None:
    reader = Reader()
    reader.open_letter(writer.receipt)
    reader.press("letter/reply/", text="é" * 16_000)
    assert Message.objects.count() == 1


def test_hostile_words_come_back_escaped(column: Column, writer: Taken) -> None:
    reader = Reader()
    reader.open_letter(writer.receipt)
    page = reader.press("letter/reply/", text="</textarea><script>alert(1)</script>\x00")
    assert "<script>alert" not in page


def test_withdrawn_meanwhile_says_why_and_keeps_the_words(column: Column, writer: Taken, at: dt.datetime) -> None:
    reader = Reader()
    reader.open_letter(writer.receipt)
    _, derived = writer_acts.find(writer.receipt)
    writer_acts.withdraw(writer.letter, vault.writer(derived.key), at=at)
    page = reader.press("letter/reply/", text=WORDS)
    assert "This letter was withdrawn, so nothing can be added to it." in page
    assert WORDS in page
    assert Message.objects.count() == 0


def test_a_letter_that_closed_keeps_the_words(column: Column, writer: Taken, at: dt.datetime) -> None:
    reader = Reader()
    reader.open_letter(writer.receipt)
    with time_machine.travel(at + dt.timedelta(minutes=31), tick=False):
        page = reader.press("letter/reply/", text=WORDS)
    assert "Your letter has closed" in page
    assert WORDS in page


def test_opened_without_a_form_leads_to_the_receipt(column: Column) -> None:
    reader = Reader()
    reader.open("letter/reply/")
    assert reader.response.headers["Location"] == "/plain/letter/"


def test_another_sites_form_is_refused(column: Column) -> None:
    reader = Reader()
    reader.post("letter/reply/", {"text": WORDS}, headers={"sec-fetch-site": "cross-site"})
    assert reader.response.status_code == 403


def test_wrong_method_is_refused(column: Column) -> None:
    assert Reader().client.put("/plain/letter/reply/").status_code == 405


DISTRESS = "I have taken forty paracetamol an hour ago and I want to die."


def test_what_worries_us_raises_the_letter_and_shows_who_helps_first(
    column: Column, writer: Taken, keys: vault.Vault, moderator: User, signed_in: Callable[[User], Client]
) -> None:
    reader = Reader()
    reader.open_letter(writer.receipt)
    page = reader.press("letter/reply/", text=DISTRESS)
    assert page.index("Your message is with the column.") < page.index("If you might do it today")
    assert page.index("If you might do it today") < page.index("What was said")
    letter = Letter.objects.get()
    assert letter.need
    raised = letter.events.last()
    assert raised is not None
    assert (raised.verb, raised.by, raised.actor) == ("mark_urgent", None, "system")
    shown = signed_in(moderator).get(f"/desk/plain/letters/{letter.pk}/").content.decode()
    assert "screening noticed an emergency and self-harm." in shown
    # who lowers it again is not overruled by the same words, and hears of new ones
    letter.mark_urgent(by=moderator, at=timezone.now(), urgent=False)
    reader.press("letter/reply/", text="Thank you, I am at my sister's place now.")
    assert not Letter.objects.get().need
    # and the card stays for the writer, until the letter ends
    assert "If you might do it today" in reader.response.content.decode()


def test_the_message_that_raises_a_letter_is_taken_whatever_the_limit(column: Column, writer: Taken) -> None:
    Letter.objects.update(messages_a_day=1)
    reader = Reader()
    reader.open_letter(writer.receipt)
    reader.press("letter/reply/", text="First.")
    assert "today's is with the column" in reader.press("letter/reply/", text="Second.").replace("&#x27;", "'")
    assert "Your message is with the column." in reader.press("letter/reply/", text=DISTRESS)
    # from there on the limit holds, and those who help are shown all the same
    page = reader.press("letter/reply/", text=f"{DISTRESS} Please.")
    assert "Please send this tomorrow" in page
    assert "If you might do it today" in page
    assert Message.objects.count() == 2
