"""So many requests a minute: of one caller, and of all callers of an environment together."""

import logging
from typing import Any

from django.conf import settings
from django.core.cache import cache
from rest_framework.exceptions import Throttled
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from api.problems import Away

logger = logging.getLogger(__name__)
WINDOW = 60  # seconds


def caller_of(request: Request) -> str:
    """The key of the request, or the person of a signed-in page."""
    membership = request._request.membership
    if request.auth is not None:
        return str(request.auth.caller)
    return f"person:{membership.person_id}" if membership else "visitor"


class Budget(BaseThrottle):
    """Counts in Redis. While Redis is away reading goes on uncounted, which the log says; writing waits for it."""

    def allow_request(self, request: Request, view: Any) -> bool:
        environment = request._request.environment.pk
        limits = {"caller": settings.API_PER_CALLER, "environment": settings.API_PER_ENVIRONMENT}
        names = [f"api:{environment}:{caller_of(request)}", f"api:{environment}"]
        counted = cache.counted(names, seconds=WINDOW)
        if counted is None:
            if request.method not in SAFE_METHODS:
                raise Away
            logger.warning("requests are not counted: the cache is away")
            return True
        counts, left = counted
        policies, states = [], []
        for (name, limit), count in zip(limits.items(), counts, strict=True):
            policies.append(f'"{name}";q={limit};w={WINDOW}')
            states.append(f'"{name}";r={max(limit - count, 0)};t={left}')
        request._request.rate_headers = {"RateLimit-Policy": ", ".join(policies), "RateLimit": ", ".join(states)}
        if any(count > limit for count, limit in zip(counts, limits.values(), strict=True)):
            raise Throttled(wait=left)
        return True
