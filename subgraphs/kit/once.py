"""What counts once, over all processes: a statement signed elsewhere, that could be sent again."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass

from db.redis import RedisStore


@dataclass(frozen=True, slots=True)
class Once:
    redis: RedisStore

    async def is_first(self, kind: str, what: str, seconds: float) -> bool:
        """Whether nobody came with it in the last `seconds`. Raises StoreUnavailable."""
        key = f"plait:once:{kind}:{hashlib.sha256(what.encode(errors='replace')).hexdigest()[:32]}"
        async with self.redis.use() as client:
            return bool(await client.set(key, b"1", nx=True, ex=math.ceil(seconds)))
