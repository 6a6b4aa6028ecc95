"""The forms of the inbox. They validate what somebody at the desk typed; they save nothing."""

from __future__ import annotations

from django import forms

from columns import countries
from columns.models import Column, HelpLine
from inbox.forms.desk_form import DeskForm
from inbox.intake import MAX_CHARACTERS
from inbox.models import LetterTemplate


def _text(label: str, help_text: str, *, least: int, rows: int) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        min_length=least,
        max_length=MAX_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": rows, "dir": "auto"}),
    )


class AskForm(DeskForm):
    """A question to the letter writer."""

    text = _text("Ask the writer", "They find it with their receipt.", least=3, rows=3)


class NoteForm(DeskForm):
    """An internal remark."""

    text = _text("Note for the desk", "The writer never sees it.", least=1, rows=2)


class DeclineForm(DeskForm):
    """Why a letter is not chosen, as its writer will read it."""

    text = _text(
        "What the writer reads", "Change it until it is yours. Every letter gets a written end.", least=40, rows=12
    )


class ReplyForm(DeskForm):
    """A private answer."""

    text = _text("Your answer", "Only the writer can read it, with their receipt.", least=40, rows=16)


#: Where this stands in a text, the column's help lines are put.
_HELP_LINES = "{help lines}"
_MANY = """\
Thank you for your letter. We have read it with care. More letters reach us than we can answer, and yours is one we \
cannot take up. That says nothing about how much it matters. A nurse or a doctor near you can give it the time it \
deserves, and you may show them what you wrote to us."""
_OUTSIDE = """\
Thank you for trusting us with this. Your question needs somebody who can examine you or knows your papers, and a \
column cannot do that well. Please take it to a clinic or a doctor near you. What you wrote to us is a good way to \
begin that talk."""
_NOW = """\
Thank you for telling us. What you describe should not wait for a column. Please talk to somebody today. You do not \
have to know what to say. These people answer:

{lines}"""
_ANSWERED = """\
Thank you for your letter. Somebody asked us nearly the same before, and the answer is in the column. We hope that it \
helps you as well."""
_BODIES = [
    ("many", "Too many letters", _MANY),
    ("outside", "Not ours to answer", _OUTSIDE),
    ("now", "Somebody should talk to you now", _NOW),
    ("answered", "Already answered", _ANSWERED),
]


def decline_texts(column: Column, pen_name: str) -> list[tuple[str, str, str]]:
    """Texts to begin a kind decline with: name, title, text. The column's own come first, then the built-in ones."""
    bodies = [(name, title, body.format(lines=_HELP_LINES)) for name, title, body in _BODIES]
    return _around(column, pen_name, _own(column, LetterTemplate.Kind.DECLINE) + bodies)


def letter_texts(column: Column, kind: LetterTemplate.Kind, pen_name: str) -> list[tuple[str, str, str]]:
    """The column's own texts of a kind, to begin a letter with: name, title, text."""
    return _around(column, pen_name, _own(column, kind))


def _own(column: Column, kind: LetterTemplate.Kind) -> list[tuple[str, str, str]]:
    found = LetterTemplate.objects.filter(column=column, kind=kind)
    return [(f"own-{one.pk}", one.title, one.text) for one in found]


def _around(column: Column, pen_name: str, bodies: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """Each body with greeting, sign-off and, where it asks for them, the column's help lines."""
    greeting = f"Dear {pen_name}," if pen_name else "Hello,"
    close = column.sign_off or column.title
    asked = any(_HELP_LINES in body for _, _, body in bodies)
    lines = "\n".join(_line(one) for one in column.help_lines.all()) if asked else ""
    return [
        (name, title, f"{greeting}\n\n{body.replace(_HELP_LINES, lines)}\n\n{close}") for name, title, body in bodies
    ]


def _line(one: HelpLine) -> str:
    country = f" ({countries.name(one.country)})" if one.country else ""
    return f"- {one.name}{country}: {one.number or one.url or one.about}"
