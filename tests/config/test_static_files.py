"""The collected static files, as a site serves them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

IMPORT = re.compile(r"""^import\s*(?:[^"']*\sfrom\s)?["'](.+?)["'];$""", re.MULTILINE)


@pytest.fixture
def collected(tmp_path: Path, settings: Any) -> Path:
    settings.STATIC_ROOT = str(tmp_path)
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "config.static_files.HashedStaticFilesStorage"},
    }
    call_command("collectstatic", "--noinput", verbosity=0)
    return tmp_path


def test_modules_import_each_other_by_the_names_that_pages_ask_for(collected: Path) -> None:
    """By two names a module would run twice, and the lock that a page loads would not be the one that scripts ask."""
    names: dict[str, str] = json.loads((collected / "staticfiles.json").read_text())["paths"]
    served = set(names.values())
    found = 0
    for name, hashed in names.items():
        if not name.startswith(("desk/", "writer/")) or not name.endswith(".js"):
            continue
        file = collected / hashed
        for imported in IMPORT.findall(file.read_text()):
            path = (file.parent / imported).resolve().relative_to(collected.resolve()).as_posix()
            assert path in served, (name, imported)
            found += 1
    assert found > 20
