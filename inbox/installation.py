"""What sets a site up: a column with its keys, and the people who have seats in it. Each function is one transaction.

Words that a person typed wrongly come back as Django's ``ValidationError``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from columns.models import Author, Column
from inbox import sealing, vault
from inbox.models import PublicKey, Seat, User
from inbox.models.keystore import first_of_month
from inbox.workflow import Role


def make_keys(column: Column, *, at: dt.datetime) -> list[PublicKey]:
    """The column's desk key for the month of ``at``, and the site's notice key, each only where it is missing.

    Returns the keys that were made. The private halves lie in the folders of the settings before their public halves
    are used: nothing is ever sealed to a key that nobody holds.
    """
    month, made = first_of_month(at.date()), []
    with transaction.atomic():
        if not PublicKey.objects.filter(kind=PublicKey.Kind.DESK, column=column, month=month).exists():
            made.append(_make(PublicKey(kind=PublicKey.Kind.DESK, column=column, month=month), settings.DESK_KEY_DIR))
        if not PublicKey.objects.filter(kind=PublicKey.Kind.NOTICE).exists():
            made.append(_make(PublicKey(kind=PublicKey.Kind.NOTICE, month=month), settings.NOTICE_KEY_DIR))
    return made


def _make(key: PublicKey, folder: Path) -> PublicKey:
    key.public = vault.make_key(folder)
    key.id = sealing.key_id(key.public)
    try:
        with transaction.atomic():
            key.save(force_insert=True)
    except IntegrityError:
        # somebody made this month's key at the same moment; nothing was sealed to this one yet
        (folder / f"{key.id}.key").unlink()
        raise
    return key


def create_column(slug: str, title: str, author_name: str, credential: str, *, at: dt.datetime) -> Column:
    """A column with its author and its keys, ready to take letters."""
    if Column.objects.filter(slug=slug).exists():
        raise ValidationError("Another column has this address already. Choose another one.")
    author = Author(name=author_name, credential=credential)
    author.full_clean()
    with transaction.atomic():
        author.save()
        column = Column(slug=slug, title=title, author=author)
        column.full_clean()
        column.save()
        make_keys(column, at=at)
    return column


def add_staff(
    email: str,
    name: str,
    column: Column,
    roles: Iterable[Role],
    *,
    password: str | None = None,
    credential: str = "",
    demo: bool = False,
) -> User:
    """Seats in the column for the person with this e-mail address, and an account if they have none.

    Somebody who has an account keeps their name, credential and password. Without a password nobody can sign in to a
    new account. The address counts as verified, since a second factor can only be set up with one that is.
    """
    with transaction.atomic():
        user = User.objects.filter(email=email.lower()).first()
        if user is None:
            user = User(email=email.lower(), name=name, credential=credential, demo=demo)
            user.full_clean(exclude=["password"])
            user.set_password(password)
            user.save()
        elif user.demo != demo:
            raise ValidationError("A demonstration account and a real one cannot share an address.")
        EmailAddress.objects.get_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})
        for role in roles:
            Seat.objects.get_or_create(user=user, column=column, role=role)
    return user
