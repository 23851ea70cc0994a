"""Is the process alive, and can it work? For load balancers; no environment, no detail."""

import logging

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse

from ecosystem.access import requires
from ecosystem.clock import ClockError, refuse_another_time
from ecosystem.rules import anyone

logger = logging.getLogger(__name__)


@requires(anyone)
def alive(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


@requires(anyone)
def ready(request: HttpRequest) -> JsonResponse:
    """200 when PostgreSQL answers and has our time. Redis away is said but does not take the process out: pages still work."""
    database = broker = "ok"
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT extract(epoch FROM clock_timestamp())::float8")
            refuse_another_time(cursor.fetchone()[0])
    except ClockError as error:
        logger.error("readyz: %s", error)  # noqa: TRY400 -- says all there is to say
        database = "at another time"
    except DatabaseError:
        logger.exception("readyz: database")
        database = "away"
    try:
        redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1).ping()
    except redis.RedisError:
        broker = "away"
    return JsonResponse({"database": database, "redis": broker}, status=200 if database == "ok" else 503)
