"""What a database can change carries the mark ``databases``, so that it runs on PostgreSQL and Redis too.

What can be changed is found in the code: in a test's own file, and in the module that the file is named for.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = settings.BASE_DIR
TESTS = ROOT / "tests"
#: In a test: raw SQL, commits, threads, a database's own refusals, and services started for the test.
IN_A_TEST = re.compile(
    r"\bcursor\(|\.raw\(|RunSQL|connection\.vendor|transaction=True|transactional_db|\bThread\(|\bat_once\("
    r"|\bIntegrityError\b|\bDatabaseError\b|MigrationExecutor|servers\.postgres\(|servers\.redis\("
)
#: In a module: the same, row locks, what is cached (in Redis), and dates that the database works out.
IN_A_MODULE = re.compile(
    r"\bcursor\(|\.raw\(|RawSQL|\.vendor\b|\bIntegrityError\b|\bDatabaseError\b|select_for_update"
    r"|django\.core\.cache import|\bTrunc\w*\(|\.dates\(|\.datetimes\("
)
MARKED = re.compile(r"^pytestmark = (?:\[\s*)?pytest\.mark\.databases\b", re.MULTILINE)
MARKED_ALONE = re.compile(r"@pytest\.mark\.databases\b|\bmarks=pytest\.mark\.databases\b")
#: Why a file may do without, though something above stands in it.
WITHOUT = {
    "test_marks.py": "its own patterns",
    "config/test_env.py": "its threads make files",
    "config/embedded/test_file_broker.py": "its threads make files",
    "config/test_logs.py": "its thread fails, and what it says is logged",
    # a browser's test commits because its server runs in another thread; the journey of a letter runs on both
    "browser/*": "what a browser shows; the statements behind it have tests of their own",
}


def files_with_tests() -> dict[str, str]:
    """Path below ``tests`` and text of every file with tests but those in ``WITHOUT``."""
    return {
        name: path.read_text()
        for path in sorted(TESTS.rglob("test_*.py"))
        if not any(Path(name := path.relative_to(TESTS).as_posix()).match(pattern) for pattern in WITHOUT)
        or name == "browser/test_journey.py"
    }


def modules_of(name: str) -> list[Path]:
    """The modules that a file of tests is named for: ``inbox/letters/test_x.py`` is for ``inbox/letters/x.py``."""
    folder, stem = Path(name).parent, Path(name).stem.removeprefix("test_")
    return [path for path in (ROOT / folder / f"{stem}.py", ROOT / folder / "models" / f"{stem}.py") if path.exists()]


def needs_the_mark(name: str, text: str) -> bool:
    return bool(IN_A_TEST.search(text)) or any(IN_A_MODULE.search(module.read_text()) for module in modules_of(name))


@pytest.fixture(scope="module")
def files() -> dict[str, str]:
    return files_with_tests()


@pytest.fixture(scope="module")
def needing(files: dict[str, str]) -> list[str]:
    return [name for name, text in files.items() if needs_the_mark(name, text)]


def marked(text: str) -> bool:
    return bool(MARKED.search(text) or MARKED_ALONE.search(text))


def test_what_needs_the_mark_is_found(files: dict[str, str], needing: list[str]) -> None:
    assert {"inbox/keys/test_keyring_races.py", "inbox/letters/test_rate_limits.py", "config/test_grants.py"} <= set(
        needing
    )
    assert 20 < len(needing) < len(files) / 2


def test_what_a_database_can_change_runs_on_both(files: dict[str, str], needing: list[str]) -> None:
    """Below its imports, each has ``pytestmark = pytest.mark.databases``, or marks single tests."""
    assert [name for name in needing if not marked(files[name])] == []


def test_every_journey_runs_on_both(files: dict[str, str]) -> None:
    journeys = [name for name in files if name.startswith("journeys/")]
    assert len(journeys) > 3
    assert [name for name in journeys if not marked(files[name])] == []
