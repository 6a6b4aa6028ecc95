"""The forms of decisions about a letter, and the texts that they begin with. They validate input; they save nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from columns import countries
from columns import language as columns_language
from columns.models import Article, Column, HelpLine
from inbox.desk.desk_form import DeskForm
from inbox.letters.intake import MAX_CHARACTERS
from inbox.models import Letter, LetterTemplate, Need
from inbox.screening import language
from inbox.staff import access

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise


def _text(label: _StrOrPromise, help_text: _StrOrPromise, *, least: int, rows: int) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        min_length=least,
        max_length=MAX_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": rows, "dir": "auto"}),
    )


class AskForm(DeskForm):
    """A question to the letter writer."""

    text = _text(gettext_lazy("Ask the writer"), gettext_lazy("They find it with their receipt."), least=3, rows=3)


class NoteForm(DeskForm):
    """A note that only the desk reads."""

    text = _text(gettext_lazy("Note for the desk"), gettext_lazy("The writer never sees it."), least=1, rows=2)


class DeclineForm(DeskForm):
    """The message to the writer of a declined letter."""

    text = _text(
        gettext_lazy("What the writer reads"),
        gettext_lazy("Change it until it is yours. Every letter gets a written end."),
        least=40,
        rows=12,
    )


class ReplyForm(DeskForm):
    """A private answer to the writer."""

    text = _text(
        gettext_lazy("Your answer"), gettext_lazy("Only the writer can read it, with their receipt."), least=40, rows=16
    )


class PointForm(DeskForm):
    """The message to the writer with the address of an article that answers the letter already."""

    text = _text(
        gettext_lazy("What the writer reads"),
        gettext_lazy("The address of the answer stands in it."),
        least=20,
        rows=10,
    )


class MarkForm(DeskForm):
    """The marks of a letter. Each button sends its ``act``; the field of that name has the value."""

    _NEEDS: ClassVar = {"1": Need.NOW, "today": Need.TODAY, "": Need.NONE}

    act = forms.ChoiceField(choices=[(act, act) for act in ("urgent", "topic", "give")], widget=forms.HiddenInput)
    urgent = forms.ChoiceField(
        label=gettext_lazy("Urgent"),
        choices=[
            ("1", gettext_lazy("Urgent: read now")),
            ("today", gettext_lazy("Read today")),
            ("", gettext_lazy("Not urgent")),
        ],
        required=False,
    )
    topic = forms.ChoiceField(label=gettext_lazy("Topic"), required=False)
    give = forms.ChoiceField(label=gettext_lazy("Given to"), required=False)

    def __init__(self, *args: Any, column: Column, letter: Letter, **kwargs: Any) -> None:
        self.initial_of = {
            "urgent": next(value for value, need in self._NEEDS.items() if need == letter.need),
            "topic": str(letter.topic_id or ""),
            "give": str(letter.given_to_id or ""),
        }
        super().__init__(*args, initial=self.initial_of, **kwargs)
        self._choose("topic", [("", _("No topic")), *((str(topic.pk), topic.name) for topic in column.topics.all())])
        self._choose("give", [("", _("Nobody: it is everybody's")), *colleagues(column)])

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - it is declared above
        field.choices = choices

    @property
    def acts(self) -> list[tuple[str, forms.BoundField, str]]:
        """Return each act with its field and the label of its button."""
        labels = {"urgent": _("Mark it"), "topic": _("Set the topic"), "give": _("Give it")}
        return [(act, self[act], label) for act, label in labels.items()]

    def need(self) -> Need:
        """Return the value of the mark ``urgent``."""
        return self._NEEDS[self.cleaned_data["urgent"]]

    def value(self) -> int | None:
        """Return the value of another mark: the id of a topic or person, or ``None``."""
        value = self.cleaned_data[self.cleaned_data["act"]]
        return int(value) if value else None

    def detail(self) -> str | None:
        """Return the name of the topic or person; "" where the mark is removed, ``None`` for ``urgent``."""
        act = self.cleaned_data["act"]
        if act == "urgent":
            return None
        field = self.fields[act]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - it is declared above
        choices: dict[str, str] = dict(field.choices)  # type: ignore[arg-type]
        return choices[self.cleaned_data[act]] if self.cleaned_data[act] else ""


class SaveViewForm(DeskForm):
    """The name of a saved view, and whether colleagues see it."""

    name = forms.CharField(label=gettext_lazy("Name of this view"), max_length=60)
    shared = forms.BooleanField(label=gettext_lazy("Show it to everybody at the desk"), required=False)


def colleagues(column: Column) -> list[tuple[str, str]]:
    """Return the id and name of everybody whose seat opens letters of the column."""
    return [(str(pk), name) for pk, name in access.readers(column).values_list("pk", "name")]


#: The placeholders of a text: the column's help lines, answers similar to the letter, its topic, and its pen name.
_HELP_LINES, _ANSWERS, _TOPIC, NAME = "{help lines}", "{answers}", "{topic}", "{name}"
_FILLED = re.compile(r"(?P<before>(?:\r?\n)*)\{(?P<what>answers|topic|name)\}")
_MANY = gettext_lazy("""\
Thank you for writing to us about {topic}. We have read it with care. More letters reach us than we can answer, and \
yours is one we cannot take up. That says nothing about how much it matters. A nurse or a doctor near you can give it \
the time it deserves, and you may show them what you wrote to us.""")
_OUTSIDE = gettext_lazy("""\
Thank you for trusting us with this. Your question needs somebody who can examine you or knows your papers, and a \
column cannot do that well. Please take it to a clinic or a doctor near you. What you wrote to us is a good way to \
begin that talk.""")
_NOW = gettext_lazy("""\
Thank you for telling us. What you describe should not wait for a column. Please talk to somebody today. You do not \
have to know what to say. These people answer:

