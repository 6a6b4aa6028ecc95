"""Who holds which key: pairs of staff, grants, leaving, resets, the recovery key, re-sealing."""

from __future__ import annotations

import datetime as dt
import os
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from hypothesis import given
from hypothesis import strategies as st

from columns.models import Column
from inbox.crypto import recovery_sheet, sealing
from inbox.keys import keyring, vault
from inbox.letters import writer_acts
from inbox.letters.intake import Taken
from inbox.models import ColumnEvent, KeyGrant, Letter, PublicKey, SealedKey, Seat, StaffKey, User, desk_recipient
from inbox.workflow import NotAllowed, Role
from tests import factories

pytestmark = pytest.mark.databases

COST = {"memory": 64, "iterations": 1}


def held(user: User, password: str = factories.PASSWORD) -> vault.Vault:
    """What the person holds once they have typed their password."""
    return vault.holder(sealing.unwrap(bytes(StaffKey.objects.get(user=user).wrapped), password))


# --- wrapping and printing -------------------------------------------------------------------------------------------


def test_a_wrapped_key_opens_with_its_password_alone() -> None:
    private = X25519PrivateKey.generate()
    wrapped = sealing.wrap(private, "a password", **COST)
    assert sealing.unwrap(wrapped, "a password").private_bytes_raw() == private.private_bytes_raw()
    assert private.private_bytes_raw() not in wrapped
    for password in ("a passwore", "", "A password"):
        with pytest.raises(sealing.CannotOpen):
            sealing.unwrap(wrapped, password)


@pytest.mark.parametrize("place", [0, 4, 5, 6, 21, 22, 33, 34, -1])
def test_a_wrapped_key_that_was_changed_does_not_open(place: int) -> None:
    wrapped = bytearray(sealing.wrap(X25519PrivateKey.generate(), "a password", **COST))
    wrapped[place] ^= 1
    with pytest.raises(sealing.CannotOpen):
        sealing.unwrap(bytes(wrapped), "a password")


def test_in_production_guessing_a_password_is_dear() -> None:
    """64 MiB and three passes, for the key and at least as much for the password's hash."""
    real = (settings.BASE_DIR / "config" / "settings.py").read_text()
    assert 'STAFF_KEY_COST = {"memory": 64 * 1024, "iterations": 3}' in real
    assert 'PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]' in real
    assert Argon2PasswordHasher.memory_cost >= 64 * 1024


@given(st.binary(min_size=32, max_size=32), st.booleans(), st.sampled_from(["", " ", "-", ".", "\n"]))
def test_the_printed_key_is_read_however_it_is_spelled(private: bytes, lower: bool, between: str) -> None:
    shown = recovery_sheet.shown(private)
    typed = shown.replace("-", between)
    assert recovery_sheet.read(typed.lower() if lower else typed) == private


def test_a_slip_in_the_printed_key_is_noticed() -> None:
    shown = recovery_sheet.shown(os.urandom(32))
    for place, character in enumerate(shown):
        if character != "-":
            other = "A" if character != "A" else "C"
            with pytest.raises(recovery_sheet.BadRecoveryKey):
                recovery_sheet.read(shown[:place] + other + shown[place + 1 :])
    for typed in ("", "A", shown[:-1], shown + "A", "ß" * 56, "1" * 300):
        with pytest.raises(recovery_sheet.BadRecoveryKey):
            recovery_sheet.read(typed)


# --- what is held ----------------------------------------------------------------------------------------------------


def test_a_seat_that_reads_holds_the_keys_and_the_owners_does_not(
    column: Column, moderator: User, author: User, reviewer: User, owner: User, writer: Taken
) -> None:
    for user in (moderator, author, reviewer):
        assert held(user).open(writer.letter)["text"] == factories.LETTER_TEXT
    with pytest.raises(sealing.CannotOpen):
        held(owner).open(writer.letter)
    assert not KeyGrant.objects.filter(user=owner).exists()


def test_the_database_alone_opens_nothing(column: Column, moderator: User, writer: Taken) -> None:
    """Every secret-looking value of the tables of keys, tried as a private key."""
    values = [bytes(row.wrapped) for row in StaffKey.objects.all()]
    values += [bytes(row.sealed) for row in KeyGrant.objects.all()]
    values += [bytes(row.public) for row in PublicKey.objects.all()]
    for value in values:
        for start in range(len(value) - 31):
            private = X25519PrivateKey.from_private_bytes(value[start : start + 32])
            for grant in KeyGrant.objects.all():
                with pytest.raises(sealing.CannotOpen):
                    vault.open_grant(grant, private)


