class IsolationError(Exception):
    """The child gave no answer. The text is for the log; what a person reads is the caller's to write."""


class TimedOut(IsolationError):  # noqa: N818 - reads as what happened
    """Wall clock or processor time ran out; the child was ended."""


class OutOfMemory(IsolationError):  # noqa: N818 - reads as what happened
    """The file needed more memory than allowed."""


class Crashed(IsolationError):  # noqa: N818 - reads as what happened
    """The child ended by a signal or an exit, or broke the protocol."""


class Raised(Crashed):
    """The function raised: `kind` is the exception's full name. The child lives on."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(f"{kind}: {message}")
        self.kind = kind
        self.message = message
