"""Putting the demo's numbers into the store: an event's are there altogether, or not at all."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, text, union

from db.arrays import among
from db.bulk import add_missing
from db.postgres import Database, ReadSession
from subgraphs.analytics.demo.rows import MOST_EVENTS, event_rows, known_event_row
from subgraphs.analytics.models import analytics_events, known_events, pending_rollups, rollups
from subgraphs.analytics.repository.keeping import RollUp
from subgraphs.analytics.service.periods import floor
from subgraphs.analytics.values import Kind
from subgraphs.kit.acting import OFFICE, writing
from subgraphs.kit.demo import DemoSize, Row, Told, World, demo_id

EVENTS_AT_ONCE = 200
MAKE_MONTHS = text(
    """SELECT make_analytics_months(ARRAY(
        SELECT CAST(:now AS timestamptz) - n * interval '1 month' FROM generate_series(0, 2) n))"""
)


def planned(size: DemoSize) -> int:
    """How many rows `seed` reports, in all."""
    return min(size.events, MOST_EVENTS)


async def seed(database: Database, world: World, told: Told = lambda _rows: None) -> int:
    """Add what is missing; how many raw events that were."""
    write, added = partial(writing, database, OFFICE), 0
    for first in range(0, planned(world.size), EVENTS_AT_ONCE):
        numbers = range(first, min(first + EVENTS_AT_ONCE, planned(world.size)))
        await add_missing(write, known_events, [known_event_row(world, each) for each in numbers])
        added += await _add(database, world, numbers)
        while await RollUp(database).step():
            pass
        told(len(numbers))
    return added


async def _add(database: Database, world: World, numbers: Sequence[int]) -> int:
    async with writing(database, OFFICE) as session:
        there = await _there(session, [demo_id("event", each) for each in numbers])
        missing = [each for each in numbers if demo_id("event", each) not in there]
        rows = [row for each in missing for row in event_rows(world, each)]
        if rows:
            await session.execute(MAKE_MONTHS, {"now": world.now})
            await session.execute(insert(analytics_events), rows)
            await session.execute(insert(pending_rollups), _pending(rows))
    return len(rows)


async def _there(session: ReadSession, ids: Sequence[UUID]) -> frozenset[UUID]:
    """Those that have numbers."""
    rolled = select(rollups.c.subject_id).where(among(rollups.c.subject_id, ids))
    waiting = select(pending_rollups.c.event_id).where(among(pending_rollups.c.event_id, ids))
    return frozenset((await session.execute(union(rolled, waiting))).scalars())


def _pending(rows: Iterable[Row]) -> list[dict[str, Any]]:
    numbers: Counter[tuple[Any, ...]] = Counter()
    amounts: defaultdict[tuple[Any, ...], int] = defaultdict(int)
    for row in rows:
        kinds = [row["kind"]] + [Kind.VISITOR.value] * row["is_first"]
        for kind in kinds:
            key = (row["event_id"], floor(row["occurred_at"]), kind, row["currency"])
            numbers[key] += 1
            amounts[key] += row["amount_minor"]
    names = ("event_id", "quarter", "kind", "currency")
    return [
        {**dict(zip(names, key, strict=True)), "number": number, "amount_minor": amounts[key]}
        for key, number in numbers.items()
    ]