def test_a_grant_belongs_to_its_key(column: Column, other_column: Column, moderator: User) -> None:
    """Moved to another key's row, it does not open: nobody is handed another column's key under a false name."""
    grant, other = KeyGrant.objects.filter(user=moderator).get(), PublicKey.objects.get(column=other_column)
    KeyGrant.objects.filter(pk=grant.pk).update(key=other)
    with pytest.raises(sealing.CannotOpen):
        held(moderator)


def test_the_key_of_the_month_is_made_once_and_granted_to_all(
    column: Column, moderator: User, author: User, at: dt.datetime
) -> None:
    assert keyring.month_key(column, at=at) is None
    later = at + dt.timedelta(days=40)
    made = keyring.month_key(column, at=later)
    assert made is not None
    assert keyring.month_key(column, at=later) is None
    assert desk_recipient(column).id == made.pk
    letter = factories.take_letter(column, at=later).letter
    for keys in (held(moderator), held(author), factories.desk_keys()):
        assert keys.open(letter)["text"] == factories.LETTER_TEXT


def test_a_key_that_nobody_would_hold_is_not_made(column: Column, at: dt.datetime) -> None:
    PublicKey.objects.filter(kind=PublicKey.Kind.RECOVERY).delete()
    PublicKey.objects.filter(column=column).delete()
    with pytest.raises(keyring.NoHolder):
        keyring.month_key(column, at=at)
    assert not PublicKey.objects.filter(column=column).exists()


# --- joining, changing, resetting ------------------------------------------------------------------------------------


def newcomer(column: Column, role: Role = Role.MODERATOR) -> User:
    user = factories.make_user("newcomer")
    Seat.objects.create(user=user, column=column, role=role)
    return user


def test_a_newcomer_holds_nothing_until_a_colleague_gives_it(
    column: Column, moderator: User, writer: Taken, at: dt.datetime
) -> None:
    user = newcomer(column)
    assert [(one.user, one.ready, one.missing) for one in keyring.holdings(column)] == [
        (moderator, True, 0),
        (user, True, 1),
    ]
    with pytest.raises(sealing.CannotOpen):
        held(user).open(writer.letter)
    assert keyring.grant(column, user, by=moderator, at=at, keys=held(moderator)) == 1
    assert keyring.grant(column, user, by=moderator, at=at, keys=held(moderator)) == 0
    assert held(user).open(writer.letter)["text"] == factories.LETTER_TEXT
    assert keyring.holdings(column)[1].missing == 0
    event = ColumnEvent.objects.filter(column=column, verb="grant_keys", by=moderator).get()
    assert event.about == str(user)


def test_keys_are_given_to_no_one_without_a_seat_or_a_pair(column: Column, owner: User, at: dt.datetime) -> None:
    stranger = factories.make_user("somebody")
    for user in (stranger, owner):
        with pytest.raises(NotAllowed):
            keyring.grant(column, user, by=None, at=at, keys=factories.desk_keys())
    user = newcomer(column)
    StaffKey.objects.filter(user=user).delete()
    with pytest.raises(NotAllowed, match="has not signed in yet"):
        keyring.grant(column, user, by=None, at=at, keys=factories.desk_keys())


def test_a_changed_password_keeps_every_key(moderator: User, writer: Taken) -> None:
    keyring.rewrap(moderator, factories.PASSWORD, "another good one")
    assert held(moderator, "another good one").open(writer.letter)
    with pytest.raises(sealing.CannotOpen):
        held(moderator)
    with pytest.raises(sealing.CannotOpen):
        keyring.rewrap(moderator, factories.PASSWORD, "a third one")
    assert held(moderator, "another good one").open(writer.letter)


