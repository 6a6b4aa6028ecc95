"""“Error:” before the title of a page whose form came back."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django import forms
from django.template import Context
from django.utils.functional import SimpleLazyObject

from columns.models import Column
from columns.templatetags.titles import error_in_title
from tests.reader import Reader


class Small(forms.Form):
    name = forms.CharField()


@dataclass
class Row:
    form: forms.Form


def sent(**data: str) -> Small:
    form = Small(data)
    form.is_valid()
    return form


@pytest.mark.parametrize(
    "context",
    [{"a": sent()}, {"rows": [Row(sent(name="x")), Row(sent())]}, {"rows": [("a", sent())]}, {"a": {"b": sent()}}],
)
def test_where_a_form_came_back(context: dict[str, object]) -> None:
    assert error_in_title(Context(context)) == "Error:"


@pytest.mark.parametrize("form", [Small(), Small({}), sent(name="x")])
def test_not_where_none_did_nor_is_anything_validated_for_it(form: Small) -> None:
    assert error_in_title(Context({"form": form, "rows": [Row(form)]})) == ""


def test_what_is_lazy_stays_so() -> None:
    def made() -> object:
        raise AssertionError

    assert error_in_title(Context({"user": SimpleLazyObject(made), "rows": [SimpleLazyObject(made)]})) == ""


def test_on_the_pages_of_a_letter(column: Column) -> None:
    reader = Reader()
    assert "<title>Notes</title>" in reader.open("write/")
    assert "<title>Error: Notes</title>" in reader.press("write/", text="x")
    reader.open("letter/")
    assert "<title>Error: Notes</title>" in reader.press("letter/", receipt="x")
