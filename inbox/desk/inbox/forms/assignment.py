"""Small forms about people: whom letters are handed to, how many messages a writer may send, and practising."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _

from inbox.desk.desk_form import DeskForm
from inbox.models import User
from inbox.models.letter import USUAL_MESSAGES

#: How many messages a day the writer of a letter may send, as the desk can choose.
FEWEST_MESSAGES = 1


class LimitForm(DeskForm):
    """How many messages a day a writer may send: one, or as many as everybody."""

    messages_a_day = forms.TypedChoiceField(choices=[(FEWEST_MESSAGES, "1"), (USUAL_MESSAGES, _("usual"))], coerce=int)


class ReassignForm(DeskForm):
    """To whom all letters of a colleague go."""

    to = forms.TypedChoiceField(label=_("To whom"), coerce=int)

    def __init__(self, data: object = None, *, people: Iterable[User], auto_id: str = "id_%s") -> None:
        super().__init__(data, auto_id=auto_id)
        self.fields["to"].choices = [(user.pk, str(user)) for user in people]  # type: ignore[attr-defined]


class PracticeForm(DeskForm):
    """What to do about the practice column."""

    act = forms.ChoiceField(choices=[(name, name) for name in ("begin", "again", "away")])
