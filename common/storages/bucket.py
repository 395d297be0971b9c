from collections.abc import Iterator
from typing import IO, Any, Final, cast

from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from storages.backends.s3 import S3Storage

from common.storages.found import Found

#: A storage that does not answer must not keep a person waiting, nor a worker for longer than its lease.
_PATIENCE: Final = {"connect_timeout": 3, "read_timeout": 15, "retries": {"mode": "standard", "total_max_attempts": 2}}
_GONE: Final = ("NoSuchKey", "404")


class Bucket(S3Storage):  # type: ignore[misc] # django-storages is untyped
    #: What tells that it does not answer.
    errors: Final = (OSError, BotoCoreError, ClientError, Boto3Error)

    def __init__(self, *, sse: str = "", addressing_style: str = "auto", **options: Any) -> None:
        """`sse`: AES256 or aws:kms, the encryption that the service is asked for."""
        # The service compares what arrives with this checksum; the vault's own SHA-256 is in the database.
        written = {"ChecksumAlgorithm": "SHA256", **({"ServerSideEncryption": sse} if sse else {})}
        super().__init__(
            file_overwrite=False,
            object_parameters=written,
            max_memory_size=1 << 20,  # what is read through a file object spills to disk beyond
            client_config=Config(s3={"addressing_style": addressing_style}, signature_version="s3v4", **_PATIENCE),
            **options,
        )

    def stream(self, name: str, *, first: int = 0) -> IO[bytes]:
        """The bytes from `first` on, as they come over the network. Raises FileNotFoundError."""
        asked: dict[str, Any] = {"Range": f"bytes={first}-"} if first else {}
        try:
            return cast("IO[bytes]", self.bucket.Object(name).get(**asked)["Body"])
        except ClientError as error:
            if error.response["Error"]["Code"] in _GONE:
                raise FileNotFoundError(name) from error
            raise

    def listed(self, *, after: str = "") -> Iterator[Found]:
        """Every object behind `after`, in the order of their names, a thousand per request."""
        for each in self.bucket.objects.filter(Marker=after):
            yield Found(each.key, each.size, each.last_modified)