def test_a_reset_loses_the_keys_until_the_recovery_key_gives_them_again(
    column: Column, moderator: User, writer: Taken, at: dt.datetime
) -> None:
    epoch = moderator.key_epoch
    keyring.make_pair(moderator, "a new one after the reset", at=at)
    with pytest.raises(sealing.CannotOpen):
        held(moderator, "a new one after the reset").open(writer.letter)
    moderator.refresh_from_db()
    assert moderator.key_epoch > epoch
    sheet = recovery_sheet.shown(factories.RECOVERY.private_bytes_raw())
    assert keyring.grant(column, moderator, by=None, at=at, keys=keyring.recovered(sheet)) == 1
    assert held(moderator, "a new one after the reset").open(writer.letter)


def test_another_sites_recovery_key_is_refused(column: Column) -> None:
    with pytest.raises(recovery_sheet.BadRecoveryKey, match="not the one of this site"):
        keyring.recovered(recovery_sheet.shown(os.urandom(32)))


def test_there_is_one_recovery_key(column: Column, at: dt.datetime) -> None:
    with pytest.raises(NotAllowed):
        keyring.make_recovery_key(at=at)


# --- leaving ---------------------------------------------------------------------------------------------------------


def test_whoever_leaves_opens_nothing_new_and_soon_nothing_old(
    column: Column, moderator: User, author: User, at: dt.datetime
) -> None:
    draft = factories.make_draft(column, at=at)
    old = factories.take_letter(column, at=at).letter
    note = old.note("Something of ours.", by=moderator, at=at)
    copied = held(moderator)  # what they might have carried away
    Seat.objects.filter(user=moderator).delete()
    keyring.revoke(column, moderator, by=author, at=at)
    assert not KeyGrant.objects.filter(user=moderator).exists()
    new = factories.take_letter(column, at=at, text="A letter that came after they had left us for good.").letter
    with pytest.raises(sealing.CannotOpen):
        copied.open(new)
    keys = held(author)
    left = keyring.left_to_reseal(column)
    assert left > 3
    assert keyring.reseal(column, keys=keys) == left
    assert keyring.left_to_reseal(column) == 0
    for item in (old, new, note, draft.newest(), draft.bundle):
        with pytest.raises(sealing.CannotOpen):
            copied.open(item)
        assert held(author).open(item)
    assert set(ColumnEvent.objects.filter(by=author).values_list("verb", flat=True)) == {"revoke_keys"}


def test_a_seat_that_remains_keeps_the_keys(column: Column, at: dt.datetime) -> None:
    user = factories.make_user("both", column, Role.MODERATOR, Role.AUTHOR)
    Seat.objects.filter(user=user, role=Role.MODERATOR).delete()
    keyring.revoke(column, user, by=None, at=at)
    assert KeyGrant.objects.filter(user=user).exists()
    assert not PublicKey.objects.filter(retired=True).exists()


def test_a_writers_receipt_still_opens_a_letter_that_was_resealed(
    column: Column, moderator: User, author: User, writer: Taken, at: dt.datetime
) -> None:
    Seat.objects.filter(user=moderator).delete()
    keyring.revoke(column, moderator, by=author, at=at)
    body = bytes(writer.letter.sealed)
    keyring.reseal(column, keys=held(author))
    writer.letter.refresh_from_db()
    assert bytes(writer.letter.sealed) == body  # the body was never touched
    _, derived = writer_acts.find(writer.receipt)
    assert vault.writer(derived.key).open(writer.letter)["text"] == factories.LETTER_TEXT


