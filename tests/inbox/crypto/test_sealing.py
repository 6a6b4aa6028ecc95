"""Sealing: what a key opens, what it does not, and what a thief of the database sees."""

from __future__ import annotations

import uuid

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from inbox.crypto import sealing
from inbox.crypto.sealing import CannotOpen, Place

PLACE = Place("inbox_letter", str(uuid.UUID(int=1)))


def pair() -> tuple[X25519PrivateKey, sealing.Recipient]:
    private = X25519PrivateKey.generate()
    return private, sealing.recipient(sealing.public_half(private))


def opened(place: Place, body: bytes, key: bytes, private: X25519PrivateKey) -> dict[str, object]:
    return sealing.open_body(place, body, sealing.open_key(place, body, key, private))


@settings(max_examples=50)
@given(st.text(max_size=2000))
def test_each_recipient_opens_exactly_what_was_sealed(text: str) -> None:
    (desk, to_desk), (writer, to_writer) = pair(), pair()
    body, keys = sealing.seal(PLACE, {"text": text}, [to_desk, to_writer])
    assert opened(PLACE, body, keys[to_desk.id], desk) == {"text": text}
    assert opened(PLACE, body, keys[to_writer.id], writer) == {"text": text}


def test_nobody_else_opens_it() -> None:
    (_, to_desk), (stranger, _) = pair(), pair()
    body, keys = sealing.seal(PLACE, {"text": "words"}, [to_desk])
    with pytest.raises(CannotOpen):
        sealing.open_key(PLACE, body, keys[to_desk.id], stranger)


@pytest.mark.parametrize(
    "place",
    [
        Place("inbox_note", PLACE.id),
        Place(PLACE.table, str(uuid.UUID(int=2))),
        Place(PLACE.table, PLACE.id, "other"),
    ],
)
def test_words_moved_to_another_place_do_not_open(place: Place) -> None:
    private, to = pair()
    body, keys = sealing.seal(PLACE, {"text": "words"}, [to])
    data_key = sealing.open_key(PLACE, body, keys[to.id], private)
    with pytest.raises(CannotOpen):
        sealing.open_key(place, body, keys[to.id], private)
    with pytest.raises(CannotOpen):
        sealing.open_body(place, body, data_key)


def test_any_changed_byte_is_noticed() -> None:
    private, to = pair()
    body, keys = sealing.seal(PLACE, {"text": "words"}, [to])
    for at in (0, 1, 9, 21, len(body) - 1):
        changed = body[:at] + bytes([body[at] ^ 1]) + body[at + 1 :]
        with pytest.raises(CannotOpen):
            opened(PLACE, changed, keys[to.id], private)


def test_every_envelope_has_a_version_and_a_key_id() -> None:
    _, to = pair()
    body, keys = sealing.seal(PLACE, {"text": "words"}, [to])
    assert body[0] == sealing.VERSION
    assert keys[to.id][0] == sealing.VERSION
    assert keys[to.id][1:9].hex() == to.id


def test_ten_thousand_lengths_give_six_sizes() -> None:
    sizes = {len(sealing.pad(b"x" * length)) for length in range(0, 80 * 1024 - 4, 8)}
    assert sizes == {1024, 4096, 8192, 16384, 32768, 81920}
    assert all(sealing.unpad(sealing.pad(b"x" * n)) == b"x" * n for n in (0, 1, 1020, 1021, 81916, 81917, 200_000))
    assert len(sealing.pad(b"x" * 81917)) == 2 * 81920


def test_the_same_words_never_look_the_same() -> None:
    _, to = pair()
    assert len({sealing.seal(PLACE, {"text": "words"}, [to])[0] for _ in range(20)}) == 20


def test_a_token_opens_for_its_purpose_alone() -> None:
    token = sealing.seal_token("s" * 40, "letter", {"id": "1"})
    assert sealing.open_token("s" * 40, "letter", token) == {"id": "1"}
    for secret, purpose, value in (
        ("t" * 40, "letter", token),
        ("s" * 40, "kept", token),
        ("s" * 40, "letter", token[:-2] + "00"),
        ("s" * 40, "letter", "zz"),
        ("s" * 40, "letter", ""),
    ):
        with pytest.raises(CannotOpen):
            sealing.open_token(secret, purpose, value)


def test_sealed_to_nobody_is_refused() -> None:
    with pytest.raises(ValueError, match="nobody"):
        sealing.seal(PLACE, {"text": "words"}, [])
