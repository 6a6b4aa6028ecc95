"""In tests a template that names what there is not fails, instead of leaving a gap in the page."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.template import engines

THINGS = {"draft": SimpleNamespace(title="A title"), "words": {}, "form": None}


@pytest.mark.parametrize(
    "template",
    [
        "{{ titel }}",
        "{{ draft.titel }}",
        "{{ draft.titel|default:'none' }}",
        "{% with left=draft.left.wrap %}{{ left }}{% endwith %}",
        "{% load i18n %}{% blocktranslate count counter=left %}code{% plural %}codes{% endblocktranslate %}",
        "{% if draft.titel %}seen{% endif %}",
        "{% if draft.titel != 'approved' %}seen{% endif %}",
        "{% if not draft.titel and draft.title %}seen{% endif %}",
        "{% for letter in draft.letters %}seen{% endfor %}",
    ],
)
def test_a_misspelt_name_is_a_failure(template: str) -> None:
    with pytest.raises((AssertionError, pytest.fail.Exception), match=r"Undefined template variable|has no"):
        engines["django"].from_string(template).render(THINGS)


@pytest.mark.parametrize(
    "template", ["{% if note %}seen{% endif %}", "{% if words.note or form.note %}seen{% endif %}"]
)
def test_what_may_be_left_out_may_be_left_out(template: str) -> None:
    assert engines["django"].from_string(template).render(THINGS) == ""
