"""How the services ask each other: over HTTP when each runs on its own, without a socket in one process."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from plait.cli.settings import Settings
    from subgraphs.kit.peers import HttpPeer


@asynccontextmanager
async def http_peers(settings: Settings) -> AsyncIterator[Mapping[str, HttpPeer]]:
    """Every domain by its URL, over connections that are kept until the end of the block."""
    import httpx2 as httpx

    from subgraphs.kit.peers import HttpPeer

    async with httpx.AsyncClient(follow_redirects=False, trust_env=False) as client:
        yield {domain: HttpPeer(client, url) for domain, url in settings.peer_urls.items()}
