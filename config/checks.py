"""System checks that stop a wrong deployment. Each has an id and says what to do."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import ProgrammingError, connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from inbox.screening import lexicons

_LOOPBACK = {"localhost", "127.0.0.1", "[::1]", "::1", "testserver"}
#: Headers with a list whose first entries come from the client.
_LISTS = {"x-forwarded-for", "forwarded", "via"}
#: Middleware that must come first, in this order, so that every response gets its headers.
_HEADERS = [
    "config.middleware.headers.HeadersMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
]
_FORMATTER = "config.logs.PlacesOnly"
#: Settings of PostgreSQL that keep values of statements out of its log.
SILENT = {
    "log_statement": {"none"},
    "log_min_duration_statement": {"-1"},
    "log_min_duration_sample": {"-1"},
    "log_transaction_sample_rate": {"0"},
    "log_min_messages": {"log", "fatal", "panic"},
    "log_min_error_statement": {"panic"},
    "log_error_verbosity": {"terse"},
    "log_parameter_max_length_on_error": {"0"},
}


@register(Tags.security)
def demo_stays_at_home(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Demo mode has public passwords, so only the loopback address is allowed."""
    if settings.DEMO and set(settings.ALLOWED_HOSTS) - _LOOPBACK:
        hint = "Unset STEADY_DEMO, or take every other name out of ALLOWED_HOSTS."
        return [Error("Demo mode must not be reachable from elsewhere.", hint=hint, id="steady.E001")]
    return []


