"""One set of settings for every place; docs/operations.md has a line for each variable."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import django_stubs_ext
import environ
from cryptography.fernet import Fernet
from csp.constants import NONE, SELF
from whitenoise.compress import Compressor

from jefacture.settings import env
from jefacture.settings.accounts import *  # noqa: F403 - Django reads them from here
from jefacture.settings.comptexpert import *  # noqa: F403 - as above
from jefacture.settings.comptexpert import COMPTEXPERT_ISSUER
from jefacture.settings.logs import LOGGING  # noqa: F401 - as above
from jefacture.settings.schedule import CELERY_BEAT_SCHEDULE  # noqa: F401 - as above
from jefacture.settings.storage import storage_of

# Lets generic classes (ModelForm[Client]) be written as the type checker reads them.
django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent.parent

SECRET_KEY = env.text("SECRET_KEY")
if len(SECRET_KEY) < 50:  # noqa: PLR2004 - the length that `check --deploy` asks for
    env.stop("the setting SECRET_KEY must have at least 50 characters.")
# Fernet keys that seal what must be shown again (API keys, e-mails not yet sent); the first seals, all open.
ENCRYPTION_KEYS = env.words("ENCRYPTION_KEYS")
for _key in ENCRYPTION_KEYS:
    try:
        Fernet(_key)
    except ValueError:
        env.stop("the setting ENCRYPTION_KEYS must hold Fernet keys (32 bytes, URL-safe base64), separated by commas.")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS")
SITE_URL = env.address("SITE_URL", schemes=("http", "https"))
DEBUG = False

# The tenants' fence is row-level security: the application must not log in as the owner of the tables.
# Only `migrate` does, with JEFACTURE_DB_ROLE=owner.
_DATABASE = "DATABASE_OWNER_URL" if os.environ.get("JEFACTURE_DB_ROLE") == "owner" else "DATABASE_URL"
env.address(_DATABASE, schemes=("postgres", "postgresql"))
DATABASES: dict[str, Any] = {"default": environ.FileAwareEnv().db_url(_DATABASE)}
DATABASES["default"] |= {
    "DISABLE_SERVER_SIDE_CURSORS": True,  # a transaction-mode pooler does not keep them
    "CONN_HEALTH_CHECKS": True,  # a session that PostgreSQL's restart cut is replaced, not handed to a page
    "OPTIONS": {"pool": {"min_size": 1, "max_size": env.integer("DATABASE_POOL_SIZE", default=10), "timeout": 10}},
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.address("REDIS_URL", schemes=("redis", "rediss", "unix"))
CACHES = {
    "default": {
        "BACKEND": "common.cache.ForgivingRedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 2},  # a page waits for Redis no longer
    }
}

STORAGES = {
    "default": storage_of(env.address("STORAGE_URL", schemes=("file", "s3"))),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

INSTALLED_APPS = [
    "jefacture",
    "exports",
    "invoices",
    "invitations",
    "clients",
    "firms",
    "outbox",
    "accounts",
    "common",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_filters",
    "django_htmx",
    "django_include_bootstrap",
    "django_prometheus",
    "django_structlog",
    "django_tables2",
    "heroicons",
    "mozilla_django_oidc",
    "ninja",
]

MIDDLEWARE = [
    # First: whatever happens below, partner software is answered in JSON and never redirected.
    "exports.api.middleware.JsonOnlyMiddleware",
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "common.middleware.MaskedDebugPagesMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "common.middleware.ReferenceMiddleware",
    "firms.comptexpert.middleware.RightsRenewalMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.LastSeenMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "common.middleware.PrivatePagesMiddleware",
    "common.middleware.NoNulMiddleware",
    "common.middleware.StorageMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]

ROOT_URLCONF = "jefacture.urls"
WSGI_APPLICATION = "jefacture.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "firms.context.places",
                "clients.context.space",
            ],
            "builtins": ["common.templatetags.jf", "heroicons.templatetags.heroicons", "django.templatetags.static"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
DJANGO_TABLES2_TEMPLATE = "tables/table.html"

LANGUAGE_CODE = "fr"
TIME_ZONE = "Europe/Paris"

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
# Collecting takes seconds instead of a minute: nobody asks for unhashed names, and only debuggers for source maps.
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = [*Compressor.SKIP_COMPRESS_EXTENSIONS, "map"]

# --- People -----------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "firms.comptexpert.backend.ComptExpertBackend",
    "accounts.backends.CompanyBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "accounts.passwords.CommonPasswordValidator"},
]
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "accounts:entrance"
LOGOUT_REDIRECT_URL = "home"

# --- Services that are asked ---------------------------------------------------------------------------------------

JEDECLARE_URL = env.address("JEDECLARE_URL", schemes=("http", "https"))
JEDECLARE_TIMEOUT = 30.0  # seconds that a person waits for it
COMPANY_DIRECTORY_URL = env.address("COMPANY_DIRECTORY_URL", schemes=("http", "https"))
ASSISTANCE_EMAIL = env.text("ASSISTANCE_EMAIL")

# --- Mail: every message is a row first (outbox); SMTP_URL says where the worker hands it over ----------------------

EMAIL_BACKEND = "outbox.backend.OutboxBackend"
SMTP_URL = env.address("SMTP_URL", schemes=("smtp", "smtp+tls", "smtp+ssl", "smtps"))
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
SMTP_MESSAGES_PER_SECOND = env.integer("SMTP_MESSAGES_PER_SECOND", default=0)
EMAIL_RETENTION_DAYS = env.integer("EMAIL_RETENTION_DAYS", default=365)
ARCHIVE_RETENTION_DAYS = env.integer("ARCHIVE_RETENTION_DAYS", default=7)
# Mail that comes back: each message has a return address of its own there, which `manage.py receive_mail` listens for.
BOUNCE_DOMAIN = env.text("BOUNCE_DOMAIN", "")
# Each company has addresses of its own there that take invoices; without it, none has. The same program listens.
INVOICE_MAIL_DOMAIN = env.text("INVOICE_MAIL_DOMAIN", "")
RECEIVE_MAIL_LISTEN = env.address("RECEIVE_MAIL_LISTEN", schemes=("smtp", "lmtp"), default="smtp://127.0.0.1:2525")

# Previews of every e-mail, for those who work on them; never where strangers come (jefacture/previews).
DEVELOPMENT_PAGES = env.boolean("DEVELOPMENT_PAGES", default=False)

# --- Work ---------------------------------------------------------------------------------------------------------

CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 1800
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600, "socket_timeout": 10, "socket_connect_timeout": 5}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TASK_PUBLISH_RETRY = False  # the row stands and the sweeper wakes it: a page never waits for Redis
CELERY_TIMEZONE = TIME_ZONE

# --- Security -----------------------------------------------------------------------------------------------------

_HTTPS = SITE_URL.startswith("https://")
SECURE_SSL_REDIRECT = _HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.boolean("BEHIND_PROXY", default=False) else None
SECURE_HSTS_SECONDS = 63_072_000 if _HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = _HTTPS
SECURE_HSTS_PRELOAD = _HTTPS
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_NAME = "jefacture_session"
SESSION_COOKIE_SECURE = _HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
CSRF_COOKIE_NAME = "jefacture_csrf"
CSRF_COOKIE_SECURE = _HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "common.errors.csrf_failure"
DEFAULT_EXCEPTION_REPORTER_FILTER = "common.errors.ReportFilter"
DEFAULT_EXCEPTION_REPORTER = "common.errors.Report"
X_FRAME_OPTIONS = "DENY"
_ISSUER = urlsplit(COMPTEXPERT_ISSUER)
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "frame-src": [SELF],
        "object-src": [NONE],
        # A form may end at ComptExpert: signing in again after its POST is redirected there.
        "form-action": [SELF, f"{_ISSUER.scheme}://{_ISSUER.netloc}"],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FILES = 200
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_048_576
RATELIMIT_FAIL_OPEN = True  # Redis only counts guesses: without it people still work
METRICS_TOKEN = env.text("METRICS_TOKEN", "")
PROMETHEUS_METRIC_NAMESPACE = "jefacture"
DJANGO_STRUCTLOG_CELERY_ENABLED = True
