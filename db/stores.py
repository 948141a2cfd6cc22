"""Every domain's stores, from configuration: given URLs, or the embedded servers.

    one database, a schema per service    PLAIT_DATABASE_URL, or nothing at all (the embedded server)
    a database per service                PLAIT_USERS_DATABASE_URL, PLAIT_POSTS_DATABASE_URL, …

A domain's own URL wins over the common one; only domains without any URL are put on the embedded server.
Valkey and SeaweedFS are started when a domain uses them and no URL says where else they are. Servers start
beside each other and stop in any order: none needs another.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from db.budget import CONFIGURED, EMBEDDED, shares
from db.clients import MONGO, REDIS, S3
from db.config import DomainStore, StoreSettings
from db.embedded import (
    EmbeddedPostgres,
    EmbeddedSeaweedFS,
    EmbeddedServer,
    EmbeddedValkey,
    start_postgres,
    start_seaweedfs,
    start_valkey,
)
from db.provision import create_database
from db.urls import parse_url, server_of

Progress = Callable[[str], None]
EMBEDDED_DATABASE = "plait"


class Start(Protocol):
    def __call__(self, home: Path, *, progress: Progress) -> EmbeddedServer: ...


@asynccontextmanager
async def open_stores(
    settings: StoreSettings,
    domains: Sequence[str],
    *,
    uses: Mapping[str, Collection[str]] | None = None,
    progress: Progress = lambda _line: None,
) -> AsyncIterator[Mapping[str, DomainStore]]:
    """Where the stores of `domains` are, with the embedded servers that one of them needs running for as long
    as the block. `uses` names what a domain uses beside PostgreSQL.
    """
    used = {domain: frozenset((uses or {}).get(domain, ())) for domain in domains}
    async with AsyncExitStack() as stack:
        servers = await _start(stack, settings.home, _wanted(settings, used), progress)
        redis, s3, postgres = settings.redis, settings.s3, None
        for server in servers:
            match server:
                case EmbeddedPostgres():
                    postgres = server
                    await create_database(server.url(), EMBEDDED_DATABASE)
                case EmbeddedValkey():
                    redis = server.url
                case EmbeddedSeaweedFS():
                    s3 = server.location
        found = {domain: _postgres(settings, domain, postgres) for domain in domains}
        connections = _connections(settings, found)
        yield {
            domain: replace(
                found[domain],
                connections=connections[domain],
                redis=redis if REDIS in used[domain] else None,
                s3=s3 if S3 in used[domain] else None,
                mongo=settings.mongo if MONGO in used[domain] else None,
                traced=settings.traced,
            )
            for domain in domains
        }


def embedded_store(server: EmbeddedPostgres, domain: str, database: str = EMBEDDED_DATABASE) -> DomainStore:
    return DomainStore(domain, url=server.url(database, f"plait_{domain}"), admin_url=server.url(database))


def _wanted(settings: StoreSettings, used: Mapping[str, Collection[str]]) -> list[Start]:
    every = frozenset(store for stores in used.values() for store in stores)
    starts: list[tuple[bool, Start]] = [
        (any(settings.urls(domain) is None for domain in used), start_postgres),
        (REDIS in every and settings.redis is None, start_valkey),
        (S3 in every and settings.s3 is None, start_seaweedfs),
    ]
    return [start for wanted, start in starts if wanted]


def _postgres(settings: StoreSettings, domain: str, server: EmbeddedPostgres | None) -> DomainStore:
    urls = settings.urls(domain)
    if urls is not None:
        return DomainStore(domain, urls.url, urls.migration_url or urls.url, urls.replica_url)
    assert server is not None, "one domain without a URL is enough to start it"
    return embedded_store(server, domain)


def _connections(settings: StoreSettings, stores: Mapping[str, DomainStore]) -> Mapping[str, int]:
    """Each domain's share of those to its server. Raises TooFewConnections."""
    servers = {
        domain: "the embedded server" if settings.urls(domain) is None else server_of(parse_url(store.url))
        for domain, store in stores.items()
    }
    configured = settings.connections or CONFIGURED
    budgets = dict.fromkeys(servers.values(), configured) | {"the embedded server": EMBEDDED}
    return shares(servers, budgets)


async def _start(
    stack: AsyncExitStack, home: Path, starts: Sequence[Start], progress: Progress
) -> list[EmbeddedServer]:
    """Beside each other; those that came up are stopped when another did not, and with the stack."""
    running: list[EmbeddedServer] = []
    stack.push_async_callback(_stop, running)
    results = await asyncio.gather(
        *(_start_one(running, start, home, progress) for start in starts), return_exceptions=True
    )
    _raise_first(results)
    return running


async def _stop(servers: Sequence[EmbeddedServer]) -> None:
    """Beside each other: none needs another, and each may take its time."""
    stops = (asyncio.to_thread(server.stop) for server in servers)
    _raise_first(await asyncio.gather(*stops, return_exceptions=True))


def _raise_first(results: Sequence[object]) -> None:
    for result in results:
        if isinstance(result, BaseException):
            raise result


async def _start_one(running: list[EmbeddedServer], start: Start, home: Path, progress: Progress) -> None:
    """In a thread, shielded: a server that came up while we were cancelled is stopped, not forgotten."""
    starting = asyncio.ensure_future(asyncio.to_thread(start, home, progress=progress))
    try:
        server = await asyncio.shield(starting)
    except asyncio.CancelledError:
        server = await starting
        await asyncio.to_thread(server.stop)
        raise
    running.append(server)
