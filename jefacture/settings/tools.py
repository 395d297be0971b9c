"""Settings of the commands that read one file and need no database: inspect_sheet, inspect_invoice, check_testset."""

SECRET_KEY = "unused: these commands sign nothing"  # noqa: S105 - nothing is signed with it
INSTALLED_APPS = ["common", "clients", "invoices"]
USE_TZ = True
TIME_ZONE = "Europe/Paris"
LANGUAGE_CODE = "fr"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
