"""What the two files of a backup hold: which tables, in which order, and how a row is written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import DEFAULT_DB_ALIAS, models

from inbox.models import Invitation, KeyGrant, PublicKey, SealedItem, SealedKey, Seat, StaffKey
from inbox.models.keystore import sealed_models

#: Apps whose tables are dumped; Django's own (sessions, content types) are not.
OURS = ("columns", "inbox", "account", "mfa")
#: In no site file: the keystore; and invitations, since a restore would bring back one that was called back.
_LEFT_OUT: tuple[type[models.Model], ...] = (SealedKey, Invitation)
#: Rights and keys of people: the keys file has every row, and a restore takes them from the keys file alone.
HELD: tuple[type[models.Model], ...] = (PublicKey, StaffKey, KeyGrant, Seat, Authenticator)


def dumped_models() -> list[type[models.Model]]:
    """Every model of the site file, each after the models it refers to: approvals before articles."""
    found = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in OURS
        and model not in _LEFT_OUT
        and not (issubclass(model, SealedItem) and not model.sealed_as.dumped)
    ]
    ordered: list[type[models.Model]] = []

    def add(model: type[models.Model]) -> None:
        for field in model._meta.concrete_fields:
            target = field.related_model
            if isinstance(target, type) and target in found and target not in (*ordered, model):
                add(target)
        if model not in ordered:
            ordered.append(model)

    for model in found:
        add(model)
    return ordered


def rows(dumped: Iterable[type[models.Model]], *, using: str = DEFAULT_DB_ALIAS) -> Iterator[models.Model]:
    for model in dumped:
        yield from model._base_manager.using(using).order_by("pk").iterator(chunk_size=500)


def resealed() -> list[type[SealedItem]]:
    """Models whose rows are re-sealed in place: the bytes of an older site file would not fit the newest keystore."""
    return [model for model in sealed_models() if model.sealed_as.resealed]


class Exact(DjangoJSONEncoder):
    """Times to the microsecond, which Django's own encoder cuts off: the chains over the audit trail cover them."""

    def default(self, o: Any) -> Any:
        return o.isoformat() if isinstance(o, dt.datetime) else super().default(o)
