"""The forms of the page “Staff and keys”."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy

from inbox.crypto import recovery_sheet
from inbox.desk.desk_form import DeskForm
from inbox.email_address import EmailAddressField
from inbox.models import User
from inbox.workflow import Role

_ROLES = {
    Role.MODERATOR: gettext_lazy("Moderator: reads letters, holds, declines, shortlists"),
    Role.AUTHOR: gettext_lazy("Author: reads letters, writes answers, publishes"),
    Role.REVIEWER: gettext_lazy("Reviewer: second-reads and approves answers"),
    Role.OWNER: gettext_lazy("Owner: staff, keys, texts, retention; opens no letter by this seat alone"),
}


def _seats(*, required: bool) -> forms.MultipleChoiceField:
    choices = [(role.value, text) for role, text in _ROLES.items()]
    return forms.MultipleChoiceField(
        label=gettext_lazy("Seats"), choices=choices, widget=forms.CheckboxSelectMultiple, required=required
    )


class InviteForm(DeskForm):
    """The invitation of a person to the column, with their seats."""

    email = EmailAddressField(label=gettext_lazy("E-mail address"), help_text=gettext_lazy("They sign in with it."))
    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=120, help_text=gettext_lazy("As colleagues will know them.")
    )
    credential = forms.CharField(
        label=gettext_lazy("Credential"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Published beside their approvals, for example: Registered nurse"),
    )
    seats = _seats(required=True)

    def roles(self) -> frozenset[Role]:
        return frozenset(Role(role) for role in self.cleaned_data["seats"])


class SeatsForm(DeskForm):
    """The seats of a person; without any, they leave the column."""

    seats = _seats(required=False)

    def roles(self) -> frozenset[Role]:
        return frozenset(Role(role) for role in self.cleaned_data["seats"])


class ReassignForm(DeskForm):
    """The colleague to whom all letters of a person are reassigned."""

    to = forms.TypedChoiceField(label=gettext_lazy("To whom"), coerce=int)

    def __init__(self, data: object = None, *, people: Iterable[User], auto_id: str = "id_%s") -> None:
        super().__init__(data, auto_id=auto_id)
        self.fields["to"].choices = [(user.pk, str(user)) for user in people]  # type: ignore[attr-defined]


class RecoveryForm(DeskForm):
    """The printed recovery key."""

    key = forms.CharField(
        label=gettext_lazy("Recovery key"),
        max_length=200,
        help_text=gettext_lazy("As it was printed when the site was set up. It is used for this and kept nowhere."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}),
    )

    def clean_key(self) -> str:
        try:
            recovery_sheet.read(self.cleaned_data["key"])
        except recovery_sheet.BadRecoveryKey as error:
            raise ValidationError(str(error)) from error
        return str(self.cleaned_data["key"])
