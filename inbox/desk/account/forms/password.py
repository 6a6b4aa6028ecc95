"""Passwords: a person's key hangs on theirs, so a change keeps the key and a reset makes a new one."""

from __future__ import annotations

from allauth.account.forms import ChangePasswordForm as AllauthChange
from allauth.account.forms import ResetPasswordKeyForm as AllauthReset
from allauth.account.forms import SetPasswordForm as AllauthSet
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from inbox.crypto import sealing
from inbox.keys import keyring


class ChangePasswordForm(AllauthChange):  # type: ignore[misc]  # allauth has no types
    """The old password unwraps the key, the new one wraps it; every column's keys stay."""

    def save(self) -> None:
        with transaction.atomic():
            try:
                keyring.rewrap(self.user, self.cleaned_data["oldpassword"], self.cleaned_data["password1"])
            except sealing.CannotOpen as late:  # the hash was right a moment ago
                raise PermissionDenied(_("The password was changed by somebody quicker.")) from late
            super().save()


class ResetPasswordKeyForm(AllauthReset):  # type: ignore[misc]  # allauth has no types
    """Nobody has the old password, so the key is lost and a new one made, to which nothing is granted yet."""

    def save(self) -> None:
        with transaction.atomic():
            keyring.make_pair(self.user, self.cleaned_data["password1"], at=timezone.now())
            super().save()


class SetPasswordForm(AllauthSet):  # type: ignore[misc]  # allauth has no types
    """A first password, for an account that has none."""

    def save(self) -> None:
        with transaction.atomic():
            keyring.make_pair(self.user, self.cleaned_data["password1"], at=timezone.now())
            super().save()
