"""Putting the demo tickets into the store, some thousand events at a time."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from uuid import UUID

from sqlalchemy import func, select

from db.arrays import among
from db.bulk import add_missing
from db.postgres import Database
from subgraphs.kit.acting import OFFICE, writing
from subgraphs.kit.demo import DemoSize, Told, World, demo_id
from subgraphs.tickets.demo.rows import event_row, is_sold, registration_rows, type_rows
from subgraphs.tickets.models import events, registrations, ticket_types

EVENTS_AT_ONCE = 2_000


def planned(size: DemoSize) -> int:
    """How many rows `seed` reports, in all."""
    return size.events


async def seed(database: Database, world: World, told: Told = lambda _rows: None) -> int:
    """Add what is missing; how many ticket types that were."""
    write = partial(writing, database, OFFICE)
    added, count = 0, world.size.events
    for first in range(0, count, EVENTS_AT_ONCE):
        numbers = range(first, min(first + EVENTS_AT_ONCE, count))
        await add_missing(write, events, [event_row(world, each) for each in numbers], told=told)
        sold = [each for each in numbers if is_sold(world, each)]
        added += await add_missing(write, ticket_types, [row for n in sold for row in type_rows(world, n)])
        open_ = await _open(database, [demo_id("event", each) for each in sold])
        taken = [row for n in sold for row in registration_rows(world, n) if row["event_id"] in open_]
        for status in ("CONFIRMED", "WAITLISTED"):
            await add_missing(write, registrations, [row for row in taken if row["status"] == status])
    return added


async def _open(database: Database, ids: Sequence[UUID]) -> frozenset[UUID]:
    """Those that somebody may still register for: a seeding that was killed may go on much later."""
    is_open = (events.c.status == "PUBLISHED") & (events.c.ends_at > func.now())
    async with writing(database, OFFICE) as session:
        found = await session.execute(select(events.c.id).where(among(events.c.id, ids), is_open))
        return frozenset(found.scalars())
