"""What screening needs is loaded with a web server, and with nothing else."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from inbox.screening import concerns, details, language, phrases, spam, warm

ROOT = Path(__file__).resolve().parents[3]


def test_after_it_a_letter_loads_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    warm.begin().join()
    compiled = phrases.phrases()
    assert all("pattern" in vars(phrase) for phrase in compiled)

    def fails(*anything: object) -> None:
        raise AssertionError("a list is read with the letter")

    monkeypatch.setattr("inbox.screening.lexicons.tomllib.loads", fails)
    monkeypatch.setattr("inbox.screening.encoder.importlib.import_module", fails)
    text = "Bob from Oslo hit me and I am 15. Where can I go?"
    assert {one.kind for one in concerns.find_concerns(text)} >= {"minor", "abuse"}
    assert details.find_details(text)
    assert language.code(text) == "en"
    assert not spam.judge(text).suspect
    assert phrases.phrases() is compiled


def test_a_thread_that_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warm, "warm", lambda: None)
    assert warm.begin().daemon


@pytest.mark.parametrize(("module", "begun"), [("config.wsgi", True), ("config.celery", False), ("manage", False)])
def test_it_begins_with_the_web_server_alone(module: str, begun: bool, tmp_path: Path) -> None:
    code = (
        "import os, threading; os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'config.settings'); import django;"
        f" django.setup(); import {module}; print([one.name for one in threading.enumerate()])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={"STEADY_DEMO": "1", "STEADY_VAR": str(tmp_path), "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ("'warm'" in done.stdout) is begun
