"""Acts on somebody else's account: their second factor, their sessions, their password.

A seat belongs to a column, an account to its person. So an owner may do these only if they own every column in which
the person works; otherwise the operator of the site does it, by a command (``by=None``). Each column of the person gets
an event, and the person a mail.
"""

from __future__ import annotations

import datetime as dt

from allauth.account import app_settings
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _

from columns.models import Column
from inbox.models import ColumnEvent, Seat, User
from inbox.staff import notifications
from inbox.workflow import NotAllowed, Role


def reset_second_factor(user: User, *, by: User | None, at: dt.datetime) -> int:
    """Remove every second factor of a person who lost theirs, with passkeys and recovery codes, and end their sessions;
    returns the number removed. At the next sign-in, with the password, the person sets up a new second factor."""
    with transaction.atomic():
        _begin(user, "reset_second_factor", by=by, at=at)
        _rows, gone = Authenticator.objects.filter(user=user).delete()
    _tell(user, "second_factor_reset", by)
    return int(gone.get(Authenticator._meta.label, 0))


def end_sessions(user: User, *, by: User | None, at: dt.datetime) -> None:
    """End every session of the person, on every device."""
    with transaction.atomic():
        _begin(user, "end_sessions", by=by, at=at)
    _tell(user, "sessions_ended", by)


def reset_password(user: User, *, by: User | None, at: dt.datetime) -> tuple[str, bool]:
    """End a password that others may know, and every session. Returns the URL at which the person sets a new one, and
    whether the mail server said that it took the mail with it.

    With the new password they have a new key pair, so a colleague has to give them the columns' keys again.
    """
    with transaction.atomic():
        _begin(user, "reset_password", by=by, at=at)
        user.set_unusable_password()
        user.save(update_fields=["password"])
        token = app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)
    parts = {"uidb36": user_pk_to_url_str(user), "key": token}
    link = settings.DESK_URL + reverse("account_reset_password_from_key", kwargs=parts)
    return link, _tell(user, "password_ended", by, link=link)


def _begin(user: User, verb: str, *, by: User | None, at: dt.datetime) -> None:
    """Check that ``by`` may do it, write the events, and end the person's sessions."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)  # a seat that is accepted meanwhile waits
    if by is not None and not _may(by, user):
        raise NotAllowed(
            _("Only an owner of every column they work in, or the operator of the site, can do this for them.")
        )
    for column in Column.objects.filter(seats__user=user).distinct().order_by("pk"):
        ColumnEvent.write(column, verb, by=by, at=at, about=str(user))
    User.objects.filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1)


def _may(by: User, user: User) -> bool:
    """Whether ``by`` owns every column of the person, at least one. Practice columns are their person's own."""
    theirs = set(Seat.objects.filter(user=user, column__practice=False).values_list("column", flat=True))
    owned = set(Seat.objects.filter(user=by, role=Role.OWNER, column__practice=False).values_list("column", flat=True))
    return bool(theirs) and theirs <= owned


def _tell(user: User, text: str, by: User | None, **more: str) -> bool:
    return notifications.tell(user, text, {"by": str(by) if by else "", **more})
