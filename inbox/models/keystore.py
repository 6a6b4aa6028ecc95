"""Public keys, grants, sealed data keys, and the base class of sealed rows."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from django.apps import apps
from django.db import models, transaction

from columns.models import Column
from inbox.crypto import sealing
from inbox.models.sealed_kind import EndsWith, SealedKind
from inbox.models.staff import User


class PublicKey(models.Model):
    """A public key to which data keys are sealed.

    Desk keys belong to one column and month: letters, messages, notes and drafts. The notice key is for e-mail
    addresses. The recovery key is printed once and kept away from the site; desk keys are granted to it too.
    """

    class Kind(models.TextChoices):
        DESK = "desk"
        NOTICE = "notice"
        RECOVERY = "recovery"

    id = models.CharField(primary_key=True, max_length=16)
    kind = models.CharField(max_length=8, choices=Kind)
    column = models.ForeignKey(Column, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    month = models.DateField(help_text="The first day of the month from which it is used")
    serial = models.PositiveIntegerField(default=0, help_text="Counts the keys of one column: the highest is used")
    retired = models.BooleanField(default=False, help_text="Somebody who held it has left; what it opens is re-sealed")
    public = models.BinaryField(max_length=32)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "column", "month", "serial"], name="key_of_a_month_once"),
        ]

    def __str__(self) -> str:
        return self.id

    def recipient(self) -> sealing.Recipient:
        return sealing.Recipient(self.id, bytes(self.public))


class NoKey(Exception):
    """A column has no key yet, so nothing can be sealed for it. Its installation is not finished."""


def desk_recipient(column: Column) -> sealing.Recipient:
    """The newest desk key of the column, public half only."""
    return _newest(PublicKey.objects.filter(kind=PublicKey.Kind.DESK, column=column))


def notice_recipient() -> sealing.Recipient:
    """The newest notice key, public half only, for e-mail addresses."""
    return _newest(PublicKey.objects.filter(kind=PublicKey.Kind.NOTICE))


def _newest(keys: models.QuerySet[PublicKey]) -> sealing.Recipient:
    key = keys.filter(retired=False).order_by("-serial", "-month").first()
    if key is None:
        raise NoKey("no key has been made for this column; run manage.py setup")
    return key.recipient()


class StaffKey(models.Model):
    """The key pair of a member of staff. The private half is wrapped under their password (``sealing.wrap``). A reset
    password (unlike a changed one) needs a new pair, without grants."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="staff_key")
    public = models.BinaryField(max_length=32)
    wrapped = models.BinaryField(max_length=200)
    made_on = models.DateField()

    def __str__(self) -> str:
        return sealing.key_id(bytes(self.public))

    def recipient(self) -> sealing.Recipient:
        return sealing.recipient(bytes(self.public))


class KeyGrant(models.Model):
    """The private half of one desk key, sealed to one holder: a member of staff, or (``user`` empty) the recovery key.

    ``holder`` is the key id of the public half it is sealed to.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.ForeignKey(PublicKey, on_delete=models.CASCADE, related_name="grants")
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, blank=True, related_name="key_grants")
    holder = models.CharField(max_length=16)
    sealed = models.BinaryField(max_length=200)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["key", "holder"], name="one_grant_a_key_and_holder")]

    def __str__(self) -> str:
        return f"{self.key_id} to {self.holder}"

    @staticmethod
    def place(key_id: str) -> sealing.Place:
        return sealing.Place("inbox_keygrant", key_id, "private")


class SealedKey(models.Model):
    """The keystore: the data key of one item, sealed to one holder. Deleting the rows of an item erases its words, also
    in every copy of the other tables."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    item = models.UUIDField(db_index=True)
    key_id = models.CharField(max_length=16)
    sealed = models.BinaryField(max_length=200)

    class Meta:
        db_table = "inbox_keystore"
        constraints: ClassVar = [models.UniqueConstraint(fields=["item", "key_id"], name="one_sealed_key_a_holder")]

    def __str__(self) -> str:
        return str(self.id)


