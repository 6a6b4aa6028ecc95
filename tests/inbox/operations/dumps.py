"""Reads and changes files of backups for tests."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from inbox.operations.backups import dump_file

Lines = list[dict[str, Any]]


def lines(path: Path) -> Lines:
    """All lines of a file, with header and trailer."""
    return [json.loads(line) for line in gzip.decompress(path.read_bytes()).decode().splitlines()]


def write(path: Path, changed: Lines) -> None:
    path.write_bytes(gzip.compress("".join(json.dumps(line) + "\n" for line in changed).encode()))


def change(path: Path, act: Callable[[Lines], Lines]) -> None:
    """Change the lines of a file, by somebody who has no secret: all other lines stay, to the byte."""
    raw = gzip.decompress(path.read_bytes()).decode().splitlines()
    known = list(zip(lines(path), raw, strict=True))
    said = [next((text for one, text in known if one == line), json.dumps(line)) for line in act(lines(path))]
    path.write_bytes(gzip.compress("".join(text + "\n" for text in said).encode()))


def as_of_an_earlier_version(path: Path, act: Callable[[Lines], Lines] = lambda found: found) -> None:
    """The file as a version without header and trailer would have written it, after ``act``."""
    write(path, act(lines(path)[1:-1]))


def sign(path: Path, header: dump_file.Header, found: Lines) -> None:
    """The file as this site would have written it under the header."""

    def rows(out: io.TextIOBase) -> None:
        out.writelines(json.dumps(line) + "\n" for line in found)

    dump_file.write(path, header, rows)
