"""The check for unmarked sentences finds them, wherever they stand, and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests import pseudo

check: Any = pseudo.check()


LIST = "a list joined by hand, not by the filter listed"
NUMBER = "a number without a plural form"


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
        ('{{ names|join:", " }}', LIST),
        ('{% blocktranslate with names=names|join:" " %}With {{ names }}{% endblocktranslate %}', LIST),
        ("{% for one in names %}{{ one }}{% if not forloop.last %}, {% endif %}{% endfor %}", LIST),
        ("{% blocktranslate %}{{ number }} days are left.{% endblocktranslate %}", NUMBER),
        ("{% blocktranslate with n=left %}{{ n }} of\n them are left.{% endblocktranslate %}", NUMBER),
    ],
)
def test_in_a_template_it_is_found(source: str, said: str) -> None:
    assert texts(check.in_template(source, "a.html")) == [said]


@pytest.mark.parametrize(
    "source",
    [
        '<p>{% translate "Nothing is here" %}</p>',
        "{% blocktranslate with names=names|listed %}With {{ names }}{% endblocktranslate %}",
        "{% for part in parts %}{{ part }}{% if not forloop.last %}-{% endif %}{% endfor %}",
        "{% blocktranslate %}{{ name }} asks you{% endblocktranslate %}",
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
        ("names = ', '.join(letters)", LIST),
        ("""names = f"{', '.join(letters)}.\"""", LIST),
        ("names = get_text_list(letters, _('and'))", LIST),
        ("_('%(count)s letters are left') % {'count': count}", NUMBER),
        ("_('It has %(count)d') % {'count': count}", NUMBER),
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
        ('SealedKind(label="Letters", grants={"desk": "SELECT, INSERT"})', "Letters"),
        ('read(grants={"desk": "SELECT, INSERT"})', "SELECT, INSERT"),
        ('Left("No key opens it.", said="It is shut.")', "It is shut."),
        ('said = "held back"', "held back"),
        ('said = f"{number} of them"', "… of them"),
        ('said = "Look at <strong>this</strong> first"', "Look at <strong>this</strong> first"),
        ('said = "You have {number} letters."', "You have {number} letters."),
        ('said = "%(number)s letters came"', "%(number)s letters came"),
        ('said = "either | or"', "either | or"),
        ('said = "one = two, and $5 each"', "one = two, and $5 each"),
        ('said = "so_called things"', "so_called things"),
        ('said = "Is it really? Yes (so they say)"', "Is it really? Yes (so they say)"),
        ('said = {"class": "wide box", "label": "wide box"}', "wide box"),
        (
            'from django.utils.translation import gettext as _\nclass One:\n    label = _("Seats")',
            "translated once, when the program starts",
        ),
        ('said = date_format(day, "j M")', "a date in a fixed form: j M"),
        ('said = time_format(time, "H:i")', "a date in a fixed form: H:i"),
        ('said = f"{day:%B %Y}"', "a date in a fixed form: %B %Y"),
        ('said = day.strftime("%-d %b")', "a date in a fixed form: %-d %b"),
        ('said = _("One letter of ") + name', "a sentence that is put together from marked pieces"),
        ('said = str(_("One letter")) + "."', "a sentence that is put together from marked pieces"),
        (
            "said = f\"{ngettext('one', 'many', number) % number}, {name}\"",
            "a sentence that is put together from marked pieces",
        ),
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
        'said = pgettext("of a letter", "Open it now")\nmore = _(title)',
        'logger.warning("A notice could not be sent: %s", kind)',
        'raise ValueError("That is no such kind of thing.")',
        'assert found, "There is none of them."',
        'day = models.DateField(help_text="The day of its last move")',
        'cursor.execute("SELECT a FROM b WHERE c")',
        'sealed_as = SealedKind(export=Left("No key opens it."), grants={"desk": "SELECT, INSERT"})',
        'said = " · ".join([_("One"), _("Two")])',
        r'found = re.compile(r"(?:my|our) (?:best )?(friend|sister)\b|in[- ]law|born (?:in|at) [^.]{1,9}")',
        'found = re.compile("i ?am|i was")\ncalled = "husband|line manager"',
        'response["Content-Type"] = "text/plain; charset=utf-8"\nname = f"{day:%Y-%m-%d}"',
        'box = forms.Textarea({"class": "wide box", "65 or over": _("65 or over")})\nDiv(css_class="wide box")',
        'class One:\n    def __repr__(self) -> str:\n        return f"history of {self.pk}"',
        'said = date_format(day, "MONTH_DAY_FORMAT")',
        'from django.utils.translation import gettext\nsaid = lambda: gettext("A")\ndef one():\n    gettext("B")',
        'from django.utils.translation import gettext_lazy as _\nlabel = _("Seats")',
        'name = "received"\nurl = "https://example.org/A%20page"\nkind = ("a", "b")',
    ],
)
def test_in_python_nothing_else_is_found(source: str) -> None:
    assert texts(check.in_python(source, "a.py")) == []


