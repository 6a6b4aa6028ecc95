"""Who works at a column: inviting, seats, leaving. Each function is one transaction with its event.

Words that a person typed wrongly come back as Django's ``ValidationError``; an act that cannot be done now is
``NotAllowed``.
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
from inbox.models import ColumnEvent, Seat, User
from inbox.staff import installation
from inbox.workflow import NotAllowed, Role


class _Invitations(PasswordResetTokenGenerator):
    """Good for three days (``PASSWORD_RESET_TIMEOUT``) and until a password is set."""

    key_salt = "inbox.staff.membership.invitation"


_invitations = _Invitations()


@dataclass(frozen=True)
class Invited:
    """Somebody with new seats. ``path``: where they set their first password; empty if they have one."""

    user: User
    path: str


def invite(
    email: str, name: str, column: Column, roles: Iterable[Role], *, credential: str, by: User, at: dt.datetime
) -> Invited:
    """Give somebody seats, and an account if they have none. Their keys come later, from a colleague who holds them."""
    with transaction.atomic():
        user = installation.add_staff(email, name, column, roles, credential=credential, at=at)
        ColumnEvent.write(column, "invite", by=by, at=at, about=f"{user}: {', '.join(sorted(roles))}")
    return Invited(user, "" if user.has_usable_password() else invitation_path(user))


def invitation_path(user: User) -> str:
    token = f"{int_to_base36(user.pk)}-{_invitations.make_token(user)}"
    return reverse("invitation", args=[token])


def mail_invitation(invited: Invited, column: Column) -> None:
    """Send the link. ``OSError`` where the mail cannot be handed over; the link can be given in another way then."""
    context = {"column": column, "link": settings.DESK_URL + invited.path, "new": bool(invited.path)}
    subject = " ".join(render_to_string("emails/invitation/subject.txt", context).split())
    EmailMessage(subject, render_to_string("emails/invitation/body.txt", context), to=[invited.user.email]).send()


def invited(token: str) -> User | None:
    """Whose invitation this is, as long as it holds."""
    number, _dash, rest = token.partition("-")
    try:
        user = User.objects.filter(pk=base36_to_int(number), is_active=True).first()
    except (ValueError, OverflowError):
        return None
    holds = user is not None and not user.has_usable_password() and _invitations.check_token(user, rest)
    return user if holds else None


def accept(user: User, password: str, *, at: dt.datetime) -> None:
    """The first password of somebody who was invited, and with it their key pair. The address counts as verified."""
    with transaction.atomic():
        user.set_password(password)
        user.save(update_fields=["password"])
        keyring.make_pair(user, password, at=at)
        EmailAddress.objects.filter(user=user, email=user.email).update(verified=True)


def set_seats(user: User, column: Column, roles: frozenset[Role], *, by: User, at: dt.datetime) -> None:
    """Let the person hold just these seats in the column; none at all ends their work there.

    Whoever loses the last seat that needs keys loses the keys with it (``keyring.revoke``). The last owner stays.
    """
    with transaction.atomic():
        Column.objects.select_for_update(no_key=True).get(pk=column.pk)  # before any row of a person, as keyring does
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


def reset_second_factor(user: User, *, by: User | None, at: dt.datetime) -> int:
    """Somebody lost their second factor: remove every one of theirs, passkeys and recovery codes too, and end their
    sessions; returns how many were removed. At the next sign-in, with their password, they set up a new one.

    The history of each of their columns says so. ``by=None``: done by the operator.
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
