"""The check for unmarked sentences finds them, wherever they stand, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from tests import pseudo

check: Any = pseudo.check()


def texts(found: list[Any]) -> list[str]:
    return [finding.text for finding in found]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("<p>Nothing is here</p>", "Nothing is here"),
        ("<p>Back</p>", "Back"),
        ("<p>{{ number }} letter{{ number|pluralize }}</p>", "\ufffc letter\ufffc"),
        ('<p>{% translate "One." %} Two.</p>', "Two."),
        ('<a title="Open it">{% translate "Open" %}</a>', 'title="Open it"'),
        ('<a aria-label="Open {{ label }}">{{ label }}</a>', 'aria-label="Open \ufffc"'),
        ('<input placeholder="A part of it">', 'placeholder="A part of it"'),
        ('<input type="submit" value="Send">', 'value="Send"'),
        ('<img src="x" alt="A door">', 'alt="A door"'),
        ('<p data-said="Nothing was kept."></p>', 'data-said="Nothing was kept."'),
        ('<meta name="description" content="Letters">', 'content="Letters"'),
        ('{% firstof name "A reader" %}', '"A reader"'),
        ('{{ name|default:"Left empty" }}', '"Left empty"'),
        ('{% include "a.html" with title="Your letter" %}', '"Your letter"'),
        ("{% blocktranslate with a=b|default:'No topic' %}{{ a }}{% endblocktranslate %}", '"No topic"'),
        ('{{ day|date:"j F Y" }}', "a date in a fixed form: j F Y"),
    ],
)
def test_in_a_template_it_is_found(source: str, said: str) -> None:
    assert texts(check.in_template(source, "a.html")) == [said]


@pytest.mark.parametrize(
    "source",
    [
        '<p>{% translate "Nothing is here" %}</p>',
        "{% blocktranslate count counter=n %}{{ counter }} day{% plural %}{{ counter }} days{% endblocktranslate %}",
        '{% include "a.html" with title=_("Your letter") only %}',
        '<p class="quiet">{{ label }} · &nbsp; 12:30 – {{ day|date:"DATE_FORMAT" }}</p>',
        '<time datetime="{{ day|date:"Y-m-d" }}">{{ day|date:"MONTH_DAY_FORMAT" }}</time>',
        "{# A remark about the page. #}{% comment %}And another one{% endcomment %}",
        '{% if kind == "Some value" %}{% url "desk:inbox" slug %}{% endif %}',
        '<code>manage.py setup --all</code><script>const said = "Not here";</script>',
        "{% block main_class %}sheet narrow{% endblock %}",
    ],
)
def test_in_a_template_nothing_else_is_found(source: str) -> None:
    assert texts(check.in_template(source, "a.html")) == []


def test_a_finding_says_where_it_stands() -> None:
    source = "{% load i18n %}\n{% blocktranslate trimmed %}\n  One\n{% endblocktranslate %}\n<p>\n  Two words\n</p>\n"
    assert [str(finding) for finding in check.in_template(source, "a.html")] == ["a.html:6: Two words"]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ('raise NotAllowed("This letter has come to its end.")', "This letter has come to its end."),
        ('raise AlreadyMoved("Too late")', "Too late"),
        ('raise NotAllowed(f"{label} leads already.")', "… leads already."),
        ('raise forms.ValidationError("Short")', "Short"),
        ('messages.success(request, "Kept")', "Kept"),
        ('name = forms.CharField(label="Name")', "Name"),
        ('name = forms.CharField(help_text=f"At most {most}")', "At most …"),
        ('name = forms.CharField(error_messages={"required": "Missing"})', "Missing"),
        ('kind = forms.ChoiceField(choices=[("a", "First"), ("", _("None"))])', "First"),
        ('class Kind(models.TextChoices):\n    ASK = "ask", "Question"', "Question"),
        ('Finding("Disk", text)', "Disk"),
        ('said = "Your message is with the column."', "Your message is with the column."),
        ('said = f"You have read {many} letters today."', "You have read … letters today."),
        ('said = _(f"You have read {many} letters.")', "a mark around what is put together only later"),
        ('said = _("You have " + many)', "a mark around what is put together only later"),
        ('said = _("%(why)s") % {"why": "It is over now."}', "It is over now."),
    ],
)
def test_in_python_it_is_found(source: str, said: str) -> None:
    assert texts(check.in_python(source, "a.py")) == [said]


@pytest.mark.parametrize(
    "source",
    [
        '"""A docstring of a module."""\n\n\ndef one():\n    """And of a function."""',
        'raise NotAllowed(_("This letter has come to its end."))',
        'said = ngettext("%(number)d letter waits.", "%(number)d letters wait.", number) % {"number": number}',
        'said = pgettext("of a letter", "Open it now") + _(title)',
        'logger.warning("A notice could not be sent: %s", kind)',
        'raise ValueError("That is no such kind of thing.")',
        'assert found, "There is none of them."',
        'day = models.DateField(help_text="The day of its last move")',
        'cursor.execute("SELECT a FROM b WHERE c")',
        'name = "received"\nurl = "https://example.org/A%20page"\nkind = ("a", "b")',
    ],
)
def test_in_python_nothing_else_is_found(source: str) -> None:
    assert texts(check.in_python(source, "a.py")) == []


def test_what_is_left_out_is_there() -> None:
    """A list of exceptions that names what is gone hides what comes."""
    named = [*check.EXCLUDED, *check.TO_DO]
    assert [name for name in named if not (check.ROOT / name).exists()] == []
    assert len(list(check.files())) > 250


def test_what_is_to_do_is_not_done() -> None:
    """A file that is marked by now belongs into the check."""
    assert [name for name in sorted(check.TO_DO) if not check.in_file(name)] == []
