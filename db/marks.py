"""What was done once with the data of a database, kept in that database: moved away or restored, the data
takes its marks along.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from db.administering import administering, by_database
from db.config import DomainStore

MARKS: Final = "public.plait_marks"
CREATE = f"""
CREATE TABLE IF NOT EXISTS {MARKS} (
    name text PRIMARY KEY, made_at timestamptz NOT NULL DEFAULT now()
)"""
ADD = f"INSERT INTO {MARKS} (name) VALUES (:name) ON CONFLICT DO NOTHING"  # noqa: S608
HAS_MARKS = text(f"SELECT to_regclass('{MARKS}') IS NOT NULL")
FIND = text(f"SELECT name FROM {MARKS}")  # noqa: S608


async def marked(stores: Iterable[DomainStore], mark: str) -> frozenset[str]:
    """The domains that have the mark. A connection for each database. Raises StoreUnavailable."""
    found: set[str] = set()
    for admin_url, group in by_database(stores).items():
        async with administering(admin_url) as connection:
            names = await marks_in(connection)
        found |= {store.domain for store in group if name_of(store.domain, mark) in names}
    return frozenset(found)


async def marks_in(connection: AsyncConnection) -> frozenset[str]:
    """The names of all marks of its database."""
    if not await connection.scalar(HAS_MARKS):
        return frozenset()
    return frozenset(await connection.scalars(FIND))


def name_of(domain: str, mark: str) -> str:
    return f"{domain}: {mark}"


async def mark(store: DomainStore, mark: str) -> None:
    """Marking twice is marking once. Raises StoreUnavailable."""
    async with administering(store.admin_url) as connection, connection.begin():
        await connection.execute(text(CREATE))
        await connection.execute(text(ADD), {"name": name_of(store.domain, mark)})
