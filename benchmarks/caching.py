"""What reading through Redis costs beside reading the store: `python -m benchmarks.caching`.

Over an embedded PostgreSQL and an embedded Valkey, both on sockets, in one process: each way reads the same
events for people who are not logged in, in turn. Milliseconds of the clock, and of this process's CPU, of the
quickest round; the ratio is what counts.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from sqlalchemy import insert

from db.clients import Stores, open_clients
from db.embedded import start_postgres, start_valkey
from db.migrate import upgrade
from db.provision import create_database
from db.stores import embedded_store
from subgraphs.events.models import events
from subgraphs.events.repository.cached import CachedEventRepository
from subgraphs.events.repository.rows import writing
from subgraphs.events.values import EVENT_ORDERINGS, EventFilter, EventId, EventOrder, HostId, Reader
from subgraphs.kit.config import CACHED
from subgraphs.kit.pages import PageRequest

ROUNDS = 15
READINGS = 40
EVENTS = 200
Read = Callable[[CachedEventRepository], Awaitable[object]]


async def quickest(read: Read, repository: CachedEventRepository) -> tuple[float, float]:
    """Milliseconds of one reading: of the clock, and of CPU."""
    await read(repository)
    rounds = [await one_round(read, repository) for _ in range(ROUNDS)]
    return min(wall for wall, _ in rounds), min(cpu for _, cpu in rounds)


async def one_round(read: Read, repository: CachedEventRepository) -> tuple[float, float]:
    started, spent = time.perf_counter(), time.process_time()
    for _ in range(READINGS):
        await read(repository)
    each = 1000 / READINGS
    return (time.perf_counter() - started) * each, (time.process_time() - spent) * each


async def fill(stores: Stores) -> list[EventId]:
    host, now = HostId(uuid4()), datetime.now(UTC)
    told = {"description": "What happens there. " * 20, "timezone": "Europe/Berlin", "category": "MUSIC"}
    rows = [
        {
            "id": uuid4(),
            "host_id": host,
            "title": f"Event {number}",
            "status": "PUBLISHED",
            "published_at": now,
            "starts_at": now + timedelta(hours=number + 1),
            "ends_at": now + timedelta(hours=number + 3),
        }
        | told
        for number in range(EVENTS)
    ]
    async with writing(stores.postgres, Reader(host)) as session:
        await session.execute(insert(events), rows)
    return [EventId(row["id"]) for row in rows]


async def compare(stores: Stores) -> None:
    ids, page = await fill(stores), PageRequest(EVENT_ORDERINGS[EventOrder.EARLIEST])
    ways: Mapping[str, Read] = {
        "one event": lambda kept: kept.find_by_ids(ids[:1], Reader()),
        "twenty events": lambda kept: kept.find_by_ids(ids[:20], Reader()),
        "a list of twenty": lambda kept: kept.list_events(EventFilter(), Reader(), page),
    }
    for name, read in ways.items():
        plain, kept = (CachedEventRepository(stores.postgres, stores.redis, way) for way in ((), CACHED))
        (store, store_cpu), (redis, redis_cpu) = await quickest(read, plain), await quickest(read, kept)
        print(
            f"{name:18} store {store:.2f} ms (CPU {store_cpu:.2f})   Redis {redis:.2f} ({redis_cpu:.2f})"
            f"   Redis/store {redis / store:.2f} ({redis_cpu / store_cpu:.2f})"
        )


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        postgres, valkey = start_postgres(Path(folder), durable=False), start_valkey(Path(folder))
        try:
            await create_database(postgres.url(), "plait")
            store = replace(embedded_store(postgres, "events"), redis=valkey.url)
            await upgrade(store)
            async with open_clients(store, {"postgres", "redis"}) as stores:
                await compare(stores)
        finally:
            valkey.stop()
            postgres.stop()


if __name__ == "__main__":
    asyncio.run(main())
