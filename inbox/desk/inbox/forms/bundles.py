"""The form of the letters for a bundle. It validates the choice; it saves nothing."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inbox.crypto.receipts import ALPHABET
from inbox.desk.desk_form import DeskForm

#: Characters that people type in place of similar ones; labels have no O, I or L.
_MEANT = str.maketrans("OIL", "011")


def label_range(typed: str) -> tuple[uuid.UUID, uuid.UUID] | None:
    """Return the first and the last possible id of letters with this label; ``None`` for an invalid label."""
    # the four characters of a label have no L, so an L at the beginning is that of "L-"
    characters = "".join(filter(str.isalnum, typed)).upper().removeprefix("L").translate(_MEANT)
    if len(characters) != 4 or set(characters) - set(ALPHABET):
        return None
    top = 0
    for character in characters:
        top = top << 5 | ALPHABET.index(character)
    return uuid.UUID(int=top << 108), uuid.UUID(int=(top + 1 << 108) - 1)


class TogetherForm(DeskForm):
    """The letters to bundle with one letter: those ticked, and one more by its label."""

    label = forms.CharField(
        label=gettext_lazy("Another letter"),
        required=False,
        max_length=12,
        help_text=gettext_lazy("Its label, for example L-7QM2."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper.errors_shown_above = True

    def clean_label(self) -> tuple[uuid.UUID, uuid.UUID] | None:
        typed = str(self.cleaned_data["label"])
        ids = label_range(typed)
        if typed.strip() and ids is None:
            raise forms.ValidationError(_("A label is L- and four characters, for example L-7QM2."))
        return ids

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        ticked = self.data.getlist("with") if hasattr(self.data, "getlist") else []
        if not self.errors and not ticked and not cleaned.get("label"):
            self.add_error("label", _("Tick a letter, or type the label of one."))
        return cleaned
