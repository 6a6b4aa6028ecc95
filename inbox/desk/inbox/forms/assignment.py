"""The forms of reassigning letters, of the limit of a writer's messages, and of practice letters."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _

from inbox.desk.desk_form import DeskForm
from inbox.models import User
from inbox.models.letter import USUAL_MESSAGES

#: The lower limit of messages a day that the desk can set for a writer.
FEWEST_MESSAGES = 1


class LimitForm(DeskForm):
    """The most messages a day that a writer may send: one, or the usual number."""

    messages_a_day = forms.TypedChoiceField(choices=[(FEWEST_MESSAGES, "1"), (USUAL_MESSAGES, _("usual"))], coerce=int)


class ReassignForm(DeskForm):
    """The colleague to whom all letters of a person are reassigned."""

    to = forms.TypedChoiceField(label=_("To whom"), coerce=int)

    def __init__(self, data: object = None, *, people: Iterable[User], auto_id: str = "id_%s") -> None:
        super().__init__(data, auto_id=auto_id)
        self.fields["to"].choices = [(user.pk, str(user)) for user in people]  # type: ignore[attr-defined]


class PracticeForm(DeskForm):
    """The act on the practice column: create, reset or delete it."""

    act = forms.ChoiceField(choices=[(name, name) for name in ("begin", "again", "away")])
