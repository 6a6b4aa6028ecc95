"""Keys and their holders: key pairs of staff, desk keys of a month, grants, the recovery key, and re-sealing after
somebody has left. Each public function is one transaction; none stores a private key that is not sealed."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from django.conf import settings
from django.db import models, transaction
from django.db.models import F
from django.db.models.functions import Substr
from django.utils import timezone
from django.utils.translation import gettext as _

from columns.models import Column
from inbox.crypto import recovery_sheet, sealing
from inbox.keys import vault
from inbox.keys.vault import Vault
from inbox.models import (
    ColumnEvent,
    KeyGrant,
    PublicKey,
    SealedItem,
    SealedKey,
    StaffKey,
    User,
)
from inbox.models.keystore import first_of_month, sealed_models
from inbox.models.sealed_kind import Holder
from inbox.workflow import NotAllowed, Role

#: Roles whose work needs the desk keys. An owner's seat alone opens no words, so an owner gets no key.
HOLDERS = frozenset({Role.MODERATOR, Role.AUTHOR, Role.REVIEWER})
_Privates = dict[str, X25519PrivateKey]
#: Data keys re-sealed in one transaction: a crash loses the work on at most so many.
_BATCH = 500


class NoHolder(Exception):
    """A new desk key could be granted to nobody, so nobody could open words sealed to that key."""


# --- the recovery key ----------------------------------------------------------------------------------------------


def make_recovery_key(*, at: dt.datetime) -> str:
    """Make the site's one recovery key; returns its printed form, which is not stored."""
    if recovery_key() is not None:
        raise NotAllowed(_("The site has a recovery key already. It is on the sheet that was printed then."))
    return _new_recovery_key(at)[1]


def _new_recovery_key(at: dt.datetime) -> tuple[PublicKey, str]:
    private = X25519PrivateKey.generate()
    public = sealing.public_half(private)
    key = PublicKey.objects.create(
        id=sealing.key_id(public),
        kind=PublicKey.Kind.RECOVERY,
        month=first_of_month(timezone.localdate(at)),
        public=public,
    )
    return key, recovery_sheet.shown(private.private_bytes_raw())


def replace_recovery_key(*, by: User, at: dt.datetime, keys: Vault) -> str:
    """Make a new recovery key after the printed sheet was lost; returns its printed form, which is not stored.

    Grants to the old recovery key are deleted. Each column that has keys gets a new key at once and its old keys are
    retired, as after somebody left; ``reseal`` then re-seals the data keys. Retired keys that ``keys`` holds are
    granted to the new recovery key, so that the new sheet opens items that are not re-sealed yet.
    """
    with transaction.atomic():
        columns = list(Column.objects.order_by("pk"))
        for column in columns:
            _lock(column)
        KeyGrant.objects.filter(user=None).delete()
        PublicKey.objects.filter(kind=PublicKey.Kind.RECOVERY).delete()
        recovery_pair, sheet = _new_recovery_key(at)
        for column in columns:
            if not column.practice:
                ColumnEvent.write(column, "new_recovery_key", by=by, at=at)
            # a practice column that was thrown away has keys that nobody holds: no new key
            if KeyGrant.objects.filter(key__in=_desk_keys(column)).exists():
                _desk_keys(column).update(retired=True)
                _make_desk_key(column, at=at)
            for key in _desk_keys(column).filter(retired=True):
                if key.pk in keys:
                    _grant_row(key, keys.private(key.pk), recovery_pair.recipient(), None)
    return sheet


def recovery_key() -> PublicKey | None:
    return PublicKey.objects.filter(kind=PublicKey.Kind.RECOVERY).first()


def unlocked(user: User, password: str) -> Vault:
    """The vault of a person by their password. Raises ``sealing.CannotOpen`` where the password is wrong or the person
    has no key pair."""
    pair = StaffKey.objects.filter(user=user).first()
    if pair is None:
        raise sealing.CannotOpen("they have no pair")
    return vault.holder(sealing.unwrap(bytes(pair.wrapped), password))


def recovered(typed: str) -> Vault:
    """The vault of the printed recovery key. Raises ``BadRecoveryKey`` where this is not the key of this site."""
    private = X25519PrivateKey.from_private_bytes(recovery_sheet.read(typed))
    known = recovery_key()
    if known is None or sealing.public_half(private) != bytes(known.public):
        raise recovery_sheet.BadRecoveryKey(_("This is a recovery key, but not the one of this site."))
    return vault.holder(private)


