"""The forms of passwords. A password wraps the person's key: a change wraps it anew, a reset makes a new key."""

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
    """Change the password, and wrap the person's key with the new one; the keys of columns stay."""

    def save(self) -> None:
        with transaction.atomic():
            try:
                keyring.rewrap(self.user, self.cleaned_data["oldpassword"], self.cleaned_data["password1"])
            except sealing.CannotOpen as late:  # the password was changed since allauth checked it
                raise PermissionDenied(_("The password was changed by somebody quicker.")) from late
            super().save()


class ResetPasswordKeyForm(AllauthReset):  # type: ignore[misc]  # allauth has no types
    """Reset a lost password. The old key is lost with it; the new key is granted no column's keys yet."""

    def save(self) -> None:
        with transaction.atomic():
            keyring.make_pair(self.user, self.cleaned_data["password1"], at=timezone.now())
            super().save()


class SetPasswordForm(AllauthSet):  # type: ignore[misc]  # allauth has no types
    """Set the first password of an account, and make the person's key."""

    def save(self) -> None:
        with transaction.atomic():
            keyring.make_pair(self.user, self.cleaned_data["password1"], at=timezone.now())
            super().save()
