"""What every API of ours refuses a call with; each writes it down in its own way."""


class ApiError(Exception):
    """An answer that is not a success; `code` is for programs, the message for their developer."""

    def __init__(self, status: int, code: str, message: str, **headers: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


def not_found(what: str) -> ApiError:
    """The same answer whether it does not exist or belongs to another firm."""
    return ApiError(404, "not_found", what)
