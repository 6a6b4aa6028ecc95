"""Where backups of a test lie, and what holds of every act."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import lock_order


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "dumps"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Iterator[None]:
    """Acts lock rows in one order. What fixtures make, often several acts in one transaction, is not looked at."""
    with lock_order.kept():
        return (yield)
