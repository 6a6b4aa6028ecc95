"""All settings, read top to bottom. The environment is described in ``.env.example``; wrong deployments are stopped by
``config/checks.py``."""

from pathlib import Path
from typing import Any

from kombu import Exchange, Queue

from config import env

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = env.path("STEADY_VAR", BASE_DIR / "var")

# --- Which process, and which mode ---------------------------------------------------------------------------------
# Demo mode is for one machine, on the loopback address: secrets are made and kept under var/, the demonstration
# accounts may sign in without a second factor, and cookies work without TLS.
DEMO = env.flag("STEADY_DEMO", default=False)
PROCESS = env.process()
DEBUG = env.flag("DEBUG", default=False)
ALLOWED_HOSTS = env.names("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"] if DEMO else [])
SITE_URL = env.text("SITE_URL", "http://127.0.0.1:8000" if DEMO else "").rstrip("/")
# Where staff reach the desk, for the links in mails to them; in production it has a host name of its own.
DESK_URL = env.text("DESK_URL", SITE_URL).rstrip("/")
CSRF_TRUSTED_ORIGINS = sorted({SITE_URL, DESK_URL} - {""})
# The desk process knows the public addresses too, to link to them and to preview articles; its proxy sends it only
# its own.
ROOT_URLCONF = "config.urls_public" if PROCESS == "public" else "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

# --- Secrets -------------------------------------------------------------------------------------------------------
_secrets = VAR_DIR / "secrets" if DEMO else None
SECRET_KEY = env.secret("SECRET_KEY", folder=_secrets)
# What makes and recognises receipts; none of them opens a letter. The worker never sees a receipt.
RECEIPT_SALT = env.secret("RECEIPT_SALT", folder=_secrets) if PROCESS != "worker" else ""
RECEIPT_PEPPER = env.secret("RECEIPT_PEPPER", folder=_secrets) if PROCESS != "worker" else ""
FORM_SECRET = env.secret("FORM_SECRET", folder=_secrets) if PROCESS != "worker" else ""
# Encrypts the second-factor secrets of staff; the desk alone holds it.
SIGN_IN_KEY = env.secret("SIGN_IN_KEY", folder=_secrets) if PROCESS in ("both", "desk") else ""
# Keys the chains over the audit trail: the worker joins them, and whoever runs manage.py verify_chains checks them.
AUDIT_SECRET = env.text("AUDIT_SECRET") or (SECRET_KEY if PROCESS in ("both", "worker") else "")
# Desk keys lie sealed to people in the database; the notice key lies in a folder that the worker alone is given.
NOTICE_KEY_DIR = env.path("NOTICE_KEY_DIR", VAR_DIR / "keys" / "notice")

# --- Applications --------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    # before inbox, which ends what it begins: that each sign-in is written down
    "django.contrib.auth",
    "columns",
    "inbox",
    "config.apps.ConfigConfig",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "csp",
]
MIDDLEWARE = [
    # what sets headers stands before whatever answers, static files and refusals of a host name included
    "config.middleware.headers.HeadersMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "inbox.desk.middleware.DeskMiddleware",
    "config.middleware.retry.RetryMiddleware",
]
if PROCESS == "public":
    # nobody signs in there, so no session is looked for, whatever cookie is sent; allauth insists on its own middleware
    _of_the_desk = {
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "inbox.desk.middleware.DeskMiddleware",
    }
    MIDDLEWARE = [name for name in MIDDLEWARE if name not in _of_the_desk]
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "django.contrib.auth.context_processors.auth",
                "columns.frame.site",
            ],
        },
    },
]
CRISPY_ALLOWED_TEMPLATE_PACKS = ("steady",)
CRISPY_TEMPLATE_PACK = "steady"
CRISPY_FAIL_SILENTLY = False
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
INSTALLED_APPS.append("django.forms")

# --- Database ------------------------------------------------------------------------------------------------------
DATABASES: dict[str, dict[str, Any]] = {"default": env.database(f"sqlite:///{VAR_DIR / 'steady.sqlite3'}")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # FULL: a letter that was acknowledged survives a power cut. secure_delete: erased words are overwritten.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;",
    }
    # To open a connection takes some space for the log's index, which whoever reads a full disk has not; so it stays.
    DATABASES["default"]["CONN_MAX_AGE"] = None
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True

REDIS_URL = env.text("REDIS_URL")
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
    if REDIS_URL
    # a flood of letters must not push sessions and unlocked keys out
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 100_000}}
}
CACHES["default"]["KEY_FUNCTION"] = "config.cache_keys.name"

