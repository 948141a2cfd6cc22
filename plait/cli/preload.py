"""What takes the processor while the stores take their time: the domains' modules, and their schemas."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress


@asynccontextmanager
async def preloading(domains: Sequence[str]) -> AsyncIterator[None]:
    """Domain after domain beside what the block waits for. The end of the block waits for nothing: what is
    not loaded then is loaded by who needs it, who also hears of what cannot be.
    """
    task = asyncio.create_task(_load(domains))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError, Exception):
            await task


async def _load(domains: Sequence[str]) -> None:
    from subgraphs.registry import load

    for domain in domains:
        await asyncio.sleep(0)
        load(domain)
