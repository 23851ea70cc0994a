"""A Redis cache that is only ever a shortcut: when Redis is away, every look-up is a miss."""

import logging
import time
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


class ForgivingRedisCache(RedisCache):
    """Reads miss and writes are dropped while Redis cannot be reached; nothing true lives only here."""

    def get(self, key: Any, default: Any = None, version: Any = None) -> Any:
        try:
            return super().get(key, default, version)
        except RedisError as error:
            logger.warning("cache get: %s", type(error).__name__)
            return default

    def set(self, key: Any, value: Any, *args: Any, **kwargs: Any) -> None:
        try:
            super().set(key, value, *args, **kwargs)
        except RedisError as error:
            logger.warning("cache set: %s", type(error).__name__)

    def delete(self, key: Any, version: Any = None) -> bool:
        try:
            return super().delete(key, version)
        except RedisError as error:
            logger.warning("cache delete: %s", type(error).__name__)
            return False

    def counted(self, names: list[str], *, seconds: int) -> tuple[list[int], int] | None:
        """One more for each name in the present window of ``seconds``: (counts, seconds left); None without Redis."""
        now = time.time()
        window = int(now // seconds)
        keys = [self.make_and_validate_key(f"count:{name}:{window}") for name in names]
        try:
            pipeline = self._cache.get_client(write=True).pipeline(transaction=False)
            for key in keys:
                pipeline.incr(key)
                pipeline.expire(key, 2 * seconds)
            return [int(count) for count in pipeline.execute()[::2]], seconds - int(now % seconds)
        except RedisError as error:
            logger.warning("cache count: %s", type(error).__name__)
            return None