# --- pairs of staff ------------------------------------------------------------------------------------------------


def make_pair(user: User, password: str, *, at: dt.datetime) -> X25519PrivateKey:
    """A new key pair for the person, wrapped under their password. Grants to an earlier pair are lost."""
    private = X25519PrivateKey.generate()
    values = {
        "public": sealing.public_half(private),
        "wrapped": _wrap(private, password),
        "made_on": timezone.localdate(at),
    }
    with transaction.atomic():
        StaffKey.objects.update_or_create(user=user, defaults=values)
        KeyGrant.objects.filter(user=user).delete()
        _changed(user)
    return private


def renew_pair(user: User, password: str, *, at: dt.datetime) -> X25519PrivateKey | None:
    """``make_pair`` for somebody whose correct password opens no pair. ``None`` where the password was changed
    meanwhile: then the pair that opens with the new password is kept, with all grants to that pair."""
    with transaction.atomic():
        if User.objects.select_for_update(no_key=True).get(pk=user.pk).password != user.password:
            return None
        return make_pair(user, password, at=at)


def rewrap(user: User, old: str, new: str) -> None:
    """Wrap the same pair under another password; every grant stays. Raises ``sealing.CannotOpen`` where ``old`` is
    wrong."""
    pair = StaffKey.objects.filter(user=user).first()
    if pair is not None:
        private = sealing.unwrap(bytes(pair.wrapped), old)
        StaffKey.objects.filter(pk=pair.pk).update(wrapped=_wrap(private, new))


def _wrap(private: X25519PrivateKey, password: str) -> bytes:
    return sealing.wrap(private, password, **settings.STAFF_KEY_COST)


def _changed(*users: User) -> None:
    """Raise the key epoch of these people, so that their unlocked sessions read their grants again."""
    User.objects.filter(pk__in=[user.pk for user in users]).update(key_epoch=F("key_epoch") + 1)


# --- desk keys -----------------------------------------------------------------------------------------------------


def holders(column: Column) -> models.QuerySet[User]:
    """The active people whose seats in the column need its keys."""
    seats = User.objects.filter(is_active=True, seats__column=column, seats__role__in=list(HOLDERS))
    return seats.distinct().order_by("name", "pk")


def month_key(column: Column, *, at: dt.datetime) -> PublicKey | None:
    """Make the column's desk key of this month where there is none yet; returns the key that was made.

    No private key is needed: the new key is sealed to everybody with a seat and a pair, and to the recovery key.
    """
    month = first_of_month(timezone.localdate(at))
    if _desk_keys(column).filter(month=month, retired=False).exists():
        return None
    with transaction.atomic():
        _lock(column)
        if _desk_keys(column).filter(month=month, retired=False).exists():
            return None  # another session made it at the same moment
        return _make_desk_key(column, at=at)


def _lock(column: Column) -> None:
    """Lock the column row until the transaction ends, so that changes of keys and seats run one after the other.
    Letters can still be taken."""
    Column.objects.select_for_update(no_key=True).get(pk=column.pk)


def _desk_keys(column: Column) -> models.QuerySet[PublicKey]:
    return PublicKey.objects.filter(kind=PublicKey.Kind.DESK, column=column)


def columns_of(keys: Vault) -> set[Column]:
    """The columns of which the vault holds at least one key."""
    desk = PublicKey.objects.filter(kind=PublicKey.Kind.DESK).select_related("column")
    return {key.column for key in desk if key.column is not None and key.pk in keys}


def _make_desk_key(column: Column, *, at: dt.datetime) -> PublicKey:
    """Make and return the column's next key. The caller has called ``_lock`` in the same transaction."""
    private = X25519PrivateKey.generate()
    public, month = sealing.public_half(private), first_of_month(timezone.localdate(at))
    serial = _desk_keys(column).aggregate(last=models.Max("serial"))["last"]
    key = PublicKey(
        id=sealing.key_id(public), kind=PublicKey.Kind.DESK, column=column, month=month, public=public,
        serial=0 if serial is None else serial + 1,
    )  # fmt: skip
    pairs = list(StaffKey.objects.filter(user__in=holders(column)).select_related("user"))
    known = recovery_key()
    if not pairs and known is None:
        raise NoHolder("there is neither staff with a key nor a recovery key; run manage.py setup")
    key.save(force_insert=True)
    if known is not None:
        _grant_row(key, private, known.recipient(), None)
    for pair in pairs:
        _grant_row(key, private, pair.recipient(), pair.user)
    _changed(*(pair.user for pair in pairs))
    ColumnEvent.write(column, "make_key", by=None, at=at, about=f"{month:%Y-%m}")
    return key


