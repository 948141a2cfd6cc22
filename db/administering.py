"""Asking a database as its administrator: for marks, versions and roles, which are no domain's own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.pool import NullPool

from db.config import DomainStore
from db.postgres import place, private_engine, unavailable
from db.urls import parse_url


@asynccontextmanager
async def administering(admin_url: str) -> AsyncIterator[AsyncConnection]:
    """A connection for the block. Raises StoreUnavailable."""
    url = parse_url(admin_url)
    engine = private_engine(url, poolclass=NullPool)
    try:
        with unavailable(place(url)):
            async with engine.connect() as connection:
                yield connection
    finally:
        await engine.dispose()


def by_database(stores: Iterable[DomainStore]) -> Mapping[str, Sequence[DomainStore]]:
    """Those that share one, by their administrator's URL."""
    found: dict[str, list[DomainStore]] = {}
    for store in stores:
        found.setdefault(store.admin_url, []).append(store)
    return found
