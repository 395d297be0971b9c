"""Where the vault's bytes are, from STORAGE_URL."""

from typing import Any
from urllib.parse import parse_qs, urlsplit


def storage_of(address: str) -> dict[str, Any]:
    """Django's description of the storage at `file:///folder` or `s3://bucket?endpoint_url=…`."""
    parts = urlsplit(address)
    if parts.scheme == "file":
        return {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": parts.path, "file_permissions_mode": 0o600},
        }
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {"bucket_name": parts.netloc, "default_acl": "private", "file_overwrite": False, **query},
    }
