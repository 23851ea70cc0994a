"""Is the process alive, and can it work? For load balancers; no environment, no detail."""

import logging

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse

from ecosystem.access import requires
from ecosystem.rules import anyone

logger = logging.getLogger(__name__)


@requires(anyone)
def alive(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


@requires(anyone)
def ready(request: HttpRequest) -> JsonResponse:
    """200 when PostgreSQL answers. Redis away is said but does not take the process out: pages still work."""
    database = broker = "ok"
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        logger.exception("readyz: database")
        database = "away"
    try:
        redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1).ping()
    except redis.RedisError:
        broker = "away"
    return JsonResponse({"database": database, "redis": broker}, status=200 if database == "ok" else 503)
