"""The environment is read once, typed, and a wrong value stops the start."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from config import env

#: Enough for every process; single tests leave one out.
PRODUCTION = {
    "SECRET_KEY": "a" * 50,
    "RECEIPT_SALT": "b" * 40,
    "RECEIPT_PEPPER": "c" * 40,
    "FORM_SECRET": "d" * 40,
    "SIGN_IN_KEY": "e" * 40,
    "SITE_URL": "https://column.example",
    "ALLOWED_HOSTS": "column.example",
    "DATABASE_URL": "postgres://app@/app",
}


def start(tmp_path: Path, **values: str) -> subprocess.CompletedProcess[str]:
    """Import the settings in a new process with nothing but these values in its environment."""
    shown = "PROCESS, ROOT_URLCONF, bool(SIGN_IN_KEY), bool(RECEIPT_PEPPER), DEBUG"
    return subprocess.run(
        [sys.executable, "-c", f"from config.settings import *; print({shown})"],
        cwd=settings.BASE_DIR,
        env={"PATH": os.defpath, "STEADY_VAR": str(tmp_path / "var"), **values},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("name", ["SECRET_KEY", "RECEIPT_SALT", "RECEIPT_PEPPER", "FORM_SECRET", "SIGN_IN_KEY"])
def test_a_missing_secret_stops_the_desk_and_is_named(tmp_path: Path, name: str) -> None:
    values = {key: value for key, value in PRODUCTION.items() if key != name}
    done = start(tmp_path, STEADY_PROCESS="desk", **values)
    assert done.returncode != 0
    assert f"{name} is not set" in done.stderr
    assert not (tmp_path / "var").exists(), "production makes no secret up"


def test_a_short_secret_stops_the_start_and_is_not_printed(tmp_path: Path) -> None:
    done = start(tmp_path, **{**PRODUCTION, "RECEIPT_SALT": "too short to be one"})
    assert done.returncode != 0
    assert "RECEIPT_SALT must have at least 32 characters" in done.stderr
    assert "too short to be one" not in done.stderr


def test_the_public_process_starts_without_the_sign_in_key(tmp_path: Path) -> None:
    values = {key: value for key, value in PRODUCTION.items() if key != "SIGN_IN_KEY"}
    done = start(tmp_path, STEADY_PROCESS="public", **values)
    assert done.stdout.split(None, 1) == ["public", "config.urls_public False True False\n"], done.stderr


def test_the_worker_starts_without_what_makes_receipts(tmp_path: Path) -> None:
    kept = {"SECRET_KEY", "SITE_URL", "DATABASE_URL"}
    done = start(tmp_path, STEADY_PROCESS="worker", **{key: PRODUCTION[key] for key in kept})
    assert done.stdout == "worker config.urls False False False\n", done.stderr


@pytest.mark.parametrize("process", ["public", "worker"])
def test_a_process_that_may_not_have_the_sign_in_key_ignores_it(tmp_path: Path, process: str) -> None:
    done = start(tmp_path, STEADY_PROCESS=process, **PRODUCTION)
    assert done.stdout.split()[2] == "False", done.stderr


def test_an_unknown_process_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STEADY_PROCESS", "everything")
    with pytest.raises(ImproperlyConfigured, match="STEADY_PROCESS must be one of both, public, desk, worker"):
        env.process()


def test_a_flag_is_true_or_false(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEBUG", "on")
    assert env.flag("DEBUG", default=False) is True
    monkeypatch.setenv("DEBUG", "0")
    assert env.flag("DEBUG", default=True) is False
    monkeypatch.delenv("DEBUG")
    assert env.flag("DEBUG", default=True) is True


def test_names_are_trimmed_and_blanks_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALLOWED_HOSTS", "a.example, b.example,,")
    assert env.names("ALLOWED_HOSTS", []) == ["a.example", "b.example"]


def test_a_socket_in_the_database_url_is_understood(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://app@/name?host=/tmp/folder")
    found = env.database("sqlite:///unused")
    assert found["ENGINE"] == "django.db.backends.postgresql"
    assert (found["NAME"], found["USER"], found["OPTIONS"]) == ("name", "app", {"host": "/tmp/folder"})


def test_a_made_secret_is_kept_and_readable_by_its_owner_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FORM_SECRET", raising=False)
    folder = tmp_path / "secrets"
    made = env.secret("FORM_SECRET", folder=folder)
    assert len(made) >= 32
    assert env.secret("FORM_SECRET", folder=folder) == made
    assert stat.S_IMODE((folder / "form_secret").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [file.name for file in folder.iterdir()] == ["form_secret"]


def test_many_that_start_together_agree_on_a_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FORM_SECRET", raising=False)
    for round_ in range(20):
        found: list[str] = []
        gate = threading.Barrier(8)

        def ask(
            folder: Path = tmp_path / str(round_), gate: threading.Barrier = gate, found: list[str] = found
        ) -> None:
            gate.wait()
            found.append(env.secret("FORM_SECRET", folder=folder))

        threads = [threading.Thread(target=ask) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(found) == 8
        assert len(set(found)) == 1
        assert len(found[0]) >= 32


def test_the_example_names_every_setting_that_is_read() -> None:
    read: set[str] = set()
    for file in ("settings.py", "env.py"):
        text = (settings.BASE_DIR / "config" / file).read_text()
        read |= set(re.findall(r'(?:text|flag|names|path|secret|db_url)\("([A-Z][A-Z_]+)"', text))
    named = set(re.findall(r"^(?:# )?([A-Z][A-Z_]+)=", (settings.BASE_DIR / ".env.example").read_text(), re.MULTILINE))
    assert {"SECRET_KEY", "DATABASE_URL", "STEADY_PROCESS"} <= read
    assert read - named == set()
