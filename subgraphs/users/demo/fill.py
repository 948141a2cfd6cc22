"""Putting the demo accounts into the store."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import select, text

from db.bulk import ROWS_IN_A_BATCH, add_missing
from db.postgres import Database
from subgraphs.kit.demo import DemoSize, Told, World, demo_id
from subgraphs.users.demo.logins import password_hash
from subgraphs.users.demo.rows import (
    block_rows,
    follow_rows,
    private_numbers,
    request_rows,
    role_rows,
    setting_rows,
    user_rows,
)
from subgraphs.users.models import blocks, follow_requests, follows, roles, user_roles, users

UNTOUCHED = """DELETE FROM {table} AS chosen USING users
    WHERE chosen.updated_at = chosen.created_at AND chosen.created_at <> users.created_at
        AND users.id = user_id AND user_id = ANY (CAST(:ids AS uuid[]))"""
"""As they begin: what was changed in a demo world stays, and so does what was chosen here, which is as old as
the account.
"""
SETTINGS = text("""
    INSERT INTO user_settings (user_id, language, timezone, created_at, updated_at)
    SELECT u.id, liked.language, liked.timezone, u.created_at, u.created_at
    FROM unnest(CAST(:ids AS uuid[]), CAST(:languages AS text[]), CAST(:zones AS text[]))
        AS liked (id, language, timezone) JOIN users u ON u.id = liked.id
    ON CONFLICT DO NOTHING""")
PRIVATE = text("""
    INSERT INTO user_privacy (user_id, is_private, created_at, updated_at)
    SELECT id, true, created_at, created_at FROM users WHERE id = ANY (CAST(:ids AS uuid[]))
    ON CONFLICT DO NOTHING""")


def planned(size: DemoSize) -> int:
    """How many rows `seed` reports, in all."""
    return size.users * (1 + min(size.follows, max(0, size.users - 1)))


async def seed(database: Database, world: World, told: Told = lambda _rows: None) -> int:
    """Add what is missing; how many accounts that were."""
    added = await add_missing(database.write, users, user_rows(world, password_hash()), told=told)
    async with database.read() as session:
        role_ids = {row.name: row.id for row in await session.execute(select(roles))}
    await add_missing(database.write, user_roles, role_rows(world, role_ids))
    await _choose(database, world)
    await add_missing(database.write, follows, follow_rows(world), told=told)
    await add_missing(database.write, follow_requests, request_rows(world))
    await add_missing(database.write, blocks, block_rows(world))
    return added


async def _choose(database: Database, world: World) -> None:
    """Settings and privacy are there with each account, as they begin; demo accounts have chosen."""
    for rows in _batches(setting_rows(world)):
        ids, languages, zones = (list(column) for column in zip(*rows, strict=True))
        async with database.write() as session:
            await session.execute(text(UNTOUCHED.format(table="user_settings")), {"ids": ids})
            await session.execute(SETTINGS, {"ids": ids, "languages": languages, "zones": zones})
    for numbers in _batches(private_numbers(world.size.users)):
        ids = [demo_id("user", number) for number in numbers]
        async with database.write() as session:
            await session.execute(text(UNTOUCHED.format(table="user_privacy")), {"ids": ids})
            await session.execute(PRIVATE, {"ids": ids})


def _batches(rows: Iterator[Any]) -> Iterator[Sequence[Any]]:
    while batch := list(islice(rows, ROWS_IN_A_BATCH)):
        yield batch
