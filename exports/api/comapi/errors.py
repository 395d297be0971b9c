"""Every error of comapi is JSON: `{"error": {"code", "message"}}`."""

from django.http import JsonResponse

from exports.api.errors import ApiError


def response_of(error: ApiError) -> JsonResponse:
    return JsonResponse(
        {"error": {"code": error.code, "message": error.message}},
        status=error.status,
        headers=error.headers,
        json_dumps_params={"ensure_ascii": False},
    )
