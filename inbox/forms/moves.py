"""The forms of the inbox. They validate what somebody at the desk typed; they save nothing."""

from __future__ import annotations

from django import forms

from columns.models import Column
from inbox.forms.desk_form import DeskForm
from inbox.intake import MAX_CHARACTERS


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
    """Texts to begin a kind decline with: name, title, text. The column's help lines are filled in."""
    greeting = f"Dear {pen_name}," if pen_name else "Hello,"
    lines = "\n".join(f"- {line.name}: {line.number or line.url or line.about}" for line in column.help_lines.all())
    close = column.sign_off or column.title
    return [(name, title, f"{greeting}\n\n{body.format(lines=lines)}\n\n{close}") for name, title, body in _BODIES]
