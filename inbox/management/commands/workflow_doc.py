"""``manage.py workflow_doc [--check]``: ``docs/workflow.md``, printed from the table of moves."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, TypeVar

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from inbox.workflow import DRAFT_MOVES, LETTER_ENDS, LETTER_MOVES, Move

S = TypeVar("S", bound=StrEnum)
PATH = settings.BASE_DIR / "docs" / "workflow.md"

_HEAD = """\
# The moves of a letter and of a draft

Written by `manage.py workflow_doc` from `inbox/workflow.py`; `make check` fails when the two differ. A move that is not
here is refused with a sentence that says why. “Who” names the seats whose holders are offered the move; where it says
“nobody at the desk”, the letter writer or the site itself makes it, or it follows from another move.
"""


class Command(BaseCommand):
    help = "Write docs/workflow.md from the table of moves; with --check, say whether it is up to date."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; fail where the file differs")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["check"]:
            if not PATH.exists() or PATH.read_text() != document():
                raise CommandError("docs/workflow.md is not what inbox/workflow.py says; run manage.py workflow_doc.")
            return
        PATH.write_text(document())
        self.stdout.write("docs/workflow.md is written.")


def document() -> str:
    """The whole document, in Markdown."""
    ends = ", ".join(sorted(status.value for status in LETTER_ENDS))
    letter = f"Its states of the end, in which the desk or the writer has said the last word: {ends}.\n"
    return "\n".join([_HEAD, "## Letter\n", letter, *_table(LETTER_MOVES), "", "## Draft\n", *_table(DRAFT_MOVES), ""])


def _table(moves: Mapping[str, Move[S]]) -> list[str]:
    rows = ["| move | from | to | button | who | undone by |", "| --- | --- | --- | --- | --- | --- |"]
    for name, move in moves.items():
        sources = ", ".join(_words(status) for status in type(move.target) if status in move.sources)
        who = ", ".join(sorted(role.value for role in move.roles)) or "nobody at the desk"
        cells = [_words(name), sources, _words(move.target), move.label, who, _words(move.back) or "–"]
        rows.append(f"| {' | '.join(cells)} |")
    return rows


def _words(name: str) -> str:
    return name.replace("_", " ")
