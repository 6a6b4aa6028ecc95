"""Lists inside sentences."""

from __future__ import annotations

import pytest
from django.template import Context, Template

from columns.templatetags.lists import listed


@pytest.mark.parametrize(
    ("items", "said"),
    [
        ([], ""),
        (["a"], "a"),
        (["a", "b"], "a and b"),
        (["a", "b", "c"], "a, b and c"),
        (["a", "b", "c", "d"], "a, b, c and d"),
        (["100%", "%(next)s", "{}"], "100%, %(next)s and {}"),
    ],
)
def test_a_list_is_said(items: list[str], said: str) -> None:
    assert listed(items) == said


def test_items_in_elements_are_escaped() -> None:
    template = Template('{% load lists %}{{ items|shortened:4|listed_in:"q" }}')
    said = template.render(Context({"items": ["<b>", "{0}", "longer"]}))
    assert said == "<q>&lt;b&gt;</q>, <q>{0}</q> and <q>lon…</q>"


def test_no_items_in_elements_are_nothing() -> None:
    assert Template('{% load lists %}{{ items|listed_in:"q" }}').render(Context({"items": []})) == ""


def test_items_without_elements_are_escaped() -> None:
    assert Template("{% load lists %}{{ items|listed }}").render(Context({"items": ["<b>", "c"]})) == "&lt;b&gt; and c"
