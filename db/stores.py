"""Every domain's store, from configuration: given URLs, or the embedded server.

    one database, a schema per service    PLAIT_DATABASE_URL, or nothing at all (the embedded server)
    a database per service                PLAIT_USERS_DATABASE_URL, PLAIT_POSTS_DATABASE_URL, …

A domain's own URL wins over the common one; only domains without any URL are put on the embedded server.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from db.config import DomainStore, StoreSettings, StoreUrls
from db.embedded import EmbeddedPostgres, start_postgres
from db.provision import create_database

Progress = Callable[[str], None]
EMBEDDED_DATABASE = "plait"


@asynccontextmanager
async def open_stores(
    settings: StoreSettings, domains: Sequence[str], *, progress: Progress = lambda _line: None
) -> AsyncIterator[Mapping[str, DomainStore]]:
    """The stores of `domains`, with the embedded server running for as long as the block if one of them needs
    it.
    """
    configured = {domain: urls for domain in domains if (urls := settings.urls(domain)) is not None}
    stores = {domain: _configured(domain, urls) for domain, urls in configured.items()}
    without_url = [domain for domain in domains if domain not in configured]
    if not without_url:
        yield stores
        return
    server = await _start(settings.home, progress)
    try:
        await create_database(server.url(), EMBEDDED_DATABASE)
        yield stores | {domain: embedded_store(server, domain) for domain in without_url}
    finally:
        await asyncio.to_thread(server.stop)


def embedded_store(server: EmbeddedPostgres, domain: str, database: str = EMBEDDED_DATABASE) -> DomainStore:
    return DomainStore(domain, url=server.url(database, f"plait_{domain}"), admin_url=server.url(database))


def _configured(domain: str, urls: StoreUrls) -> DomainStore:
    return DomainStore(domain, urls.url, urls.migration_url or urls.url, urls.replica_url)


async def _start(home: Path, progress: Progress) -> EmbeddedPostgres:
    """In a thread, shielded: a server that came up while we were cancelled is stopped, not forgotten."""
    starting = asyncio.ensure_future(asyncio.to_thread(start_postgres, home, progress=progress))
    try:
        return await asyncio.shield(starting)
    except asyncio.CancelledError:
        server = await starting
        await asyncio.to_thread(server.stop)
        raise
