from django.core import signing


class SignedNumber:
    """A row that allauth numbers, in an address: addresses of ours carry no counters."""

    regex = "[-:A-Za-z0-9_]+"

    def to_python(self, value: str) -> int:
        try:
            return int(signing.loads(value, salt=__name__))
        except signing.BadSignature as error:
            raise ValueError(value) from error

    def to_url(self, value: int) -> str:
        return signing.dumps(value, salt=__name__)
