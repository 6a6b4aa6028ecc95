"""Public keys, sealed data keys, and what they seal."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django.db import models, transaction

from columns.models import Column
from inbox import sealing


class PublicKey(models.Model):
    """The public half of a key that things are sealed to: the desk's of one column and month, or the notice key."""

    class Kind(models.TextChoices):
        DESK = "desk"
        NOTICE = "notice"

    id = models.CharField(primary_key=True, max_length=16)
    kind = models.CharField(max_length=8, choices=Kind)
    column = models.ForeignKey(Column, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    month = models.DateField(help_text="The first day of the month from which it is used")
    public = models.BinaryField(max_length=32)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "column", "month"], name="one_key_a_kind_column_and_month"),
        ]

    def __str__(self) -> str:
        return self.id

    def recipient(self) -> sealing.Recipient:
        return sealing.Recipient(self.id, bytes(self.public))


class NoKey(Exception):
    """A column has no key yet, so nothing can be sealed for it. Its installation is not finished."""


def desk_recipient(column: Column) -> sealing.Recipient:
    """The newest desk key of the column. Its public half alone: this opens nothing."""
    return _newest(PublicKey.objects.filter(kind=PublicKey.Kind.DESK, column=column))


def notice_recipient() -> sealing.Recipient:
    """The newest notice key, for e-mail addresses."""
    return _newest(PublicKey.objects.filter(kind=PublicKey.Kind.NOTICE))


def _newest(keys: models.QuerySet[PublicKey]) -> sealing.Recipient:
    key = keys.order_by("-month").first()
    if key is None:
        raise NoKey("no key has been made for this column; run manage.py make_keys")
    return key.recipient()


class SealedKey(models.Model):
    """The keystore: the data key of one item, sealed to one holder. Destroying an item's rows erases its words, in
    every copy of the rest of the database too."""

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
    """A row whose words are sealed. ``sealed`` is empty once they are erased."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sealed = models.BinaryField(default=b"", editable=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.pk)

    def place(self) -> sealing.Place:
        return sealing.Place(self._meta.db_table, str(self.pk))

    def seal(self, words: Mapping[str, Any], *, to: list[sealing.Recipient]) -> None:
        """Seal the words, save the row and its keys, in one transaction. Earlier words and keys of the row go."""
        self.sealed, keys = sealing.seal(self.place(), words, to)
        with transaction.atomic():
            if not self._state.adding:
                SealedKey.objects.filter(item=self.pk).delete()
            self.save()
            SealedKey.objects.bulk_create(
                SealedKey(item=self.pk, key_id=key_id, sealed=sealed) for key_id, sealed in keys.items()
            )


def erase_words(items: Iterable[SealedItem]) -> int:
    """Destroy the data keys and the sealed bytes of rows of one model; returns how many. Their rows stay."""
    found = list(items)
    if not found:
        return 0
    ids = [item.pk for item in found]
    with transaction.atomic():
        SealedKey.objects.filter(item__in=ids).delete()
        return type(found[0])._default_manager.filter(pk__in=ids).update(sealed=b"")


def remove(items: Iterable[SealedItem]) -> None:
    """Delete rows of one model together with their data keys, so that no key is left over in the keystore."""
    found = list(items)
    erase_words(found)
    for item in found:
        item.delete()


def first_of_month(day: dt.date) -> dt.date:
    return day.replace(day=1)
