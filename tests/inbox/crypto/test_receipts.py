"""The receipt, by its figures: every spelling is understood, every slip is caught before anything is looked up."""

from __future__ import annotations

import random
from collections.abc import Iterator
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.crypto import receipts
from inbox.crypto.receipts import ALPHABET, BadReceipt
from inbox.letters import writer_acts

SECRET = "s" * 40
SALT = "x" * 40
#: Read before any test has changed it.
MEMORY = receipts.MEMORY


@pytest.fixture(scope="module", autouse=True)
def _memory_of_a_running_site() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(receipts, "MEMORY", MEMORY)
        yield


def receipt(number: int = 0) -> str:
    return receipts.derive(SECRET, number.to_bytes(16, "big"), b"words")


def test_has_seventeen_characters_of_the_alphabet_and_a_true_check_character() -> None:
    for number in range(200):
        made = receipt(number)
        assert len(made) == 17
        assert set(made) <= set(ALPHABET)
        assert receipts.check_character(made[:16]) == made[16]
        assert receipts.normalise(receipts.shown(made)) == made


def test_follows_from_nonce_words_and_secret_and_from_nothing_else() -> None:
    assert receipts.derive(SECRET, b"n" * 16, b"w") == receipts.derive(SECRET, b"n" * 16, b"w")
    others = {
        receipts.derive(SECRET, b"n" * 16, b"w"),
        receipts.derive(SECRET, b"m" * 16, b"w"),
        receipts.derive(SECRET, b"n" * 16, b"v"),
        receipts.derive("t" * 40, b"n" * 16, b"w"),
    }
    assert len(others) == 4


@pytest.mark.parametrize("digits", ["0０", "٠۰०", "𝟎๐"])
def test_digits_of_every_script_labels_and_line_ends_are_understood(digits: str) -> None:
    for zero in digits:
        for number in range(20):
            made = receipt(number)
            typed = "".join(chr(ord(zero) + int(c)) if c.isdigit() else c for c in receipts.shown(made))
            wide = "".join(chr(ord(c) + 0xFEE0) for c in receipts.shown(made))
            lines = receipts.shown(made).replace("-", "\r\n") + "\r\n"
            colons = receipts.shown(made).replace("-", ":")
            with_words = (
                *(f"Receipt: {typed}", f"Your receipt：\n{made.lower()}", f"RECEIPT {typed}", f"receipt={made}"),
                *(
                    f"Your receipt is {typed}.",
                    f"{typed} (keep)",
                    f"my letter, {lines} of May 2026",
                    f"«{typed}» — Код",
                ),
            )
            for spelt in (typed, wide, lines, colons, *with_words):
                assert receipts.normalise(spelt) == made
                assert receipts.is_last_group(made, spelt)


def test_of_two_receipts_none_is_taken_and_words_alone_are_none() -> None:
    two = f"{receipts.shown(receipt(1))} or {receipts.shown(receipt(2))}"
    for typed in (two, "I have lost what I was to keep, please help me", f"Receipt: {receipt(1)[:-1]}", "=" * 18):
        with pytest.raises(receipts.BadReceipt):
            receipts.normalise(typed)


def test_a_thousand_spellings_are_accepted() -> None:
    chance = random.Random(20)
    looks_like = {"0": "0Oo", "1": "1IiLl"}
    for number in range(1000):
        made = receipt(number)
        typed = ""
        for character in made:
            shapes = looks_like.get(character, character.upper() + character.lower())
            typed += chance.choice(shapes) + chance.choice(["", "", "", "-", " ", "–", " - ", ".", "\t"])
        assert receipts.normalise(chance.choice(["", "  ", "\n"]) + typed) == made


def test_every_single_wrong_character_is_caught() -> None:
    for number in range(20):
        made = receipt(number)
        for place in range(17):
            for other in set(ALPHABET) - {made[place]}:
                with pytest.raises(BadReceipt):
                    receipts.normalise(made[:place] + other + made[place + 1 :])


def test_every_exchange_of_two_neighbours_is_caught() -> None:
    tried = 0
    for number in range(200):
        made = receipt(number)
        for place in range(16):
            swapped = made[:place] + made[place + 1] + made[place] + made[place + 2 :]
            if swapped != made:
                tried += 1
                with pytest.raises(BadReceipt):
                    receipts.normalise(swapped)
    assert tried > 2000


@given(st.text(max_size=300))
def test_whatever_is_typed_gives_a_receipt_or_a_sentence_that_does_not_quote_it(typed: str) -> None:
    try:
        made = receipts.normalise(typed)
    except BadReceipt as refusal:
        said = str(refusal)
        assert said.endswith(".")
        assert len(typed) < 12 or typed not in said
    else:
        assert receipts.check_character(made[:16]) == made[16]


def test_a_slip_costs_neither_a_derivation_nor_a_query() -> None:
    made = receipt()
    wrong = ("0" if made[0] != "0" else "2") + made[1:]
    with mock.patch.object(receipts, "Argon2id") as argon, pytest.raises(BadReceipt):
        writer_acts.find(receipts.normalise(wrong))
    assert argon.call_count == 0


def test_index_and_key_follow_from_the_receipt_and_the_settings() -> None:
    assert receipts.MEMORY == 8 * 1024
    one = receipts.open_with(receipt(1), salt=SALT, pepper="p" * 40)
    again = receipts.open_with(receipt(1), salt=SALT, pepper="p" * 40)
    other_pepper = receipts.open_with(receipt(1), salt=SALT, pepper="q" * 40)
    assert one.index == again.index
    assert one.key.private_bytes_raw() == again.key.private_bytes_raw()
    assert len(one.index) == 64
    assert other_pepper.index != one.index
    assert receipts.open_with(receipt(2), salt=SALT, pepper="p" * 40).index != one.index


@pytest.mark.parametrize("length", [4, 5, 17])
def test_the_last_group_is_recognised_however_it_is_typed(length: int) -> None:
    made = receipt(3)
    group = {4: made[12:16], 5: made[12:], 17: made}[length]
    assert receipts.is_last_group(made, group)
    assert receipts.is_last_group(made, " ".join(group.lower()))
    assert not receipts.is_last_group(made, made[11:15])
    assert not receipts.is_last_group(made, made[16])
    assert not receipts.is_last_group(made, "")
