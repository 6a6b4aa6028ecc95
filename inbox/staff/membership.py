"""The staff of a column: invitations, seats, leaving. Each function is one transaction with its event.

Wrong input raises Django's ``ValidationError``; an act that is not possible now raises ``NotAllowed``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core.mail import EmailMessage
from django.db import models, transaction
from django.db.models import F
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import base36_to_int, int_to_base36
from django.utils.translation import gettext as _

from columns.models import Column
from inbox.keys import keyring
from inbox.models import ColumnEvent, Letter, Seat, User
from inbox.models.letter import GONE
from inbox.staff import access, installation
from inbox.workflow import MoveRefused, NotAllowed, Role


class _Invitations(PasswordResetTokenGenerator):
    """Tokens of invitations, valid for three days (``PASSWORD_RESET_TIMEOUT``) and until a password is set."""

    key_salt = "inbox.staff.membership.invitation"


_invitations = _Invitations()


@dataclass(frozen=True)
class Invited:
    """Somebody with new seats. ``path``: the page for their first password; empty if they have one."""

    user: User
    path: str


def invite(
    email: str, name: str, column: Column, roles: Iterable[Role], *, credential: str, by: User, at: dt.datetime
) -> Invited:
    """Give somebody seats, and an account if they have none. A colleague grants the keys later."""
    with transaction.atomic():
        user = installation.add_staff(email, name, column, roles, credential=credential, at=at)
        ColumnEvent.write(column, "invite", by=by, at=at, about=f"{user}: {', '.join(sorted(roles))}")
    return Invited(user, "" if user.has_usable_password() else invitation_path(user))


def invitation_path(user: User) -> str:
    token = f"{int_to_base36(user.pk)}-{_invitations.make_token(user)}"
    return reverse("invitation", args=[token])


def mail_invitation(invited: Invited, column: Column) -> None:
    """Send the link. Raises ``OSError`` where the mail server does not take the mail; the link can be given
    otherwise."""
    context = {"column": column, "link": settings.DESK_URL + invited.path, "new": bool(invited.path)}
    subject = " ".join(render_to_string("emails/invitation/subject.txt", context).split())
    EmailMessage(subject, render_to_string("emails/invitation/body.txt", context), to=[invited.user.email]).send()


def invited(token: str) -> User | None:
    """The person of an invitation that is still valid, or ``None``."""
    number, _dash, rest = token.partition("-")
    try:
        user = User.objects.filter(pk=base36_to_int(number), is_active=True).first()
    except (ValueError, OverflowError):
        return None
    holds = user is not None and not user.has_usable_password() and _invitations.check_token(user, rest)
    return user if holds else None


def accept(user: User, password: str, *, at: dt.datetime) -> None:
    """Set the first password of an invited person and make their key pair. The address counts as verified."""
    with transaction.atomic():
        user.set_password(password)
        user.save(update_fields=["password"])
        keyring.make_pair(user, password, at=at)
        EmailAddress.objects.filter(user=user, email=user.email).update(verified=True)


def set_seats(user: User, column: Column, roles: frozenset[Role], *, by: User, at: dt.datetime) -> None:
    """Set the person's seats in the column to exactly these roles; no role ends their work in the column.

    With the last seat that needs keys the person loses the keys (``keyring.revoke``), and with the last seat that opens
    letters the letters given to them are everybody's again, each with its event. Raises ``NotAllowed`` where the
    column would have no owner.
    """
    with transaction.atomic():
        Column.objects.select_for_update(no_key=True).get(pk=column.pk)  # the column first, as in keyring
        before = frozenset(Role(role) for role in _seats(user, column).values_list("role", flat=True))
        if before == roles:
            return
        _seats(user, column).exclude(role__in=list(roles)).delete()
        for role in roles - before:
            Seat.objects.create(user=user, column=column, role=role)
        if not Seat.objects.filter(column=column, role=Role.OWNER, user__is_active=True).exists():
            raise NotAllowed(_("A column needs an owner. Make somebody else an owner first."))
        now = ", ".join(sorted(roles)) or "none"
        ColumnEvent.write(column, "set_seats", by=by, at=at, about=f"{user}: {now}")
        keyring.revoke(column, user, by=by, at=at)
        if not roles & access.READS_LETTERS:
            _take_letters(user, column, by=by, at=at)


def _take_letters(user: User, column: Column, *, by: User, at: dt.datetime) -> None:
    for letter in Letter.objects.filter(column=column, given_to=user).exclude(status__in=GONE):
        try:
            letter.mark("give", None, by=by, at=at)
        except MoveRefused:  # given to somebody else, or withdrawn, at the same moment
            continue


def reset_second_factor(user: User, *, by: User | None, at: dt.datetime) -> int:
    """Remove every second factor of a person who lost theirs, with passkeys and recovery codes, and end their sessions;
    returns the number removed. At the next sign-in, with the password, the person sets up a new second factor.

    Each of their columns gets an event. ``by=None``: done by the operator.
    """
    with transaction.atomic():
        for column in Column.objects.filter(seats__user=user).distinct().order_by("pk"):
            ColumnEvent.write(column, "reset_second_factor", by=by, at=at, about=str(user))
        _rows, gone = Authenticator.objects.filter(user=user).delete()
        User.objects.filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1)
    return int(gone.get(Authenticator._meta.label, 0))


def _seats(user: User, column: Column) -> models.QuerySet[Seat]:
    return Seat.objects.filter(user=user, column=column)


def people(column: Column) -> list[tuple[User, frozenset[Role]]]:
    """Everybody with a seat in the column, by name, and their roles, in one query."""
    found: dict[User, set[Role]] = {}
    for seat in Seat.objects.filter(column=column).select_related("user").order_by("user__name", "user_id"):
        found.setdefault(seat.user, set()).add(Role(seat.role))
    return [(user, frozenset(roles)) for user, roles in found.items()]
