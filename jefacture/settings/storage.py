"""Where the vault's bytes are, from STORAGE_URL."""

from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

#: What an address may set besides the bucket's name; keys may also come from AWS_ACCESS_KEY_ID and its like.
_OPTIONS: Final = frozenset({"endpoint_url", "region_name", "access_key", "secret_key", "addressing_style", "sse"})


def storage_of(address: str) -> dict[str, Any]:
    """
    Django's description of the storage at `file:///folder` or `s3://bucket?endpoint_url=…`.

    Raises ValueError for an option that no bucket has.
    """
    parts = urlsplit(address)
    if parts.scheme == "file":
        return {
            "BACKEND": "common.storages.folder.Folder",
            "OPTIONS": {"location": parts.path, "file_permissions_mode": 0o600},
        }
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    if unknown := set(query) - _OPTIONS:
        raise ValueError(f"STORAGE_URL: no such option: {', '.join(sorted(unknown))}.")
    return {"BACKEND": "common.storages.bucket.Bucket", "OPTIONS": {"bucket_name": parts.netloc, **query}}
