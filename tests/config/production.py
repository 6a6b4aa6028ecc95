"""The settings of a real site, for a test that runs in demonstration mode."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from config.env import Process
from tests.config.test_env import PRODUCTION

#: What the test run decides: where it keeps its state, and its database.
_OF_THE_RUN = ("DATABASES", "CACHES", "STORAGES", "VAR_DIR", "STATIC_ROOT", "CELERY_", "EMAIL_", "PASSWORD_", "LOGGING")
_SECRETS = ("SECRET_KEY", "RECEIPT_", "FORM_SECRET", "SIGN_IN_KEY", "DESK_KEY_DIR", "NOTICE_KEY_DIR")


def production(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, process: Process) -> dict[str, Any]:
    """Every setting of that process in production that this run may take over; the secrets stay the run's."""
    for name in ("STEADY_DEMO", "DEBUG"):
        monkeypatch.delenv(name, raising=False)
    values = {
        **PRODUCTION,
        "STEADY_PROCESS": process,
        "STEADY_VAR": str(tmp_path),
        "CLIENT_ADDRESS_HEADER": "X-Real-IP",
    }
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    read = runpy.run_path(str(settings.BASE_DIR / "config" / "settings.py"))
    return {
        name: value
        for name, value in read.items()
        if name.isupper() and not name.startswith((*_OF_THE_RUN, *_SECRETS)) and not name.startswith("_")
    }
