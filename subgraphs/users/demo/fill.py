"""Putting the demo accounts into the store."""

from __future__ import annotations

from sqlalchemy import select

from db.bulk import add_missing
from db.postgres import Database
from subgraphs.kit.demo import DemoSize, Told, World
from subgraphs.users.demo.logins import password_hash
from subgraphs.users.demo.rows import follow_rows, role_rows, user_rows
from subgraphs.users.models import follows, roles, user_roles, users


def planned(size: DemoSize) -> int:
    """How many rows `seed` reports, in all."""
    return size.users * (1 + min(size.follows, max(0, size.users - 1)))


async def seed(database: Database, world: World, told: Told = lambda _rows: None) -> int:
    """Add what is missing; how many accounts that were."""
    added = await add_missing(database.write, users, user_rows(world, password_hash()), told=told)
    async with database.read() as session:
        role_ids = {row.name: row.id for row in await session.execute(select(roles))}
    await add_missing(database.write, user_roles, role_rows(world, role_ids))
    await add_missing(database.write, follows, follow_rows(world), told=told)
    return added