# --- Celery --------------------------------------------------------------------------------------------------------
CELERY_BROKER_URL = (
    env.text("CELERY_BROKER_URL") or REDIS_URL.replace("unix://", "redis+socket://") or "filesystem://localhost"
)
CELERY_TIMEZONE = "UTC"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# however long the broker is away: after the hundred tries of the default, three quarters of an hour, both would end
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
# Beat's schedule file is written with each wake-up; its age says whether beat is well.
CELERY_BEAT_SYNC_EVERY = 1
if CELERY_BROKER_URL.startswith("filesystem:"):
    CELERY_BROKER_TRANSPORT = "config.embedded.file_broker:Transport"
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {
        "folder": str(VAR_DIR / "broker" / "queue"),
        "polling_interval": 0.2,
    }
    CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
else:
    # kombu looks for unacknowledged messages only every interval times throttle seconds
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "visibility_timeout": 60,
        "unacked_restore_interval": 2,
        "unacked_restore_throttle": 1,
    }
# What the mail server can slow has a queue of its own, and a worker; one that is told of no queue serves both.
CELERY_TASK_QUEUES = [Queue(name, Exchange(name), routing_key=name) for name in ("celery", "mail")]
CELERY_TASK_ROUTES = {"inbox.tasks.send_notices": {"queue": "mail"}}
CELERY_BEAT_SCHEDULE = {
    "note-heartbeat": {"task": "inbox.tasks.note_heartbeat", "schedule": 20.0, "options": {"expires": 20}},
    "send-notices": {"task": "inbox.tasks.send_notices", "schedule": 20.0, "options": {"expires": 20}},
    "erase-due": {"task": "inbox.tasks.erase_due", "schedule": 600.0, "options": {"expires": 600}},
    "empty-outbox": {"task": "inbox.tasks.empty_outbox", "schedule": 60.0, "options": {"expires": 60}},
    "release-held": {"task": "inbox.tasks.release_held", "schedule": 600.0, "options": {"expires": 600}},
    "follow-articles": {"task": "inbox.tasks.follow_articles", "schedule": 20.0, "options": {"expires": 20}},
    "write-rows-anew": {"task": "inbox.tasks.write_rows_anew", "schedule": 600.0, "options": {"expires": 600}},
    "empty-write-ahead-log": {
        "task": "inbox.tasks.empty_write_ahead_log",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "fill-index": {"task": "inbox.tasks.fill_index", "schedule": 60.0, "options": {"expires": 60}},
    "join-chains": {"task": "inbox.tasks.join_chains", "schedule": 300.0, "options": {"expires": 300}},
}

# --- Sign-in -------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "inbox.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
# A person's key is wrapped under the same password, so guessing at its hash must cost as much as guessing at the key.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
#: Argon2id for the wrapping of a person's private key: KiB of memory, and passes.
STAFF_KEY_COST = {"memory": 64 * 1024, "iterations": 3}
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk:home"
ACCOUNT_FORMS = {
    name: f"inbox.desk.account.forms.password.{form}"
    for name, form in (
        ("change_password", "ChangePasswordForm"),
        ("reset_password_from_key", "ResetPasswordKeyForm"),
        ("set_password", "SetPasswordForm"),
    )
}
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "inbox.staff.reset_links.ResetTokens"  # noqa: S105  # nosec B105 - a class
ACCOUNT_ADAPTER = "inbox.desk.account.adapters.AccountAdapter"
MFA_ADAPTER = "inbox.desk.account.adapters.MFAAdapter"
MFA_FORMS = {
    name: f"inbox.desk.account.forms.second_factor.{form}"
    for name, form in (
        ("authenticate", "AuthenticateForm"),
        ("reauthenticate", "ReauthenticateForm"),
        ("authenticate_webauthn", "AuthenticateWebAuthnForm"),
        ("reauthenticate_webauthn", "ReauthenticateWebAuthnForm"),
        ("add_webauthn", "AddWebAuthnForm"),
    )
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
# A stranger whose address somebody typed gets no mail; people are told what happens to their own account.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
# Wrong passwords from one network, and on one account from one network (the key holds both).
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,10/300s/key"}
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = False
MFA_TOTP_ISSUER = "Steady Hands"
# A code is still taken in the half minute after its own (RFC 6238, 5.2): clocks differ, and people type slowly.
MFA_TOTP_TOLERANCE = 1
# In the cache alone: while somebody enrols an authenticator app, its secret stands in their session.
SESSION_ENGINE = "django.contrib.sessions.backends.cache"
SESSION_COOKIE_AGE = 30 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_SAMESITE = "Strict"
# Holds the random value under which an unlocked session's key lies in the cache.
UNLOCK_COOKIE_NAME = "desk-unlock" if DEMO else "__Host-desk-unlock"
if not DEMO:
    SESSION_COOKIE_NAME = "__Host-desk"
    CSRF_COOKIE_NAME = "__Host-csrf"
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "config.views.form_refused"
CSRF_COOKIE_AGE = None  # gone with the browser, as the session is
# The header in which the proxy in front names the client, for sign-in limits; kept only as a rotating HMAC.
CLIENT_ADDRESS_HEADER = env.text("CLIENT_ADDRESS_HEADER")
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- Headers -------------------------------------------------------------------------------------------------------
# The desk's middleware loosens the referrer to same-origin, which Django's CSRF check needs.
SECURE_REFERRER_POLICY = "no-referrer"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if not DEMO else None
if not DEMO:
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
    SECURE_HSTS_SECONDS = 2 * 365 * 24 * 3600
    # Both bind every other name below the domain, also those of other people, and preloading for years: nothing to do
    # unasked. nginx says the same (deploy/nginx/site.conf.template).
    SECURE_HSTS_INCLUDE_SUBDOMAINS = env.flag("HSTS_INCLUDE_SUBDOMAINS", default=False)
    SECURE_HSTS_PRELOAD = env.flag("HSTS_PRELOAD", default=False)
# Django's advice to switch both on.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "manifest-src": ["'self'"],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    name: []
    for name in (
        "accelerometer", "autoplay", "browsing-topics", "camera", "display-capture", "encrypted-media",
        "fullscreen", "gamepad", "geolocation", "gyroscope", "hid", "identity-credentials-get", "idle-detection",
        "local-fonts", "magnetometer", "microphone", "midi", "otp-credentials", "payment", "picture-in-picture",
        "screen-wake-lock", "serial", "storage-access", "sync-xhr", "usb", "window-management",
        "xr-spatial-tracking",
    )
}  # fmt: skip

# --- Language, time, static files ----------------------------------------------------------------------------------
# The desk is in LANGUAGE_CODE; a column's pages and the letter's path are in the column's language, where LANGUAGES has
# it (columns/language.py). Nobody is asked by cookie or Accept-Language: a page is the same for everybody.
LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["config.formats"]
USE_I18N = True
TIME_ZONE = env.text("TIME_ZONE", "UTC")
USE_TZ = True
STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_ALLOW_ALL_ORIGINS = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "config.static_files.HashedStaticFilesStorage"
    },
}
# Whom to tell of a weakness of the site, and until when that holds (/.well-known/security.txt, RFC 9116).
SECURITY_CONTACT = env.names("SECURITY_CONTACT", [])
SECURITY_EXPIRES = env.day("SECURITY_EXPIRES")
# Where "Exit this page" leads from the letter's path: a harmless page of another site.
EXIT_URL = env.text("EXIT_URL", "https://www.bbc.co.uk/weather")
# A folder with details.toml, concerns.toml or spam.toml of the owner's own, which extend the word lists of screening.
LEXICONS = env.path("LEXICONS", BASE_DIR) if env.text("LEXICONS") else None
# A letter of 16,000 characters, percent-encoded, with its fields; larger bodies are refused before they are read.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]

