"""Which care cards the writer sees, for the desk."""

from __future__ import annotations

from typing import Any

import pytest
from django.template import Context, Template

from columns.models import Column


def small(column: Column, words: dict[str, Any]) -> str:
    return Template("{% load care %}{% care_small column words %}").render(Context({"column": column, "words": words}))


def test_explicit_words_have_the_card_of_their_kind(column: Column) -> None:
    shown = small(column, {"text": "I want to kill myself tonight.", "concerns": ["self_harm"]})
    assert "<dd>self-harm</dd>" in shown
    assert "the general card" not in shown


@pytest.mark.parametrize(
    "words",
    [
        {"text": "I have lost all hope.", "findings": [{"kind": "self_harm", "level": 1, "rule": "self_harm.no_hope"}]},
        {"text": "Ich weiß nicht weiter.", "findings": [], "language": "de"},
    ],
)
def test_weak_words_and_another_language_have_the_general_card(column: Column, words: dict[str, Any]) -> None:
    shown = small(column, words)
    assert "<dd>the general card</dd>" in shown
    assert "self-harm" not in shown


def test_it_is_empty_where_the_writer_sees_no_card(column: Column) -> None:
    assert small(column, {"text": "Is it normal to want nothing?", "concerns": []}).strip() == ""
    assert small(column, {}).strip() == ""
