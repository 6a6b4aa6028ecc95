"""The base class of all forms of the desk."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.http import QueryDict

from inbox.letters.intake import tidy


class DeskForm(forms.Form):
    """A form laid out by crispy. Control characters are removed from all input before validation, so that one in pasted
    text does not prevent a save."""

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(_tidied(data), *args, **kwargs)
        for field in self.fields.values():
            if isinstance(field.widget, (forms.TextInput, forms.Textarea, forms.Select)):
                # browsers write what stands in other boxes into the files of their session
                field.widget.attrs.setdefault("autocomplete", "off")
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True  # the template has the token
        # pages of the desk list all errors at the top
        self.helper.errors_shown_above = True


def _tidied(data: Any) -> Any:
    if not isinstance(data, QueryDict):
        return data
    tidied = data.copy()
    for name, values in data.lists():
        tidied.setlist(name, [tidy(str(value)) for value in values])
    return tidied
