"""The forms of the limit of a writer's messages, and of practice letters."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from inbox.desk.desk_form import DeskForm
from inbox.models.letter import USUAL_MESSAGES

#: The lower limit of messages a day that the desk can set for a writer.
FEWEST_MESSAGES = 1


class LimitForm(DeskForm):
    """The most messages a day that a writer may send: one, or the usual number."""

    messages_a_day = forms.TypedChoiceField(choices=[(FEWEST_MESSAGES, "1"), (USUAL_MESSAGES, _("usual"))], coerce=int)


class PracticeForm(DeskForm):
    """The act on the practice column: create, reset or delete it."""

    act = forms.ChoiceField(choices=[(name, name) for name in ("begin", "again", "away")])