# --- Mail ----------------------------------------------------------------------------------------------------------
_backend = "django.core.mail.backends.filebased.EmailBackend" if DEMO else "config.smtp.EmailBackend"
EMAIL_BACKEND = env.text("EMAIL_BACKEND", _backend)
EMAIL_FILE_PATH = str(VAR_DIR / "mail")
EMAIL_HOST = env.text("EMAIL_HOST", "localhost")
EMAIL_PORT = int(env.text("EMAIL_PORT", "25"))
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", default=False)
# Seconds that a mail server may take for one answer, and for a whole mail: at the desk somebody waits for the page.
EMAIL_TIMEOUT = 10
EMAIL_LONGEST = 15 if PROCESS == "desk" else 30
# Empty: no bounce and no out-of-office reply comes back. For relays that refuse mail without a sender: an address.
EMAIL_RETURN_PATH = env.text("EMAIL_RETURN_PATH")
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "column@localhost" if DEMO else "")

# --- Logs ----------------------------------------------------------------------------------------------------------
# No request line, address, agent, body or SQL value is ever logged; an exception is logged as its type and places.
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"()": "config.logs.PlacesOnly", "format": "%(asctime)s %(levelname)s %(name)s %(message)s"},
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "plain"},
        "null": {"class": "logging.NullHandler"},
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "django.request": {"handlers": ["console"], "level": "ERROR", "propagate": False},
        "django.security": {"handlers": ["null"], "propagate": False},
        "django.server": {"handlers": ["null"], "propagate": False},
        "django.db.backends": {"handlers": ["null"], "propagate": False},
        "celery": {"level": "WARNING"},
        "kombu": {"level": "WARNING"},
        "waitress": {"level": "WARNING"},
        "waitress.queue": {"level": "ERROR"},  # says each time that requests wait for a thread
    },
}
DEFAULT_EXCEPTION_REPORTER_FILTER = "config.logs.NothingFilter"
