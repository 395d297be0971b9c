"""How a refused act is told: services raise it, the error page shows its sentence."""

from django.core.exceptions import PermissionDenied


class ForbiddenError(PermissionDenied):
    """The actor may see the object but not do this to it; the message is shown to him or her, in French."""


def require(allowed: bool, sentence: str) -> None:  # noqa: FBT001 - reads as a sentence: require(can_invite(m), "…")
    """Raise ForbiddenError with `sentence` unless `allowed`."""
    if not allowed:
        raise ForbiddenError(sentence)
