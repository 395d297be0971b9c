"""/healthz says the process is alive; /readyz that everything it needs answers."""

import json
from datetime import timedelta
from io import BytesIO
from ipaddress import ip_address

from django.conf import settings
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, Gauge, generate_latest
from redis.exceptions import RedisError

from common.clientip import client_ip
from common.models import ArchiveRound, Heartbeat

#: The worker beats every 5 s; a long import may keep both of its processes busy for a while.
WORKER_SEEN_WITHIN = timedelta(seconds=60)
_PROBLEMS = Gauge("jefacture_archive_problems", "What the rolling look at the archive has found", ["look"])
_LOOKED_AT = Gauge("jefacture_archive_looked_at", "When a whole look at the archive ended (Unix time)", ["look"])
PROBE = "sonde/readyz"


@require_safe
@never_cache
def healthz(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


@require_safe
@never_cache
def readyz(_request: HttpRequest) -> JsonResponse:
    checks = {"database": _database(), "redis": _redis(), "storage": _storage(), "worker": _worker()}
    ready = all(checks.values())
    return JsonResponse({"ready": ready, "checks": checks}, status=200 if ready else 503)


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus figures, for whoever holds METRICS_TOKEN; on loopback without a proxy, for anybody."""
    caller = client_ip(request)
    local = caller is not None and ip_address(caller).is_loopback and not settings.SECURE_PROXY_SSL_HEADER
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not local and not (settings.METRICS_TOKEN and constant_time_compare(given, settings.METRICS_TOKEN)):
        return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})
    _tell_of_the_archive()
    return HttpResponse(generate_latest(), content_type=CONTENT_TYPE_LATEST)


def _tell_of_the_archive() -> None:
    for look in ArchiveRound.objects.all():
        problems = {json.dumps(each, sort_keys=True) for each in [*look.problems, *look.last_problems]}
        _PROBLEMS.labels(look.name).set(len(problems))
        if look.last_finished_at is not None:
            _LOOKED_AT.labels(look.name).set(look.last_finished_at.timestamp())


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _redis() -> bool:
    try:
        cache.set("readyz", "1", 10)
        return bool(cache.get("readyz") == "1")
    except (RedisError, OSError):
        return False


def _storage() -> bool:
    try:
        if not default_storage.exists(PROBE):
            default_storage.save(PROBE, BytesIO(b"ok"))
        with default_storage.open(PROBE) as probe:
            return bool(probe.read() == b"ok")
    except Exception:  # noqa: BLE001 - each storage has errors of its own; any of them means not ready
        return False


def _worker() -> bool:
    try:
        return Heartbeat.objects.filter(name="worker", at__gt=timezone.now() - WORKER_SEEN_WITHIN).exists()
    except DatabaseError:
        return False
