"""Registrations a second for one ticket type that everybody wants, and that none was sold twice.

    python -m benchmarks.seats [--buyers 500] [--seats 100]

The subgraph in this process over an embedded PostgreSQL that keeps what it commits, its buyers all at once.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from db.embedded import start_postgres
from db.migrate import upgrade
from db.postgres import connect
from db.provision import create_database
from db.stores import embedded_store
from subgraphs.kit.acting import acting_of
from subgraphs.kit.audit import Actor
from subgraphs.kit.auth import Viewer
from subgraphs.kit.errors import Refused
from subgraphs.kit.outbox import Message
from subgraphs.kit.rate_limit import RateLimiter
from subgraphs.kit.validation import Checks
from subgraphs.tickets.limits import Limits
from subgraphs.tickets.repository import PostgresRegistrationRepository, PostgresTicketTypeRepository
from subgraphs.tickets.repository.heard import hear_of_events
from subgraphs.tickets.service import Registrations
from subgraphs.tickets.values import (
    EventId,
    NewTicketType,
    Registration,
    TicketTypeId,
)


class Unlimited(RateLimiter):
    """One process sends what many people would."""

    def __init__(self) -> None:
        pass

    async def take(self, limit: object, who: str, cost: int = 1) -> None:
        return None


async def measure(home: Path, buyers: int, seats: int) -> None:
    server = await asyncio.to_thread(start_postgres, home)
    try:
        await create_database(server.url(), "seats")
        store = embedded_store(server, "tickets", "seats")
        await upgrade(store)
        database = connect(store)
        types, limits = PostgresTicketTypeRepository(database), Limits(Unlimited())
        service = Registrations(PostgresRegistrationRepository(database), types, limits)
        host, event, kind = uuid4(), EventId(uuid4()), TicketTypeId(uuid4())
        starts = datetime.now(UTC) + timedelta(days=1)
        told = {
            "tenant_id": None,
            "host_id": str(host),
            "status": "PUBLISHED",
            "title": "Concert",
            "is_public": True,
            "starts_at": starts.isoformat(),
            "ends_at": (starts + timedelta(hours=2)).isoformat(),
            "timezone": "UTC",
        }
        async with database.write() as session:
            await hear_of_events(session, Message("events.event", str(event), "EventCreated", told))
        new = NewTicketType(kind, event, "Seat", "", seats, 0, None, None, None, 1, None, None, 100)
        manager = Viewer(host, frozenset())
        await types.add(new, acting_of(manager), Actor(str(host)), 50)

        async def buy() -> bool:
            who = Viewer(uuid4(), frozenset())
            try:
                made = await service.register(who, kind, None, Checks(), Actor(str(who.id)), may_wait=False)
            except Refused as refused:
                if refused.code != "SOLD_OUT":
                    raise
                return False
            return isinstance(made, Registration)

        started, busy = time.perf_counter(), time.process_time()
        sold = sum(await asyncio.gather(*(buy() for _ in range(buyers))))
        took, own = time.perf_counter() - started, time.process_time() - busy
        each = f"{own / buyers * 1000:.2f} ms of this process's CPU each"
        print(f"{buyers} buyers, {seats} seats: {sold} sold, {buyers / took:.0f} answers/s, {each}")
        assert sold == min(buyers, seats)
        await database.close()
    finally:
        server.stop()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--buyers", type=int, default=500)
    parser.add_argument("--seats", type=int, default=100)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="plait-seats-") as home:
        asyncio.run(measure(Path(home), given.buyers, given.seats))


if __name__ == "__main__":
    main()
