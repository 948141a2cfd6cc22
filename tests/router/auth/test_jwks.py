"""A key set that is read for the first time by many at once."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from router.auth.jwks import KeySet

KEY = {"kty": "oct", "kid": "one", "k": "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3JldA"}


async def test_who_comes_while_the_keys_are_read_for_the_first_time_waits_for_them() -> None:
    read, release = 0, asyncio.Event()

    async def slow() -> Mapping[str, Any]:
        nonlocal read
        read += 1
        await release.wait()
        return {"keys": [KEY]}

    keys = KeySet(slow)
    asking = [asyncio.create_task(keys.find("one")) for _ in range(5)]
    await asyncio.sleep(0)
    release.set()
    assert [len(found) for found in await asyncio.gather(*asking)] == [1] * 5
    assert read == 1
