"""The title of a page that came back because something in a form was wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import is_dataclass
from typing import Any

from django import template
from django.forms import BaseForm
from django.utils.functional import LazyObject, Promise
from django.utils.translation import gettext as _

register = template.Library()
#: How deep rows with forms of their own stand in a context: a list of rows, a row, its form.
_DEEP = 3


@register.simple_tag(takes_context=True)
def error_in_title(context: template.Context) -> str:
    """“Error:” before the title, where a form of the page was sent and came back with errors, so that it is the first
    thing a screen reader says of the page. Nothing is validated for it."""
    return _("Error:") if any(_wrong(value) for value in context.flatten().values()) else ""


def _wrong(value: Any, deep: int = _DEEP) -> bool:
    # by the type alone: to ask a lazy object (the person signed in, a token) for its class would make it
    kind = type(value)
    if issubclass(kind, BaseForm):
        return bool(value.is_bound and value._errors)
    if not deep or issubclass(kind, LazyObject | Promise | str):
        return False
    if issubclass(kind, Mapping):
        return any(_wrong(part, deep - 1) for part in value.values())
    if issubclass(kind, list | tuple):
        return any(_wrong(part, deep - 1) for part in value)
    return is_dataclass(kind) and _wrong(getattr(value, "form", None), deep - 1)
