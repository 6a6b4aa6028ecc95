"""Setting up a site: a column with its keys, and people with seats in the column. Each function is one transaction.

Wrong input raises Django's ``ValidationError``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from columns import moving
from columns.models import Author, Column
from inbox import email_address
from inbox.crypto import sealing
from inbox.keys import keyring, vault
from inbox.models import ColumnEvent, PublicKey, Seat, User
from inbox.models.keystore import first_of_month
from inbox.workflow import Role


def make_keys(column: Column, *, at: dt.datetime) -> list[PublicKey]:
    """The column's desk key for the month of ``at``, and the site's notice key, each made only where missing.

    Returns the new keys. Nothing is ever sealed to a key that nobody holds: a new desk key is granted to the column's
    people and to the recovery key in the same transaction (``keyring.NoHolder`` where there is neither), and the notice
    key is written to its folder before its public half is stored.
    """
    with transaction.atomic():
        made = [keyring.month_key(column, at=at), _notice_key(at)]
    return [key for key in made if key is not None]


def _notice_key(at: dt.datetime) -> PublicKey | None:
    if PublicKey.objects.filter(kind=PublicKey.Kind.NOTICE).exists():
        return None
    public = vault.make_key(settings.NOTICE_KEY_DIR)
    key = PublicKey(
        id=sealing.key_id(public),
        kind=PublicKey.Kind.NOTICE,
        month=first_of_month(timezone.localdate(at)),
        public=public,
    )
    key.save(force_insert=True)
    return key


def create_column(slug: str, title: str, author_name: str, credential: str, *, at: dt.datetime) -> Column:
    """A column with its author and its keys. It takes no letters before its owner opens it, when what is necessary for
    that is done (``inbox/operations/opening/readiness.py``)."""
    if Column.objects.filter(slug=slug).exists() or moving.was_elsewhere(f"/{slug}/"):
        raise ValidationError(_("Another column has this address already. Choose another one."))
    author = Author(name=author_name, credential=credential)
    author.full_clean()
    with transaction.atomic():
        author.save()
        column = Column(slug=slug, title=title, author=author, intake_open=False, never_opened=True)
        column.full_clean()
        column.save()
        make_keys(column, at=at)
    return column


@dataclass(frozen=True)
class Installed:
    """The result of ``set_up``. ``recovery_key``: its printed form, which is not stored."""

    column: Column
    owner: User
    recovery_key: str


def set_up(
    slug: str,
    title: str,
    author_name: str,
    credential: str,
    *,
    email: str,
    name: str,
    password: str,
    roles: Iterable[Role],
    at: dt.datetime,
) -> Installed:
    """The first column of an empty site with its owner, its keys and the site's recovery key."""
    if keyring.recovery_key() is not None:
        raise ValidationError(_("This site is set up already. More columns: create_column; more people: add_staff."))
    with transaction.atomic():
        sheet = keyring.make_recovery_key(at=at)
        column = create_column(slug, title, author_name, credential, at=at)
        owner = add_staff(
            email, name, column, {Role.OWNER, *roles}, password=password, at=at, keys=keyring.recovered(sheet)
        )
        ColumnEvent.write(column, "set_up", by=None, at=at, about=name)
    return Installed(column, owner, sheet)


def add_staff(
    email: str,
    name: str,
    column: Column,
    roles: Iterable[Role],
    *,
    password: str | None = None,
    credential: str = "",
    demo: bool = False,
    at: dt.datetime,
    keys: vault.Vault | None = None,
) -> User:
    """Give the person with this e-mail address seats in the column, and an account if they have none; returns the
    account.

    ``keys``: the vault of somebody who holds the column's keys; they are granted to the person at once if the person
    has a key pair.

    Somebody who has an account keeps their name, credential and password.
    """
    with transaction.atomic():
        user = User.objects.filter(email=email.lower()).first()
        if user is None:
            user = add_account(email, name, password=password, credential=credential, demo=demo, at=at)
        elif user.demo != demo:
            raise ValidationError(_("A demonstration account and a real one cannot share an address."))
        give_seats(user, column, roles)
        needs = keyring.holders(column).filter(pk=user.pk, staff_key__isnull=False).exists()
        if keys is not None and needs:
            keyring.grant(column, user, by=None, at=at, keys=keys)
    return user


def add_account(
    email: str, name: str, *, password: str | None, credential: str = "", demo: bool = False, at: dt.datetime
) -> User:
    """A new account, with a key pair under its password. Without a password nobody can sign in to it. The address
    counts as verified, since a second factor can only be set up with a verified address. Part of the caller's
    transaction."""
    user = User(email=email_address.checked(email).lower(), name=name, credential=credential, demo=demo)
    user.full_clean(exclude=["password"])
    user.set_password(password)
    user.save()
    if password is not None:
        keyring.make_pair(user, password, at=at)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def give_seats(user: User, column: Column, roles: Iterable[Role]) -> None:
    """Give the person these seats beside those that they have. Part of the caller's transaction."""
    for role in roles:
        Seat.objects.get_or_create(user=user, column=column, role=role)
