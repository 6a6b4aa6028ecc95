"""The password once more, for a session that came in without one."""

from __future__ import annotations

from django import forms


class UnlockForm(forms.Form):
    password = forms.CharField(
        label="Your password", strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