@register(Tags.security)
def no_debug_outside_the_demo(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    if settings.DEBUG and not settings.DEMO:
        return [Error("DEBUG shows what passes through the site.", hint="Unset DEBUG.", id="steady.E002")]
    return []


@register(Tags.security)
def site_has_an_address(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    if not settings.DEMO and not settings.SITE_URL.startswith("https://"):
        hint = "Set SITE_URL to the public address, beginning with https://."
        return [Error("Feeds and mails need the site's address.", hint=hint, id="steady.E003")]
    return []


@register(Tags.security)
def secrets_differ(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """All secrets must be different, so that a leak of one is not a leak of all."""
    names = ["SECRET_KEY", "RECEIPT_SALT", "RECEIPT_PEPPER", "FORM_SECRET", "SIGN_IN_KEY"]
    values = [getattr(settings, name) for name in names if getattr(settings, name)]
    if len(set(values)) < len(values):
        hint = "Make one value for each of " + ", ".join(names) + "."
        return [Error("Two secrets have the same value.", hint=hint, id="steady.E004")]
    return []


@register(Tags.security, deploy=True)
def production_keeps_processes_apart(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """In production the public process must have no private key."""
    found: list[CheckMessage] = []
    if settings.PROCESS == "both" and not settings.DEMO:
        hint = "Start one process with STEADY_PROCESS=public and one with STEADY_PROCESS=desk."
        found.append(checks.Warning("One process serves both the public and the desk.", hint=hint, id="steady.W001"))
    if "sqlite" in settings.DATABASES["default"]["ENGINE"] and not settings.DEMO:
        hint = "Use PostgreSQL, so that each process can have its own database role."
        found.append(checks.Warning("On SQLite both sides share one file.", hint=hint, id="steady.W002"))
    return found


def _serves() -> bool:
    """Whether this process answers requests of a site in production."""
    return not settings.DEMO and settings.PROCESS != "worker"


@register(Tags.security, deploy=True)
def the_proxy_names_the_client(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """The client header of the proxy must be set: otherwise rate limits count all clients as one."""
    name = settings.CLIENT_ADDRESS_HEADER
    if not _serves() or (name and name.lower() not in _LISTS):
        return []
    hint = "Set CLIENT_ADDRESS_HEADER to a header with one address that your proxy overwrites, for example X-Real-IP."
    return [Error("No header says which client a request came from.", hint=hint, id="steady.E006")]


@register(Tags.security, deploy=True)
def the_cache_is_shared(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Limits, and the keys of an unlocked session, must be the same in every worker of a process."""
    if not _serves() or "locmem" not in settings.CACHES["default"]["BACKEND"]:
        return []
    hint = "Set REDIS_URL, to a Redis that writes nothing to the disk."
    return [Error("Each worker has a cache of its own.", hint=hint, id="steady.E007")]


@register(Tags.security)
def every_answer_gets_its_headers(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    if settings.MIDDLEWARE[: len(_HEADERS)] == _HEADERS:
        return []
    hint = "Begin MIDDLEWARE with " + ", ".join(_HEADERS) + "."
    return [Error("Something may answer before the headers are set.", hint=hint, id="steady.E008")]


@register(Tags.security)
def the_content_policy_is_strict(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Every source of the Content-Security-Policy must be the site itself or none."""
    policy = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    wide = sorted(name for name, sources in policy.items() if not set(sources) <= {"'self'", "'none'"})
    needed = {"default-src", "base-uri", "form-action", "frame-ancestors"} - set(policy)
    if not wide and not needed:
        return []
    hint = f"Allow 'self' or 'none' alone in CONTENT_SECURITY_POLICY: see {', '.join([*wide, *sorted(needed)])}."
    return [Error("Pages may load or run what is not ours.", hint=hint, id="steady.E009")]


@register(Tags.security)
def cookies_of_the_desk_stay_there(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    if settings.DEMO:
        return []
    wrong = [f"{kind}_COOKIE" for kind in ("SESSION", "CSRF") if not _narrow(kind)]
    wrong += [] if settings.UNLOCK_COOKIE_NAME.startswith("__Host-") else ["UNLOCK_COOKIE"]
    if not wrong:
        return []
    hint = f"A name that begins with __Host-, SECURE, HTTPONLY, SAMESITE Strict, no DOMAIN, PATH /: see {wrong}."
    return [Error("A cookie of the desk may reach somebody else.", hint=hint, id="steady.E010")]


def _narrow(kind: str) -> bool:
    flags = [getattr(settings, f"{kind}_COOKIE_{flag}") for flag in ("SECURE", "HTTPONLY")]
    name, site, domain, path = (
        getattr(settings, f"{kind}_COOKIE_{part}") for part in ("NAME", "SAMESITE", "DOMAIN", "PATH")
    )
    return all(flags) and name.startswith("__Host-") and (site, domain, path) == ("Strict", None, "/")


@register(Tags.security)
def logs_hold_no_letter(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Every log handler must use the formatter that omits values, and errors must not be mailed."""
    plain = {name for name, one in settings.LOGGING["formatters"].items() if one.get("()") == _FORMATTER}
    quiet = {"logging.NullHandler"}
    loud = sorted(
        name
        for name, handler in settings.LOGGING["handlers"].items()
        if handler["class"] not in quiet and handler.get("formatter") not in plain
    )
    if not loud and not settings.ADMINS and not settings.MANAGERS:
        return []
    hint = f"Give every handler a formatter of {_FORMATTER} ({', '.join(loud)}); leave ADMINS and MANAGERS empty."
    return [Error("A log or a mail may hold what somebody wrote.", hint=hint, id="steady.E011")]


@register(Tags.security)
def word_lists_can_be_read(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Invalid word lists of the owner must stop the start, not the first letter."""
    if settings.LEXICONS is not None and not settings.LEXICONS.is_dir():
        hint = "Set LEXICONS to a folder, or unset it."
        return [Error("There is no folder of word lists where LEXICONS says.", hint=hint, id="steady.E012")]
    found: list[CheckMessage] = []
    for name in lexicons.NAMES:
        try:
            lexicons.load(name)
        except lexicons.WrongLexicon as wrong:
            found.append(Error(str(wrong), hint="See docs/operations.md, Word lists of your own.", id="steady.E013"))
    return found


@register(Tags.security)
def who_is_told_of_a_weakness_still_holds(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """security.txt needs an address and a day that is to come (RFC 9116, 2.5.5)."""
    contact, until = settings.SECURITY_CONTACT, settings.SECURITY_EXPIRES
    now = timezone.now()
    if not contact and until is None:
        return []
    kinds = all(one.startswith(("mailto:", "https://")) for one in contact)
    if contact and kinds and until is not None and now < until <= now + dt.timedelta(days=366):
        return []
    hint = "Set SECURITY_CONTACT to mailto: or https:// addresses and SECURITY_EXPIRES to a day within a year."
    return [checks.Warning("security.txt is missing, or will be.", hint=hint, id="steady.W007")]


@register(Tags.security, deploy=True)
def mail_leaves_under_cover(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    smtp = settings.EMAIL_BACKEND.endswith("smtp.EmailBackend") and settings.EMAIL_HOST not in _LOOPBACK
    if settings.DEMO or not smtp or settings.EMAIL_USE_TLS or settings.EMAIL_USE_SSL:
        return []
    hint = "Set EMAIL_USE_TLS=true, or hand mail over to a server on this machine."
    return [checks.Warning("Addresses of letter writers cross the network readably.", hint=hint, id="steady.W003")]


@register(Tags.security, deploy=True)
def mail_brings_nothing_back(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Django's own SMTP backend names the column as the sender, to whom out-of-office replies then go."""
    if settings.EMAIL_BACKEND != "django.core.mail.backends.smtp.EmailBackend":
        return []
    hint = "Unset EMAIL_BACKEND; for a relay that wants a sender, set EMAIL_RETURN_PATH to an address nobody reads."
    return [checks.Warning("Answers of machines come back with their writers' names.", hint=hint, id="steady.W005")]


@register(Tags.database)
def postgresql_logs_no_values(
    app_configs: Sequence[Any] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Check the server's own settings, before migrations and by ``check --database default``."""
    if settings.DEMO or "default" not in (databases or ()) or connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [list(SILENT)])
        loud = sorted(name for name, value in cursor.fetchall() if value not in SILENT[name])
    if not loud:
        return []
    hint = f"See {', '.join(loud)}; docker-compose.yml has the values (service db)."
    return [checks.Warning("PostgreSQL may write values of statements into its log.", hint=hint, id="steady.W004")]


@register(Tags.database)
def no_replaced_migration_is_left_out(
    app_configs: Sequence[Any] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """A squashed migration is applied only where all replaced ones are; report a database with only some of them."""
    if "default" not in (databases or ()):
        return []
    done, left = MigrationRecorder(connection).applied_migrations().keys(), list[str]()
    for key, squashed in MigrationLoader(None).replacements.items():
        missing = [name for name in squashed.replaces if name not in done]
        if missing and not {key, *squashed.replaces}.isdisjoint(done):
            left += [f"{app}.{name}" for app, name in missing]
    if not left:
        return []
    hint = f"Left out: {', '.join(left)}. See docs/operations.md, New versions: one version comes first."
    return [Error("The database is of a version from which no way leads to this one.", hint=hint, id="steady.E014")]


@register(Tags.database)
def every_password_can_be_checked(
    app_configs: Sequence[Any] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Before migrations too, where the table may not be there yet. Nobody is named, since logs keep this."""
    # the other checks are read without models, for example by tests.stack
    from inbox.models import User  # noqa: PLC0415
    from inbox.staff import old_passwords  # noqa: PLC0415

    if "default" not in (databases or ()) or User._meta.db_table not in connection.introspection.table_names():
        return []
    try:
        with transaction.atomic():
            number = len(old_passwords.not_checked())
    except ProgrammingError:  # the role of a process that may not read accounts
        return []
    if not number:
        return []
    hint = "The page Health names them; end each by manage.py reset_account password EMAIL (docs/operations.md, Keys)."
    said = f"Passwords of {number} people are kept in a way that this version cannot check: nobody signs in with one."
    return [checks.Warning(said, hint=hint, id="steady.W006")]
