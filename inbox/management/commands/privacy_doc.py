"""``manage.py privacy_doc``: docs/privacy.md, written from the promises of the public page."""

from __future__ import annotations

import argparse
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from inbox.writer import privacy_promises

PATH = settings.BASE_DIR / "docs" / "privacy.md"
_HEAD = """# What is promised to letter writers, and what holds it

Written by `manage.py privacy_doc` from `inbox/writer/privacy_promises.toml`; `make check` fails when the two differ.
The left column is the public page at `/privacy/`, word for word. Each sentence is held by the test beside it; the
suite fails when that
test is missing. What is *not* protected stands in SECURITY.md.
"""


class Command(BaseCommand):
    help = "Write docs/privacy.md from the promises; with --check, say whether it is up to date."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; fail where the file differs")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["check"]:
            if not PATH.exists() or PATH.read_text() != document():
                raise CommandError(
                    "docs/privacy.md is not what inbox/writer/privacy_promises.toml says; run manage.py privacy_doc."
                )
            return
        PATH.write_text(document())
        self.stdout.write("docs/privacy.md is written.")


def document() -> str:
    """The whole document, in Markdown."""
    parts = [_HEAD]
    for section in privacy_promises.sections():
        parts += [f"## {section.title}\n", "| the page says | held by | seen |", "| --- | --- | --- |"]
        parts += [
            f"| {promise.says} | `{promise.test.replace('tests/', '', 1)}` | {promise.figure or '–'} |"
            for promise in section.promises
        ]
        parts.append("")
    parts += ["## Figures\n", "| what | wanted | reached | shown by |", "| --- | --- | --- | --- |"]
    parts += [f"| {one.claim} | {one.wanted} | {one.reached} | {one.by} |" for one in privacy_promises.figures()]
    return "\n".join([*parts, ""])
