"""Every error of comapi is JSON: `{"error": {"code", "message"}}`."""

from django.http import JsonResponse


class ApiError(Exception):
    """An answer that is not a success; `code` is for programs, the message for their developer."""

    def __init__(self, status: int, code: str, message: str, **headers: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}

    def response(self) -> JsonResponse:
        return JsonResponse(
            {"error": {"code": self.code, "message": self.message}},
            status=self.status,
            headers=self.headers,
            json_dumps_params={"ensure_ascii": False},
        )


def not_found(what: str) -> ApiError:
    """The same answer whether it does not exist or belongs to another firm."""
    return ApiError(404, "not_found", what)
