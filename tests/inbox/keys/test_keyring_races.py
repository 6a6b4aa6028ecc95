"""Keys and seats when two people change them at the same moment."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable

import pytest
from django.db import connection

from columns.models import Column
from inbox.crypto import sealing
from inbox.keys import keyring, vault
from inbox.letters import writer_acts
from inbox.models import ColumnEvent, KeyGrant, Letter, PublicKey, SealedKey, Seat
from inbox.staff import membership
from inbox.workflow import LetterStatus, NotAllowed, Role
from tests import factories

pytestmark = pytest.mark.databases

#: Seconds after which what never comes is given up.
HANG = 300
ROUNDS = 12


def at_once(*acts: Callable[[], object]) -> None:
    """Run the acts at the same moment, each in a thread with a connection of its own; what fails fails here."""
    gate, failed = threading.Barrier(len(acts)), list[BaseException]()

    def run(act: Callable[[], object]) -> None:
        try:
            gate.wait(HANG)
            act()
        except NotAllowed:
            pass  # one of two may come too late, and is told
        except BaseException as error:  # noqa: BLE001 - told below
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(HANG)
    assert failed == []


def holds_only_who_may(column: Column) -> None:
    """No key that is in use was granted to anybody without a seat, and everybody with one and a pair has the newest."""
    seated = set(keyring.holders(column).values_list("pk", flat=True))
    in_use = PublicKey.objects.filter(column=column, retired=False)
    granted = set(KeyGrant.objects.filter(key__in=in_use, user__isnull=False).values_list("user_id", flat=True))
    assert granted <= seated
    newest = in_use.order_by("-serial")[0]
    assert set(newest.grants.filter(user__isnull=False).values_list("user_id", flat=True)) == seated
    numbers = list(ColumnEvent.objects.filter(column=column).order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.django_db(transaction=True)
def test_two_leave_and_a_month_begins_at_the_same_moment(at: dt.datetime) -> None:
    column = factories.make_column()
    owner = factories.make_user("owner", column, Role.OWNER)
    factories.make_user("stays", column, Role.AUTHOR)
    nobody: frozenset[Role] = frozenset()
    for number in range(ROUNDS):
        one, two = (factories.make_user(f"{name}{number}", column, Role.MODERATOR) for name in ("ana", "ben"))
        later = at + dt.timedelta(days=31 * (number + 1))
        at_once(
            lambda one=one, later=later: membership.set_seats(one, column, nobody, by=owner, at=later),  # type: ignore[misc]
            lambda two=two, later=later: membership.set_seats(two, column, nobody, by=owner, at=later),  # type: ignore[misc]
            lambda later=later: keyring.month_key(column, at=later),  # type: ignore[misc]
        )
        holds_only_who_may(column)


@pytest.mark.django_db(transaction=True)
def test_keys_given_to_somebody_who_is_just_leaving(at: dt.datetime) -> None:
    column = factories.make_column()
    owner, keys = factories.make_user("owner", column, Role.OWNER), factories.desk_keys()
    author = factories.make_user("author", column, Role.AUTHOR)
    for number in range(ROUNDS):
        new = factories.make_user(f"new{number}")
        Seat.objects.create(user=new, column=column, role=Role.MODERATOR)
        at_once(
            lambda new=new: keyring.grant(column, new, by=author, at=at, keys=keys),  # type: ignore[misc]
            lambda new=new: membership.set_seats(new, column, frozenset(), by=owner, at=at),  # type: ignore[misc]
        )
        assert not KeyGrant.objects.filter(user=new).exists()
        holds_only_who_may(column)


@pytest.mark.django_db(transaction=True)
def test_a_letter_withdrawn_while_its_key_is_resealed(at: dt.datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    """The withdrawal begins in the middle of the batch, on a connection of its own, and must win."""
    column = factories.make_column()
    owner, leaves = (factories.make_user(role, column, Role(role)) for role in ("owner", "moderator"))
    factories.make_user("author", column, Role.AUTHOR)
    taken = [factories.take_letter(column, at=at) for _ in range(3)]
    membership.set_seats(leaves, column, frozenset(), by=owner, at=at)
    keys, real, threads = factories.desk_keys(), sealing.seal_key, list[threading.Thread]()

    def withdraw() -> None:
        letter, derived = writer_acts.find(taken[1].receipt)
        assert letter is not None
        writer_acts.withdraw(letter, vault.writer(derived.key), at=at)
        connection.close()

    def seal_key(place: sealing.Place, name: bytes, data_key: bytes, to: sealing.Recipient) -> bytes:
        if not threads:
            threads.append(threading.Thread(target=withdraw))
            threads[0].start()
            threads[0].join(1)  # as far as it comes without this transaction's end
        return real(place, name, data_key, to)

    monkeypatch.setattr(sealing, "seal_key", seal_key)
    keyring.reseal(column, keys=keys)
    threads[0].join(HANG)
    assert Letter.objects.get(pk=taken[1].letter.pk).status == LetterStatus.WITHDRAWN
    assert not SealedKey.objects.filter(item=taken[1].letter.pk).exists()
    assert keyring.left_to_reseal(column) == 0
    assert len(factories.desk_keys().open_many(one.letter for one in taken)) == 2
