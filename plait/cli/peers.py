"""How a domain that runs on its own asks the others: over HTTP, by `PLAIT_<DOMAIN>_URL`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from plait.cli.settings import Settings
    from subgraphs.kit.peers import Peer


@asynccontextmanager
async def http_peers(settings: Settings) -> AsyncIterator[Mapping[str, Peer]]:
    """Connections are kept between questions and closed at the end of the block; `Peers` bounds the time."""
    import httpx2 as httpx

    from subgraphs.kit.peers import DEADLINE_SECONDS, HttpPeer

    async with httpx.AsyncClient(timeout=DEADLINE_SECONDS) as client:
        yield {domain: HttpPeer(client, url) for domain, url in settings.urls.items()}
