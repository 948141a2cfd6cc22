"""Domains whose database is as this code leaves it: a start has nothing to migrate there.

Asked in one go for all that share a database, without Alembic and its hundred revision files: each domain's
roles and the version it is at, and the mark that says by which statements its roles and rights were made.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256
from itertools import groupby
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.pool import NullPool

from db.config import DomainStore
from db.histories import HISTORIES, VERSIONS, newest
from db.marks import mark, marks_in, name_of
from db.postgres import place, private_engine, unavailable
from db.provision import EXTENSIONS, OPTIONAL, rights
from db.urls import parse_url

KNOWN = f"""
SELECT nspname FROM pg_namespace
WHERE nspname = ANY(:domains)
    AND to_regclass(format('%I.{VERSIONS}', nspname)) IS NOT NULL
    AND EXISTS (SELECT FROM pg_roles WHERE rolname = format('plait_%s', nspname))
    AND EXISTS (SELECT FROM pg_roles WHERE rolname = format('plait_%s_owner', nspname))"""  # noqa: S608


async def settled(stores: Iterable[DomainStore], histories: Path = HISTORIES) -> frozenset[str]:
    """The domains that `upgrade` would leave as they are. Raises StoreUnavailable. Two statements and a
    connection for each database, O(domains).
    """
    found: set[str] = set()
    for url, group in groupby(sorted(stores, key=_database), _database):
        found |= await _settled(url, [*group], histories)
    return frozenset(found)


async def settle(store: DomainStore) -> None:
    """Notes that the domain was provisioned by this code's statements. Raises StoreUnavailable."""
    await mark(store, _provisioned(store))


def _database(store: DomainStore) -> str:
    return store.admin_url


async def _settled(url: str, stores: Sequence[DomainStore], histories: Path) -> set[str]:
    engine = private_engine(parse_url(url), poolclass=NullPool)
    try:
        with unavailable(place(parse_url(url))):
            async with engine.connect() as connection:
                marks = await marks_in(connection)
                there = [each for each in stores if name_of(each.domain, _provisioned(each)) in marks]
                at = await _versions(connection, [each.domain for each in there])
    finally:
        await engine.dispose()
    return {each.domain for each in there if at.get(each.domain) == newest(each.domain, histories)}


async def _versions(connection: AsyncConnection, domains: Sequence[str]) -> dict[str, str]:
    known = [*await connection.scalars(text(KNOWN), {"domains": domains})]
    if not known:
        return {}
    each = (f"SELECT '{domain}' AS domain, version_num FROM {domain}.{VERSIONS}" for domain in known)  # noqa: S608
    rows = await connection.execute(text(" UNION ALL ".join(each)))
    return {row.domain: row.version_num for row in rows}


def _provisioned(store: DomainStore) -> str:
    statements = (*rights(store, "this database"), *EXTENSIONS, *OPTIONAL)
    return f"provisioned {sha256(repr(statements).encode()).hexdigest()[:16]}"
