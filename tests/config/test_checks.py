"""A wrong deployment is stopped by a system check that has an id and says what to do."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.checks import CheckMessage, registry, run_checks
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from pytest_django import Settings

from columns.models import Column
from config.checks import every_password_can_be_checked, no_replaced_migration_is_left_out, postgresql_logs_no_values
from inbox.models import User
from inbox.screening import lexicons
from tests.config.test_env import PRODUCTION

WEEK = dt.timedelta(days=7)


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


#: A real site, as far as the checks see it.
REAL: dict[str, Any] = {
    "DEMO": False,
    "PROCESS": "public",
    "SITE_URL": "https://column.example",
    "CLIENT_ADDRESS_HEADER": "X-Real-IP",
    "CACHES": {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://x"}},
    "SESSION_COOKIE_NAME": "__Host-desk",
    "CSRF_COOKIE_NAME": "__Host-csrf",
    "UNLOCK_COOKIE_NAME": "__Host-desk-unlock",
    "SESSION_COOKIE_SECURE": True,
    "CSRF_COOKIE_SECURE": True,
}


@pytest.fixture
def real(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name, value in REAL.items():
        setattr(settings, name, value)
    monkeypatch.setitem(settings.DATABASES["default"], "ENGINE", "django.db.backends.postgresql")
    return settings


def test_a_real_site_is_fine_as_it_is(real: Settings) -> None:
    assert found(deploy=True) == set()


LOCMEM = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
POLICY = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
LOUD = {"formatters": {}, "handlers": {"console": {"class": "logging.StreamHandler"}}}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"CLIENT_ADDRESS_HEADER": ""}, "steady.E006"),
        ({"CLIENT_ADDRESS_HEADER": "X-Forwarded-For"}, "steady.E006"),
        ({"CLIENT_ADDRESS_HEADER": "", "PROCESS": "desk"}, "steady.E006"),
        ({"CACHES": LOCMEM}, "steady.E007"),
        ({"CACHES": LOCMEM, "PROCESS": "desk"}, "steady.E007"),
        ({"MIDDLEWARE": settings.MIDDLEWARE[1:]}, "steady.E008"),
        ({"MIDDLEWARE": ["whitenoise.middleware.WhiteNoiseMiddleware", *settings.MIDDLEWARE]}, "steady.E008"),
        ({"CONTENT_SECURITY_POLICY": {"DIRECTIVES": {**POLICY, "script-src": ["'unsafe-inline'"]}}}, "steady.E009"),
        ({"CONTENT_SECURITY_POLICY": {"DIRECTIVES": {**POLICY, "img-src": ["https:"]}}}, "steady.E009"),
        ({"CONTENT_SECURITY_POLICY": {"DIRECTIVES": {"default-src": ["'none'"]}}}, "steady.E009"),
        ({"SESSION_COOKIE_NAME": "desk"}, "steady.E010"),
        ({"SESSION_COOKIE_SAMESITE": "Lax"}, "steady.E010"),
        ({"SESSION_COOKIE_DOMAIN": ".example"}, "steady.E010"),
        ({"CSRF_COOKIE_HTTPONLY": False}, "steady.E010"),
        ({"CSRF_COOKIE_SECURE": False}, "steady.E010"),
        ({"UNLOCK_COOKIE_NAME": "desk-unlock"}, "steady.E010"),
        ({"LOGGING": LOUD}, "steady.E011"),
        ({"ADMINS": [("A", "a@example.org")]}, "steady.E011"),
        ({"SECURITY_CONTACT": ["mailto:a@example.org"]}, "steady.W007"),
        ({"SECURITY_CONTACT": ["a@example.org"], "SECURITY_EXPIRES": timezone.now() + WEEK}, "steady.W007"),
        ({"SECURITY_CONTACT": ["mailto:a@example.org"], "SECURITY_EXPIRES": timezone.now() - WEEK}, "steady.W007"),
        ({"SECURITY_CONTACT": ["mailto:a@example.org"], "SECURITY_EXPIRES": timezone.now() + 60 * WEEK}, "steady.W007"),
        ({"EMAIL_BACKEND": "config.smtp.EmailBackend", "EMAIL_HOST": "mail.example"}, "steady.W003"),
        ({"EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend"}, "steady.W005"),
    ],
)
def test_a_promise_that_a_setting_would_break(real: Settings, values: dict[str, Any], expected: str) -> None:
    for name, value in values.items():
        setattr(real, name, value)
    assert found(deploy=True) == {expected}


def test_a_contact_that_holds_for_a_while_is_well(real: Settings) -> None:
    real.SECURITY_CONTACT, real.SECURITY_EXPIRES = ["mailto:a@example.org"], timezone.now() + WEEK
    assert found(deploy=True) == set()


def test_the_worker_answers_nobody(real: Settings) -> None:
    real.PROCESS, real.CLIENT_ADDRESS_HEADER, real.CACHES = "worker", "", LOCMEM
    assert found(deploy=True) == set()


@pytest.mark.databases
@pytest.mark.django_db
def test_postgresql_is_asked_what_it_logs(real: Settings) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("only on PostgreSQL")
    quiet = {
        "log_min_messages": "log", "log_min_error_statement": "panic", "log_error_verbosity": "terse",
        "log_parameter_max_length_on_error": "0", "log_statement": "none", "log_min_duration_statement": "-1",
    }  # fmt: skip
    assert [message.id for message in postgresql_logs_no_values(None, ["default"])] == ["steady.W004"]
    with connection.cursor() as cursor:
        for name, value in quiet.items():
            cursor.execute(f"SET LOCAL {name} = '{value}'")
        assert postgresql_logs_no_values(None, ["default"]) == []
        for name, value in {"log_statement": "all", "log_min_duration_statement": "0"}.items():
            cursor.execute(f"SET LOCAL {name} = '{value}'")
        (message,) = postgresql_logs_no_values(None, ["default"])
    assert str(message.hint).startswith("See log_min_duration_statement, log_statement;")
    assert postgresql_logs_no_values(None, None) == [], "only where the database is to be asked"


def test_secrets_that_a_process_does_not_have_are_not_alike(settings: Settings) -> None:
    settings.RECEIPT_SALT = settings.RECEIPT_PEPPER = settings.FORM_SECRET = settings.SIGN_IN_KEY = ""
    assert found() == set()


def test_one_process_for_both_sides_is_a_warning_in_production(real: Settings) -> None:
    real.PROCESS = "both"
    assert found(deploy=True) == {"steady.W001"}
    assert found() == set(), "only when a deployment is checked"


@pytest.mark.databases
def test_sqlite_is_a_warning_in_production(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.DEMO, settings.SITE_URL, settings.PROCESS = False, "https://column.example", "desk"
    monkeypatch.setitem(settings.DATABASES["default"], "ENGINE", "django.db.backends.sqlite3")
    assert "steady.W002" in found(deploy=True)
    monkeypatch.setitem(settings.DATABASES["default"], "ENGINE", "django.db.backends.postgresql")
    assert "steady.W002" not in found(deploy=True)


def test_word_lists_of_the_owner_that_cannot_be_used_are_named(settings: Settings, tmp_path: Path) -> None:
    settings.LEXICONS = tmp_path / "nowhere"
    assert found() == {"steady.E012"}
    settings.LEXICONS = tmp_path
    assert found() == set()
    (tmp_path / "details.toml").write_text("places = 3", "utf-8")
    lexicons.extend_from(tmp_path)
    try:
        assert found() == {"steady.E013"}
    finally:
        lexicons.extend_from(None)


@pytest.mark.databases
def test_passwords_that_cannot_be_checked_are_told_without_a_name(column: Column, moderator: User) -> None:
    assert every_password_can_be_checked(None, databases=["default"]) == []
    User.objects.filter(pk=moderator.pk).update(password="bcrypt$$2b$12$abcdefghijklmnopqrstuv")
    (warning,) = every_password_can_be_checked(None, databases=["default"])
    assert (warning.id, "Passwords of 1 people" in warning.msg) == ("steady.W006", True)
    assert moderator.email not in str(warning)
    User.objects.filter(pk=moderator.pk).update(is_active=False)
    assert every_password_can_be_checked(None, databases=["default"]) == []


@pytest.mark.databases
def test_a_database_between_two_versions_is_not_migrated(db: None) -> None:
    """Of what a squashed migration stands for one was not made: nothing leads from there to the newest tables."""
    assert no_replaced_migration_is_left_out(None, databases=["default"]) == []
    recorder = MigrationRecorder(connection)
    recorder.record_unapplied("inbox", "0007_letter_read_on")
    (error,) = no_replaced_migration_is_left_out(None, databases=["default"])
    assert (error.id, "inbox.0007_letter_read_on" in str(error.hint)) == ("steady.E014", True)
    with pytest.raises(SystemCheckError, match=r"steady\.E014"):
        call_command("migrate", verbosity=0, skip_checks=False)
    recorder.migration_qs.all().delete()  # nothing was ever made: a new database
    assert no_replaced_migration_is_left_out(None, databases=["default"]) == []


def test_every_check_is_tried_here() -> None:
    every: list[Any] = registry.registry.get_checks(include_deployment_checks=True)
    ours = {check.__name__ for check in every if check.__module__ == "config.checks"}
    assert ours == {
        "demo_stays_at_home",
        "no_debug_outside_the_demo",
        "site_has_an_address",
        "secrets_differ",
        "production_keeps_processes_apart",
        "the_proxy_names_the_client",
        "who_is_told_of_a_weakness_still_holds",
        "the_cache_is_shared",
        "mail_brings_nothing_back",
        "every_answer_gets_its_headers",
        "the_content_policy_is_strict",
        "cookies_of_the_desk_stay_there",
        "logs_hold_no_letter",
        "word_lists_can_be_read",
        "mail_leaves_under_cover",
        "postgresql_logs_no_values",
        "no_replaced_migration_is_left_out",
        "every_password_can_be_checked",
    }


@pytest.mark.databases
@pytest.mark.parametrize("process", ["public", "desk", "worker"])
def test_a_right_deployment_has_no_warning_at_all(tmp_path: Path, process: str) -> None:
    """The whole of Django's own deployment checks too, in a process of its own."""
    values = {
        **PRODUCTION,
        "SECRET_KEY": "aB3xY7" * 10,
        "STEADY_PROCESS": process,
        "DEFAULT_FROM_EMAIL": "a@column.example",
        "CLIENT_ADDRESS_HEADER": "X-Real-IP",
        "REDIS_URL": "redis://127.0.0.1:6379/0",
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