def test_resealing_that_was_interrupted_goes_on(
    column: Column, moderator: User, author: User, at: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    letters = [factories.take_letter(column, text=f"Letter number {number}. " * 5).letter for number in range(7)]
    Seat.objects.filter(user=moderator).delete()
    keyring.revoke(column, moderator, by=author, at=at)
    monkeypatch.setattr(keyring, "_BATCH", 2)
    seal_key, calls = sealing.seal_key, []

    def dies(*arguments: object) -> bytes:
        calls.append(1)
        if len(calls) == 4:  # in the middle of the second batch
            raise KeyboardInterrupt
        return seal_key(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(sealing, "seal_key", dies)
    with pytest.raises(KeyboardInterrupt):
        keyring.reseal(column, keys=held(author))
    # of each letter two data keys: its own, and that of its events
    assert keyring.left_to_reseal(column) == 12
    assert len(held(author).open_many(letters)) == 7  # in the middle everything opens
    assert keyring.reseal(column, keys=held(author), most=2) == 2
    assert keyring.reseal(column, keys=held(author)) == 10
    assert len(held(author).open_many(letters)) == 7


@pytest.mark.parametrize("moment", ["Substr", "seal_key"])
def test_what_is_withdrawn_while_it_is_resealed_stays_withdrawn(
    column: Column, moderator: User, author: User, at: dt.datetime, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    """Whether it falls before the body is read or before the new key is written."""
    taken = [factories.take_letter(column, at=at) for _ in range(3)]
    Seat.objects.filter(user=moderator).delete()
    keyring.revoke(column, moderator, by=author, at=at)
    where, gone = keyring if moment == "Substr" else sealing, taken[1]
    real, done = getattr(where, moment), list[int]()

    def withdrawn_meanwhile(*arguments: Any, **named: Any) -> object:
        if not done:
            done.append(1)
            letter, derived = writer_acts.find(gone.receipt)
            assert letter is not None
            writer_acts.withdraw(letter, vault.writer(derived.key), at=at)
        return real(*arguments, **named)

    monkeypatch.setattr(where, moment, withdrawn_meanwhile)
    keyring.reseal(column, keys=held(author))
    assert done
    assert not SealedKey.objects.filter(item=gone.letter.pk).exists()
    assert keyring.left_to_reseal(column) == 0
    assert len(held(author).open_many(one.letter for one in taken)) == 2


def test_a_data_key_whose_body_is_erased_is_destroyed_and_stops_nothing(
    column: Column, moderator: User, author: User, at: dt.datetime
) -> None:
    letters = [factories.take_letter(column, at=at).letter for _ in range(2)]
    Letter.objects.filter(pk=letters[0].pk).update(sealed=b"")
    Seat.objects.filter(user=moderator).delete()
    keyring.revoke(column, moderator, by=author, at=at)
    keyring.reseal(column, keys=held(author))
    assert keyring.left_to_reseal(column) == 0
    assert held(author).open(letters[1])


def test_a_data_key_that_is_damaged_stops_no_other(
    column: Column, moderator: User, author: User, at: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    letters = [factories.take_letter(column, at=at).letter for _ in range(4)]
    Seat.objects.filter(user=moderator).delete()
    keyring.revoke(column, moderator, by=author, at=at)
    damaged = SealedKey.objects.get(item=letters[1].pk, key_id__in=PublicKey.objects.filter(retired=True))
    SealedKey.objects.filter(pk=damaged.pk).update(sealed=bytes(len(damaged.sealed)))
    monkeypatch.setattr(keyring, "_BATCH", 1)
    for most in (2, None, None):
        keyring.reseal(column, keys=held(author), most=most)
    assert keyring.left_to_reseal(column) == 1
    assert len(held(author).open_many(letters)) == 3


def test_resealing_needs_a_key_that_opens(column: Column, moderator: User, writer: Taken, at: dt.datetime) -> None:
    Seat.objects.filter(user=moderator).delete()
    keyring.revoke(column, moderator, by=None, at=at)
    with pytest.raises(sealing.CannotOpen):
        keyring.reseal(column, keys=held(newcomer(column)))


def test_another_column_is_left_alone(
    column: Column, other_column: Column, moderator: User, author_elsewhere: User, at: dt.datetime
) -> None:
    theirs = factories.take_letter(other_column, topic="").letter
    before = SealedKey.objects.filter(item=theirs.pk).values_list("key_id", flat=True)
    kept = set(before)
    Seat.objects.filter(user=moderator).delete()
    keyring.revoke(column, moderator, by=None, at=at)
    keyring.reseal(column, keys=factories.desk_keys())
    assert set(before.all()) == kept
    assert held(author_elsewhere).open(theirs)


def test_what_each_holds_is_told_in_four_queries(
    column: Column, moderator: User, author: User, reviewer: User, django_assert_num_queries: object
) -> None:
    with django_assert_num_queries(4):  # type: ignore[operator]
        assert len(keyring.holdings(column)) == 3


def test_a_clock_that_jumped_forward_once_stops_no_month(column: Column, at: dt.datetime) -> None:
    for days in (2000, 40, 80):
        made = keyring.month_key(column, at=at + dt.timedelta(days=days))
        assert made is not None
        assert desk_recipient(column).id == made.pk
