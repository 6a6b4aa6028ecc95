"""The promises of the public page about privacy: ``privacy_promises.toml``, each with the test that holds it."""

from __future__ import annotations

import functools
import tomllib
from dataclasses import dataclass
from pathlib import Path

PATH = Path(__file__).with_suffix(".toml")


@dataclass(frozen=True)
class Promise:
    """``test``: file and function, as pytest names them. ``figure``: the measured value, if any."""

    says: str
    test: str
    figure: str = ""


@dataclass(frozen=True)
class Section:
    title: str
    promises: tuple[Promise, ...]


@dataclass(frozen=True)
class Figure:
    """A measured value: the target, the result, and the tests and benchmarks that show it."""

    claim: str
    wanted: str
    reached: str
    by: str


@functools.cache
def figures() -> tuple[Figure, ...]:
    """Every figure of docs/privacy.md, in its order."""
    return tuple(Figure(**figure) for figure in tomllib.loads(PATH.read_text("utf-8"))["figure"])


@functools.cache
def sections() -> tuple[Section, ...]:
    """Every section of the page, in its order."""
    return tuple(
        Section(section["title"], tuple(Promise(**promise) for promise in section["promise"]))
        for section in tomllib.loads(PATH.read_text("utf-8"))["section"]
    )
