"""``manage.py load_letters FILE.csv``: letters from a table, taken as if they had been sent through the form."""

from __future__ import annotations

import argparse
import csv
import os
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from columns.models import Column
from inbox.crypto import receipts
from inbox.letters import intake
from inbox.models import NoKey

#: Names of a text column that are known, the likeliest first; capitals do not matter.
_KNOWN = ("text", "letter", "question", "chq")
#: Far above any letter, so that one that is too long is counted and does not stop the reading.
_LARGEST_CELL = 16 * 1024 * 1024


@dataclass(frozen=True)
class TableRow:
    """One row of the table: the line on which it begins, and its cells."""

    line: int
    cells: list[str]


@dataclass
class Report:
    """What became of the rows. Line numbers alone; nothing of any letter."""

    taken: int = 0
    last_line: int = 0
    refused: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))


class Command(BaseCommand):
    help = "Take letters from a CSV file. Each is private, and is taken in like one from the form."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.csv", help="UTF-8, names of columns first")
        parser.add_argument("--column", metavar="SLUG", help="the advice column; needed where there are several")
        parser.add_argument("--text-column", metavar="NAME", help="which of its columns holds the letters")
        parser.add_argument("--receipts", type=Path, metavar="FILE", help="a new file for the receipts")

    def handle(self, *args: Any, **options: Any) -> None:
        column = _column(options["column"])
        header, *rows = _read(options["file"])
        column_index = _text_column(header.cells, rows, options["text_column"])
        report, began = Report(), time.monotonic()
        with ExitStack() as stack:
            kept = stack.enter_context(_private_file(options["receipts"])) if options["receipts"] else None
            # whatever stops it half way: say how far it came, since the letters until there are kept
            stack.callback(lambda: self._tell(report, time.monotonic() - began))
            try:
                _take(column, header, rows, column_index, report, kept)
            except NoKey as error:
                raise CommandError(f"This column has no key yet. Run: manage.py make_keys {column.slug}") from error

    def _tell(self, report: Report, seconds: float) -> None:
        refused = sum(len(lines) for lines in report.refused.values())
        self.stdout.write(f"Taken: {report.taken}. Refused: {refused}. Last line: {report.last_line}.")
        for reason, lines in sorted(report.refused.items()):
            self.stdout.write(f"  {reason}: {len(lines)} (line {', '.join(map(str, lines))})")
        self.stdout.write(f"{seconds:.1f} seconds, {report.taken / max(seconds, 0.001):.0f} letters a second")


def _take(
    column: Column, header: TableRow, rows: list[TableRow], column_index: int, report: Report, kept: TextIO | None
) -> None:
    for row in rows:
        text, reason = _letter(row, column_index, len(header.cells))
        if reason:
            report.refused[reason].append(row.line)
        else:
            taken = intake.take(column, intake.Words(text=text), nonce=intake.new_nonce(), at=timezone.now())
            report.taken += 1
            if kept:
                kept.write(f"{row.line}\t{receipts.shown(taken.receipt)}\n")
                kept.flush()
        report.last_line = row.line


def _letter(row: TableRow, column_index: int, width: int) -> tuple[str, str]:
    """The tidied letter of a row, and why it is refused, if it is: the rules of the form."""
    if len(row.cells) > width:
        return "", "more cells than the first line has names"
    raw = row.cells[column_index] if column_index < len(row.cells) else ""
    if any("\udc80" <= character <= "\udcff" for character in raw):
        return "", "not UTF-8"
    text = intake.tidy(raw).strip()
    if not text:
        return "", "empty"
    if len(text) < intake.MIN_CHARACTERS:
        return "", f"shorter than {intake.MIN_CHARACTERS} characters"
    if len(text) > intake.MAX_CHARACTERS:
        return "", f"longer than {intake.MAX_CHARACTERS:,} characters"
    return text, ""


def _column(slug: str | None) -> Column:
    found = list(Column.objects.filter(slug=slug) if slug else Column.objects.for_readers()[:2])
    if not found:
        raise CommandError(f"There is no column with the address {slug}." if slug else "There is no column yet.")
    if len(found) > 1:
        raise CommandError("There are several columns. Say which one with --column.")
    return found[0]


def _read(path: Path) -> list[TableRow]:
    """All rows, the first line's first. The whole file is read before the first letter is taken."""
    before = csv.field_size_limit(_LARGEST_CELL)
    try:
        # bytes that are no UTF-8 are kept as lone surrogates, so that they cost one row and not the file
        with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as handle:
            rows = list(_rows(handle))
    except OSError as error:
        raise CommandError("The file cannot be read.") from error
    finally:
        csv.field_size_limit(before)
    if not rows:
        raise CommandError("The file is empty.")
    return rows


def _rows(handle: TextIO) -> Iterator[TableRow]:
    reader = csv.reader(handle, strict=True)
    line = 1
    try:
        for cells in reader:
            yield TableRow(line, cells)
            line = reader.line_num + 1
    except csv.Error as error:
        raise CommandError(f"The row that begins on line {line} is not CSV. Look at its quotation marks.") from error


def _text_column(names: list[str], rows: list[TableRow], wanted: str | None) -> int:
    """Which cell holds the letters: of the wanted name, a known name, or the first in which a row has a long text."""
    lowered = [name.strip().lower() for name in names]
    for name in [wanted.strip().lower()] if wanted else _KNOWN:
        if name in lowered:
            return lowered.index(name)
    if wanted:
        raise CommandError("The first line has no such name. Look at --text-column.")
    if any(len(name) >= intake.MIN_CHARACTERS for name in names):
        raise CommandError("The first line looks like a letter. Put a line with the names of the columns above it.")
    for column_index in range(len(names)):
        if any(len(row.cells) > column_index and len(row.cells[column_index]) >= intake.MIN_CHARACTERS for row in rows):
            return column_index
    raise CommandError("No column holds letters. Say which one does with --text-column.")


def _private_file(path: Path) -> TextIO:
    try:
        return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8")
    except OSError as error:
        raise CommandError("The file for the receipts must be a new one, in a folder that can be written.") from error
