"""A wrong deployment is stopped by a system check that has an id and says what to do."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.checks import CheckMessage, registry, run_checks
from pytest_django import Settings

from tests.config.test_env import PRODUCTION


def found(*, deploy: bool = False) -> set[str]:
    """The ids of our own checks that complain about the settings as they are."""
    messages: list[CheckMessage] = run_checks(include_deployment_checks=deploy, tags=["security"])
    ours = [message for message in messages if str(message.id).startswith("steady.")]
    assert all(message.hint for message in ours), "each says what to do"
    return {str(message.id) for message in ours}


def test_the_demonstration_is_fine_as_it_is() -> None:
    assert found(deploy=True) == set()


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"ALLOWED_HOSTS": ["localhost", "column.example"]}, "steady.E001"),
        ({"ALLOWED_HOSTS": ["*"]}, "steady.E001"),
        ({"DEMO": False, "DEBUG": True, "SITE_URL": "https://column.example"}, "steady.E002"),
        ({"DEMO": False, "SITE_URL": "http://column.example"}, "steady.E003"),
        ({"DEMO": False, "SITE_URL": ""}, "steady.E003"),
        ({"RECEIPT_SALT": "x" * 40, "RECEIPT_PEPPER": "x" * 40}, "steady.E004"),
        ({"SECRET_KEY": "x" * 50, "SIGN_IN_KEY": "x" * 50}, "steady.E004"),
    ],
)
def test_a_wrong_setting_is_an_error(settings: Settings, values: dict[str, Any], expected: str) -> None:
    for name, value in values.items():
        setattr(settings, name, value)
    assert expected in found()


def test_secrets_that_a_process_does_not_have_are_not_alike(settings: Settings) -> None:
    settings.RECEIPT_SALT = settings.RECEIPT_PEPPER = settings.FORM_SECRET = settings.SIGN_IN_KEY = ""
    assert found() == set()


def test_one_process_for_both_sides_is_a_warning_in_production(settings: Settings) -> None:
    settings.DEMO, settings.SITE_URL, settings.PROCESS = False, "https://column.example", "both"
    assert "steady.W001" in found(deploy=True)
    assert found() == set(), "only when a deployment is checked"
    settings.PROCESS = "desk"
    assert "steady.W001" not in found(deploy=True)


def test_sqlite_is_a_warning_in_production(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.DEMO, settings.SITE_URL, settings.PROCESS = False, "https://column.example", "desk"
    monkeypatch.setitem(settings.DATABASES["default"], "ENGINE", "django.db.backends.sqlite3")
    assert "steady.W002" in found(deploy=True)
    monkeypatch.setitem(settings.DATABASES["default"], "ENGINE", "django.db.backends.postgresql")
    assert "steady.W002" not in found(deploy=True)


def test_every_check_is_tried_here() -> None:
    every: list[Any] = registry.registry.get_checks(include_deployment_checks=True)
    ours = {check.__name__ for check in every if check.__module__ == "config.checks"}
    assert ours == {
        "demo_stays_at_home",
        "no_debug_outside_the_demo",
        "site_has_an_address",
        "secrets_differ",
        "production_keeps_processes_apart",
    }


@pytest.mark.parametrize("process", ["public", "desk", "worker"])
def test_a_right_deployment_has_no_warning_at_all(tmp_path: Path, process: str) -> None:
    """The whole of Django's own deployment checks too, in a process of its own."""
    values = {
        **PRODUCTION,
        "SECRET_KEY": "aB3xY7" * 10,
        "STEADY_PROCESS": process,
        "DEFAULT_FROM_EMAIL": "a@column.example",
    }
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=settings.BASE_DIR,
        env={"PATH": os.defpath, "STEADY_VAR": str(tmp_path), **values},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout
