from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


def client_ip(request: HttpRequest) -> str | None:
    """
    The caller's address; behind our proxy (BEHIND_PROXY), the last one it wrote in X-Forwarded-For.

    Earlier entries of that header come from the caller and prove nothing.
    """
    raw = request.META.get("REMOTE_ADDR", "")
    if settings.SECURE_PROXY_SSL_HEADER:
        raw = request.headers.get("X-Forwarded-For", raw).rsplit(",", 1)[-1].strip()
    try:
        return str(ip_address(raw))
    except ValueError:
        return None
