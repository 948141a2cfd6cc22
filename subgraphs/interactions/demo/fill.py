"""Putting the demo likes and comments into the store, some thousand at a time, and counting them."""

from __future__ import annotations

from sqlalchemy import text

from db.bulk import add_missing
from db.postgres import Database
from subgraphs.interactions.demo.rows import answer_rows, comment_rows, like_rows
from subgraphs.interactions.models import comments, likes
from subgraphs.interactions.repository.postgres import RECOUNT
from subgraphs.kit.demo import DemoSize, Told, World


def planned(size: DemoSize) -> int:
    """How many rows `seed` reports, in all, if everybody finds enough to like."""
    return size.comments + size.users * size.likes


async def seed(database: Database, world: World, told: Told = lambda _rows: None) -> int:
    """Add what is missing; how many comments that were."""
    added = await add_missing(database.write, comments, comment_rows(world), told=told)
    added += await add_missing(database.write, comments, answer_rows(world), told=told)
    await add_missing(database.write, likes, like_rows(world), told=told)
    async with database.write() as session:
        await session.execute(text(RECOUNT))
    return added
