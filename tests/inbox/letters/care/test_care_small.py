"""What the writer sees first, small, for the desk."""

from __future__ import annotations

from typing import Any

from django.template import Context, Template

from columns.models import Column


def small(column: Column, words: dict[str, Any]) -> str:
    return Template("{% load care %}{% care_small column words %}").render(Context({"column": column, "words": words}))


def test_the_desk_reads_what_the_writer_reads(column: Column) -> None:
    shown = small(column, {"text": "I want to kill myself tonight.", "concerns": ["self_harm"]})
    assert "What the writer sees first" in shown
    assert "Please talk to somebody now" in shown
    assert "You wrote about ending your life or hurting yourself." in shown


def test_it_is_empty_where_the_writer_sees_no_card(column: Column) -> None:
    assert small(column, {"text": "Is it normal to want nothing?", "concerns": []}).strip() == ""
    assert small(column, {}).strip() == ""
