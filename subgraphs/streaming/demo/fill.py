"""Putting the demo plays into the store. They have negative ids, which the sequence never gives; a play that
is there is not told again on another day, when it would have been at another time.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import func, select

from db.bulk import add_missing
from db.postgres import Database
from subgraphs.kit.demo import DemoSize, Row, Told, World
from subgraphs.streaming.demo.rows import WEEKS, play_row
from subgraphs.streaming.models import playback_history

PLAYS_OF_EACH, MOST_PLAYS = 10, 100_000


def planned(size: DemoSize) -> int:
    """How many rows `seed` reports, in all."""
    return min(size.users * PLAYS_OF_EACH, MOST_PLAYS)


async def seed(database: Database, world: World, told: Told = lambda _rows: None) -> int:
    """Add what is missing; how many plays that were."""
    plays = playback_history.c
    async with database.read() as session:
        there = set((await session.execute(select(plays.id).where(plays.id < 0))).scalars())
    told(len(there))
    async with database.write() as session:
        for weeks in (WEEKS, 0):
            month = world.now - timedelta(weeks=weeks)
            await session.execute(select(func.make_playback_partition(month)))

    def rows() -> Iterator[Row]:
        return (play_row(world, n) for n in range(planned(world.size)) if -n - 1 not in there)

    return await add_missing(database.write, playback_history, rows(), told=told)