def _grant_row(key: PublicKey, private: X25519PrivateKey, to: sealing.Recipient, user: User | None) -> None:
    sealed = sealing.seal_small(KeyGrant.place(key.pk), private.private_bytes_raw(), to)
    KeyGrant.objects.get_or_create(key=key, holder=to.id, defaults={"user": user, "sealed": sealed})


@dataclass(frozen=True)
class KeyHolding:
    """How many of a column's keys a person lacks (``missing``), and whether they have a pair for grants (``ready``)."""

    user: User
    ready: bool
    missing: int


def holdings(column: Column) -> list[KeyHolding]:
    """The holding of everybody whose seat needs the column's keys, in four queries."""
    people = list(holders(column))
    pairs = {pair.user_id: str(pair) for pair in StaffKey.objects.filter(user__in=people)}
    keys = _desk_keys(column).count()
    held: dict[str, int] = {}
    grants = KeyGrant.objects.filter(key__in=_desk_keys(column), user__isnull=False)
    for row in grants.values("holder").annotate(count=models.Count("pk")):
        held[row["holder"]] = row["count"]
    return [KeyHolding(user, user.pk in pairs, keys - held.get(pairs.get(user.pk, ""), 0)) for user in people]


def grant(column: Column, user: User, *, by: User | None, at: dt.datetime, keys: Vault) -> int:
    """Grant somebody with a seat every key of the column that ``keys`` holds; returns the number of new grants.

    ``by=None``: done with the recovery key.
    """
    with transaction.atomic():
        _lock(column)
        if not holders(column).filter(pk=user.pk).exists():
            raise NotAllowed(_("Their seats in this column need no key."))
        pair = StaffKey.objects.filter(user=user).first()
        if pair is None:
            raise NotAllowed(
                _("%(user)s has not signed in yet, so there is no key to give the column's keys to.") % {"user": user}
            )
        to, given = pair.recipient(), 0
        has = set(KeyGrant.objects.filter(holder=to.id).values_list("key_id", flat=True))
        for key in _desk_keys(column):
            if key.pk in keys and key.pk not in has:
                _grant_row(key, keys.private(key.pk), to, user)
                given += 1
        if given:
            _changed(user)
            ColumnEvent.write(column, "grant_keys", by=by, at=at, about=str(user))
    return given


def revoke(column: Column, user: User, *, by: User | None, at: dt.datetime) -> None:
    """Take the column's keys from somebody who has no seat there any more that needs them.

    A key that the person may have copied opens no later items: a new key is made at once, the old keys are retired, and
    data keys sealed to them are re-sealed by the next session or command that holds them (``reseal``).
    """
    with transaction.atomic():
        _lock(column)
        if holders(column).filter(pk=user.pk).exists():
            return
        gone, _rows = KeyGrant.objects.filter(key__in=_desk_keys(column), user=user).delete()
        _changed(user)
        if gone:
            _desk_keys(column).update(retired=True)
            _make_desk_key(column, at=at)
            ColumnEvent.write(column, "revoke_keys", by=by, at=at, about=str(user))


def destroy(column: Column) -> None:
    """Destroy every private key of a practice column: nobody can open items sealed to these keys again."""
    if not column.practice:
        raise NotAllowed(_("Only the keys of a practice column can be destroyed."))
    with transaction.atomic():
        _lock(column)
        grants = KeyGrant.objects.filter(key__in=_desk_keys(column))
        people = list(User.objects.filter(pk__in=grants.filter(user__isnull=False).values("user")))
        grants.delete()
        _changed(*people)


# --- a trial -------------------------------------------------------------------------------------------------------


def _of_desk() -> list[type[SealedItem]]:
    """The models whose rows are sealed to the keys of the desk."""
    return [model for model in sealed_models() if Holder.DESK in model.sealed_as.holders]


