"""The tunes of the demo world: made once, put where uploads lie. The worker makes sound of them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from db.config import S3Location
    from subgraphs.kit.demo import DemoSize


async def keep_tunes(location: S3Location, size: DemoSize) -> int:
    """Those that are not there yet; how many that were. Raises StoreUnavailable."""
    from db.objects import list_keys, put_object
    from db.s3 import open_s3
    from subgraphs.processing.demo import sources

    new = 0
    async with open_s3(location) as s3:
        for bucket, key, make in sources(size):
            await s3.ensure_bucket(bucket)
            if key not in await list_keys(s3, bucket, key):
                await put_object(s3, bucket, key, await asyncio.to_thread(make), "audio/wav")
                new += 1
    return new
