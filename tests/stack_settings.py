"""Settings of the stack's processes: those of production, with static files collected apart from the demo's."""

from jefacture.settings.base import *  # noqa: F403 - every setting but those below
from jefacture.settings.base import BASE_DIR, STORAGES

STATIC_ROOT = BASE_DIR / "var" / "test" / "static"
# Hashed names and a manifest as in production; only the compressed copies, which take seconds to make, are left out.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