def tried(column: Column, keys: Vault) -> Iterator[tuple[type[SealedItem], int, int]]:
    """Open all items sealed to the desk of the column; yields each model with the number of its items and the number
    that the keys opened. No word is kept."""
    for model in _of_desk():
        items = model._default_manager.filter(**{model.sealed_as.column: column}).exclude(sealed=b"")
        if model.sealed_as.not_for_desk:
            items = items.exclude(**model.sealed_as.not_for_desk)
        ids, opened = list(items.values_list("pk", flat=True)), 0
        for start in range(0, len(ids), _BATCH):
            opened += len(keys.open_many(model._default_manager.filter(pk__in=ids[start : start + _BATCH])))
        yield model, len(ids), opened


# --- re-sealing ----------------------------------------------------------------------------------------------------


def left_to_reseal(column: Column) -> int:
    """The number of data keys that are still sealed to a retired key of the column."""
    return SealedKey.objects.filter(key_id__in=_retired(column)).count()


def _retired(column: Column) -> models.QuerySet[PublicKey, str]:
    return _desk_keys(column).filter(retired=True).values_list("pk", flat=True)


def reseal(column: Column, *, keys: Vault, most: int | None = None) -> int:
    """Re-seal data keys from the column's retired keys to its newest one; returns how many. Bodies are never touched.

    Runs in batches of one transaction each, so a crash loses nothing and the next call goes on. ``most``: stop after
    about so many. A data key that is damaged stays as it is and stops no other. Raises ``sealing.CannotOpen`` where
    ``keys`` holds none of the retired keys that are still needed.
    """
    new = _desk_keys(column).filter(retired=False).order_by("-serial", "-month").first()
    if new is None:
        raise NoHolder("the column has no key to re-seal to")
    old = [key_id for key_id in _retired(column) if key_id in keys]
    if not old and left_to_reseal(column):
        raise sealing.CannotOpen("none of the retired keys is at hand")
    done, privates = 0, {key_id: keys.private(key_id) for key_id in old}
    for model in _of_desk():
        last: uuid.UUID | None = uuid.UUID(int=0)
        while last is not None and (most is None or done < most):
            last, moved = _reseal_batch(model, column, privates, new.recipient(), after=last)
            done += moved
    return done


def _reseal_batch(
    model: type[SealedItem], column: Column, old: _Privates, new: sealing.Recipient, *, after: uuid.UUID
) -> tuple[uuid.UUID | None, int]:
    """Re-seal the data keys of one model that come after this id, in one transaction; returns the last id looked at,
    ``None`` where there is none left, and how many were re-sealed. One that was destroyed meanwhile is not written.

    Each row is locked before its body is read (SQLite has a single writer) and updated in place, so that erasing at the
    same moment happens before or after, and destroys the data key in both cases.
    """
    items = model._default_manager.filter(**{model.sealed_as.column: column}).values("pk")
    with transaction.atomic():
        held = SealedKey.objects.select_for_update().filter(key_id__in=list(old), item__in=items, pk__gt=after)
        rows = list(held.order_by("pk")[:_BATCH])
        # of each body only the eight bytes with the name of its data key
        names = dict(
            model._default_manager.filter(pk__in=[row.item for row in rows])
            .annotate(name=Substr("sealed", 1, 9, output_field=models.BinaryField()))
            .values_list("pk", "name")
        )
        there = SealedKey.objects.filter(item__in=[row.item for row in rows], key_id=new.id)
        done, changed, over = set(there.values_list("item", flat=True)), [], []
        for row in rows:
            place, head = sealing.Place(model._meta.db_table, str(row.item)), bytes(names.get(row.item) or b"")
            if not head or row.item in done:  # erased, or sealed to the new key already
                over.append(row.pk)
                continue
            try:
                data_key = sealing.open_key(place, head, bytes(row.sealed), old[row.key_id])
            except sealing.CannotOpen:
                continue
            row.key_id, row.sealed = new.id, sealing.seal_key(place, head[1:9], data_key, new)
            done.add(row.item)
            changed.append(row)
        SealedKey.objects.filter(pk__in=over).delete()
        SealedKey.objects.bulk_update(changed, ["key_id", "sealed"])
    return rows[-1].pk if rows else None, len(changed) + len(over)
