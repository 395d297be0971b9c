"""Settings of the test suite: the same as in production, on generated values and the embedded servers."""

import os

_DEFAULTS = {
    "SECRET_KEY": "test-only-" + "x" * 50,
    "ENCRYPTION_KEYS": "dGVzdC1vbmx5LXRlc3Qtb25seS10ZXN0LW9ubHktISE=",
    "ALLOWED_HOSTS": "localhost,127.0.0.1,testserver",
    "SITE_URL": "http://localhost:8000",
    "DATABASE_URL": "postgres://jefacture_app:app@127.0.0.1:1/jefacture",
    "DATABASE_OWNER_URL": "postgres://jefacture_owner:owner@127.0.0.1:1/jefacture",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "STORAGE_URL": "file:///tmp/jefacture-test-storage",
    "SMTP_URL": "smtp://127.0.0.1:1",
    "DEFAULT_FROM_EMAIL": "jefacture <ne-pas-repondre@jefacture.test>",
    "INVOICE_MAIL_DOMAIN": "factures.jefacture.test",
    "COMPTEXPERT_ISSUER": "http://localhost:1",
    "COMPTEXPERT_CLIENT_ID": "jefacture",
    "COMPTEXPERT_CLIENT_SECRET": "test-only-secret",
    "JEDECLARE_URL": "http://localhost:1",
    "COMPANY_DIRECTORY_URL": "http://localhost:1",
    "ASSISTANCE_EMAIL": "assistance@jefacture.test",
}
for _name, _value in _DEFAULTS.items():
    os.environ.setdefault(_name, _value)

from jefacture.settings.base import *  # noqa: E402, F403 - after the defaults that it reads
from jefacture.settings.base import DATABASES, STORAGES  # noqa: E402 - as above

DATABASES["default"]["OPTIONS"] = {}  # a pool would keep the test database busy at its end
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # fast: the tests check no hash strength
WHITENOISE_AUTOREFRESH = True
