"""Who holds which key, and what it opens."""

from __future__ import annotations

import datetime as dt

import pytest
from django.conf import settings as django_settings

from columns.models import Column
from inbox.crypto.sealing import CannotOpen
from inbox.keys import vault
from inbox.letters import intake, writer_acts
from inbox.letters.intake import Taken
from inbox.models import Letter, Message, SealedKey, User, WriterAddress
from inbox.workflow import LetterStatus
from tests import factories

pytestmark = pytest.mark.databases


@pytest.mark.parametrize(("process", "opens"), [("both", True), ("public", False), ("desk", False), ("worker", True)])
def test_the_notice_key_is_the_workers_alone(settings: object, column: Column, process: str, opens: bool) -> None:
    settings.PROCESS = process  # type: ignore[attr-defined]
    if opens:
        assert vault.notice()
    else:
        with pytest.raises(vault.Locked):
            vault.notice()


def test_the_notice_key_is_for_its_owner_alone(column: Column) -> None:
    files = list(django_settings.NOTICE_KEY_DIR.glob("*.key"))
    assert files
    assert {oct(file.stat().st_mode & 0o777) for file in files} == {"0o600"}
    assert {oct(file.parent.stat().st_mode & 0o777) for file in files} == {"0o700"}


def test_desk_and_writer_open_the_letter_and_the_notice_key_does_not(keys: vault.Vault, writer: Taken) -> None:
    _, derived = writer_acts.find(writer.receipt)
    assert keys.open(writer.letter)["text"] == factories.LETTER_TEXT
    assert vault.writer(derived.key).open(writer.letter)["text"] == factories.LETTER_TEXT
    with pytest.raises(CannotOpen):
        vault.notice().open(writer.letter)


def test_only_the_notice_key_opens_an_address(column: Column, keys: vault.Vault) -> None:
    taken = factories.take_letter(column, email="somebody@example.org")
    address = WriterAddress.objects.get(letter=taken.letter)
    _, derived = writer_acts.find(taken.receipt)
    assert vault.notice().open(address) == {"email": "somebody@example.org"}
    for other in (keys, vault.writer(derived.key)):
        with pytest.raises(CannotOpen):
            other.open(address)


def test_another_receipt_opens_nothing(column: Column, writer: Taken) -> None:
    _, derived = writer_acts.find(factories.take_letter(column).receipt)
    with pytest.raises(CannotOpen):
        vault.writer(derived.key).open(writer.letter)


def test_the_address_of_the_article_is_the_writers_alone(column: Column, keys: vault.Vault) -> None:
    letter = factories.make_letter(column, LetterStatus.PUBLISHED)
    message = Message.objects.get(letter=letter, kind=Message.Kind.ADDRESS)
    with pytest.raises(CannotOpen):
        keys.open(message)


def test_many_are_opened_with_one_query(column: Column, keys: vault.Vault, django_assert_num_queries: object) -> None:
    letters = [factories.make_letter(column) for _ in range(7)]
    with django_assert_num_queries(1):  # type: ignore[operator]
        opened = keys.open_many(letters)
    assert set(opened) == {letter.pk for letter in letters}


def test_without_its_row_in_the_keystore_a_letter_is_dead(keys: vault.Vault, writer: Taken) -> None:
    SealedKey.objects.filter(item=writer.letter.pk).delete()
    with pytest.raises(CannotOpen):
        keys.open(Letter.objects.get(pk=writer.letter.pk))


def test_all_letters_have_few_sizes(column: Column, at: dt.datetime) -> None:
    lengths = [40, 300, 2_000, 5_000, 9_000, 15_000, 16_000]
    sizes = {len(bytes(factories.take_letter(column, text="ä" * n).letter.sealed)) for n in lengths}
    assert len(sizes) <= 6


def test_a_letter_of_the_greatest_length_fits_the_largest_size(column: Column, keys: vault.Vault) -> None:
    text = intake.tidy("𝕎" * intake.MAX_CHARACTERS)
    letter = factories.take_letter(column, text=text).letter
    assert keys.open(letter)["text"] == text
    assert len(bytes(letter.sealed)) < 82_000


def test_a_note_is_for_the_desk_alone(
    column: Column, keys: vault.Vault, moderator: User, writer: Taken, at: dt.datetime
) -> None:
    note = writer.letter.note("seen before", by=moderator, at=at)
    _, derived = writer_acts.find(writer.receipt)
    assert keys.open(note)["text"] == "seen before"
    with pytest.raises(CannotOpen):
        vault.writer(derived.key).open(note)
