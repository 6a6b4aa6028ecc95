"""The form of a backup's file: gzip over lines of JSON, the first a header and the last a trailer.

The header says what the file is: which of the two (``file``), of which backup (``pair``, the same in both), when, of
which site, and the newest migration of each app (``schema``). The trailer has the number of lines between them and an
HMAC over every byte before it, under a key that is derived from ``AUDIT_SECRET``: what was changed, cut, added or
written by another site does not fit.

Files are read as a stream, with limits that no backup of a site comes near, so that a file of a few kilobytes that
unpacks to gigabytes needs neither memory nor hours. Files of versions before have no header; they are read at the
operator's word alone.
"""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import hmac
import io
import json
import os
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

#: The edition of this form, under which a header can be told from a row.
EDITION = 1
_NAME = "backup"
#: A request has at most one MiB, so no row comes near this.
LONGEST_LINE = 8 * 1024**2
MOST_LINES = 50_000_000
MOST_BYTES = 16 * 1024**3


class CannotRestore(Exception):
    """``str()`` is a sentence for the operator."""


class NoSecret(Exception):
    """This process was not given ``AUDIT_SECRET``, which files are proved with."""


@dataclass(frozen=True)
class Header:
    file: str
    pair: str
    at: dt.datetime
    site: str
    schema: dict[str, str]


def _key(label: str) -> bytes:
    if not settings.AUDIT_SECRET:
        raise NoSecret("AUDIT_SECRET is not set, and backups are proved with it; .env.example says what it is.")
    return HKDF(SHA256(), 32, None, f"steady hands: backup, {label}".encode()).derive(settings.AUDIT_SECRET.encode())


def this_site() -> str:
    """The name of the site in a header, which says nothing without the secret."""
    return _key("site").hex()[:16]


# --- writing ---------------------------------------------------------------------------------------------------------


class _Counted(io.TextIOBase):
    """A stream of text whose bytes are added up by an HMAC and whose lines are counted."""

    def __init__(self, out: io.BufferedWriter[Any]) -> None:
        self._out, self.lines = out, 0
        self.digest = hmac.new(_key("file"), digestmod=hashlib.sha256)

    def write(self, text: str) -> int:
        raw = text.encode()
        self.digest.update(raw)
        self.lines += raw.count(b"\n")
        return self._out.write(raw)


def write(path: Path, header: Header, rows: Callable[[io.TextIOBase], None]) -> None:
    """Write a file (mode 0600, atomically). ``rows`` writes its lines to the stream."""
    unfinished = path.with_suffix(".unfinished")
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as raw:
        with gzip.GzipFile("", "wb", fileobj=raw) as packed, io.BufferedWriter(packed, 1024**2) as buffered:
            out = _Counted(buffered)
            out.write(json.dumps({_NAME: EDITION, **asdict(header), "at": header.at.isoformat()}) + "\n")
            rows(out)
            trailer = {"lines": out.lines - 1, "hmac": out.digest.hexdigest()}
            buffered.write(json.dumps(trailer).encode() + b"\n")
        raw.flush()
        os.fsync(raw.fileno())
    unfinished.replace(path)


# --- reading ---------------------------------------------------------------------------------------------------------


class DumpFile:
    """A file to be read. Each walk over it gives its lines, and raises ``CannotRestore`` by its end at the latest where
    the file is not whole; so nothing that was read is to be kept before the end.

    ``header`` is ``None`` for a file of an earlier version. ``unproven``: neither header nor HMAC is asked for.
    """

    def __init__(self, path: Path, file: str, *, unproven: bool) -> None:
        self.path, self._unproven = path, unproven
        self.header = self._read_header()
        if self.header is None and not unproven:
            raise CannotRestore(
                f"{path.name} does not begin as a backup does: an earlier version wrote it, or it is none. Nothing in"
                " it says whose it is and whether it is whole. Where you know both, restore with --unproven."
            )
        if self.header is not None and self.header.file != file:
            raise CannotRestore(f"{path.name} is the {self.header.file} file of a backup, not the {file} file.")
        if self.header is not None and self.header.site != this_site() and not unproven:
            raise CannotRestore(
                f"{path.name} is of another site, or AUDIT_SECRET (of the worker: SECRET_KEY) was another one when it"
                " was written. Put the secret of then back; where it is lost and you know the file, restore with"
                " --unproven."
            )

    @property
    def schema(self) -> dict[str, str] | None:
        return self.header.schema if self.header else None

    def _read_header(self) -> Header | None:
        with self._sentences():
            for line in self._raw():
                said = _parsed(line)
                if _NAME not in said:
                    return None
                if said.pop(_NAME) != EDITION:
                    raise CannotRestore(f"{self.path.name} was written by a newer version of this software.")
                return Header(**{**said, "at": dt.datetime.fromisoformat(said["at"])})
            raise EOFError

    def __iter__(self) -> Iterator[dict[str, Any]]:
        with self._sentences():
            yield from self._lines()

    def _lines(self) -> Iterator[dict[str, Any]]:
        raw = self._raw()
        if self.header is None:
            yield from map(_parsed, raw)
            return
        digest = hmac.new(_key("file"), digestmod=hashlib.sha256)
        digest.update(next(raw))
        for number, line in enumerate(raw):
            said = _parsed(line)
            if "hmac" in said:
                self._check(said, number, digest.hexdigest())
                if next(raw, None) is not None:
                    raise CannotRestore(f"{self.path.name} goes on after its end.")
                return
            digest.update(line)
            yield said
        raise EOFError

    def _check(self, trailer: dict[str, Any], lines: int, digest: str) -> None:
        if trailer.get("lines") != lines:
            raise CannotRestore(f"{self.path.name} has {lines} lines, and {trailer.get('lines')} were written.")
        if not self._unproven and not hmac.compare_digest(str(trailer["hmac"]), digest):
            raise CannotRestore(f"{self.path.name} was changed after it was written.")

    def _raw(self) -> Iterator[bytes]:
        read = 0
        with gzip.open(self.path, "rb") as packed:
            for _ in range(MOST_LINES):
                line = packed.readline(LONGEST_LINE + 1)
                read += len(line)
                if len(line) > LONGEST_LINE or read > MOST_BYTES:
                    break
                if not line:
                    return
                yield line
        raise CannotRestore(f"{self.path.name} unpacks to more than any backup of this site holds.")

    @contextmanager
    def _sentences(self) -> Iterator[None]:
        try:
            yield
        except FileNotFoundError as error:
            raise CannotRestore(f"There is no file {self.path}.") from error
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise CannotRestore(f"{self.path.name} is cut short, or damaged.") from error
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise CannotRestore(f"{self.path.name} holds a line that no backup has.") from error


def _parsed(line: bytes) -> dict[str, Any]:
    said = json.loads(line)
    if not isinstance(said, dict) or not line.endswith(b"\n"):
        raise ValueError
    return said
