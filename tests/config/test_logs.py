"""What comes into a log, whoever writes it: types, places and patterns, never a value."""

from __future__ import annotations

import io
import logging
import subprocess
import sys
from collections.abc import Iterator

import pytest
from django.conf import settings

from config.logs import PlacesOnly, Quiet
from tests.config.test_headers import ROOT

SECRET = "zanzibarquux"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What the production formatter makes of every record."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(PlacesOnly("%(levelname)s %(name)s %(message)s"))
    loggers = [logging.getLogger(name) for name in ("", "django.request")]
    for logger in loggers:
        logger.addHandler(handler)
    yield stream
    for logger in loggers:
        logger.removeHandler(handler)


def fail() -> None:
    raise ValueError(SECRET)


def test_our_own_messages_are_written_out(written: io.StringIO) -> None:
    logging.getLogger("inbox.letters.notices").warning("a notice could not be sent: %s", "SMTPException")
    assert written.getvalue() == "WARNING inbox.letters.notices a notice could not be sent: SMTPException\n"


@pytest.mark.parametrize("name", ["celery.app.trace", "kombu", "allauth", "urllib3", "py.warnings", "inboxes", ""])
def test_other_peoples_messages_lose_their_values(written: io.StringIO, name: str) -> None:
    logger = logging.getLogger(name)
    logger.warning("could not mail %s", SECRET)
    logger.warning(f"could not mail {SECRET}")  # noqa: G004 - as some libraries do
    logger.error(ValueError(SECRET))
    said = written.getvalue()
    assert SECRET not in said
    assert "could not mail %s (" in said
    assert said.count(__file__) == 3


@pytest.mark.parametrize("name", ["inbox.tasks", "django.request", "celery.app.trace"])
def test_an_exception_is_its_type_and_places(written: io.StringIO, name: str) -> None:
    try:
        fail()
    except ValueError:
        logging.getLogger(name).exception("it failed", stack_info=True)
    said = written.getvalue()
    assert "ValueError" in said
    assert " fail\n" in said
    assert SECRET not in said


def test_what_fails_outside_of_django_is_an_empty_page(caplog: pytest.LogCaptureFixture) -> None:
    told = []

    def application(environ: object, start_response: object) -> list[bytes]:
        raise ValueError(SECRET)

    body = Quiet(application)({}, lambda status, headers: told.append((status, dict(headers))))  # type: ignore[arg-type]
    assert b"".join(body) == b""
    ((status, headers),) = told
    assert status == "500 Internal Server Error"
    assert headers["Cache-Control"] == "no-store"
    assert [record.name for record in caplog.records] == ["config.logs"]


OUTSIDE = f"""
import sys, threading, warnings, logging
import {{module}}
warnings.warn("{SECRET}")
logging.getLogger("nobody.hears").propagate = False
try:
    raise ValueError("{SECRET}")
except ValueError:
    logging.getLogger("nobody.hears").exception("{SECRET}")
class Dropped:
    def __del__(self):
        raise ValueError("{SECRET}")
Dropped()
def fail():
    raise ValueError("{SECRET}")
thread = threading.Thread(target=fail)
thread.start()
thread.join()
fail()
"""


@pytest.mark.parametrize("module", ["config.wsgi", "config.celery as c; c.app.log.setup()"])
def test_what_nobody_catches_is_written_without_its_message(module: str, tmp_path: object) -> None:
    """Warnings, threads, destructors, loggers without a handler, and the end of the process."""
    done = subprocess.run(
        [sys.executable, "-c", OUTSIDE.format(module=module)],
        cwd=ROOT,
        env={"STEADY_DEMO": "1", "STEADY_VAR": str(tmp_path), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    for said in ("an exception ended the process", "an exception ended a thread", "an exception was dropped"):
        assert said in done.stderr
    assert "py.warnings" in done.stderr
    assert done.stderr.count("ValueError") == 4
    assert SECRET not in done.stderr + done.stdout


def test_every_handler_that_writes_uses_the_formatter() -> None:
    for name, handler in settings.LOGGING["handlers"].items():
        assert handler.get("formatter") == "plain" or handler["class"] == "logging.NullHandler", name
    assert settings.LOGGING["formatters"]["plain"]["()"] == "config.logs.PlacesOnly"
    assert settings.ADMINS == []
