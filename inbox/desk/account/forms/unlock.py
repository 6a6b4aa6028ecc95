"""The password once more, for a session that came in without one."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class UnlockForm(forms.Form):
    password = forms.CharField(
        label=_("Your password"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
