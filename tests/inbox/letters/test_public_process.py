"""What the process that strangers reach could open: with its settings and the whole database, no letter at all."""

from __future__ import annotations

import base64
import hashlib
import hmac
import itertools
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.utils import timezone

from columns.models import Column
from inbox.crypto import receipts, sealing
from inbox.keys import vault
from inbox.letters import intake, screened
from inbox.models import Letter, SealedItem, SealedKey, WriterAddress
from inbox.staff import installation
from tests import factories

pytestmark = pytest.mark.databases

#: The whole thousand where a site runs. What the tables hold is the same on SQLite, where a fifth shows that it works.
LETTERS = 1_000 if connection.vendor == "postgresql" else 200
#: The secrets that the public process is given.
SECRETS = ("SECRET_KEY", "RECEIPT_SALT", "RECEIPT_PEPPER", "FORM_SECRET")
#: Under what names the code itself derives keys from secrets.
PURPOSES = (
    b"steady-hands writer key v1",
    b"steady-hands receipt v1",
    *(b"steady-hands token v1 " + purpose for purpose in (b"letter", b"sent", b"page", b"write")),
    b"steady-hands letter",
)


def values() -> Iterator[bytes]:
    """Every distinct value in the database that could be a key: anything of 16 to 200 bytes, as text and as bytes."""
    seen: set[bytes] = set()
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            cursor.execute(f'SELECT * FROM "{model._meta.db_table}"')
            for value in itertools.chain.from_iterable(cursor.fetchall()):
                raw = bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
                for one in (raw, _unhex(raw)):
                    if 10 <= len(one) <= 200 and one not in seen:
                        seen.add(one)
                        yield one


def _unhex(raw: bytes) -> bytes:
    try:
        return bytes.fromhex(raw.replace(b"-", b"").decode())
    except ValueError:
        return b""


def candidates(material: bytes) -> Iterator[bytes]:
    """The private keys that somebody would make of some material: itself, and each derivation of the code."""
    for start in range(max(0, min(len(material) - 31, 3))):
        yield material[start : start + 32]
    if len(material) >= 32:
        yield material[-32:]
    yield hashlib.sha256(material).digest()
    for purpose in PURPOSES[:2]:
        yield HKDF(SHA256(), 32, None, purpose).derive(material)


def secrets() -> Iterator[bytes]:
    for name in SECRETS:
        secret = str(getattr(settings, name)).encode()
        yield secret
        for decode in (base64.b64decode, base64.urlsafe_b64decode, _unhex):
            try:
                yield decode(secret)
            except ValueError:
                continue


def opens(item: SealedItem, sealed: bytes, key: bytes) -> bool:
    """Whether these 32 bytes open it: as a private key, or as its data key itself."""
    try:
        private = X25519PrivateKey.from_private_bytes(key)
        sealing.open_key(item.place(), bytes(item.sealed), sealed, private)
    except sealing.CannotOpen:
        return False
    return True


def opened_by(keys: Iterable[bytes], items: list[Any]) -> int:
    """How many of the items some of the keys open.

    A data key is sealed to a public half whose name stands beside it, so a key is tried where its public half has such
    a name: all others fail by X25519 itself, which the test below holds on a sample.
    """
    named: dict[str, bytes] = {}
    for key in keys:
        private = X25519PrivateKey.from_private_bytes(key)
        named[sealing.key_id(sealing.public_half(private))] = key
    by_id = {item.pk: item for item in items}
    rows = SealedKey.objects.filter(item__in=by_id, key_id__in=named)
    return len({row.item for row in rows if opens(by_id[row.item], bytes(row.sealed), named[row.key_id])})


@pytest.fixture
def letters(column: Column) -> list[Letter]:
    return taken(column, LETTERS)