def test_phrases_of_letters_are_no_sentences_for_people() -> None:
    source = 'put = "my partner"\nsaid = "Its writer is in danger."'
    assert texts(check.in_python(source, "inbox/screening/a.py")) == ["Its writer is in danger."]
    assert texts(check.in_python(source, "inbox/desk/a.py")) == ["my partner", "Its writer is in danger."]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ('tell("The letter is free again.");', "The letter is free again."),
        ('const LOCKED = "The desk has locked itself.";', "The desk has locked itself."),
        ('away.textContent = "Dismiss";', "Dismiss"),
        ('said.textContent = presses === 1 ? "Twice" : once;', "Twice"),
        ('place.textContent += " Stopped.";', "Stopped."),
        ("button.textContent = `${answer.new} new`;", "… new"),
        ('document.title = "Locked";', "Locked"),
        ('return "There is no connection.";', "There is no connection."),
        ("stop(`${refused} Press the button.`);", "… Press the button."),
        ("box.innerHTML = '<button type=\"submit\">Undo</button>';", "Undo"),
        ("const a = `${many.map((one) => `${one} of them`).join('')}`;", "… of them"),
        ("const a = `${many.map((one) => `${one}px`).join('')}`; say('Saved')", "Saved"),
        ('const said = "not kept";', "not kept"),
        ('const quote = /[\'"`]/u; const b = half / 2; say("Saved");', "Saved"),
        ("const a = `${read({ b: `It is ${c} now.` })}`;", "It is … now."),
        ('const names = letters.map(label).join(", ");', LIST),
        ('// It\'s a remark\nsay("Saved");', "Saved"),
    ],
)
def test_in_a_script_it_is_found(source: str, said: str) -> None:
    assert texts(check.in_script(source, "a.js")) == [said]


@pytest.mark.parametrize(
    "source",
    [
        '// A remark about the script. "It says so."\n/* And\nanother one. */',
        'import { a } from "./a.js";\nconst kind = "undo";',
        'const first = pane.querySelector(".letter-head a, .notice a, p.quiet a");',
        'throw new Error("There is no such batch.");',
        "const place = `draft ${draft}`; box.className = 'linklike said-away';",
        'box.className = late ? "said-line warning" : "said-line success";',
        'const wide = matchMedia("(min-width: 56.25rem)"); const shown = ".letter-head, .notice, .about";',
        "say(form.dataset.saysSaved); place.textContent = text;",
        'box.innerHTML = \'<input type="hidden" name="token">\';',
    ],
)
def test_in_a_script_nothing_else_is_found(source: str) -> None:
    assert texts(check.in_script(source, "a.js")) == []


def test_a_finding_in_a_script_says_where_it_stands() -> None:
    assert [str(finding) for finding in check.in_script('\n\nsay("Saved");', "a.js")] == ["a.js:3: Saved"]


def test_every_kind_of_file_is_looked_at(tmp_path: Path) -> None:
    """What is not marked is found on the way from the tree to the finding, and what others wrote is left alone."""
    written = {
        "templates/a.html": "<p>Nothing is here</p>",
        "inbox/a.py": 'said = "Nothing is here."',
        "static/desk/a.js": 'say("Nothing is here.");',
        "static/vendor/b/a.js": 'say("Nothing is here.");',
    }
    for name, source in written.items():
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text(source, "utf-8")
    for name in ("columns", "config"):
        (tmp_path / name).mkdir()
    (tmp_path / "config/views.py").write_text("", "utf-8")
    found = [finding.path for name in check.files(tmp_path) for finding in check.in_file(name, tmp_path)]
    assert sorted(found) == ["inbox/a.py", "static/desk/a.js", "templates/a.html"]


def test_what_is_left_out_is_there() -> None:
    """A list of exceptions that names what is gone hides what comes."""
    assert [name for name in check.EXCLUDED if not (check.ROOT / name).exists()] == []
    assert [one for one in check.NOT_SENTENCES if one[1] not in texts(check.looks_unmarked(one[0]))] == []
    assert len(list(check.files())) > 250
