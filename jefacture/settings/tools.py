"""Settings of the commands that read one file and need no database: inspect_sheet, inspect_invoice, check_testset."""

SECRET_KEY = "unused: these commands sign nothing"  # noqa: S105 - nothing is signed with it
# The rooms that these two need to be imported; nothing connects to a database.
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "common",
    "accounts",
    "outbox",
    "firms",
    "clients",
    "invoices",
]
AUTH_USER_MODEL = "accounts.User"
USE_TZ = True
TIME_ZONE = "Europe/Paris"
LANGUAGE_CODE = "fr"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
