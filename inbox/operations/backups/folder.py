"""The files of backups in a folder, by the moment in their names."""

from __future__ import annotations

import contextlib
import datetime as dt
from pathlib import Path

_STAMP = "%Y-%m-%dT%H%M%S"


def path(folder: Path, file: str, at: dt.datetime) -> Path:
    return folder / f"{file}-{at.astimezone(dt.UTC).strftime(_STAMP)}.jsonl.gz"


def site_dumps(folder: Path) -> list[Path]:
    """The site files of a folder, the newest last."""
    return _dated(folder, "site")


def keys_dumps(folder: Path) -> list[Path]:
    """The keys files of a folder, the newest last."""
    return _dated(folder, "keys")


def newest(paths: list[Path], at: dt.datetime) -> Path:
    """The newest of some paths in order; one with a future date, made by a wrong clock, only if there is no other."""
    return next((path for path in reversed(paths) if moment(path) <= at), paths[-1])


def moment(path: Path) -> dt.datetime:
    return dt.datetime.strptime(path.name.partition("-")[2].partition(".")[0], _STAMP).replace(tzinfo=dt.UTC)


def _dated(folder: Path, file: str) -> list[Path]:
    found = []
    for one in folder.glob(f"{file}-*.jsonl.gz"):
        with contextlib.suppress(ValueError):  # of another name: none of ours, which only --site can mean
            moment(one)
            found.append(one)
    return sorted(found)
