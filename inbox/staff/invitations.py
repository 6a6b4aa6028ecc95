"""Invitations to the seats of a column. Each act is one transaction with its event.

An invitation goes to an address. Whether somebody has an account there is nowhere asked or shown before that person
accepts: to the owner it makes no difference. Wrong input raises Django's ``ValidationError``; an invitation that was
accepted, declined or called back, or is over, is ``Over``.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from columns.models import Column
from inbox import email_address, mail
from inbox.models import ColumnEvent, Invitation, Seat, User
from inbox.staff import installation
from inbox.workflow import NotAllowed, Role

#: The days after the day of the invitation on which it still can be accepted.
LASTS = dt.timedelta(days=3)


class Over(NotAllowed):
    """The invitation is not open: all reasons look alike."""

    def __init__(self) -> None:
        super().__init__(_("This invitation is over."))


@dataclass(frozen=True)
class Invited:
    """A new invitation, and the URL of its page, which is stored nowhere."""

    invitation: Invitation
    link: str


def invite(
    email: str, name: str, column: Column, roles: Iterable[Role], *, credential: str, by: User, at: dt.datetime
) -> Invited:
    """Invite whoever reads mail at this address. An earlier invitation of this address to the column ends."""
    today = timezone.localdate(at)
    address = email_address.checked(email).lower()
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        Column.objects.select_for_update(no_key=True).get(pk=column.pk)
        if Seat.objects.filter(column=column, user__email=address).exists():  # the column's own page shows them
            raise ValidationError(_("Somebody with this address has a seat here. Change their seats instead."))
        Invitation.objects.filter(column=column, email=address).delete()
        invitation = Invitation(
            column=column,
            email=address,
            name=name,
            credential=credential,
            offered=sorted(role.value for role in roles),
            digest=_digest(token),
            invited_by=by,
            invited_on=today,
            last_day=today + LASTS,
        )
        invitation.full_clean()
        invitation.save(force_insert=True)
        _write(invitation, "invite", by=by, at=at)
    return Invited(invitation, settings.DESK_URL + reverse("invitation", args=[token]))


def send(invited: Invited) -> None:
    """Send the link. Raises ``OSError`` where the mail server does not take the mail."""
    one = invited.invitation
    mail.send(one.email, "invitation", {"column": one.column, "by": one.invited_by, "link": invited.link})


def still_open(*, at: dt.datetime) -> models.QuerySet[Invitation]:
    """Every invitation that can be accepted. One that was sent by somebody who owns the column no more is over, and so
    is one of a day that is still to come: a clock that was ahead has dated it."""
    owns = Seat.objects.filter(
        user=models.OuterRef("invited_by"), column=models.OuterRef("column"), role=Role.OWNER, user__is_active=True
    )
    today = timezone.localdate(at)
    rows = Invitation.objects.filter(models.Exists(owns), invited_on__lte=today, last_day__gte=today)
    return rows.select_related("column", "invited_by")


def by_token(token: str, *, at: dt.datetime) -> Invitation:
    """The open invitation with this link. Raises ``Over``."""
    return _only(still_open(at=at).filter(digest=_digest(token)))


def waiting_for(user: User, *, at: dt.datetime) -> models.QuerySet[Invitation]:
    """The open invitations to the person's own address."""
    return still_open(at=at).filter(email=user.email)


def to_person(user: User, invitation_id: uuid.UUID, *, at: dt.datetime) -> Invitation:
    """The open invitation with this id, if it is to the person's own address. Raises ``Over``."""
    return _only(waiting_for(user, at=at).filter(pk=invitation_id))


def join(invitation: Invitation, name: str, password: str, *, at: dt.datetime) -> User:
    """Accept it as somebody without an account, which is made now, with its key pair. A colleague grants the keys of
    the column later. Raises ``ValidationError`` where the address has an account: its person signs in and accepts."""
    with transaction.atomic():
        if User.objects.filter(email=invitation.email).exists():
            raise ValidationError(
                _("There is an account with the address to which this was sent. Sign in, and answer at your desk.")
            )
        _end(invitation)
        user = installation.add_account(
            invitation.email, name, password=password, credential=invitation.credential, at=at
        )
        _seat(invitation, user, at=at)
    return user


def accept(invitation: Invitation, user: User, *, at: dt.datetime) -> None:
    """Accept it as the signed-in person of its address. Raises ``Over``."""
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=user.pk)  # as in account_resets
        _end(to_person(user, invitation.pk, at=at))
        _seat(invitation, user, at=at)


def decline(invitation: Invitation, user: User, *, at: dt.datetime) -> None:
    """Decline it. The event names nobody: the name of the account stays unknown to the column. Raises ``Over``."""
    with transaction.atomic():
        _end(to_person(user, invitation.pk, at=at))
        _write(invitation, "decline_invitation", by=None, at=at)


def call_back(column: Column, invitation_id: uuid.UUID, *, by: User, at: dt.datetime) -> Invitation:
    """Call an invitation of the column back. Raises ``Over``."""
    with transaction.atomic():
        invitation = _only(Invitation.objects.filter(column=column, pk=invitation_id))
        _end(invitation)
        _write(invitation, "call_back_invitation", by=by, at=at)
    return invitation


def delete_over(*, at: dt.datetime) -> None:
    """Delete the rows of invitations whose last day has passed, or whose first is still to come."""
    today = timezone.localdate(at)
    Invitation.objects.filter(models.Q(last_day__lt=today) | models.Q(invited_on__gt=today)).delete()


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _only(rows: models.QuerySet[Invitation]) -> Invitation:
    invitation = rows.first()
    if invitation is None:
        raise Over
    return invitation


def _end(invitation: Invitation) -> None:
    """Delete the row. Of two answers at once one finds nothing to delete."""
    gone, _rows = Invitation.objects.filter(pk=invitation.pk, digest=invitation.digest).delete()
    if not gone:
        raise Over


def _seat(invitation: Invitation, user: User, *, at: dt.datetime) -> None:
    installation.give_seats(user, invitation.column, invitation.roles)
    _write(invitation, "accept_invitation", by=user, at=at, name=str(user))


def _write(invitation: Invitation, verb: str, *, by: User | None, at: dt.datetime, name: str = "") -> None:
    about = f"{name or invitation.name}: {', '.join(invitation.offered)}"
    ColumnEvent.write(invitation.column, verb, by=by, at=at, about=about)