def taken(column: Column, number: int) -> list[Letter]:
    """So many letters through the intake, screened once, since they read alike; every fifth left an address."""
    at = timezone.now()
    found = screened.screen_letter(factories.LETTER_TEXT, {}, column_language=column.language)
    for count in range(number):
        words = intake.Words(text=f"{count} {factories.LETTER_TEXT}", email="" if count % 5 else "a@example.org")
        intake.take(column, words, nonce=intake.new_nonce(), at=at, found=found)
    return list(Letter.objects.all())


def test_with_its_settings_and_the_whole_database_it_opens_none_of_a_thousand(letters: list[Letter]) -> None:
    given, stored = list(secrets()), list(values())
    assert len(letters) == LETTERS
    assert len(stored) > 5 * LETTERS
    tried = {key for material in [*given, *stored] for key in candidates(material)}
    # each secret with each stored value: what a pepper, an index or a form's hash could have to do with a key
    short = [value for value in stored if len(value) <= 64]
    tried |= {hmac.digest(secret, value, "sha256") for secret in given for value in short}
    tried |= {HKDF(SHA256(), 32, None, purpose).derive(secret) for secret in given for purpose in PURPOSES}
    tried = {key for key in tried if len(key) == 32}
    assert len(tried) > 20 * LETTERS
    assert opened_by(tried, letters) == 0
    # and on a sample without regard to names: neither as a private key nor as the data key of a body
    for letter in letters[:2]:
        sealed = [bytes(row.sealed) for row in SealedKey.objects.filter(item=letter.pk)]
        for key in itertools.islice(tried, 500):
            assert not any(opens(letter, one, key) for one in sealed)
            with pytest.raises(sealing.CannotOpen):
                sealing.open_body(letter.place(), bytes(letter.sealed), key)


def test_no_receipt_can_be_worked_out_from_what_is_stored(column: Column) -> None:
    """The form's nonce is in the page alone, and without it the form secret gives no receipt."""
    words = intake.Words(text=factories.LETTER_TEXT)
    letter = intake.take(column, words, nonce=intake.new_nonce(), at=timezone.now()).letter
    stored = [bytes.fromhex(letter.form_hash), letter.pk.bytes, bytes.fromhex(letter.index or ""), b""]
    for nonce in [*stored, *(value[:16] for value in stored)]:
        receipt = receipts.derive(settings.FORM_SECRET, nonce, words.digest())
        derived = receipts.open_with(receipt, salt=settings.RECEIPT_SALT, pepper=settings.RECEIPT_PEPPER)
        assert derived.index != letter.index


def test_the_search_for_keys_would_find_one(column: Column) -> None:
    """The tests above can fail: a private key that lay in the database, or in a setting, is found and opens letters."""
    sent = factories.take_letter(column)
    derived = receipts.open_with(sent.receipt, salt=settings.RECEIPT_SALT, pepper=settings.RECEIPT_PEPPER)
    column.about = derived.key.private_bytes_raw().hex()
    column.save()
    tried = {key for value in values() for key in candidates(value) if len(key) == 32}
    assert opened_by(tried, [sent.letter]) == 1


@pytest.mark.parametrize("process", ["public", "desk"])
def test_no_process_but_the_worker_is_given_the_notice_key(settings: Any, process: str) -> None:
    settings.PROCESS = process
    with pytest.raises(vault.Locked):
        vault.notice()


def test_the_notice_key_opens_every_address_and_no_letter(column: Column) -> None:
    letters, keys = taken(column, 100), vault.notice()
    addresses = list(WriterAddress.objects.all())
    assert len(keys.open_many(addresses)) == len(addresses) == 20
    assert keys.open_many(letters) == {}


def test_no_private_key_of_the_desk_lies_in_a_file(column: Column) -> None:
    """Everything that the site keeps in its folder: the notice key, and nothing that opens a letter."""
    installation.make_keys(column, at=timezone.now())
    letter = factories.take_letter(column).letter
    found = [path.read_bytes() for path in Path(settings.VAR_DIR).rglob("*") if path.is_file()]
    tried = {key for content in found if len(content) < 4096 for key in candidates(content) if len(key) == 32}
    assert tried
    assert opened_by(tried, [letter]) == 0