{lines}""")
_ANSWERED = gettext_lazy("""\
Thank you for your letter. Somebody asked us nearly the same before, and the answer is in the column. We hope that it \
helps you as well.""")
_BODIES = [
    ("many", gettext_lazy("Too many letters"), _MANY),
    ("outside", gettext_lazy("Not ours to answer"), _OUTSIDE),
    ("now", gettext_lazy("Somebody should talk to you now"), _NOW),
    ("answered", gettext_lazy("Already answered"), _ANSWERED),
    ("language", gettext_lazy("A language we do not read"), gettext_lazy(language.DECLINE)),
]
_WAITS_NOT = gettext_lazy("If it cannot wait, please talk to somebody today. These people answer:")
_NEAR = gettext_lazy("These answers in the column are near to what you ask; one of them may help you meanwhile:")
_POINT = gettext_lazy("""\
Thank you for your letter. Somebody asked us nearly the same before, and the answer is in the column. We hope that it \
helps you as well:

{article}

If it leaves something open, write to us here: we read it.""")


def decline_texts(
    column: Column, pen_name: str, near: Sequence[Article], topic: str = "", *, urgent: bool = False
) -> list[tuple[str, str, str]]:
    """Return the texts that a decline can begin with, as name, title, text: the column's own, then the built-in ones.

    ``near``: answers of the column that are similar to the letter. Placeholders are filled in, and the answers are
    added to the built-in texts. For an urgent letter the text about help now comes first, and each has the help lines.
    """
    bodies = _declines(column, answers=bool(near), urgent=urgent)
    texts = _around(column, pen_name, bodies)
    with columns_language.of(column):
        return [(name, title, filled_in(text, pen_name, near, topic)) for name, title, text in texts]


def texts_for_many(column: Column, *, urgent: bool = False) -> list[tuple[str, str, str]]:
    """Return the texts of ``decline_texts`` with their placeholders, for ``filled_in`` to fill in for each letter."""
    return _around(column, NAME, _declines(column, answers=True, urgent=urgent))


def filled_in(text: str, pen_name: str, near: Sequence[Article], topic: str) -> str:
    """Return the text with its placeholders filled in for one letter, in one pass: a placeholder in a pen name stays
    text."""
    values = {"name": pen_name or _("friend"), "topic": f"“{topic}”" if topic else _("this"), "answers": ""}
    if near:
        values["answers"] = "\n".join([str(_NEAR), *(f"- {address(article)}" for article in near)])

    def value_of(match: re.Match[str]) -> str:
        value = values[match["what"]]
        return match["before"] + value if value else ""

    return _FILLED.sub(value_of, text)


def _declines(column: Column, *, answers: bool, urgent: bool) -> list[tuple[str, str, str]]:
    """Return the texts of a decline without greeting and sign-off. ``answers``: add that placeholder to the built-in
    ones."""
    titles = {name: str(title) for name, title, body in _BODIES}
    with columns_language.of(column):
        bodies = [(name, titles[name], body.format(lines=_HELP_LINES, topic=_TOPIC)) for name, title, body in _BODIES]
    if answers:
        bodies = [(name, title, f"{body}\n\n{_ANSWERS}" if name != "now" else body) for name, title, body in bodies]
    bodies = _own(column, LetterTemplate.Kind.DECLINE) + bodies
    if urgent:
        bodies = [(name, title, with_help_lines(column, body)) for name, title, body in bodies]
        bodies.sort(key=lambda body: body[0] != "now")
    return bodies


def with_help_lines(column: Column, body: str) -> str:
    """Return the body with the placeholder of the help lines, added at the end where it has none."""
    with columns_language.of(column):
        return body if _HELP_LINES in body else f"{body}\n\n{_WAITS_NOT}\n\n{_HELP_LINES}"


def pointing_text(column: Column, pen_name: str, article: Article, *, urgent: bool = False) -> str:
    """Return the text that a message with the address of an article begins with; with help lines if ``urgent``."""
    with columns_language.of(column):
        body = _POINT.format(article=address(article))
    return _around(column, pen_name, [("", "", with_help_lines(column, body) if urgent else body)])[0][2]


def address(article: Article) -> str:
    """Return the headline and the absolute URL of an article."""
    return f"{article.headline}: {settings.SITE_URL}{article.get_absolute_url()}"


def letter_texts(column: Column, kind: LetterTemplate.Kind, pen_name: str) -> list[tuple[str, str, str]]:
    """Return the column's own templates of a kind: name, title, text."""
    return _around(column, pen_name, _own(column, kind))


def _own(column: Column, kind: LetterTemplate.Kind) -> list[tuple[str, str, str]]:
    templates = LetterTemplate.objects.filter(column=column, kind=kind)
    return [(f"own-{template.pk}", template.title, template.text) for template in templates]


def _around(column: Column, pen_name: str, bodies: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """Return each body with greeting and sign-off, and the column's help lines in place of their placeholder."""
    with columns_language.of(column):
        greeting = _("Dear %(pen_name)s,") % {"pen_name": pen_name} if pen_name else _("Hello,")
    close = column.sign_off or column.title
    has_help_lines = any(_HELP_LINES in body for name, title, body in bodies)
    lines = "\n".join(_line(help_line) for help_line in column.help_lines.all()) if has_help_lines else ""
    return [
        (name, title, f"{greeting}\n\n{body.replace(_HELP_LINES, lines)}\n\n{close}") for name, title, body in bodies
    ]


def _line(help_line: HelpLine) -> str:
    country = f" ({countries.name(help_line.country)})" if help_line.country else ""
    return f"- {help_line.name}{country}: {help_line.number or help_line.url or help_line.about}"
