"""The form of the page “Your desk”."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from columns.templatetags.lists import listed
from inbox import shortcuts
from inbox.desk.desk_form import DeskForm
from inbox.models import User

_PREFIX = "key_"


class MeForm(DeskForm):
    """A person's own settings: limits of a day, absence, and keyboard shortcuts, with one field for each act."""

    heavy_a_day = forms.IntegerField(
        label=gettext_lazy("Heavy letters a day"),
        min_value=0,
        max_value=500,
        required=False,
        help_text=gettext_lazy(
            "After so many urgent letters on a day we offer you the light ones. No letter is hidden from you."
        ),
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    stops_at = forms.TimeField(
        label=gettext_lazy("Time to stop"),
        required=False,
        help_text=gettext_lazy("From then on the desk reminds you that the letters are here tomorrow."),
        widget=forms.TimeInput(attrs={"type": "time", "autocomplete": "off"}, format="%H:%M"),
    )
    away_until = forms.DateField(
        label=gettext_lazy("Away until"),
        required=False,
        help_text=gettext_lazy(
            "The day on which you are back. Until then the letters that were given to you are everybody’s."
        ),
        widget=forms.DateInput(attrs={"type": "date", "autocomplete": "off"}, format="%Y-%m-%d"),
    )
    shortcuts_on = forms.BooleanField(
        label=gettext_lazy("Single keys do something at the desk"),
        required=False,
        help_text=gettext_lazy(
            "Every key has a button as well. Switch them off if you speak to your computer, or press keys by accident."
        ),
    )

    def __init__(self, data: Any = None, *, today: dt.date, user: User) -> None:
        super().__init__(data, initial=_initial(user, today))
        self.today = today
        for act in shortcuts.acts():
            if not act.fixed:
                self.fields[_PREFIX + act.name] = _key_field(act)

    def clean_away_until(self) -> dt.date | None:
        day: dt.date | None = self.cleaned_data["away_until"]
        if day is not None and day <= self.today:
            raise ValidationError(_("Choose a day that is still to come, or leave it empty: then you are here."))
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        keys = {**shortcuts.defaults(), **self._typed(cleaned)}
        titles = {act.name: _(act.title) for act in shortcuts.acts()}
        for key, names in shortcuts.clashes(keys).items():
            for name in names:
                others = [f"“{titles[other]}”" for other in names if other != name]
                sentence = ngettext(
                    "%(title)s: %(others)s has the key %(key)s as well.",
                    "%(title)s: %(others)s have the key %(key)s as well.",
                    len(others),
                ) % {"title": titles[name], "others": listed(others), "key": key}
                if _PREFIX + name in self.fields:
                    self.add_error(_PREFIX + name, sentence)
        return cleaned

    def key_rows(self) -> list[tuple[shortcuts.Act, forms.BoundField | None]]:
        """Return every act with its field, or with ``None`` where its shortcut cannot be changed."""
        return [(act, None if act.fixed else self[_PREFIX + act.name]) for act in shortcuts.acts()]

    def settings(self) -> dict[str, Any]:
        """Return the settings, by the names of ``wellbeing.keep``."""
        kept = {name: self.cleaned_data[name] for name in ("heavy_a_day", "stops_at", "away_until", "shortcuts_on")}
        return {**kept, "shortcuts": shortcuts.changes(self._typed(self.cleaned_data))}

    def _typed(self, cleaned: dict[str, Any]) -> dict[str, str]:
        # a field that was not sent keeps its default; an empty field means no shortcut
        names = [name for name in shortcuts.free() if _PREFIX + name in cleaned and _PREFIX + name in self.data]
        return {name: cleaned[_PREFIX + name] for name in names}


class _KeyField(forms.CharField):
    """A field for one key, or none."""

    def clean(self, value: Any) -> str:
        key = shortcuts.tidy(super().clean(value))
        wrong = shortcuts.problem(key)
        if wrong:
            raise ValidationError(_(wrong) % {"title": self.label})
        return key


def _key_field(act: shortcuts.Act) -> _KeyField:
    attrs = {"autocapitalize": "none", "autocomplete": "off", "spellcheck": "false", "size": "3", "class": "key-field"}
    return _KeyField(label=_(act.title), required=False, max_length=20, widget=forms.TextInput(attrs=attrs))


def _initial(user: User, today: dt.date) -> dict[str, Any]:
    keys = {_PREFIX + name: key for name, key in shortcuts.keys_of(user.shortcuts).items()}
    away = user.away_until if user.away_until and user.away_until > today else None
    kept = {
        "heavy_a_day": user.heavy_a_day,
        "stops_at": user.stops_at,
        "shortcuts_on": user.shortcuts_on,
        "away_until": away,
    }
    return {**keys, **kept}
