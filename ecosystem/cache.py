"""A Redis cache that is only ever a shortcut: when Redis is away, every look-up is a miss."""

import logging
import time
from typing import Any

from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


# A Redis that hangs costs a second each time it is asked: so long after a failure nobody asks.
PAUSE = 3  # seconds


class LastingClient(RedisCacheClient):  # type: ignore[misc]
    """Keeps the client of each pool, which may be used by many threads, instead of making one per call."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._clients: dict[int, Any] = {}

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        pool = self._get_connection_pool(write)
        if id(pool) not in self._clients:
            self._clients[id(pool)] = self._client(connection_pool=pool)
        return self._clients[id(pool)]


class ForgivingRedisCache(RedisCache):
    """Reads miss and writes are dropped while Redis cannot be reached; nothing true lives only here."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = LastingClient

    away_until = 0.0

    def get(self, key: Any, default: Any = None, version: Any = None) -> Any:
        if self._is_away():
            return default
        try:
            return super().get(key, default, version)
        except RedisError as error:
            self._failed("get", error)
            return default

    def set(self, key: Any, value: Any, *args: Any, **kwargs: Any) -> None:
        if self._is_away():
            return
        try:
            super().set(key, value, *args, **kwargs)
        except RedisError as error:
            self._failed("set", error)

    def delete(self, key: Any, version: Any = None) -> bool:
        """Tried in any case: what is no longer true must not stay for a pause."""
        try:
            return super().delete(key, version)
        except RedisError as error:
            self._failed("delete", error)
            return False

    def _is_away(self) -> bool:
        return time.monotonic() < self.away_until

    def _failed(self, what: str, error: RedisError) -> None:
        self.away_until = time.monotonic() + PAUSE
        logger.warning("cache %s: %s", what, type(error).__name__)

    def counted(self, names: list[str], *, seconds: int, more: int = 1) -> tuple[list[int], int] | None:
        """So many ``more`` for each name in the present window of ``seconds``: (counts, seconds left); None without Redis."""
        if self._is_away():
            return None
        now = time.time()
        window = int(now // seconds)
        keys = [self.make_and_validate_key(f"count:{name}:{window}") for name in names]
        try:
            pipeline = self._cache.get_client(write=True).pipeline(transaction=False)
            for key in keys:
                pipeline.incr(key, more)
                pipeline.expire(key, 2 * seconds)
            return [int(count) for count in pipeline.execute()[::2]], seconds - int(now % seconds)
        except RedisError as error:
            self._failed("count", error)
            return None