class SealedItem(models.Model):
    """A row with sealed words. ``sealed`` is empty once they are erased. Each model declares in ``sealed_as`` how its
    rows are erased, backed up, exported and so on."""

    sealed_as: ClassVar[SealedKind]

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sealed = models.BinaryField(default=b"", editable=False)

    class Meta:
        abstract = True

    def __init_subclass__(cls, **more: Any) -> None:
        super().__init_subclass__(**more)
        if not isinstance(getattr(cls, "sealed_as", None), SealedKind):
            raise TypeError(f"{cls.__name__} seals words, so it has to declare sealed_as")

    def __str__(self) -> str:
        return str(self.pk)

    def place(self) -> sealing.Place:
        return sealing.Place(self._meta.db_table, str(self.pk))

    def seal(self, words: Mapping[str, Any], *, to: list[sealing.Recipient]) -> None:
        """Seal the words and save the row with its keys, in one transaction. Earlier words and keys of the row are
        replaced."""
        if not (self._state.adding or self.sealed_as.resealed):
            raise TypeError(f"{type(self).__name__} does not declare that its words are replaced")
        self.sealed, keys = sealing.seal(self.place(), words, to)
        with transaction.atomic():
            if not self._state.adding:
                SealedKey.objects.filter(item=self.pk).delete()
            self.save()
            SealedKey.objects.bulk_create(
                SealedKey(item=self.pk, key_id=key_id, sealed=sealed) for key_id, sealed in keys.items()
            )


def seal_new(items: Sequence[tuple[SealedItem, Mapping[str, Any], list[sealing.Recipient]]]) -> None:
    """Seal the words of new rows of one model, each to its recipients, and save the rows with their keys, in two
    statements and one transaction."""
    keys = []
    for item, words, to in items:
        item.sealed, sealed_keys = sealing.seal(item.place(), words, to)
        keys += [SealedKey(item=item.pk, key_id=key_id, sealed=sealed) for key_id, sealed in sealed_keys.items()]
    if items:
        with transaction.atomic():
            type(items[0][0])._default_manager.bulk_create(item for item, *rest in items)
            SealedKey.objects.bulk_create(keys)


def sealed_models() -> list[type[SealedItem]]:
    """Every model whose rows are sealed, in the order of their tables."""
    found = [model for model in apps.get_models() if issubclass(model, SealedItem)]
    return sorted(found, key=lambda model: model._meta.db_table)


def erase_all_of(owner: models.Model, ends_with: EndsWith, *, copied_only: bool = False) -> None:
    """Erase the words of all rows that end with this letter or draft; rows of kinds with ``row_goes`` are deleted.

    ``copied_only``: only kinds that may contain words copied from a letter.
    """
    for model in sealed_models():
        kind = model.sealed_as
        if kind.ends_with == ends_with and (kind.copied or not copied_only):
            rows = model._default_manager.filter(**{kind.path: owner.pk})
            erase_words(rows)
            if kind.row_goes and not copied_only:
                rows.delete()


def erase_words(items: Iterable[SealedItem]) -> int:
    """Destroy the data keys and the sealed bytes of rows of one model; returns the number. The rows stay."""
    if isinstance(items, models.QuerySet):  # by id: the worker has no right to read the other columns
        model, ids = items.model, list(items.order_by().values_list("pk", flat=True))
    else:
        found = list(items)
        model, ids = type(found[0]) if found else SealedItem, [item.pk for item in found]
    if not ids:
        return 0
    with transaction.atomic():
        SealedKey.objects.filter(item__in=ids).delete()
        return int(model._default_manager.filter(pk__in=ids).update(sealed=b""))


def remove(items: Iterable[SealedItem]) -> None:
    """Delete rows of one model together with their data keys."""
    found = list(items)
    erase_words(found)
    if found:
        type(found[0])._default_manager.filter(pk__in=[item.pk for item in found]).delete()


def first_of_month(day: dt.date) -> dt.date:
    return day.replace(day=1)
