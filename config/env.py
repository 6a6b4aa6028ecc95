"""Typed environment variables. A missing or malformed value stops the start with the name of the variable."""

import contextlib
import datetime as dt
import os
import secrets
from pathlib import Path
from typing import Literal

import environ
from django.core.exceptions import ImproperlyConfigured

Process = Literal["both", "public", "desk", "worker"]
PROCESSES: tuple[Process, ...] = ("both", "public", "desk", "worker")

_env = environ.Env()


def text(name: str, default: str = "") -> str:
    return str(_env.str(name, default=default))


def flag(name: str, *, default: bool) -> bool:
    try:
        return bool(_env.bool(name, default=default))
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must be true or false") from error


def names(name: str, default: list[str]) -> list[str]:
    return [item.strip() for item in _env.list(name, default=default) if item.strip()]


def path(name: str, default: Path) -> Path:
    return Path(text(name) or default)


def day(name: str) -> dt.datetime | None:
    """The beginning of a day written as YYYY-MM-DD, in UTC; ``None`` where it is not set."""
    value = text(name)
    try:
        return dt.datetime.combine(dt.date.fromisoformat(value), dt.time(), dt.UTC) if value else None
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must be a day, for example 2030-12-31") from error


def process() -> Process:
    """The kind of this process, which decides the URLs served and the keys available."""
    value = text("STEADY_PROCESS", "both")
    for known in PROCESSES:
        if value == known:
            return known
    raise ImproperlyConfigured(f"STEADY_PROCESS must be one of {', '.join(PROCESSES)}")


def database(default: str) -> dict[str, object]:
    """DATABASE_URL as Django's setting, for example ``postgres://user:password@host/name`` or
    ``sqlite:///var/x.sqlite3``."""
    return dict(_env.db_url("DATABASE_URL", default=default))


def secret(name: str, *, folder: Path | None) -> str:
    """A secret of at least 32 characters from the environment, or from a file in ``folder``, if given.

    The file is made on first use, readable by its owner alone; processes that start together get the same value.
    Production gives no folder, so a missing secret stops the start.
    """
    value = text(name)
    if value:
        if len(value) < 32:
            raise ImproperlyConfigured(f"{name} must have at least 32 characters")
        return value
    if folder is None:
        raise ImproperlyConfigured(f"{name} is not set; .env.example says how to make one")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = folder / name.lower()
    if not file.exists():
        fresh = folder / f".{name.lower()}.{secrets.token_hex(8)}"
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
            handle.write(secrets.token_urlsafe(48))
        # a hard link is atomic, and fails where another process was first
        with contextlib.suppress(FileExistsError):
            os.link(fresh, file)
        fresh.unlink()
    return file.read_text()
