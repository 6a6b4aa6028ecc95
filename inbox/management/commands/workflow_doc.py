"""``manage.py workflow_doc [--check]``: ``docs/workflow.md``, printed from the tables of verbs."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, TypeVar

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from inbox import shortcuts
from inbox.workflow import DRAFT_ACTS, DRAFT_MOVES, LETTER_ACTS, LETTER_ENDS, LETTER_MOVES, Move, Undo, Verb

S = TypeVar("S", bound=StrEnum)
PATH = settings.BASE_DIR / "docs" / "workflow.md"

_HEAD = """\
# The verbs of a letter and of a draft

Written by `manage.py workflow_doc` from `inbox/workflow/`; `make check` fails when the two differ. A move that is not
here is refused with a sentence that says why. “Who” names the seats whose holders are offered it; where it says “nobody
at the desk”, the letter writer or the site itself does it, or it follows from another verb. “Key” is the one that
everybody begins with.
"""
_UNDO = """\
## Taking something back

“Undo” stands beside what was just done, and beside each decision under “What I did”. Whoever made a decision about a
letter can take it back, as long as nobody has decided anything after it that stands in the way. What the writer would
read waits in the outbox, for ten minutes, or until the day is over where it was done at a draft; until then nothing has
left the desk, and afterwards it cannot be taken back any more. The tables say how, in these words:
"""
_WAYS = {
    Undo.MOVE: "**stands as before**: the letter stands where it stood.",
    Undo.SAID: "**before it is out**: so too, and its writer never reads what was said.",
    Undo.ASKED: "**taken from the outbox**: the message, while it waits there; its writer never reads it.",
    Undo.MARK: "**set as before**: the mark is what it was, as long as nobody has set it again.",
    Undo.NOTE: "**note removed**: the note, and nothing else.",
    Undo.BUNDLE: "**lies as before**: every letter concerned, as long as none was put elsewhere.",
    Undo.LOOK: "**looked at again**: somebody takes the second look after all.",
    Undo.STOPPED: "**declined after all**: with the same words.",
}


class Command(BaseCommand):
    help = "Write docs/workflow.md from the tables of verbs; with --check, say whether it is up to date."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; fail where the file differs")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["check"]:
            if not PATH.exists() or PATH.read_text() != document():
                raise CommandError("docs/workflow.md is not what inbox/workflow/ says; run manage.py workflow_doc.")
            return
        PATH.write_text(document())
        self.stdout.write("docs/workflow.md is written.")


def document() -> str:
    """The whole document, in Markdown."""
    ends = ", ".join(sorted(status.value for status in LETTER_ENDS))
    letter = f"Its states of the end, in which the desk or the writer has said the last word: {ends}.\n"
    by_hand = {verb: row for verb, row in LETTER_ACTS.items() if row.roles}
    others = {verb: row for verb, row in LETTER_ACTS.items() if not row.roles}
    parts: list[list[str]] = [
        [_HEAD],
        [_UNDO, *(f"- {way}" for way in _WAYS.values()), ""],
        ["## What moves a letter\n", letter, *_table(LETTER_MOVES), ""],
        ["## What is done to a letter where it stands\n", *_table(by_hand), ""],
        ["## What else its history says\n", *_table(others), ""],
        ["## What moves a draft\n", *_table(DRAFT_MOVES), ""],
        ["## What else the history of a draft says\n", *_table(DRAFT_ACTS), ""],
    ]
    return "\n".join(line for part in parts for line in part)


def _table(rows: Mapping[str, Verb[S]]) -> list[str]:
    names = ["verb", "from", "to", "button", "who", "taken back", "key", "page", "the history says"]
    lines = [f"| {' | '.join(names)} |", f"|{' --- |' * len(names)}"]
    for verb, row in rows.items():
        states = type(next(iter(row.sources)))
        sources = ", ".join(_words(status) for status in states if status in row.sources)
        target = _words(row.target) if isinstance(row, Move) else ""
        who = ", ".join(sorted(role.value for role in row.roles)) or "nobody at the desk"
        cells = [_words(verb), sources, target, row.label, who, _back(row), _key(verb, row), row.page, _said(row)]
        lines.append(f"| {' | '.join(cell or '–' for cell in cells)} |")
    return lines


def _back(row: Verb[S]) -> str:
    """How it is taken back, in the words of the list above the tables, or the verb that does it."""
    return _WAYS[row.undo].split("**")[1] if isinstance(row.undo, Undo) else _words(row.undo)


def _key(verb: str, row: Verb[S]) -> str:
    return shortcuts.defaults()[shortcuts.name_of(verb)] if row.shortcut else ""


def _said(row: Verb[S]) -> str:
    return row.sentence % {"letter": "L-…"}


def _words(name: str) -> str:
    return name.replace("_", " ")
