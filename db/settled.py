"""Domains whose database is as this code leaves it: a start has nothing to migrate there.

Asked in one go for all that share a database, without Alembic and its hundred revision files: each domain's
roles and the version it is at, and the mark that says by which statements its roles and rights were made.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from db.administering import administering, by_database
from db.config import DomainStore
from db.histories import HISTORIES, VERSIONS, newest
from db.marks import mark, marks_in, name_of
from db.provision import EXTENSIONS, OPTIONAL, rights

KNOWN = f"""
SELECT nspname FROM pg_namespace
WHERE nspname = ANY(:domains)
    AND to_regclass(format('%I.{VERSIONS}', nspname)) IS NOT NULL
    AND EXISTS (SELECT FROM pg_roles WHERE rolname = format('plait_%s', nspname))
    AND EXISTS (SELECT FROM pg_roles WHERE rolname = format('plait_%s_owner', nspname))"""  # noqa: S608


async def settled(stores: Iterable[DomainStore], histories: Path = HISTORIES) -> frozenset[str]:
    """The domains that `upgrade` would leave as they are. Raises StoreUnavailable. Four statements and a
    connection for each database, O(domains).
    """
    found: set[str] = set()
    for admin_url, group in by_database(stores).items():
        async with administering(admin_url) as connection:
            marks = await marks_in(connection)
            there = [each.domain for each in group if name_of(each.domain, _provisioned(each)) in marks]
            at = await _versions(connection, there)
        found |= {domain for domain in there if at.get(domain) == newest(domain, histories)}
    return frozenset(found)


async def settle(store: DomainStore) -> None:
    """Notes that the domain was provisioned by this code's statements. Raises StoreUnavailable."""
    await mark(store, _provisioned(store))


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
